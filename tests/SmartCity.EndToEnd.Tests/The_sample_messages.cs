using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using SmartCity.Testing;

namespace SmartCity.EndToEnd.Tests;

/// <summary>Labelled messages as citizens write them, where the file with them is present beside the checkout.</summary>
public sealed class The_sample_messages(HostProcess host, ITestOutputHelper output) : IClassFixture<HostProcess>
{
    private static readonly string File = Path.Combine(Repository.Root, "..", "shared", "data", "messages-dev.tsv");

    [Fact]
    public async Task pass_through_the_channels_and_many_find_their_department()
    {
        Assert.SkipUnless(System.IO.File.Exists(File), "The file with the labelled messages is not here.");
        var messages = (await System.IO.File.ReadAllLinesAsync(File)).Skip(1).Select(line => line.Split('\t')).Where(m => m.Length == 8).ToArray();
        using var client = host.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "demo");
        var departments = (await SmartCityHost.Json(await client.GetAsync("/api/v1/regencies/33.28/departments"))).EnumerateArray().Select(d => d.GetProperty("code").GetString()).ToHashSet();
        var expected = new Dictionary<string, string>();
        for (var i = 0; i < messages.Length; i++)
        {
            var (channel, text, department) = (messages[i][1], messages[i][2], messages[i][5]);
            if (channel == "x")
            {
                (await client.SendAsync(The_main_job.Mention((8_000_000 + i).ToString(CultureInfo.InvariantCulture), text, $"6{i:000}"))).StatusCode.ShouldBe(HttpStatusCode.OK, text);
            }
            else
            {
                (await client.PostAsJsonAsync("/api/v1/regencies/33.28/reports", new { description = text, place = new { address = "Kabupaten" } })).StatusCode.ShouldBe(HttpStatusCode.Created, text);
            }

            expected[text] = department;
        }

        using var staff = host.Client();
        (await staff.PostAsJsonAsync("/api/v1/regencies/33.28/session", new { name = "regent", password = SmartCityHost.Password })).EnsureSuccessStatusCode();
        var reports = await SmartCityHost.Until(async () =>
        {
            var page = (await SmartCityHost.Json(await staff.GetAsync("/api/v1/regencies/33.28/reports?limit=1000"))).GetProperty("reports").EnumerateArray().ToArray();
            return page.Length >= messages.Length && page.All(r => r.GetProperty("state").GetString() != "filed") ? page : null;
        }, "all messages as routed reports");

        var judged = reports.Where(r => r.GetProperty("channel").GetString() != "x").Select(r => (Expected: expected[r.GetProperty("description").GetString()!], Found: Department(r)))
            .Where(r => departments.Contains(r.Expected)).ToArray();
        var found = judged.Count(r => r.Found == r.Expected);
        output.WriteLine($"{messages.Length} messages sent, {reports.Length} reports; of {judged.Length} with a department of the regency that came without an addressed account, {found} found it, {judged.Count(r => r.Found is null)} wait for the dispatcher, {judged.Count(r => r.Found is not null && r.Found != r.Expected)} went elsewhere.");
        found.ShouldBeGreaterThan(judged.Length / 3);
    }

    private static string? Department(JsonElement report) => report.TryGetProperty("department", out var department) ? department.GetString() : null;
}
