using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SmartCity.Platform.Time;
using SmartCity.Testing;

namespace SmartCity.Reports.Tests.Searching;

/// <summary>The search cannot take events while its table is away.</summary>
public sealed class A_handler_that_fails(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private async Task<object?> Sql(string sql)
    {
        await using var connection = new NpgsqlConnection(host.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private async Task<bool> Waits() => (bool)(await Sql("select exists (select from platform.mt_doc_eventsetaside)"))!;

    [Fact]
    public async Task holds_nothing_else_up_and_gets_the_event_again_until_it_takes_it()
    {
        await Sql("alter table reports.search rename to search_away");
        var ticket = await host.FileReport(description: "Gapura kelurahan ambruk");
        await host.Reaches(ticket, "assigned");
        await SmartCityHost.Until(Waits, "an event is set aside");
        await Sql("alter table reports.search_away rename to search");

        var clock = host.Services.GetRequiredService<DemoClock>();
        await SmartCityHost.Until(async () =>
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            return !await Waits();
        }, "all that was set aside is taken");

        var found = await SmartCityHost.Json(await host.Http.GetAsync("/api/v1/regencies/33.28/reports?q=gapura"));
        found.GetProperty("reports").EnumerateArray().Select(r => r.GetProperty("ticket").GetString()).ShouldBe([ticket]);
    }
}
