using MediatR;

namespace SmartCity.Accountability.Contracts;

/// <summary>Makes every read model of a regency anew from its events, in a schema of its own, and compares it with the live one, row by row.</summary>
/// <param name="Regency">Whose.</param>
/// <param name="Keep">Leaves the schema behind, to be looked at.</param>
/// <param name="Progress">Is told how far it has come.</param>
public sealed record RebuildReadModels(string Regency, bool Keep = false, IProgress<HistoryProgress>? Progress = null) : IRequest<RebuildReport?>;

/// <summary>What came out of it.</summary>
/// <param name="Regency">Whose.</param>
/// <param name="Position">The last event that was read.</param>
/// <param name="Events">How many.</param>
/// <param name="Schema">Where the rebuilt tables are, or were.</param>
/// <param name="Tables">What was compared.</param>
/// <param name="Differences">Rows that are not what the events say.</param>
/// <param name="NotCompared">Tables that hold something that is not in events, and why that is so.</param>
public sealed record RebuildReport(
    string Regency, long Position, long Events, string Schema, IReadOnlyList<ComparedTable> Tables, IReadOnlyList<RowDifference> Differences, IReadOnlyList<TableNotCompared> NotCompared);

/// <summary>A table that was compared.</summary>
/// <param name="Table">Its name.</param>
/// <param name="Rows">Rows that the events make.</param>
/// <param name="Moved">Rows that changed while the comparison ran, and were compared again.</param>
/// <param name="Different">Rows that differ.</param>
public sealed record ComparedTable(string Table, long Rows, long Moved, long Different);

/// <summary>A row that is not what the events say.</summary>
/// <param name="Table">Of which table.</param>
/// <param name="Id">Of which row.</param>
/// <param name="What">In what it differs.</param>
public sealed record RowDifference(string Table, string Id, string What);

/// <summary>A table that cannot be made from events.</summary>
/// <param name="Table">Its name.</param>
/// <param name="Rows">How many rows it has.</param>
/// <param name="Why">What it holds.</param>
public sealed record TableNotCompared(string Table, long Rows, string Why);
