using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Regencies;

namespace SmartCity.Reports.Searching;

/// <summary>
/// At start, writes rows of reports that are older than the oldest row of the index: those that were filed before there was an index. From the
/// newest to the oldest, so whatever stops it, the next start goes on where it was. To build a regency's index anew, delete its rows and start a host.
/// </summary>
internal sealed partial class FillSearch(IServiceScopeFactory scopes, RegencyRegistry regencies, ILogger<FillSearch> log) : BackgroundService
{
    private const int Page = 200;

    // Reports that are being filed while there is no row yet are written by their own notifications.
    private const string Older = """
        select r.id from reports.mt_doc_report r
        where r.tenant_id = $1 and r.number < coalesce((select s.number from reports.search s where s.tenant_id = $1 order by s.number limit 1), 9223372036854775807)
        order by r.number desc limit $2
        """;

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        try
        {
            foreach (var regency in await regencies.All(stopping))
            {
                var count = await Fill(regency.Id, stopping);
                if (count > 0)
                {
                    LogFilled(count, regency.Id);
                }
            }
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            LogFailed(failure);
        }
        catch (OperationCanceledException)
        {
            // The next start goes on.
        }
    }

    /// <summary>Writes what is missing in a regency.</summary>
    /// <returns>How many reports.</returns>
    internal async Task<int> Fill(string regency, CancellationToken cancel)
    {
        for (var count = 0; ;)
        {
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<CallContext>().Actor = Actor.System("search");
            await using var session = scope.ServiceProvider.GetRequiredService<RegencySessions>().Open(regency);
            var tickets = new List<string>();
            await using (var reader = await session.ExecuteReaderAsync(new NpgsqlCommand(Older) { Parameters = { new() { Value = session.TenantId }, new() { Value = Page } } }, cancel))
            {
                while (await reader.ReadAsync(cancel))
                {
                    tickets.Add(reader.GetString(0));
                }
            }

            if (tickets.Count == 0)
            {
                return count;
            }

            await scope.ServiceProvider.GetRequiredService<SearchRows>().Write(session, tickets, cancel);
            count += tickets.Count;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} earlier reports of {Regency} can be searched now.")]
    private partial void LogFilled(int count, string regency);

    [LoggerMessage(Level = LogLevel.Error, Message = "Earlier reports could not all be made searchable; the next start goes on.")]
    private partial void LogFailed(Exception failure);
}
