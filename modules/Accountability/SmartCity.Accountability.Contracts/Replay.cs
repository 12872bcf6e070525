using System.Text.Json.Nodes;
using MediatR;

namespace SmartCity.Accountability.Contracts;

/// <summary>A moment in a regency's history; the latest when nothing is said.</summary>
/// <param name="Instant">All events up to this instant.</param>
/// <param name="Position">All events up to this one, by its place among those of the regency.</param>
public sealed record Moment(DateTimeOffset? Instant = null, long? Position = null);

/// <summary>One thing as it stood at a moment: a report, a message, a department, or whatever has a stream of its own; or a finding, which is a part of its audit report and the obligations that follow from it. Null when there was nothing, or the caller may not see it.</summary>
/// <param name="Regency">Where.</param>
/// <param name="Stream">The stream: a ticket, <c>deadlines-TICKET</c>, <c>department-CODE</c>, …; or a finding, by its id.</param>
/// <param name="At">When.</param>
/// <param name="Since">An earlier moment: what has changed from then on is told in words.</param>
/// <param name="Conversation">The whole conversation that it belongs to, with all its messages: <paramref name="Stream"/> is a conversation, one of its messages, or a report that it became.</param>
public sealed record ReplayStream(string Regency, string Stream, Moment At, Moment? Since = null, bool Conversation = false) : IRequest<StreamReplay?>;

/// <summary>How one thing stood.</summary>
/// <param name="Stream">Its stream, or the finding.</param>
/// <param name="Version">How many events it had.</param>
/// <param name="LastVersion">How many it has now.</param>
/// <param name="Previous">Position to go back to; null at the first event.</param>
/// <param name="Next">Position to go forward to; null at the last.</param>
/// <param name="States">What the events came to.</param>
/// <param name="Changes">In what it differs from the earlier moment, or from the event before.</param>
/// <param name="Events">What had happened.</param>
/// <param name="Readers">Who had seen of it what is personal or confidential, and when.</param>
/// <param name="Erasures">What can be read no more, since when and why.</param>
public sealed record StreamReplay(
    string Stream, long Version, long LastVersion, long? Previous, long? Next, IReadOnlyList<ReplayedState> States, IReadOnlyList<Change> Changes,
    IReadOnlyList<ReplayedEvent> Events, IReadOnlyList<DataReader> Readers, IReadOnlyList<Erasure> Erasures);

/// <summary>What events came to.</summary>
/// <param name="Kind">Name of the read model: <c>report</c>.</param>
/// <param name="Data">The read model, personal fields opened as far as the caller may see them and their key exists.</param>
/// <param name="Stream">Whose events they are: of a conversation, its own or a message's.</param>
/// <param name="Indonesian">What that kind of thing is called.</param>
/// <param name="English">The same in English.</param>
/// <param name="Facts">The same data in words.</param>
public sealed record ReplayedState(string Kind, JsonNode Data, string Stream, string Indonesian, string English, IReadOnlyList<Fact> Facts);

/// <summary>One thing that was so, in words.</summary>
/// <param name="Path">Where it stands in the data.</param>
/// <param name="Indonesian">What it is.</param>
/// <param name="English">The same in English.</param>
/// <param name="Value">How it was, in Indonesian.</param>
/// <param name="EnglishValue">The same in English.</param>
public sealed record Fact(string Path, string Indonesian, string English, string Value, string EnglishValue);

/// <summary>An event, and what it is in words.</summary>
/// <param name="Entry">The event.</param>
/// <param name="Indonesian">In Indonesian.</param>
/// <param name="English">In English.</param>
public sealed record ReplayedEvent(HistoryEntry Entry, string Indonesian, string English);

/// <summary>A difference between two moments, in words.</summary>
/// <param name="Path">Where: <c>State</c>.</param>
/// <param name="Indonesian">In Indonesian.</param>
/// <param name="English">In English.</param>
public sealed record Change(string Path, string Indonesian, string English);

