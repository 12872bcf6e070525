using MediatR;
using Npgsql;
using SmartCity.Platform.History;

namespace SmartCity.Reports.Searching;

/// <summary>Says how the index is made anew, so that it can be compared: from reports as they are, and what of their texts everybody may read.</summary>
internal sealed class RebuildSearch(RegencySessions sessions, SearchRows rows) : INotificationHandler<RebuildDerivedTables>
{
    private const int Page = 500;

    public Task Handle(RebuildDerivedTables rebuild, CancellationToken cancel)
    {
        rebuild.Add(new DerivedTable("reports.search", "ticket", (connection, table, keys, stop) => Fill(rebuild.Regency, connection, table, keys, stop)));
        rebuild.AddNotInEvents("reports.search_word", "Words of public texts, proposed for mistyped ones; a rare word may be missing, which costs no more than that (docs/search.md).");
        return Task.CompletedTask;
    }

    private async Task Fill(string regency, NpgsqlConnection connection, string table, IReadOnlyList<string>? tickets, CancellationToken cancel)
    {
        for (var after = ""; ;)
        {
            await using var session = sessions.Query(regency);
            var page = tickets is null ? await Next(session.TenantId, connection, after, cancel) : tickets;
            if (page.Count == 0)
            {
                return;
            }

            await rows.Copy(session, connection, table, page, cancel);
            if (tickets is not null)
            {
                return;
            }

            after = page[^1];
        }
    }

    private static async Task<IReadOnlyList<string>> Next(string tenant, NpgsqlConnection connection, string after, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select id from reports.mt_doc_report where tenant_id = $1 and id > $2 order by id limit $3", connection)
        {
            Parameters = { new() { Value = tenant }, new() { Value = after }, new() { Value = Page } },
        };
        var tickets = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            tickets.Add(reader.GetString(0));
        }

        return tickets;
    }
}
