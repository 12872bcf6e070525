using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using SmartCity.Platform;
using SmartCity.Testing;

namespace SmartCity.EndToEnd.Tests;

/// <summary>Somebody who reported on every channel is erased; then everything there is, is searched for that person.</summary>
public sealed partial class Erasing_a_person(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private const string Api = "/api/v1/regencies/33.28", Post = "881122334455", Account = "900800700";

    // Written so that nothing else contains them.
    private static readonly string[] Traces =
    [
        "Zulkarnaen", "Wiryawan", "zulkarnaen@contoh-uji.id", "0813-5555-1212", "081355551212", "6281355551212", "Kwetiauburhan", "Sawojajar", "ALAMAT-ZULK", "alat-zulk",
        "akun-zulk", "zulk_w", "kunci-zulk", "kabar-zulk", "foto-zulk", Post, Account,
    ];

    private readonly ConcurrentBag<string> _log = [];

    [Fact]
    public async Task leaves_nothing_of_the_person_anywhere()
    {
        using var provider = new Collector(_log);
        host.Services.GetRequiredService<ILoggerFactory>().AddProvider(provider);
        var (mine, shared) = (Pictures.Jpeg(7001), Pictures.Jpeg(7002));
        var before = Files();
        await FileByNeighbour(shared);
        var afterNeighbour = Files();
        afterNeighbour.Except(before).Count().ShouldBe(2);

        string[] tickets = [await FileOverOpen311(mine), await FileOverOpen311(shared), await FileOverTheApi(), await FileOnTheWeb(mine), await FileOnX()];
        Files().Except(afterNeighbour).Count().ShouldBe(2);
        await Update(tickets[0]);
        var aside = await SayNothingOnX();
        await AnswerAll(tickets);

        // What is sealed is not found in the database even now, but for what everybody may read and search; what is open is found by who may read it, so the search does find.
        (await InDatabase()).Where(hit => !hit.Contains(" in reports.search", StringComparison.Ordinal)).ShouldBeEmpty();
        (await InAnswers(tickets, "regent")).ShouldNotBeEmpty();

        var officer = await host.SignIn("33.28", "pdp");
        var ids = new HashSet<string>();
        foreach (var by in new object[] { new { email = "ZULKARNAEN@contoh-uji.id" }, new { phone = "+62 813 5555 1212" }, new { account = $"x:{Account}" } })
        {
            var found = await SmartCityHost.Json(await officer.PostAsJsonAsync($"{Api}/personal-data/search", by));
            ids.UnionWith(found.EnumerateArray().Select(t => t.GetProperty("id").GetString()!));
        }

        // Five reports, an update, and two messages on X.
        ids.Count.ShouldBe(8);
        var erased = await SmartCityHost.Json(await officer.PostAsJsonAsync($"{Api}/personal-data/erasures", new { traces = ids, ground = "request", proof = "identityCard", reference = "B-17" }));
        erased.GetArrayLength().ShouldBe(8);
        aside.ShouldNotBeNull();

        Files().ShouldBe(afterNeighbour, ignoreOrder: true);
        (await InDatabase()).ShouldBeEmpty();
        (await KeysLeft(ids)).ShouldBe(0);
        InFiles().ShouldBeEmpty();
        foreach (var name in new[] { null, "officer.dpu", "officer.dishub", "officer.inspektorat", "dispatcher", "regent", "auditor", "pdp", "humas", "operator" })
        {
            (await InAnswers(tickets, name)).ShouldBeEmpty($"to {name ?? "everybody"}");
        }

        using var copy = await officer.PostAsJsonAsync($"{Api}/personal-data/copies", new { traces = ids, proof = "letter" });
        using var zip = new System.IO.Compression.ZipArchive(await copy.Content.ReadAsStreamAsync());
        foreach (var entry in zip.Entries)
        {
            using var reader = new StreamReader(entry.Open());
            Found(await reader.ReadToEndAsync()).ShouldBeEmpty();
        }

        // The reports are there, and their history says what happened.
        var auditor = await host.SignIn("33.28", "auditor");
        foreach (var ticket in tickets)
        {
            var history = await auditor.GetStringAsync($"{Api}/reports/{ticket}/history");
            history.ShouldContain("report.filed.v1");
            history.ShouldContain("person.erased.v1");
            history.ShouldContain("staff:pdp");
        }

        _log.Where(line => Found(line).Any()).ShouldBeEmpty();
    }

    private static IEnumerable<string> Found(string text) => Traces.Where(trace => text.Contains(trace, StringComparison.OrdinalIgnoreCase));

    private static MultipartFormDataContent Multipart(Dictionary<string, string> fields, byte[]? photo = null, string photoField = "media")
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
        {
            form.Add(new StringContent(value), $"\"{name}\"");
        }

        if (photo is not null)
        {
            form.Add(new ByteArrayContent(photo) { Headers = { ContentType = new("image/jpeg") } }, $"\"{photoField}\"", "\"foto-zulk.jpg\"");
        }

        return form;
    }

    private Task FileByNeighbour(byte[] photo) => Open311(new()
    {
        ["description"] = "Foto yang sama dari tetangga",
        ["email"] = "tetangga@contoh-uji.id",
        ["address_string"] = "Slawi",
    }, photo);

    private Task<string> FileOverOpen311(byte[] photo) => Open311(new()
    {
        ["service_code"] = "pju",
        ["description"] = "Lampu mati di depan warung Kwetiauburhan, telepon saya 0813-5555-1212",
        ["address_string"] = "Gang Sawojajar 77",
        ["address_id"] = "ALAMAT-ZULK",
        ["first_name"] = "Zulkarnaen",
        ["last_name"] = "Wiryawan",
        ["email"] = "zulkarnaen@contoh-uji.id",
        ["phone"] = "0813-5555-1212",
        ["device_id"] = "alat-zulk",
        ["account_id"] = "akun-zulk",
        ["media_url"] = "http://127.0.0.1:1/foto-zulk.jpg",
        ["attribute[gejala]"] = "mati",
        ["attribute[keterangan]"] = "Rumah Zulkarnaen",
    }, photo);

    private async Task<string> Open311(Dictionary<string, string> fields, byte[] photo)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/open311/v2/requests.json")
        {
            Content = Multipart(new(fields) { ["jurisdiction_id"] = "33.28", ["api_key"] = "demo", ["service_code"] = fields.GetValueOrDefault("service_code", "jalan-rusak") }, photo),
            Headers = { { "Idempotency-Key", $"kunci-zulk-{Guid.NewGuid():N}" } },
        };
        return (await SmartCityHost.Json(await host.Http.SendAsync(request)))[0].GetProperty("service_request_id").GetString()!;
    }

    private async Task<string> FileOverTheApi()
    {
        using var client = host.Integrator();
        client.DefaultRequestHeaders.Add("Idempotency-Key", "kunci-zulk-zulkarnaen@contoh-uji.id");
        using var answer = await client.PostAsJsonAsync($"{Api}/reports", new
        {
            category = "jalan-rusak",
            description = "Kwetiauburhan lagi",
            place = new { latitude = -6.98, longitude = 109.13, address = "Gang Sawojajar 77" },
            reporter = new { firstName = "Zulkarnaen", phone = "+62 813-5555-1212" },
        });
        return (await SmartCityHost.Json(answer)).GetProperty("ticket").GetString()!;
    }

    private async Task<string> FileOnTheWeb(byte[] photo)
    {
        using var browser = host.Browser();
        var page = await browser.GetStringAsync("/33.28/lapor");
        var fields = HiddenField().Matches(page).ToDictionary(m => m.Groups["name"].Value, m => WebUtility.HtmlDecode(m.Groups["value"].Value));
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["kategori"] = "pju",
            ["uraian"] = "Di web: Kwetiauburhan gelap",
            ["alamat"] = "Gang Sawojajar 77",
            ["nama"] = "Zulkarnaen Wiryawan",
            ["telepon"] = "081355551212",
            ["surel"] = "zulkarnaen@contoh-uji.id",
            ["tetap"] = "1",
            ["tanya.pju.gejala"] = "mati",
            ["tanya.pju.keterangan"] = "Zulkarnaen",
        })
        {
            fields[name] = value;
        }

        using var answer = await browser.PostAsync("/33.28/lapor", Multipart(fields, photo, "foto"));
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther, await answer.Content.ReadAsStringAsync());
        return Regex.Match(answer.Headers.Location!.ToString(), @"\d{4}-\d{6,}").Value;
    }

    private async Task<string> FileOnX()
    {
        await Deliver(Post, "@dpu_tegalkab jalan depan Kwetiauburhan rusak, hub 0813-5555-1212");
        var officer = await host.SignIn("33.28", "regent");
        return await SmartCityHost.Until(async () => (await SmartCityHost.Json(await officer.GetAsync($"{Api}/reports?limit=1000"))).GetProperty("reports").EnumerateArray()
            .Where(r => r.GetProperty("channel").GetString() == "x").Select(r => r.GetProperty("ticket").GetString()).SingleOrDefault(), "the report of the post");
    }

    // Longer than a report may be: it is set aside.
    private async Task<string> SayNothingOnX()
    {
        await Deliver(Post + "9", "@dpu_tegalkab Kwetiauburhan " + new string('x', 5000));
        var dispatcher = await host.SignIn("33.28", "dispatcher");
        return await SmartCityHost.Until(async () => (await SmartCityHost.Json(await dispatcher.GetAsync($"{Api}/messages"))).EnumerateArray().Select(m => m.GetProperty("id").GetString()).FirstOrDefault(), "the message set aside");
    }

    private async Task Deliver(string post, string text)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new
        {
            data = new
            {
                event_uuid = Guid.NewGuid().ToString(),
                filter = new { user_id = "9001" },
                event_type = "post.mention.create",
                payload = new { id = post, text, author_id = Account, conversation_id = post, created_at = TimeProvider.System.GetUtcNow().ToString("O"), entities = new { mentions = new[] { new { username = "dpu_tegalkab", id = "9001" } } } },
            },
            includes = new { users = new[] { new { id = Account, username = "zulk_w", name = "Zulkarnaen Wiryawan" } } },
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/channels/33.28/x/webhook") { Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } } };
        request.Headers.Add("x-twitter-webhooks-signature", $"sha256={Convert.ToBase64String(HMACSHA256.HashData("rahasia-konsumen"u8, body))}");
        (await host.Http.SendAsync(request)).EnsureSuccessStatusCode();
    }

    private async Task Update(string ticket)
    {
        using var form = Multipart(new()
        {
            ["jurisdiction_id"] = "33.28",
            ["api_key"] = "demo",
            ["service_request_id"] = ticket,
            ["update_id"] = "kabar-zulk-1",
            ["status"] = "OPEN",
            ["updated_datetime"] = "2026-10-31T09:00:00Z",
            ["description"] = "Kwetiauburhan masih gelap, Zulkarnaen",
            ["email"] = "zulkarnaen@contoh-uji.id",
            ["first_name"] = "Zulkarnaen",
            ["media_url"] = "https://contoh-uji.id/foto-zulk.jpg",
        });
        (await host.Http.PostAsync("/open311/v2/servicerequestupdates.xml", form)).EnsureSuccessStatusCode();
    }

    private async Task AnswerAll(string[] tickets)
    {
        foreach (var ticket in tickets)
        {
            var department = (await host.Reaches(ticket, "assigned")).GetProperty("department").GetString()!;
            var officer = await host.SignIn("33.28", department == "DPU" ? "officer.dpu" : "officer.dishub");
            (await officer.PostAsJsonAsync($"{Api}/reports/{ticket}/answers", new { text = "Pak Zulkarnaen, kami datang ke Gang Sawojajar.", isSettled = false })).EnsureSuccessStatusCode();
        }

        await SmartCityHost.Until(async () => (await SmartCityHost.Json(await host.Http.GetAsync("/dev/outbox.json?regency=33.28"))).EnumerateArray().ToArray() is var messages
            && tickets.All(ticket => messages.Count(m => m.GetProperty("ticket").GetString() == ticket && m.GetProperty("state").GetString() == "sent") == 2), "every message");
    }

    private string DataDirectory => host.Services.GetRequiredService<PlatformOptions>().DataDirectory;

    private string[] Files() => Directory.Exists(Path.Combine(DataDirectory, "files")) ? Directory.GetFiles(Path.Combine(DataDirectory, "files"), "*", SearchOption.AllDirectories) : [];

    private IEnumerable<string> InFiles() => Directory.GetFiles(DataDirectory, "*", SearchOption.AllDirectories)
        .SelectMany(file => Found(Encoding.Latin1.GetString(File.ReadAllBytes(file)) + file).Select(trace => $"{trace} in {file}"));

    /// <summary>Every row of every table as text.</summary>
    private async Task<string[]> InDatabase()
    {
        var hits = new List<string>();
        await using var connection = new NpgsqlConnection(host.ConnectionString);
        await connection.OpenAsync();
        var tables = new List<string>();
        await using (var list = new NpgsqlCommand("select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')", connection))
        await using (var reader = await list.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                tables.Add(reader.GetString(0));
            }
        }

        tables.Count.ShouldBeGreaterThan(20);
        foreach (var table in tables)
        {
            await using var rows = new NpgsqlCommand($"select t::text from {table} t", connection);
            await using var reader = await rows.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                var row = reader.GetString(0);
                hits.AddRange(Found(row).Select(trace => $"{trace} in {table}: {row[..Math.Min(300, row.Length)]}"));
            }
        }

        return [.. hits];
    }

    private async Task<long> KeysLeft(IReadOnlyCollection<string> ids)
    {
        await using var connection = new NpgsqlConnection(host.ConnectionString);
        await connection.OpenAsync();
        await using var count = new NpgsqlCommand("select count(*) from platform.mt_doc_personalkey where id = any(@ids) and (data::text like '%Wrapped%' or account is not null or email is not null or phone is not null)", connection)
        {
            Parameters = { new("ids", ids.ToArray()) },
        };
        return (long)(await count.ExecuteScalarAsync())!;
    }

    /// <summary>What anybody can read: every route that answers a GET, with every value that fits, and the pages of lists.</summary>
    private async Task<string[]> InAnswers(string[] tickets, string? name)
    {
        using var client = name is null ? host.Browser() : await host.SignIn("33.28", name);
        var hits = new List<string>();
        foreach (var path in Paths(tickets).Distinct())
        {
            using var answer = await client.GetAsync(path);
            hits.AddRange(Found(await answer.Content.ReadAsStringAsync()).Select(trace => $"{trace} in {path}"));
        }

        return [.. hits];
    }

    private IEnumerable<string> Paths(string[] tickets)
    {
        var routes = host.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>() is not { } methods || methods.HttpMethods.Contains("GET"))
            .Select(e => $"/{e.RoutePattern.RawText?.TrimStart('/')}").Where(route => !route.Contains('*')).Distinct().ToArray();
        routes.Length.ShouldBeGreaterThan(30);
        foreach (var route in routes)
        {
            foreach (var ticket in tickets)
            {
                foreach (var format in new[] { "xml", "json" })
                {
                    var path = Parameter().Replace(route, value => value.Groups["name"].Value switch
                    {
                        "code" => "33.28",
                        "id" or "ticket" or "ids" => ticket,
                        "token" => $"t-{ticket}",
                        "number" => "1",
                        "format" => format,
                        "service" or "category" => "pju",
                        "department" => "DPU",
                        var other => other,
                    });
                    var query = route.Contains("open311", StringComparison.Ordinal) ? "?jurisdiction_id=33.28&extensions=true" : "?limit=1000";
                    yield return path + query;
                    if (!route.Contains("open311", StringComparison.Ordinal))
                    {
                        yield return path;
                    }
                }
            }
        }
    }

    [GeneratedRegex(@"\{(?<name>\w+)[^{}]*(\{\{[^{}]*\}\}[^{}]*)*\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("<input[^>]*type=\"hidden\"[^>]*name=\"(?<name>[^\"]+)\"[^>]*value=\"(?<value>[^\"]*)\"")]
    private static partial Regex HiddenField();

    private sealed class Collector(ConcurrentBag<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => lines.Add($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
