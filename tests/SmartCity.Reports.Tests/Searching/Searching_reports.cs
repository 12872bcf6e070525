using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SmartCity.Reports.Searching;
using SmartCity.Reports.Tests.KeepingPhotos;
using SmartCity.Testing;
using static SmartCity.Reports.Tests.KeepingPhotos.PhotosHost;

namespace SmartCity.Reports.Tests.Searching;

/// <summary>Each test has words of its own, so that reports of others are never found.</summary>
public sealed class Searching_reports(PhotosHost host)
{
    private async Task<string> File(string description, double latitude = -6.98, double longitude = 109.13, string category = "jalan-rusak", bool isConfidential = false, string? address = null, params IReadOnlyList<byte[]> photos) =>
        await host.FileWith(new { category, description, place = new { latitude, longitude, address }, isConfidential }, photos);

    private async Task<JsonElement> Search(string query, HttpClient? caller = null, string regency = "33.28") =>
        await SmartCityHost.Json(await (caller ?? host.Http).GetAsync($"/api/v1/regencies/{regency}/reports?{query}"));

    private async Task<string[]> Find(string query, HttpClient? caller = null, string regency = "33.28") =>
        [.. (await Search(query, caller, regency)).GetProperty("reports").EnumerateArray().Select(r => r.GetProperty("ticket").GetString()!)];

    private async Task Finds(string query, params string[] tickets) =>
        await SmartCityHost.Until(async () => (await Find(query)).Order().SequenceEqual(tickets.Order()), $"{query} finds {string.Join(", ", tickets)}");

    private async Task<JsonElement> Counts(string query, HttpClient? caller = null) => await SmartCityHost.Json(await (caller ?? host.Http).GetAsync($"{Base}/counts?{query}"));

    [Fact]
    public async Task finds_words_in_all_their_forms_and_in_the_address()
    {
        var one = await File("Trotoar di Kalimatan BERLUBANG dalam", address: "Gang Melatiwangi 3");
        var other = await File("Ada lubang di trotoar Kalimatan");

        await Finds("q=lubang kalimatan", one, other);
        await Finds("q=lubangnya+di+kalimatan", one, other);
        await Finds("q=kalimatan -dalam", other);
        await Finds("q=\"trotoar kalimatan\"", other);
        await Finds("q=melatiwangi", one);
        await Finds("q=kalimat*+gang", one);
        (await Find("q=kalimatan", regency: "33.76")).ShouldBeEmpty();
    }

    [Fact]
    public async Task forgives_typing_errors_and_says_so()
    {
        var ticket = await File("Gorong-gorong Wirosableng mampet");
        await Finds("q=wirosableng", ticket);

        var found = await Search("q=wirosalbeng mampet");

        found.GetProperty("reports").EnumerateArray().Select(r => r.GetProperty("ticket").GetString()).ShouldBe([ticket]);
        var corrected = found.GetProperty("corrected").EnumerateArray().ShouldHaveSingleItem();
        corrected.GetProperty("written").GetString().ShouldBe("wirosalbeng");
        corrected.GetProperty("used").EnumerateArray().Select(w => w.GetString()).ShouldBe(["wirosableng"]);
        (await Search("q=wirosableng")).TryGetProperty("corrected", out _).ShouldBeFalse();
        (await Search("q=wirosalbeng", regency: "33.76")).TryGetProperty("corrected", out _).ShouldBeFalse("another regency's words are not proposed");
    }

