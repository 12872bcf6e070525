using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.Regencies;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Tests.Open311;
using SmartCity.Testing;

[assembly: AssemblyFixture(typeof(Open311Host))]

namespace SmartCity.Reports.Tests.Open311;

/// <summary>A host with two regencies of its own, so that what is asked for is known to the last attribute.</summary>
public sealed class Open311Host : SmartCityHost, IAsyncLifetime
{
    public const string Here = "33.91", There = "33.92", Key = "kunci-sini", KeyThere = "kunci-sana", ReadKey = "kunci-baca";

    protected override IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?> { ["SmartCity:SampleData"] = "none" };

    public static Category Lamp { get; } = new("lampu-jalan", "Lampu jalan mati", "Street light out", "Lampu penerangan jalan yang mati.", "Penerangan", ["lampu", "lpju"], "DISHUB",
        ReportClass.Complaint, ServiceDelivery.Realtime,
        [
            new("petunjuk", AttributeDatatype.String, IsVariable: false, IsRequired: false, "Nomor tiang tertulis di badan tiang.", null, []),
            new("tiang", AttributeDatatype.String, true, IsRequired: true, "Nomor tiang?", "Contoh: TGL-0123", []),
            new("jumlah", AttributeDatatype.Number, true, false, "Berapa lampu?", null, []),
            new("sejak", AttributeDatatype.Datetime, true, false, "Sejak kapan?", null, []),
            new("catatan", AttributeDatatype.Text, true, false, "Catatan?", null, []),
            new("jenis", AttributeDatatype.SingleValueList, true, false, "Jenis lampu?", null, [new("led", "LED"), new("merkuri", "Merkuri")]),
            new("bahaya", AttributeDatatype.MultiValueList, true, false, "Bahaya apa?", null, [new("kabel", "Kabel terbuka"), new("miring", "Tiang miring"), new("gelap", "Gelap")]),
        ]);

    private static Category[] Categories { get; } =
    [
        new("jalan-rusak", "Jalan rusak", "Damaged road", "Jalan berlubang atau rusak.", "Jalan", ["jalan", "lubang"], "DPU", ReportClass.Complaint, ServiceDelivery.Realtime, []),
        new("pohon-tumbang", "Pohon tumbang", "Fallen tree", "Pohon yang tumbang.", "Lingkungan", ["pohon"], "DPU", ReportClass.Complaint, ServiceDelivery.Batch, []),
        new("saran", "Saran", "Suggestion", "Saran untuk pemerintah.", "Lain", ["saran"], "DPU", ReportClass.Aspiration, ServiceDelivery.Blackbox, []),
        new("pungli", "Pungutan liar", "Bribery", "Pungutan liar oleh petugas.", "Pengawasan", ["pungli"], "INSPEKTORAT", ReportClass.Oversight, ServiceDelivery.Realtime, []),
        Lamp,
    ];

    public async ValueTask InitializeAsync()
    {
        foreach (var (code, name, key) in new[] { (Here, "Kabupaten Sini", Key), (There, "Kota Sana", KeyThere) })
        {
            await Services.GetRequiredService<RegencyRegistry>().Save(new Regency(code, name, -6.98, 109.13, "Asia/Jakarta", $"Diskominfo {name}, kominfo@example.go.id"));
            var keys = Services.GetRequiredService<ApiKeys>();
            await keys.Save(RegencyCode.Parse(code), new ApiKey { Id = ApiKey.Hash(key), Name = $"portal-{code}", Scopes = Scopes.All }, default);
            await keys.Save(RegencyCode.Parse(code), new ApiKey { Id = ApiKey.Hash(ReadKey), Name = "baca", Scopes = [Scopes.Read] }, default);
            foreach (var (department, kind) in new[] { ("DPU", DepartmentKind.Regency), ("DISHUB", DepartmentKind.Regency), ("INSPEKTORAT", DepartmentKind.Oversight) })
            {
                await As(Actor.System("test"), sender => sender.Send(new RegisterDepartment(code, new Department(department, $"Dinas {department}", $"Department {department}", kind, true, null, null, []))));
            }

            foreach (var category in Categories)
            {
                await As(Actor.System("test"), sender => sender.Send(new DefineCategory(code, category)));
            }
        }
    }

    /// <summary>A further regency, with one service.</summary>
    public async Task AddRegency(string code)
    {
        await Services.GetRequiredService<RegencyRegistry>().Save(new Regency(code, $"Kabupaten {code}", -6.98, 109.13, "Asia/Jakarta", "kominfo@example.go.id"));
        await As(Actor.System("test"), sender => sender.Send(new RegisterDepartment(code, new Department("DISHUB", "Dinas Perhubungan", "Transport", DepartmentKind.Regency, true, null, null, []))));
        await As(Actor.System("test"), sender => sender.Send(new DefineCategory(code, Lamp)));
    }