/// <summary>Somebody who has seen what is personal or confidential.</summary>
/// <param name="At">When.</param>
/// <param name="Actor">Who.</param>
/// <param name="Role">In which role.</param>
/// <param name="What">What: <c>reporter</c>, <c>confidential</c>, <c>history</c>, <c>replay</c>.</param>
/// <param name="Version">Of how many events he knew then.</param>
/// <param name="Of">Of which stream.</param>
public sealed record DataReader(DateTimeOffset At, string? Actor, string? Role, string What, long Version, string Of);

/// <summary>An erasure, as replay shows it where the data stood.</summary>
/// <param name="Key">What was destroyed.</param>
/// <param name="At">When.</param>
/// <param name="By">By whom.</param>
/// <param name="Ground">Why.</param>
/// <param name="Indonesian">In Indonesian.</param>
/// <param name="English">In English.</param>
public sealed record Erasure(string Key, DateTimeOffset At, string? By, string? Ground, string Indonesian, string English);

/// <summary>A whole regency as it stood at a moment. Null when the caller may not see it.</summary>
/// <param name="Regency">Which.</param>
/// <param name="At">When.</param>
/// <param name="Since">An earlier moment: what has changed from then on is told in words.</param>
/// <param name="Progress">Is told how far it has come.</param>
public sealed record ReplayRegency(string Regency, Moment At, Moment? Since = null, IProgress<HistoryProgress>? Progress = null) : IRequest<RegencyReplay?>;

/// <summary>How far a long work on history has come.</summary>
/// <param name="Done">Events that are done.</param>
/// <param name="Of">Events there are to do.</param>
public sealed record HistoryProgress(long Done, long Of);

/// <summary>How a regency stood.</summary>
/// <param name="Regency">Which.</param>
/// <param name="Position">Of the last event.</param>
/// <param name="LastAt">When that was.</param>
/// <param name="Events">How many events there were.</param>
/// <param name="TreeSize">How many of them the log had, which its next checkpoint proves.</param>
/// <param name="Kinds">What there was.</param>
/// <param name="OpenReports">Reports in which something was still owed.</param>
/// <param name="OpenByDepartment">The same by department; those that nobody had under an empty name.</param>
/// <param name="EventsByType">What had happened.</param>
/// <param name="Changes">In what it differs from the earlier moment.</param>
/// <param name="Previous">Position of the event before the last; null at the first.</param>
/// <param name="Next">Position of the event that came after; null at the latest.</param>
public sealed record RegencyReplay(
    string Regency, long Position, DateTimeOffset? LastAt, long Events, long TreeSize, IReadOnlyList<KindCount> Kinds, long OpenReports,
    IReadOnlyDictionary<string, long> OpenByDepartment, IReadOnlyDictionary<string, long> EventsByType, IReadOnlyList<Change> Changes, long? Previous = null, long? Next = null);

/// <summary>How many things of a kind there were.</summary>
/// <param name="Kind">Name of the read model: <c>report</c>.</param>
/// <param name="Count">How many.</param>
/// <param name="ByState">How many in each state, where they have one.</param>
/// <param name="Indonesian">All of it in words.</param>
/// <param name="English">The same in English.</param>
public sealed record KindCount(string Kind, long Count, IReadOnlyDictionary<string, long> ByState, string Indonesian, string English);

/// <summary>Streams whose name begins with something, by name. Empty when the caller may not see them.</summary>
/// <param name="Regency">Where.</param>
/// <param name="Begins">With what.</param>
/// <param name="After">Only those after this one.</param>
/// <param name="Limit">At most so many.</param>
public sealed record FindStreams(string Regency, string Begins, string? After = null, int Limit = 50) : IRequest<IReadOnlyList<FoundStream>>;

/// <summary>A stream.</summary>
/// <param name="Stream">Its name.</param>
/// <param name="Version">How many events it has.</param>
/// <param name="Began">When its first event was committed.</param>
/// <param name="ChangedAt">When its last was.</param>
public sealed record FoundStream(string Stream, long Version, DateTimeOffset Began, DateTimeOffset ChangedAt);
