using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Platform.Access;

namespace SmartCity.Accountability.Tests.Auditing;

public sealed class What_an_auditor_may_do(AuditHost host) : IClassFixture<AuditHost>
{
    // All that any endpoint takes, under the names that it takes it by.
    private static readonly object Body = new
    {
        text = "Percobaan",
        description = "Jalan rusak di Slawi",
        reason = "Percobaan",
        note = "Percobaan",
        department = "DPU",
        category = "jalan-rusak",
        name = "percobaan",
        password = "percobaan-123",
        isSettled = true,
        grounds = "consent",
        ground = "consent",
        into = "2026-000001",
        body = "PLN",
        question = "Di mana?",
        stage = "village",
        hours = 1,
        days = new { complaint = 100 },
        closeAfterDays = 20,
        traces = new[] { "p00" },
        proof = "letter",
        email = "a@example.org",
        phone = "0812345678",
        identity = "a",
        place = new { latitude = -6.98, longitude = 109.13 },
        message = "Percobaan",
        number = "1",
        secret = "x",
        title = "Percobaan",
        year = 2026,
        fiscalYear = 2026,
        cost = 1,
        source = "APBD",
        dates = Array.Empty<string>(),
        latitude = -6.98,
        longitude = 109.13,
        timeZone = "Asia/Jakarta",
        contact = "x",
    };

    [Fact]
    public async Task is_read_and_nothing_else()
    {
        var ticket = await host.FileReport();
        await host.Reaches(ticket, "assigned");
        using var auditor = await host.SignIn("33.28", "auditor");
        await host.Settled();
        var before = await Fingerprint();
        var (tried, taken) = (0, new List<string>());
        foreach (var endpoint in host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["POST", "PUT", "DELETE"])
            {
                if (method is "GET" or "HEAD" or "OPTIONS" || endpoint.Metadata.GetMetadata<OpenToAuditors>() is not null || endpoint.Metadata.Any(m => m.GetType().Name == "StaticAssetDescriptor"))
                {
                    continue;
                }

                tried++;
                var path = Path(endpoint.RoutePattern, ticket);
                using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = JsonContent.Create(Body) };
                using var answer = await auditor.SendAsync(request);
                if (answer.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed))
                {
                    taken.Add($"{method} {path}: {(int)answer.StatusCode}");
                }
            }
        }

        taken.ShouldBeEmpty();
        tried.ShouldBeGreaterThan(50);
        (await Fingerprint()).ShouldBe(before);

        // Where he may send something, it signs in or out, or is a question.
        host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(e => e.Metadata.GetMetadata<OpenToAuditors>() is not null)
            .Select(e => e.RoutePattern.RawText!.Split('/').Last(part => part.Length > 0)).Distinct().Order().ShouldBe(["classifications", "keluar", "masuk", "session"]);
    }

    [Fact]
    public async Task is_not_done_as_a_citizen_while_he_is_signed_in()
    {
        using var auditor = await host.SignIn("33.28", "auditor");
        using var elsewhere = await auditor.PostAsJsonAsync("/api/v1/regencies/33.76/reports", Body);
        elsewhere.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await auditor.DeleteAsync("/api/v1/regencies/33.28/session")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    private static string Path(RoutePattern pattern, string ticket) => "/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart { Name: "code" or "jurisdiction" } => "33.28",
        RoutePatternParameterPart { Name: "id" or "ticket" } => ticket,
        RoutePatternParameterPart { Name: "number" or "year" } => "1",
        RoutePatternParameterPart { Name: "move" } => "verify",
        RoutePatternParameterPart parameter => parameter.Name,
        _ => "",
    }))));

    // Everything that is stored for the regencies, but what he reads.
    private Task<string> Fingerprint() => host.Scalar<string>("""
        select string_agg(x, ' ' order by x) from (
            select format('%s %s', t.name, (xpath('/row/c/text()', query_to_xml(format('select count(*) || md5(coalesce(string_agg(data::text, '''' order by id), '''')) as c from %s', t.name), false, true, '')))[1]) as x
              from (select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
                     where c.relkind in ('r', 'p') and not c.relispartition and c.relname like 'mt_doc_%' and c.relname not in ('mt_doc_staffaccount')) t
            union all
            select 'events ' || count(*) from history.mt_events where type <> 'data.read.v1') rows
        """);
}