    /// <summary>Sends a command or query as somebody.</summary>
    public async Task As(Actor actor, Func<ISender, Task> send) => await As(actor, async sender =>
    {
        await send(sender);
        return true;
    });

    /// <inheritdoc cref="As(Actor, Func{ISender, Task})"/>
    public async Task<T> As<T>(Actor actor, Func<ISender, Task<T>> send)
    {
        await using var scope = Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallContext>().Actor = actor;
        return await send(scope.ServiceProvider.GetRequiredService<ISender>());
    }

    /// <summary>Answers a report as its department, once it has one.</summary>
    public async Task AnswerReport(string ticket, string text, bool isSettled)
    {
        var department = await WaitForDepartment(ticket);
        var outcome = await As(new Actor($"staff:{department}", Role.Officer, Here, department), sender => sender.Send(new AnswerReport(Here, ticket, text, isSettled)));
        outcome.IsDone.ShouldBeTrue();
    }

    /// <summary>Waits until it is known who must act.</summary>
    public Task<string> WaitForDepartment(string ticket) => Until(async () =>
        (await As(new Actor("staff:auditor", Role.Auditor, Here), sender => sender.Send(new GetReport(Here, ticket))))?.Department, $"the department of {ticket}");

    /// <summary>Waits until also its deadline is known, so that nothing about it changes any more.</summary>
    public async Task WaitForDeadline(string ticket)
    {
        await WaitForDepartment(ticket);
        await Until(async () => (await Get($"requests/{ticket}.json?jurisdiction_id={Here}")).Json[0].GetProperty("expected_datetime").ValueKind == System.Text.Json.JsonValueKind.String, $"the deadline of {ticket}");
    }

    /// <summary>A complete form; named fields replace its own, and null leaves one out.</summary>
    public static List<KeyValuePair<string, string>> Form(params (string Name, string? Value)[] fields)
    {
        var form = new List<KeyValuePair<string, string>>
        {
            new("jurisdiction_id", Here), new("api_key", Key), new("service_code", "jalan-rusak"), new("lat", "-6.98"), new("long", "109.13"), new("description", "Jalan berlubang"),
        };
        form.RemoveAll(f => fields.Any(other => other.Name == f.Key));
        form.AddRange(fields.Where(f => f.Value is not null).Select(f => new KeyValuePair<string, string>(f.Name, f.Value!)));
        return form;
    }

    /// <summary>Posts a form and gives the answer's status and text.</summary>
    public Task<Reply> Post(IEnumerable<KeyValuePair<string, string>> form, string format = "json", string query = "", string? idempotencyKey = null) =>
        Post(new FormUrlEncodedContent(form), format, query, idempotencyKey);

    public async Task<Reply> Post(HttpContent? content, string format = "json", string query = "", string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/open311/v2/requests.{format}{query}") { Content = content };
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        return await Reply.Of(await Http.SendAsync(request));
    }

    /// <summary>Files a report and gives its id.</summary>
    public async Task<string> File(params (string Name, string? Value)[] fields)
    {
        var reply = await Post(Form(fields));
        reply.Status.ShouldBe(HttpStatusCode.OK, reply.Text);
        return reply.Ids[0];
    }

    public async Task<Reply> Get(string path) => await Reply.Of(await Http.GetAsync($"/open311/v2/{path}"));
}

/// <summary>An answer, read.</summary>
public sealed record Reply(HttpStatusCode Status, string? ContentType, string Text, System.Net.Http.Headers.HttpResponseHeaders Headers)
{
    public const string JsonType = "application/json; charset=utf-8", XmlType = "text/xml; charset=utf-8";

    public static async Task<Reply> Of(HttpResponseMessage answer)
    {
        using (answer)
        {
            return new Reply(answer.StatusCode, answer.Content.Headers.TryGetValues("Content-Type", out var types) ? types.Single() : null, await answer.Content.ReadAsStringAsync(), answer.Headers);
        }
    }

    public JsonElement Json => ContentType == JsonType ? JsonDocument.Parse(Text).RootElement : throw new InvalidDataException($"{ContentType}: {Text}");

    public XElement Xml => ContentType == XmlType ? XDocument.Parse(Text).Root! : throw new InvalidDataException($"{ContentType}: {Text}");

    /// <summary>Every description of an error, in either format.</summary>
    public string[] Errors => ContentType == JsonType
        ? [.. Json.EnumerateArray().Select(e => e.GetProperty("description").GetString()!)]
        : [.. Xml.Elements("error").Select(e => e.Element("description")!.Value)];

    public string[] Ids => [.. Json.EnumerateArray().Select(r => r.GetProperty("service_request_id").GetString()!)];
}
