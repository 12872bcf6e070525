using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;
using SmartCity.Platform;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Web.Browsing;
using SmartCity.Web.Shared;

namespace SmartCity.Web.Feeds;

/// <summary>Public reports as Atom feeds (RFC 4287): what everybody reads on the pages, the same for whoever asks.</summary>
internal static class FeedPages
{
    private const int Most = 50, MostMetres = 50_000;
    private const string Atom = "http://www.w3.org/2005/Atom", GeoRss = "http://www.georss.org/georss";

    /// <summary>The address of the feed that goes with a list, below a regency's pages.</summary>
    public static string Address(string path, ReportListFilter filter, Language language)
    {
        var address = filter.Address($"{path}/umpan", null);
        return language == Language.Indonesian ? address : $"{address}{(address.Contains('?') ? '&' : '?')}lang=en";
    }

    /// <summary>Reports, filtered as the list is, or within metres of a point: <c>?lintang=&amp;bujur=&amp;meter=</c>.</summary>
    public static async Task<IResult> List(HttpContext http, ISender sender, PlatformOptions options, CallContext call, CancellationToken cancel)
    {
        // Whoever asks gets what everybody gets, so that it may be kept on the way.
        call.Actor = Actor.Citizen;
        var (regency, language, query) = (http.Regency(), LanguageOf(http), http.Request.Query);
        var filter = ReportListFilter.Read(query);
        var asked = filter.ToFilter(regency.Zone);
        if (query.ContainsKey("lintang") || query.ContainsKey("bujur") || query.ContainsKey("meter"))
        {
            if (Number(query, "lintang") is not (>= -90 and <= 90) || Number(query, "bujur") is not (>= -180 and <= 180) || Number(query, "meter") is not (> 0 and <= MostMetres)
                || filter is not { Words: null, Box: null, HasPhoto: false })
            {
                return Pages.Error(StatusCodes.Status400BadRequest);
            }

            asked = asked with { Near = new Surroundings(Number(query, "lintang")!.Value, Number(query, "bujur")!.Value, Number(query, "meter")!.Value) };
        }

        var names = await Names.Of(regency.Id, sender, cancel);
        // Nearness is asked of the reports themselves; the rest of the index, as the list does.
        var page = await sender.Send(new ListReports(regency.Id, asked, Limit: Most, MayLag: asked.Near is null), cancel);
        var reports = page.Reports.Where(report => !report.IsConfidential).ToArray();
        var parts = new[]
        {
            filter.Category is { } category ? names.Category(category, language) : null, names.District(filter.District, language),
            filter.Department is { } department ? names.Department(department, language) : null, filter.State is { } state ? In(language, Words.Of(state)) : null,
            asked.Near is { } near ? string.Create(CultureInfo.InvariantCulture, $"{near.Metres:0} m, {near.Latitude:0.#####}, {near.Longitude:0.#####}") : null,
        }.OfType<string>();
        var title = string.Join(" · ", parts.Prepend(In(language, ($"Laporan warga {regency.Name}", $"Citizens' reports, {regency.Name}"))));
        var root = Root(http, options);
        var updated = reports.Select(report => report.UpdatedAt).DefaultIfEmpty(regency.ChangedAt).Max();
        return new Feed(title, $"{root}{http.Request.Path}{http.Request.QueryString}", $"{root}/{regency.Id}", regency.Name, updated, language,
        [
            .. reports.Select(report => new Entry(
                Id($"{regency.Id} {report.Ticket}"), $"{names.Category(report.Category, language)}{(names.District(report.District, language) is { } district ? $", {district}" : "")}",
                $"{root}/{regency.Id}/laporan/{report.Ticket}", report.FiledAt, report.UpdatedAt,
                string.Join("\n", new[] { report.Description, $"{report.Ticket} · {In(language, Words.Of(report.State))}{(report.Department is { } code ? $" · {names.Department(code, language)}" : "")}" }.OfType<string>()),
                report.Category, report.Place is { Latitude: { } latitude, Longitude: { } longitude } ? (latitude, longitude) : null)),
        ]);
    }

    /// <summary>What became of one report.</summary>
    public static async Task<IResult> One(string ticket, HttpContext http, ISender sender, PlatformOptions options, CallContext call, CancellationToken cancel)
    {
        call.Actor = Actor.Citizen;
        var (regency, language) = (http.Regency(), LanguageOf(http));
        if (await sender.Send(new GetReport(regency.Id, ticket), cancel) is not { IsConfidential: false } report)
        {
            return Pages.Error(StatusCodes.Status404NotFound, "report");
        }

        var names = await Names.Of(regency.Id, sender, cancel);
        var (root, page) = (Root(http, options), $"/{regency.Id}/laporan/{report.Ticket}");
        return new Feed(
            $"{names.Category(report.Category, language)}, {report.Ticket}", $"{root}{page}/umpan{(language == Language.English ? "?lang=en" : "")}", root + page, regency.Name, report.UpdatedAt, language,
            [
                .. report.Timeline.Reverse().Take(Most).Select(entry => new Entry(
                    $"urn:uuid:{entry.Id}", $"{In(language, Words.OfEntry(entry.What))}{(entry.Department is { } department ? $" {names.Department(department, language)}" : "")}",
                    root + page, entry.At, entry.At, entry.Text ?? (entry.What == "filed" ? report.Description : null) ?? In(language, Words.Of(entry.State)), null, null)),
            ]);
    }

