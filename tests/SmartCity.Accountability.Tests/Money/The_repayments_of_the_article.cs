using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Accountability.Findings;
using SmartCity.Accountability.Repayments;
using SmartCity.Testing;

namespace SmartCity.Accountability.Tests.Money;

/// <summary>A host with all sample data.</summary>
public sealed class FullSampleHost : SmartCityHost
{
    protected override IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?> { ["SmartCity:SampleData"] = "full" };
}

public sealed class The_repayments_of_the_article(FullSampleHost host) : IClassFixture<FullSampleHost>
{
    private const string Api = "/api/v1/regencies/33.28";

    [Fact]
    public async Task are_what_the_newspaper_had()
    {
        using var answer = await host.Http.GetAsync($"{Api}/repayments/summary?asOf=2016-10-31");
        var text = await answer.Content.ReadAsStringAsync();

        text.ShouldContain("\"owed\":4720000000,\"deposited\":1480000000,\"outstanding\":3240000000,");
        text.ShouldNotContain("contoh");
    }

    [Fact]
    public async Task add_up_over_contractors_departments_findings_years_and_ages()
    {
        var auditor = await host.SignIn("33.28", "auditor");
        foreach (var by in new[] { "contractor", "department", "finding", "year" })
        {
            var groups = (await auditor.GetFromJsonAsync<JsonElement>($"{Api}/repayments/by-{by}?asOf=2016-10-31&limit=1000")).GetProperty("groups").EnumerateArray().ToList();
            decimal Sum(string name) => groups.Sum(g => g.GetProperty(name).GetDecimal());
            (Sum("owed"), Sum("deposited"), Sum("outstanding")).ShouldBe((4_720_000_000m, 1_480_000_000m, 3_240_000_000m), by);
            if (by == "contractor")
            {
                groups.Count.ShouldBeGreaterThanOrEqualTo(25);
                groups.ShouldAllBe(g => g.GetProperty("name").GetString()!.EndsWith("(contoh)"));
            }

            if (by == "year")
            {
                groups.Select(g => g.GetProperty("key").GetString()).ShouldBe(Enumerable.Range(2005, 11).Select(y => y.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            }
        }

        var ages = await host.Http.GetFromJsonAsync<JsonElement>($"{Api}/repayments/ageing?asOf=2016-10-31");
        ages.EnumerateArray().Sum(a => a.GetProperty("outstanding").GetDecimal()).ShouldBe(3_240_000_000m);
        ages.EnumerateArray().ShouldAllBe(a => a.GetProperty("outstanding").GetDecimal() > 0);
        var obligations = (await auditor.GetFromJsonAsync<JsonElement>($"{Api}/obligations?asOf=2016-10-31&limit=1000")).GetProperty("obligations").EnumerateArray();
        obligations.Sum(o => o.GetProperty("balance").GetProperty("outstanding").GetDecimal()).ShouldBe(3_240_000_000m);
    }

    [Fact]
    public async Task can_be_asked_for_any_day_and_period()
    {
        async Task<JsonElement> Summary(string query) => await host.Http.GetFromJsonAsync<JsonElement>($"{Api}/repayments/summary?{query}");
        decimal before = 0;
        for (var year = 2005; year <= 2017; year++)
        {
            var period = await Summary($"from={year}-01-01&to={year}-12-31");
            period.GetProperty("opening").GetDecimal().ShouldBe(before);
            before = period.GetProperty("outstanding").GetDecimal();
            before.ShouldBe(period.GetProperty("opening").GetDecimal() + period.GetProperty("owed").GetDecimal() - period.GetProperty("deposited").GetDecimal());
            (await Summary($"asOf={year}-12-31")).GetProperty("outstanding").GetDecimal().ShouldBe(before);
        }

        // Nothing of it was known to the platform then.
        (await Summary("asOf=2016-10-31&knownAt=2016-10-31T00:00:00Z")).GetProperty("owed").GetDecimal().ShouldBe(0);
        (await host.Http.GetStringAsync($"{Api}/repayments/summary?asOf=2016-10-31&format=csv")).ShouldContain("2016-10-31,,,,4720000000,1480000000,3240000000,0,0,38,");
    }

    [Fact]
    public async Task are_the_same_to_the_last_digit_when_built_again_from_history()
    {
        var before = await Digest();
        var store = host.Services.GetRequiredService<IDocumentStore>();
        await using (var session = store.LightweightSession("33_28"))
        {
            session.DeleteWhere<ObligationRecord>(o => true);
            session.DeleteWhere<AuditReportRecord>(r => true);
            await session.SaveChangesAsync();
        }

        (await Digest()).ShouldNotBe(before);
        await Rebuild(store);

        (await Digest()).ShouldBe(before);
    }

    private static async Task Rebuild(IDocumentStore store)
    {
        using var daemon = await store.BuildProjectionDaemonAsync("33_28");
        await daemon.RebuildProjectionAsync<ObligationProjection>(CancellationToken.None);
        await daemon.RebuildProjectionAsync<AuditReportProjection>(CancellationToken.None);
    }

    /// <summary>Of everything that can be read about repayments and findings, with all ledgers and instants, on four days.</summary>
    private async Task<string> Digest()
    {
        var auditor = await host.SignIn("33.28", "auditor");
        var all = new StringBuilder();
        foreach (var day in new[] { "2010-12-31", "2014-06-30", "2016-10-31", "2026-01-01" })
        {
            foreach (var path in new[] { "repayments/summary", "repayments/ageing", "repayments/by-contractor", "repayments/by-department", "repayments/by-finding", "repayments/by-year", "obligations", "deposits", "audit-reports", "findings/summary" })
            {
                all.Append(await auditor.GetStringAsync($"{Api}/{path}?asOf={day}&limit=1000")).Append(await auditor.GetStringAsync($"{Api}/{path}?asOf={day}&format=csv"));
            }
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all.ToString())));
    }
}
