using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Platform.History;
using SmartCity.Reports.Tests.KeepingPhotos;
using SmartCity.Testing;

[assembly: AssemblyFixture(typeof(PhotosHost))]

namespace SmartCity.Reports.Tests.KeepingPhotos;

/// <summary>A host that may fetch from one server of this machine, which stands for the rest of the world.</summary>
public sealed class PhotosHost : SmartCityHost
{
    public const string Base = "/api/v1/regencies/33.28/reports";

    private static readonly LoopbackServer World = Task.Run(() => LoopbackServer.Start(async http =>
    {
        switch (http.Request.Path.Value!.Split('/')[1])
        {
            case "photo":
                await http.Response.Body.WriteAsync(Pictures.WithExif(Pictures.Jpeg(int.Parse(http.Request.Path.Value.Split('/')[2], CultureInfo.InvariantCulture)), -6.98, 109.13, "2026:10:31 09:15:00"));
                break;
            case "page":
                http.Response.ContentType = "image/jpeg";
                await http.Response.Body.WriteAsync(Pictures.Html);
                break;
            case "inwards":
                http.Response.Redirect("http://127.0.0.2/secret");
                break;
            default:
                http.Response.StatusCode = 404;
                break;
        }
    })).GetAwaiter().GetResult();

    protected override IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>
    {
        ["SmartCity:SampleData"] = "reference",
        ["SmartCity:Streaming:Listeners"] = "4",
        ["SmartCity:Files:Fetch:Networks:0"] = "127.0.0.1/32",
        ["SmartCity:Files:Fetch:Ports:0"] = "80",
        ["SmartCity:Files:Fetch:Ports:1"] = World.Address.Port.ToString(CultureInfo.InvariantCulture),
    };

    public static string Elsewhere(string path) => new Uri(World.Address, path).ToString();

    /// <summary>A body with JSON in a part and files beside it.</summary>
    public static MultipartFormDataContent Form(string part, object? json, params IReadOnlyList<(string Field, string Name, byte[] Content)> files)
    {
        var form = new MultipartFormDataContent();
        if (json is not null)
        {
            form.Add(JsonContent.Create(json), part);
        }

        foreach (var (field, name, content) in files)
        {
            form.Add(new ByteArrayContent(content), field, name);
        }

        return form;
    }

    public static object Report(string description = "Jalan berlubang di depan pasar", object? mediaUrls = null, bool isConfidential = false) => new
    {
        category = "jalan-rusak",
        description,
        place = new { latitude = -6.98, longitude = 109.13 },
        reporter = new { firstName = "Siti", phone = "0812-0000-2222" },
        mediaUrls,
        isConfidential,
    };

    /// <summary>Files a report with photos and gives its ticket.</summary>
    public async Task<string> FileWith(params IReadOnlyList<byte[]> photos) => await FileWith(Report(), photos);

    public async Task<string> FileWith(object report, params IReadOnlyList<byte[]> photos)
    {
        using var answer = await Integrator().PostAsync(Base, Form("report", report, [.. photos.Select((photo, index) => ("photos", $"{index}.jpg", photo))]));
        return (await Json(answer)).GetProperty("ticket").GetString()!;
    }

    public async Task<JsonElement> Read(string ticket, HttpClient? caller = null) => await Json(await (caller ?? Http).GetAsync($"{Base}/{ticket}"));

    /// <summary>Types of a report's events.</summary>
    public async Task<string[]> History(string ticket)
    {
        await using var scope = Services.CreateAsyncScope();
        await using var session = scope.ServiceProvider.GetRequiredService<RegencySessions>().Query("33.28");
        return [.. (await session.Events.FetchStreamAsync(ticket)).Select(e => e.EventTypeName)];
    }
}