    private static Language LanguageOf(HttpContext http) => http.Request.Query[Languages.Parameter] == "en" ? Language.English : Language.Indonesian;

    private static string In(Language language, (string Indonesian, string English) words) => language == Language.English ? words.English : words.Indonesian;

    private static string Root(HttpContext http, PlatformOptions options) => options.PublicUrl?.AbsoluteUri.TrimEnd('/') ?? $"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase}";

    private static double? Number(IQueryCollection query, string name) =>
        double.TryParse(query[name].FirstOrDefault(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    /// <summary>A name for good, on whatever host it is read (a version 8 UUID of a SHA-256).</summary>
    private static string Id(string name)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"atom {name}"));
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return $"urn:uuid:{new Guid(hash.AsSpan(0, 16), bigEndian: true)}";
    }

    private sealed record Entry(string Id, string Title, string Link, DateTimeOffset Published, DateTimeOffset Updated, string Content, string? Category, (double Latitude, double Longitude)? Place);

    private sealed record Feed(string Title, string Self, string Page, string Author, DateTimeOffset Updated, Language Language, IReadOnlyList<Entry> Entries) : IResult
    {
        public async Task ExecuteAsync(HttpContext http)
        {
            var content = Write();
            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 10))}\"");
            // HTTP knows whole seconds only.
            var modified = DateTimeOffset.FromUnixTimeSeconds(Updated.ToUnixTimeSeconds());
            var headers = http.Response.GetTypedHeaders();
            headers.ETag = tag;
            headers.LastModified = modified;
            http.Response.Headers.CacheControl = "public, max-age=60";
            http.Response.Headers.XContentTypeOptions = "nosniff";
            http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
            http.Response.Headers.AccessControlAllowOrigin = "*";
            if (IsKnown(http.Request.GetTypedHeaders(), tag, modified))
            {
                http.Response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }

            http.Response.ContentType = "application/atom+xml; charset=utf-8";
            http.Response.ContentLength = content.Length;
            if (!HttpMethods.IsHead(http.Request.Method))
            {
                await http.Response.Body.WriteAsync(content, http.RequestAborted);
            }
        }

        // The tag says more than the time, so where both are sent it alone counts (RFC 9110 13.2.2).
        private static bool IsKnown(RequestHeaders request, EntityTagHeaderValue tag, DateTimeOffset modified) => request.IfNoneMatch is { Count: > 0 } known
            ? known.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Compare(tag, useStrongComparison: false))
            : request.IfModifiedSince is { } since && modified <= since;

        private byte[] Write()
        {
            using var bytes = new MemoryStream();
            using (var xml = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(false), CheckCharacters = false }))
            {
                xml.WriteStartElement("feed", Atom);
                xml.WriteAttributeString("xml", "lang", null, Language.Code());
                xml.WriteAttributeString("xmlns", "georss", null, GeoRss);
                Text(xml, "id", Self);
                Text(xml, "title", Title);
                Text(xml, "updated", Date(Updated));
                Link(xml, "self", "application/atom+xml", Self);
                Link(xml, "alternate", "text/html", Page);
                xml.WriteStartElement("author", Atom);
                Text(xml, "name", Author);
                xml.WriteEndElement();
                foreach (var entry in Entries)
                {
                    xml.WriteStartElement("entry", Atom);
                    Text(xml, "id", entry.Id);
                    Text(xml, "title", entry.Title);
                    Link(xml, "alternate", "text/html", entry.Link);
                    Text(xml, "published", Date(entry.Published));
                    Text(xml, "updated", Date(entry.Updated));
                    if (entry.Category is { } category)
                    {
                        xml.WriteStartElement("category", Atom);
                        xml.WriteAttributeString("term", category);
                        xml.WriteEndElement();
                    }

                    xml.WriteStartElement("content", Atom);
                    xml.WriteAttributeString("type", "text");
                    xml.WriteString(Readable(entry.Content));
                    xml.WriteEndElement();
                    if (entry.Place is (var latitude, var longitude))
                    {
                        xml.WriteElementString("georss", "point", GeoRss, string.Create(CultureInfo.InvariantCulture, $"{latitude} {longitude}"));
                    }

                    xml.WriteEndElement();
                }

                xml.WriteEndElement();
            }

            return bytes.ToArray();
        }

        private static void Text(XmlWriter xml, string name, string text) => xml.WriteElementString(name, Atom, Readable(text));

        private static void Link(XmlWriter xml, string relation, string type, string address)
        {
            xml.WriteStartElement("link", Atom);
            xml.WriteAttributeString("rel", relation);
            xml.WriteAttributeString("type", type);
            xml.WriteAttributeString("href", address);
            xml.WriteEndElement();
        }

        private static string Date(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

        // What people paste may hold what no XML may.
        private static string Readable(string text) => string.Concat(text.EnumerateRunes().Where(rune => rune.Value is 0x9 or 0xA or 0xD or (>= 0x20 and <= 0xD7FF) or (>= 0xE000 and <= 0xFFFD) or >= 0x10000).Select(rune => rune.ToString()));
    }
}