    [Fact]
    public async Task takes_words_and_filters_together()
    {
        var photo = await File("Kucingliar pertama", -7.2001, 109.3001, photos: Pictures.Jpeg(8101));
        var near = await File("Kucingliar kedua", -7.2003, 109.3003, "pju");
        var far = await File("Kucingliar ketiga", -7.25, 109.35, "pju");
        await Finds("q=kucingliar", photo, near, far);
        await host.Reaches(near, "assigned");
        var department = (await host.Read(near)).GetProperty("department").GetString();

        await Finds("q=kucingliar&hasPhoto=true", photo);
        await Finds("q=kucingliar&hasPhoto=false", near, far);
        await Finds("q=kucingliar&category=pju", near, far);
        await Finds("q=kucingliar&category=pju&category=jalan-rusak", photo, near, far);
        await Finds($"q=kucingliar&state=assigned&department={department}&category=pju", near, far);
        await Finds("q=kucingliar&state=closed");
        await Finds("q=kucingliar&class=complaint", photo, near, far);
        await Finds("bbox=109.2999,-7.2004,109.3004,-7.2&limit=10", photo, near);
        await Finds("q=kucingliar&bbox=109.2,-7.3,109.4,-7.1", photo, near, far);
        await Finds("q=kucingliar&bbox=-180,-90,180,90", photo, near, far);
        await Finds("q=kucingliar&from=2999-01-01T00:00:00Z");
        await Finds("q=kucingliar&until=2001-01-01T00:00:00Z");
        await Finds("q=kucingliar&from=2001-01-01T00:00:00Z&until=2999-01-01T00:00:00Z", photo, near, far);

        var counts = await Counts("q=kucingliar");
        counts.GetProperty("total").GetInt32().ShouldBe(3);
        counts.GetProperty("isAtLeast").GetBoolean().ShouldBeFalse();
        counts.GetProperty("categories").GetProperty("pju").GetInt32().ShouldBe(2);
        counts.GetProperty("states").EnumerateObject().Sum(s => s.Value.GetInt32()).ShouldBe(3);
        counts.GetProperty("departments").GetProperty(department!).GetInt32().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task gives_pages_without_gaps_or_repeats()
    {
        var tickets = new List<string>();
        for (var n = 0; n < 7; n++)
        {
            tickets.Add(await File($"Halamanberikut nomor {n}"));
        }

        await Finds("q=halamanberikut", [.. tickets]);
        var (found, after) = (new List<string>(), "");
        for (var page = 0; page < 4; page++)
        {
            var answer = await Search($"q=halamanberikut&limit=2{after}");
            found.AddRange(answer.GetProperty("reports").EnumerateArray().Select(r => r.GetProperty("ticket").GetString()!));
            if (!answer.TryGetProperty("next", out var next))
            {
                break;
            }

            after = $"&after={next.GetString()}";
        }

        found.ShouldBe(Enumerable.Reverse(tickets));
    }

    [Fact]
    public async Task goes_through_many_without_gaps_or_repeats()
    {
        // Rows of another regency's past, in buckets with gaps between them, written as the index has them.
        await using var connection = new NpgsqlConnection(host.ConnectionString);
        await connection.OpenAsync();
        await using (var fill = new NpgsqlCommand("""
            insert into reports.search (tenant_id, ticket, number, filed_at, state, text, words)
            select 't', 't' || n, n * 41, timestamptz '2001-01-01' + n * interval '1 minute', 'Closed', 'x',
                array_to_tsvector(array['#t:t', '#b:t:' || (n * 41 / 16384)] || case when n % 2 = 0 then array['genap'] when n % 500 = 1 then array['jarang'] else array['lain'] end)
            from generate_series(1, 9000) n
            """, connection))
        {
            await fill.ExecuteNonQueryAsync();
        }

        foreach (var (word, step, first, limit) in new[] { ("genap", 2, 0, 700), ("jarang", 500, 1, 7) })
        {
            var expected = Enumerable.Range(1, 9000).Where(n => n % step == first % step).Select(n => n * 41L).Reverse().ToArray();
            var (found, before) = (new List<long>(), long.MaxValue);
            for (var count = -1; count != 0;)
            {
                var page = await Numbers($"'{word}'::tsquery, null, null, null, null, {before}, {limit}");
                page.Count.ShouldBeLessThanOrEqualTo(limit);
                found.AddRange(page);
                (count, before) = (page.Count, page.Count > 0 ? page[^1] : before);
            }

            found.ShouldBe(expected);
        }

        (await Numbers("'jarang'::tsquery, null, null, '2001-01-02', '2001-01-03', null, 100")).ShouldBe([.. new[] { 2501, 2001, 1501 }.Select(n => n * 41L)]);

        async Task<List<long>> Numbers(string arguments)
        {
            var numbers = new List<long>();
            await using var page = new NpgsqlCommand($"select number from reports.search_page('t', {arguments})", connection);
            await using var reader = await page.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                numbers.Add(reader.GetInt64(0));
            }

            return numbers;
        }
    }

