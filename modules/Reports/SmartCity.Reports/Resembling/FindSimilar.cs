using Carter;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.Files;
using SmartCity.Platform.History;
using SmartCity.Platform.Problems;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;
using SmartCity.Reports.Reading;

namespace SmartCity.Reports.Resembling;

/// <summary>A report that is not filed yet.</summary>
/// <param name="Category">Category code, if known.</param>
/// <param name="Description">What was written so far.</param>
/// <param name="Place">Where.</param>
/// <param name="Looks">How its photos look: 64-bit difference hashes, hexadecimal.</param>
internal sealed record DraftBody(string? Category, string? Description, ReportPlace? Place, IReadOnlyList<string>? Looks);

/// <summary>Before somebody files: has it been reported? And for staff: which reports may be about the same?</summary>
internal sealed class SimilarEndpoints : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var reports = app.MapRegencyApi("/reports").WithTags("Reports");
        reports.MapPost("similar", Draft).WithSummary("Public reports that may be about the same as a draft, with score and reasons");
        reports.MapGet("{id}/similar", Filed).RequireRole(Role.Dispatcher, Role.Officer, Role.Regent, Role.Auditor)
            .WithSummary("Reports that may be about the same as this one: suggestions, nothing is merged by itself");
    }

    private static async Task<IResult> Draft(DraftBody body, HttpContext http, ISender sender, FilesOptions files, CancellationToken cancel)
    {
        var faults = new List<Fault>();
        Check(body.Description is not { Length: > Filing.Filing.MaxDescription }, "description.too_long", $"At most {Filing.Filing.MaxDescription} characters.", "description");
        Check(body.Place is null || (body.Place.Latitude is null == body.Place.Longitude is null && !(Math.Abs(body.Place.Latitude ?? 0) > 90) && !(Math.Abs(body.Place.Longitude ?? 0) > 180)),
            "place.invalid", "Latitude between -90 and 90 together with longitude between -180 and 180.", "place");
        Check(body.Looks is null || (body.Looks.Count <= files.Photos.Count && body.Looks.All(look => PhotoLook.Distance(look, look) is not null)),
            "looks.invalid", $"At most {files.Photos.Count} hashes of 16 hexadecimal digits.", "looks");
        return faults.Count > 0 ? Problem.BadRequest(faults) : Results.Ok(new
        {
            reports = await sender.Send(new FindSimilar(http.Regency().Id, body.Category, body.Description, body.Place ?? new(null, null, null), body.Looks ?? []), cancel),
        });

        void Check(bool isRight, string code, string expected, string field)
        {
            if (!isRight)
            {
                faults.Add(new Fault(code, expected, field));
            }
        }
    }

    private static async Task<IResult> Filed(string id, HttpContext http, ISender sender, CancellationToken cancel) =>
        await sender.Send(new GetSimilar(http.Regency().Id, id), cancel) is { } reports ? Results.Ok(new { reports })
        : Problem.NotFound("report.unknown", $"There is no report {id} that you handle here.", "id");
}

internal sealed class FindSimilarHandler(ISender sender, RegencySessions sessions, SimilarReports similar, ReportViews views, TimeProvider time) : IRequestHandler<FindSimilar, IReadOnlyList<SimilarReport>>
{
    // What was done a moment ago may still be seen undone, or the other way round.
    private static readonly TimeSpan JustDone = TimeSpan.FromDays(7);

    public async Task<IReadOnlyList<SimilarReport>> Handle(FindSimilar query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        var now = time.GetUtcNow();
        // As when it is filed: without a category, the words say it.
        var category = query.Category is null && !string.IsNullOrWhiteSpace(query.Description) ? (await sender.Send(new ClassifyText(query.Regency, query.Description), cancel)).Category : query.Category;
        var looks = query.Looks.Select(look => look.ToLowerInvariant()).ToArray();
        var found = (await similar.Find(session, new Matter(category, query.Place.Latitude, query.Place.Longitude, now, query.Description, looks), except: null, cancel))
            // Whoever asks has not filed it: only what everybody may see, and only what still can be followed.
            .Where(other => other.Report.IsPublic && (!other.Report.State.IsDone() || (other.Report.State == ReportState.Settled && now - other.Report.UpdatedAt < JustDone)))
            .Take(Math.Clamp(query.Limit, 1, 10)).ToArray();
        var details = await views.Open(session, [.. found.Select(other => other.Report)], Viewer.Of(Actor.Citizen, query.Regency), cancel);
        return [.. found.Zip(details, (other, report) => new SimilarReport(
            report, Math.Round(other.Likeness.Score, 3), other.Likeness.Reasons, other.Likeness.Metres is { } metres ? Math.Round(metres) : null))];
    }
}

internal sealed class GetSimilarHandler(RegencySessions sessions, ReportViews views, Viewers viewers) : IRequestHandler<GetSimilar, IReadOnlyList<SimilarReport>?>
{
    private const int Most = 20;

    public async Task<IReadOnlyList<SimilarReport>?> Handle(GetSimilar query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        var (viewer, ticket) = (await viewers.Current(query.Regency, null, cancel), Ticket.Read(query.Ticket));
        if (ticket is null || await session.LoadAsync<Report>(ticket, cancel) is not { } report || !viewer.Handles(report))
        {
            return null;
        }

        // Whichever of the two came later has noted it.
        var pairs = (await session.Query<SimilarPair>().Where(pair => pair.Ticket == ticket || pair.Other == ticket).ToListAsync(cancel))
            .Select(pair => pair.Ticket == ticket ? pair : pair with { Ticket = ticket, Other = pair.Ticket })
            .GroupBy(pair => pair.Other).Select(same => same.MaxBy(pair => pair.Score)!).OrderByDescending(pair => pair.Score).Take(Most).ToDictionary(pair => pair.Other);
        var others = pairs.Count == 0 ? [] : (await session.LoadManyAsync<Report>(cancel, [.. pairs.Keys])).Where(other => viewer.MaySee(other)).ToArray();
        return [.. (await views.Open(session, others, viewer, cancel)).Select(other => (Other: other, Pair: pairs[other.Ticket])).OrderByDescending(found => found.Pair.Score)
            .Select(found => new SimilarReport(found.Other, found.Pair.Score, found.Pair.Reasons, found.Pair.Metres))];
    }
}
