using MediatR;

namespace SmartCity.Accountability.Contracts;

/// <summary>Writes a part of a regency's history as an archive that can be verified offline; null when nothing of it is signed yet.</summary>
/// <param name="Regency">Whose history.</param>
/// <param name="From">First position; null: the beginning.</param>
/// <param name="To">Last position; null: all that the latest checkpoint covers.</param>
/// <param name="Open">Gives where to write, once there is something.</param>
/// <param name="Progress">Is told how many events were written.</param>
public sealed record ExportArchive(string Regency, long? From, long? To, Func<Task<Stream>> Open, IProgress<long>? Progress = null) : IRequest<ArchiveWritten?>;

/// <summary>What an archive holds.</summary>
/// <param name="Events">How many events.</param>
/// <param name="First">First leaf of the log.</param>
/// <param name="End">The leaf after the last.</param>
/// <param name="Size">Leaves in the log, as its checkpoint says.</param>
public sealed record ArchiveWritten(long Events, long First, long End, long Size);
