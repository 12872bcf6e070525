using System.Collections.Concurrent;
using JasperFx.Events;
using JasperFx.Events.Aggregation;
using JasperFx.Events.Daemon;
using Marten;
using Marten.Linq.Members;

namespace SmartCity.Accountability.Rebuilding;

/// <summary>A read model that is made of one stream a document, folded by the projection that the store itself runs.</summary>
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

    /// <summary>The document after these events, all of one stream; null when there is none.</summary>
    public abstract ValueTask<object?> Fold(string stream, IReadOnlyList<IEvent> events, IQuerySession session, CancellationToken cancel);

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

        return ([.. models.OrderBy(m => m.Table, StringComparer.Ordinal)], others);
    }

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

    public override async ValueTask<object?> Fold(string stream, IReadOnlyList<IEvent> events, IQuerySession session, CancellationToken cancel) =>
        await ((IAggregator<T, string, IQuerySession>)projection).BuildAsync(events, session, null, stream, Unset, cancel);

    protected override bool Applies(Type type) => projection.AppliesTo([type]);
}