    [Fact]
    public async Task shows_everybody_only_what_is_theirs_to_see()
    {
        var shown = await File("Rahasiaumum di balai", -7.4, 109.4);
        var hidden = await File("Rahasiaumum yang rahasia", -7.4, 109.4, isConfidential: true);
        var oversight = await File("Rahasiaumum pungli", -7.4, 109.4, "pungli");
        var (dispatcher, regent, dpu, inspektorat, other) =
            (await host.SignIn("33.28", "dispatcher"), await host.SignIn("33.28", "regent"), await host.SignIn("33.28", "officer.dpu"), await host.SignIn("33.28", "officer.inspektorat"), await host.SignIn("33.76", "dispatcher"));
        const string box = "bbox=109.39,-7.41,109.41,-7.39";
        await SmartCityHost.Until(async () => (await Find(box, regent)).Length == 3 && (await Find(box, dpu)).Length == 2, "all are indexed");

        (await Find(box)).ShouldBe([shown]);
        (await Find(box, other)).ShouldBe([shown]);
        (await Find(box, host.Integrator())).ShouldBe([shown]);
        (await Find(box, dispatcher)).ShouldBe([hidden, shown]);
        (await Find(box, dpu)).ShouldBe([hidden, shown]);
        (await Find(box, inspektorat)).ShouldBe([oversight, shown]);
        (await Find(box, other, "33.76")).ShouldBeEmpty();
        foreach (var caller in new[] { host.Http, dispatcher, regent, dpu, inspektorat, other })
        {
            (await Find("q=rahasiaumum", caller)).ShouldBe([shown], "what is not public stands in no index");
        }

        foreach (var noWord in new[] { "-mercusuar", "-mercusuar -\"lampu jalan\"" })
        {
            (await Find($"{box}&q={noWord}")).ShouldBe([shown], "nor is it found by words that need not be there");
            (await Find($"{box}&q={noWord}", other, "33.76")).ShouldBeEmpty();
        }

        (await Counts(box)).GetProperty("total").GetInt32().ShouldBe(1);
        (await Counts(box, other)).GetProperty("total").GetInt32().ShouldBe(1);
        (await Counts(box, regent)).GetProperty("total").GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task does_not_find_numbers_that_are_masked_nor_what_was_hidden_later()
    {
        var ticket = await File("Hubungi Sumbersari 0812-9876-5432 atau sumbersari@contoh-uji.id, NIK 3328011234567890");
        await Finds("q=sumbersari", ticket);
        foreach (var masked in new[] { "0812", "98765432", "9876", "081298765432", "3328011234567890", "contoh-uji.id", "telepon" })
        {
            (await Find($"q=sumbersari {masked}")).ShouldBeEmpty(masked);
        }

        using var dispatcher = await host.SignIn("33.28", "dispatcher");
        (await dispatcher.PostAsJsonAsync($"{Base}/{ticket}/protections", new { isConfidential = true })).EnsureSuccessStatusCode();
        (await Find("q=sumbersari")).ShouldBeEmpty("at once, though the index follows a moment later");
        await SmartCityHost.Until(async () => await InIndex("sumbersari") == 0, "the words are gone");
    }

    [Fact]
    public async Task forgets_what_erased_people_wrote()
    {
        using var filed = await host.Integrator().PostAsJsonAsync(Base, new { category = "jalan-rusak", description = "Rumah Zainudinsyah kebanjiran lewat pagi", place = new { latitude = -6.98, longitude = 109.13 } });
        var answer = await SmartCityHost.Json(filed);
        var ticket = answer.GetProperty("ticket").GetString()!;
        var other = await File("Kebanjiran lewat sore");
        await Finds("q=zainudinsyah", ticket);
        await Finds("q=kebanjiran lewat", ticket, other);

        using var erasure = new HttpRequestMessage(HttpMethod.Post, $"{Base}/{ticket}/personal-data/erasures") { Headers = { { "X-Report-Secret", answer.GetProperty("secret").GetString() } } };
        (await host.Http.SendAsync(erasure)).EnsureSuccessStatusCode();

        (await Find("q=zainudinsyah")).ShouldBeEmpty();
        (await Find("q=kebanjiran lewat")).ShouldBe([other]);
        (await InIndex("zainudinsyah")).ShouldBe(0);
        (await InIndex("kebanjiran")).ShouldBeGreaterThan(0);
        (await Search("q=zainudinsya")).TryGetProperty("corrected", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task is_filled_with_what_was_filed_before()
    {
        var ticket = await File("Purbakalawan sebelum ada indeks");
        await Finds("q=purbakalawan", ticket);
        var before = await InIndex("");
        await using (var connection = new NpgsqlConnection(host.ConnectionString))
        {
            await connection.OpenAsync();
            await using var empty = new NpgsqlCommand("delete from reports.search where tenant_id = '33_28'", connection);
            (await empty.ExecuteNonQueryAsync()).ShouldBeGreaterThan(0);
        }

        var fill = ActivatorUtilities.CreateInstance<FillSearch>(host.Services);
        (await fill.Fill("33.28", default)).ShouldBeGreaterThan(0);

        await Finds("q=purbakalawan", ticket);
        (await InIndex("")).ShouldBeGreaterThanOrEqualTo(before);
        (await fill.Fill("33.28", default)).ShouldBe(0);
    }

    [Theory]
    [InlineData("bbox=1,2,3", "bbox"), InlineData("bbox=109.2,-7,109.1,-6", "bbox"), InlineData("bbox=x,-7,109.1,-6", "bbox"), InlineData("bbox=109.1,-97,109.2,-6", "bbox")]
    [InlineData("hasPhoto=maybe", "hasPhoto"), InlineData("q=x&after=y", "after"), InlineData("q=x&limit=0", "limit"), InlineData("q=x&state=nowhere", "state"), InlineData("q=x&category=%00", "category")]
    public async Task says_which_field_to_change(string query, string field)
    {
        using var answer = await host.Http.GetAsync($"{Base}?{query}");

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain($"\"{field}\"");
    }

    [Theory]
    [InlineData("q=%00%01"), InlineData("q='"), InlineData("q=%22"), InlineData("q=-"), InlineData("q=(((%26%7C!:*"), InlineData("q=%5C%5C'%5C"), InlineData("q=%F0%9F%98%80+%E2%80%8B"), InlineData("q=a&category=o'brien%5C"), InlineData("q=%D8%B4%D8%A7%D8%B1%D8%B9")]
    [InlineData("q=-jalan"), InlineData("q=%E0%B8%96%E0%B8%99%E0%B8%99")]
    public async Task takes_anything_that_is_typed(string query)
    {
        await Search(query);
        await Counts(query);
    }

    [Fact]
    public async Task refuses_what_is_too_long() => (await host.Http.GetAsync($"{Base}/counts?q={new string('a', 201)}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

    /// <summary>Rows of the index, and words of its vocabulary, that have a word.</summary>
    private async Task<long> InIndex(string word)
    {
        await using var connection = new NpgsqlConnection(host.ConnectionString);
        await connection.OpenAsync();
        await using var count = new NpgsqlCommand("""
            select (select count(*) from reports.search s where s.tenant_id = '33_28' and s::text like '%' || $1 || '%') + (select count(*) from reports.search_word w where w.tenant_id = '33_28' and w.word like '%' || $1 || '%')
            """, connection)
        {
            Parameters = { new() { Value = word } },
        };
        return (long)(await count.ExecuteScalarAsync())!;
    }
}
