using System.Globalization;
using Marten;
using Npgsql;
using SmartCity.Platform.Regencies;

namespace SmartCity.Reports.Filing;

/// <summary>
/// Serial numbers of tickets, from a sequence for each regency and year: it does not wait for other transactions. A number may be
/// lost, never given twice.
/// </summary>
internal sealed class TicketSerials(TimeProvider time)
{
    private const int MostAhead = 64;

    // Older numbers are let go: another host may have given out higher ones since, and tickets tell the order of reports.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, Block> _blocks = [];
    private readonly SemaphoreSlim _one = new(1, 1);

    private sealed record Block(Queue<long> Serials, long TakenAt, int Demand);

    /// <summary>The next numbers. Under load some are taken from the sequence in advance, which saves a round trip for the next group.</summary>
    public async Task<IReadOnlyList<long>> Take(IDocumentSession session, string regency, int year, int count)
    {
        if (count == 0)
        {
            return [];
        }

        var sequence = string.Create(CultureInfo.InvariantCulture, $"reports.ticket_{RegencyCode.Parse(regency).TenantId}_{year}");
        await _one.WaitAsync();
        try
        {
            return await Take(session, sequence, count);
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<IReadOnlyList<long>> Take(IDocumentSession session, string sequence, int count)
    {
        var block = _blocks.GetValueOrDefault(sequence);
        if (block is null || time.GetElapsedTime(block.TakenAt) > Fresh)
        {
            block = new Block(new(), 0, 0);
        }

        if (block.Serials.Count < count)
        {
            var ahead = Math.Min(block.Demand, MostAhead);
            var taken = await Next(session, sequence, count - block.Serials.Count + ahead);
            block = new Block(new(block.Serials.Concat(taken)), time.GetTimestamp(), 0);
        }

        _blocks[sequence] = block with { Demand = block.Demand + count };
        return [.. Enumerable.Range(0, count).Select(_ => block.Serials.Dequeue())];
    }

    private async Task<IReadOnlyList<long>> Next(IDocumentSession session, string sequence, int count)
    {
        if (!_blocks.ContainsKey(sequence))
        {
            await Make(session, sequence);
        }

        return await session.AdvancedSql.QueryAsync<long>("select nextval(?::regclass) from generate_series(1, ?)", CancellationToken.None, sequence, count);
    }

    private static async Task Make(IDocumentSession session, string sequence)
    {
        await using var connection = session.Database.CreateConnection();
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"create sequence if not exists {sequence}", connection);
        try
        {
            await create.ExecuteNonQueryAsync();
        }
        catch (PostgresException race) when (race.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DuplicateTable)
        {
            // Another host made it at the same moment.
        }
    }
}
