using JasperFx.Events;
using MediatR;
using Npgsql;

namespace SmartCity.Platform.History;

/// <summary>Says of a stored document that is no projection what it holds that is not in events, and why: a rebuild of the read models lists it with these words.</summary>
/// <param name="why">One sentence.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NotInEventsAttribute(string why) : Attribute
{
    /// <summary>What it holds.</summary>
    public string Why { get; } = why;
}

/// <summary>
/// A document that handlers keep in step with the committed events of one stream, a moment after them. What it must be is said here once more, by the
/// events alone: so it can be made anew, compared, and replayed to any moment.
/// </summary>
public interface IFollowStream<TSelf> where TSelf : class, IFollowStream<TSelf>
{
    /// <summary>Name of its row.</summary>
    string Id { get; }

    /// <summary>The events that can change it.</summary>
    static abstract IReadOnlyList<Type> Follows { get; }

    /// <summary>What these events of a stream, in their order, come to; each row once.</summary>
    static abstract IEnumerable<TSelf> Of(string stream, IReadOnlyList<IEvent> events);

    /// <summary>The stream that a row follows, by the row's name.</summary>
    static virtual string StreamOf(string id) => id;
}

/// <summary>
/// Read models are being made anew: every module says how to make the tables that it derives in another way than by a projection of the store,
/// and which it keeps that cannot be derived.
/// </summary>
/// <param name="regency">Whose.</param>
public sealed class RebuildDerivedTables(string regency) : INotification
{
    private readonly List<DerivedTable> _tables = [];
    private readonly Dictionary<string, string> _notInEvents = [];

    /// <summary>Whose.</summary>
    public string Regency => regency;

    /// <summary>What was said.</summary>
    public IReadOnlyList<DerivedTable> Tables => _tables;

    /// <summary>Tables that hold what is not in events, and why.</summary>
    public IReadOnlyDictionary<string, string> NotInEvents => _notInEvents;

    /// <summary>Adds a table that can be made anew.</summary>
    public void Add(DerivedTable table) => _tables.Add(table);

    /// <summary>Adds a table that cannot.</summary>
    public void AddNotInEvents(string table, string why) => _notInEvents.Add(table, why);
}

/// <summary>A table that is derived from read models.</summary>
/// <param name="Table">Its name: <c>reports.search</c>.</param>
/// <param name="Key">The column that names a row within a regency, by the stream that it follows.</param>
/// <param name="Fill">Writes the rows of these keys, or of all, into a table of the same columns; in the connection's transaction when there is one.</param>
public sealed record DerivedTable(string Table, string Key, Func<NpgsqlConnection, string, IReadOnlyList<string>?, CancellationToken, Task> Fill);
