using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SmartCity.Reports.Tests.KeepingPhotos;
using SmartCity.Testing;
using static SmartCity.Reports.Tests.KeepingPhotos.PhotosHost;

namespace SmartCity.Reports.Tests.Following;

public sealed class Following_a_report(PhotosHost host)
{
    private async Task<JsonElement> Follow(string ticket, object body) => await SmartCityHost.Json(await host.Integrator().PostAsJsonAsync($"{Base}/{ticket}/followers", body));

    private async Task<int> Followers(string ticket) => (await host.Read(ticket)).GetProperty("followers").GetInt32();

    [Fact]
    public async Task counts_each_person_once()
    {
        var ticket = await host.FileReport();

        var first = await Follow(ticket, new { phone = "0812-1111-0001" });
        var again = await Follow(ticket, new { phone = "+62 812 1111 0001" });
        var other = await Follow(ticket, new { email = "Ani@Example.com", name = "Ani" });
        var atOnce = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Follow(ticket, new { identity = "pengguna-7" })));

        (first.GetProperty("followers").GetInt32(), first.GetProperty("isNew").GetBoolean()).ShouldBe((1, true));
        (again.GetProperty("followers").GetInt32(), again.GetProperty("isNew").GetBoolean()).ShouldBe((1, false));
        again.GetProperty("person").GetString().ShouldBe(first.GetProperty("person").GetString());
        other.GetProperty("followers").GetInt32().ShouldBe(2);
        atOnce.Count(f => f.GetProperty("isNew").GetBoolean()).ShouldBe(1);
        (await Followers(ticket)).ShouldBe(3);
        var listed = (await SmartCityHost.Json(await host.Http.GetAsync($"{Base}?limit=1000"))).GetProperty("reports").EnumerateArray().Single(r => r.GetProperty("ticket").GetString() == ticket);
        listed.GetProperty("followers").GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task ends_and_may_begin_again()
    {
        var ticket = await host.FileReport();
        var person = (await Follow(ticket, new { phone = "0812-1111-0002" })).GetProperty("person").GetString();
        async Task<JsonElement> Leave() => await SmartCityHost.Json(await host.Integrator().DeleteAsync($"{Base}/{ticket}/followers/{person}"));

        (await Leave()).GetProperty("followers").GetInt32().ShouldBe(0);
        (await Leave()).GetProperty("isNew").GetBoolean().ShouldBeFalse();
        (await Follow(ticket, new { phone = "0812-1111-0002" })).GetProperty("followers").GetInt32().ShouldBe(1);
        (await host.History($"follow-{ticket}-{person}")).ShouldBe(["report.followed.v1", "report.unfollowed.v1", "report.followed.v1"]);
    }

    [Fact]
    public async Task by_its_own_reporter_counts_for_nothing()
    {
        var ticket = await host.FileWith(Report());

        (await Follow(ticket, new { phone = "0812 0000 2222" })).GetProperty("followers").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task does_not_change_the_report()
    {
        var ticket = await host.FileReport();
        var before = await host.Reaches(ticket, "assigned");

        await Follow(ticket, new { phone = "0812-1111-0003" });

        (await host.Read(ticket)).GetProperty("version").GetInt64().ShouldBe(before.GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task needs_to_know_who_and_a_public_report_of_the_regency()
    {
        var ticket = await host.FileReport();
        var hidden = await host.FileWith(Report(isConfidential: true));
        async Task<HttpStatusCode> Send(HttpClient client, string of, object body, string regency = "33.28") =>
            (await client.PostAsJsonAsync($"/api/v1/regencies/{regency}/reports/{of}/followers", body)).StatusCode;

        (await Send(host.Integrator(), ticket, new { name = "Ani" })).ShouldBe(HttpStatusCode.BadRequest);
        (await Send(host.Integrator(), hidden, new { phone = "0812-1111-0004" })).ShouldBe(HttpStatusCode.NotFound);
        (await Send(host.Integrator(), "2026-999", new { phone = "0812-1111-0004" })).ShouldBe(HttpStatusCode.NotFound);
        (await Send(host.Integrator(), ticket, new { phone = "0812-1111-0004" }, "33.76")).ShouldBe(HttpStatusCode.NotFound);
        (await Send(host.Http, ticket, new { phone = "0812-1111-0004" })).ShouldBe(HttpStatusCode.Unauthorized);
        (await Send(await host.SignIn("33.28", "dispatcher"), ticket, new { phone = "0812-1111-0004" })).ShouldBe(HttpStatusCode.Forbidden);
        (await host.Integrator().DeleteAsync($"{Base}/{ticket}/followers/siapa")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task keeps_nothing_of_the_follower_in_the_clear()
    {
        var ticket = await host.FileReport();
        await Follow(ticket, new { email = "nama.langka@example.com", name = "Nama Langka" });
        await using var connection = new Npgsql.NpgsqlConnection(host.ConnectionString);
        await connection.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand(
            "select (select string_agg(data::text, ' ') from history.mt_events where stream_id like $1) || (select string_agg(data::text, ' ') from reports.mt_doc_follow where id like $1)", connection)
        {
            Parameters = { new() { Value = $"follow-{ticket}-%" } },
        };

        var stored = (string)(await command.ExecuteScalarAsync())!;

        stored.ShouldContain(ticket);
        stored.ShouldNotContain("langka", Case.Insensitive);
    }
}
