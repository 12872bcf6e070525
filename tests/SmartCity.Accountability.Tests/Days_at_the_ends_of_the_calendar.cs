using System.Net;
using SmartCity.Testing;

namespace SmartCity.Accountability.Tests;

/// <summary>A day that can be read is not always one that can be reckoned with.</summary>
public sealed class Days_at_the_ends_of_the_calendar(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    [Theory]
    [InlineData("auditor", "/api/v1/regencies/33.28/scoreboard?until={0}")]
    [InlineData("auditor", "/api/v1/regencies/33.28/scoreboard?from={0}")]
    [InlineData("auditor", "/api/v1/regencies/33.28/scoreboard?from={0}&until={0}")]
    [InlineData("auditor", "/api/v1/regencies/33.28/scoreboard?asOf={0}")]
    [InlineData("auditor", "/api/v1/scoreboards?from={0}&until={0}")]
    [InlineData("auditor", "/api/v1/regencies/33.28/repayments/summary?asOf={0}")]
    [InlineData("auditor", "/api/v1/regencies/33.28/repayments/summary?from={0}")]
    [InlineData("auditor", "/api/v1/regencies/33.28/repayments/ageing?asOf={0}")]
    [InlineData("auditor", "/api/v1/regencies/33.28/repayments/by-contractor?asOf={0}&from={0}")]
    [InlineData("auditor", "/api/v1/regencies/33.28/obligations?asOf={0}")]
    [InlineData("auditor", "/api/v1/regencies/33.28/incidents?asOf={0}")]
    [InlineData("auditor", "/api/v1/regencies/33.28/audit/replay?asOf={0}")]
    [InlineData("auditor", "/api/v1/regencies/33.28/audit/replay?since={0}")]
    [InlineData("auditor", "/33.28/kinerja?dari={0}&sampai={0}")]
    [InlineData("auditor", "/33.28/pengembalian?tanggal={0}&dari={0}")]
    [InlineData("auditor", "/33.28/usulan?tanggal={0}")]
    [InlineData("auditor", "/33.28/putar-ulang?seluruh=1&sampai={0}&sejak={0}")]
    public async Task are_answered_or_refused_and_break_nothing(string name, string path)
    {
        var caller = await host.SignIn("33.28", name);
        foreach (var day in new[] { "0001-01-01", "0001-01-02", "9999-12-30", "9999-12-31" })
        {
            using var answer = await caller.GetAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, path, day));

            answer.StatusCode.ShouldBeOneOf([HttpStatusCode.OK, HttpStatusCode.BadRequest, HttpStatusCode.NotFound], $"{path} {day}");
        }
    }
}
