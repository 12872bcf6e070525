using System.Collections.Concurrent;
using JasperFx.Events;
using JasperFx.Events.Aggregation;
using JasperFx.Events.Daemon;
using Marten;
using Marten.Linq.Members;
using SmartCity.Platform.History;

namespace SmartCity.Accountability.Rebuilding;

/// <summary>A read model that is made of single streams, folded by the projection that the store itself runs, or by what its handlers do (<see cref="IFollowStream{TSelf}"/>).</summary>
internal abstract class ReadModel
{
    private readonly ConcurrentDictionary<Type, bool> _applies = new();

    /// <summary>Short name: <c>report</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its table: <c>reports.mt_doc_report</c>.</summary>
    public required string Table { get; init; }

    public required Type Document { get; init; }

    /// <summary>What the table has beside the document, as an expression of the document: <c>(data #&gt;&gt; '{Number}')::bigint</c>.</summary>
    public required IReadOnlyList<(string Column, string Expression)> Duplicates { get; init; }

    /// <summary>The same table in a schema for comparison.</summary>
    public string SideTable(string schema) => $"{schema}.{Table.Replace('.', '_')}";

    /// <summary>Those of a stream's events that can change it.</summary>
    public IReadOnlyList<IEvent> Own(IReadOnlyList<IEvent> events) => events.All(e => AppliesTo(e.EventType)) ? events : [.. events.Where(e => AppliesTo(e.EventType))];

    /// <summary>Whether an event of a type can change it.</summary>
    public bool AppliesTo(Type type) => _applies.GetOrAdd(type, Applies);

    /// <summary>Handlers keep it, so it may be a moment behind the events.</summary>
    public virtual bool IsBehind => false;

    /// <summary>The stream of a row.</summary>
    public virtual string StreamOf(string id) => id;

    /// <summary>The rows after these events, all of one stream.</summary>
    public abstract ValueTask<IReadOnlyList<(string Id, object Document)>> Fold(string stream, IReadOnlyList<IEvent> events, IQuerySession session, CancellationToken cancel);

    protected abstract bool Applies(Type type);

    /// <summary>All that can be rebuilt so, and the names of projections that cannot.</summary>
    public static (IReadOnlyList<ReadModel> Models, IReadOnlyList<string> Others) All(IQuerySession session)
    {
        var (models, others) = (new List<ReadModel>(), new List<string>());
        var options = (StoreOptions)session.DocumentStore.Options;
        foreach (var source in options.Projections.All)
        {
            if (source is IAggregateProjection { Scope: AggregationScope.SingleStream } projection && projection.IdentityType == typeof(string))
            {
                var mapping = session.DocumentStore.Options.FindOrResolveDocumentType(projection.AggregateType);
                models.Add((ReadModel)typeof(ReadModel).GetMethod(nameof(Of), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
                    .MakeGenericMethod(projection.AggregateType).Invoke(null, [projection, mapping])!);
            }
            else
            {
                others.Add(source.Name);
            }
        }

        foreach (var mapping in session.DocumentStore.Options.AllKnownDocumentTypes().Where(t => t.DocumentType.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IFollowStream<>))))
        {
            models.Add((ReadModel)typeof(ReadModel).GetMethod(nameof(Followed), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
                .MakeGenericMethod(mapping.DocumentType).Invoke(null, [mapping])!);
        }

        // What is a thing of its own first, what follows others after it.
        return ([.. models.OrderBy(m => m.IsBehind).ThenBy(m => m.Table, StringComparer.Ordinal)], others);
    }

    private static FollowedModel<T> Followed<T>(Marten.Schema.IDocumentType mapping) where T : class, IFollowStream<T> => new()
    {
        Name = mapping.Alias,
        Table = mapping.TableName.QualifiedName,
        Document = typeof(T),
        Duplicates = [.. mapping.DuplicatedFields.Where(f => !f.OnlyForSearching).Select(f => (f.ColumnName, ExpressionOf(f)))],
    };

    private static ReadModel<T> Of<T>(object projection, Marten.Schema.IDocumentType mapping) where T : class => new(
        (JasperFxAggregationProjectionBase<T, string, IDocumentOperations, IQuerySession>)projection)
    {
        Name = mapping.Alias,
        Table = mapping.TableName.QualifiedName,
        Document = typeof(T),
        Duplicates = [.. mapping.DuplicatedFields.Where(f => !f.OnlyForSearching).Select(f => (f.ColumnName, ExpressionOf(f)))],
    };

    private static string ExpressionOf(DuplicatedField field) => $"(data #>> '{{{string.Join(',', field.Members.Select(m => m.Name))}}}')::{field.PgType}";
}

internal sealed class ReadModel<T>(JasperFxAggregationProjectionBase<T, string, IDocumentOperations, IQuerySession> projection) : ReadModel where T : class
{
    private static readonly NulloIdentitySetter<T, string> Unset = new();

    public override async ValueTask<IReadOnlyList<(string Id, object Document)>> Fold(string stream, IReadOnlyList<IEvent> events, IQuerySession session, CancellationToken cancel) =>
        await ((IAggregator<T, string, IQuerySession>)projection).BuildAsync(events, session, null, stream, Unset, cancel) is { } document ? [(stream, document)] : [];

    protected override bool Applies(Type type) => projection.AppliesTo([type]);
}

internal sealed class FollowedModel<T> : ReadModel where T : class, IFollowStream<T>
{
    public override bool IsBehind => true;

    public override string StreamOf(string id) => T.StreamOf(id);

    public override ValueTask<IReadOnlyList<(string Id, object Document)>> Fold(string stream, IReadOnlyList<IEvent> events, IQuerySession session, CancellationToken cancel) =>
        ValueTask.FromResult<IReadOnlyList<(string Id, object Document)>>([.. T.Of(stream, events).Select(document => (document.Id, (object)document))]);

    protected override bool Applies(Type type) => T.Follows.Contains(type);
}
