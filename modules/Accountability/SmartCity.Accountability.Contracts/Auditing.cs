using MediatR;

namespace SmartCity.Accountability.Contracts;

/// <summary>Writes a part of a regency's history as an archive that can be verified offline; null when nothing of it is signed yet.</summary>
/// <param name="Regency">Whose history.</param>
/// <param name="From">First position; null: the beginning.</param>
/// <param name="To">Last position; null: all that the latest checkpoint covers.</param>
/// <param name="Open">Gives where to write, once there is something.</param>
/// <param name="Progress">Is told how far it has come.</param>
/// <param name="Begun">What an interrupted export has written; what is written now goes after it.</param>
/// <param name="Since">Instead of From: the first event of this instant or later.</param>
/// <param name="Until">Instead of To: the last event of this instant or earlier.</param>
public sealed record ExportArchive(string Regency, long? From, long? To, Func<Task<Stream>> Open, IProgress<HistoryProgress>? Progress = null, ArchiveBegun? Begun = null,
    DateTimeOffset? Since = null, DateTimeOffset? Until = null) : IRequest<ArchiveWritten?>;

/// <summary>How far an interrupted export has come.</summary>
/// <param name="Manifest">Its first line.</param>
/// <param name="Position">Of the event with which it goes on.</param>
/// <param name="Index">That event's leaf.</param>
/// <param name="Events">How many were written before it.</param>
public sealed record ArchiveBegun(string Manifest, long Position, long Index, long Events);

/// <summary>Writes the read models of a regency as CSV, what is sealed sealed, and a list of the files that its events name by their hashes; tells how many tables.</summary>
/// <param name="Regency">Whose.</param>
/// <param name="Open">Gives where to write a file of a name.</param>
public sealed record ExportTables(string Regency, Func<string, Task<Stream>> Open) : IRequest<int>;

/// <summary>Signs the hashes of an archive's files with the regency's key.</summary>
/// <param name="Regency">Whose.</param>
/// <param name="Sums">SHA-256 in hexadecimal by name of the file.</param>
public sealed record SignArchive(string Regency, IReadOnlyDictionary<string, string> Sums) : IRequest<string>;

/// <summary>Writes the events of an archive into a regency that has none, makes its read models and its log of them, and compares the log's head with the archive's.</summary>
/// <param name="Regency">Into which; it is served already.</param>
/// <param name="Archive">All of its history, from the first event on.</param>
/// <param name="Progress">Is told how far it has come, counting each event when it is written, when it is folded and when it is in the log.</param>
public sealed record RestoreArchive(string Regency, Stream Archive, IProgress<HistoryProgress>? Progress = null) : IRequest<ArchiveRestored>;

/// <summary>What was restored.</summary>
/// <param name="Events">How many events.</param>
/// <param name="Size">Leaves of the log.</param>
/// <param name="Root">Its root, Base64.</param>
/// <param name="IsSame">Whether the archive's checkpoint has the same.</param>
/// <param name="Unknown">Types of events that this edition of the platform does not know.</param>
public sealed record ArchiveRestored(long Events, long Size, string Root, bool IsSame, IReadOnlyList<string> Unknown);

/// <summary>What an archive holds.</summary>
/// <param name="Events">How many events.</param>
/// <param name="First">First leaf of the log.</param>
/// <param name="End">The leaf after the last.</param>
/// <param name="Size">Leaves in the log, as its checkpoint says.</param>
public sealed record ArchiveWritten(long Events, long First, long End, long Size);
