using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using SmartCity.Departments.Contracts;
using SmartCity.Platform;
using SmartCity.Platform.Regencies;

namespace SmartCity.Reports.Open311;

/// <summary>Tells a client where the API is: of one regency when it is named, else of the whole deployment.</summary>
internal static class Discovery
{
    // Some clients take no other endpoint than one for production: where they are tried out, the same address is given as both.
    private static readonly string[] Production = ["production"], Elsewhere = ["test", "production"];

    public static async Task<Answer> Get(HttpContext http, RegencyRegistry regencies, ISender sender, PlatformOptions options, IHostEnvironment environment, CancellationToken cancel)
    {
        IReadOnlyList<Regency> named = http.Features.Get<Regency>() is { } one ? [one] : await regencies.All(cancel);
        var changed = DateTimeOffset.UnixEpoch;
        foreach (var regency in named)
        {
            var services = (await sender.Send(new GetCategoriesChange(regency.Id), cancel)).At ?? regency.ChangedAt;
            changed = new[] { changed, regency.ChangedAt, services }.Max();
        }

        var changeset = Dates.Write(changed);
        var contact = named.Count == 1 ? named[0].Contact
            : $"jurisdiction_id = {string.Join("; ", named.Select(r => $"{r.Id} ({r.Name}: {r.Contact})"))}";
        return Answer.Of(writer =>
        {
            writer.BeginObject("discovery");
            writer.Text("changeset", changeset);
            writer.Text("contact", contact);
            writer.Text("key_service", "Ask the contact for an API key. / Minta kunci API kepada kontak." +
                (environment.IsDevelopment() ? " This is a development host: its key is 'demo'." : ""));
            writer.BeginList("endpoints");
            foreach (var type in environment.IsProduction() ? Production : Elsewhere)
            {
                writer.BeginItem("endpoint");
                writer.Text("specification", Open311Routes.Specification);
                writer.Text("url", options.PublicBase(http.Request) + Open311Routes.Base);
                writer.Text("changeset", changeset);
                writer.Text("type", type);
                writer.BeginList("formats");
                writer.Value("format", "text/xml");
                writer.Value("format", "application/json");
                writer.EndList();
                writer.EndItem();
            }

            writer.EndList();
            writer.EndObject();
        });
    }

    /// <summary>Where addresses of this deployment begin, without a slash at the end.</summary>
    public static string PublicBase(this PlatformOptions options, HttpRequest request) =>
        options.PublicUrl?.AbsoluteUri.TrimEnd('/') ?? $"{request.Scheme}://{request.Host}{request.PathBase}";
}
