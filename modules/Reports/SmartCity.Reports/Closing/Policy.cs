using Carter;
using JasperFx.Events;
using Marten.Events.Aggregation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Problems;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.Closing;

/// <summary>How long the regency waits for reporters. Name on the wire: <c>report-policy.set.v1</c>.</summary>
internal sealed record ReportPolicySet(int CloseAfterDays, int WaitForReporterDays, int? FollowUpWorkingDays = null, int? ReopenWithinDays = null);

/// <summary>The policy as its events make it.</summary>
internal sealed record ReportPolicyRecord
{
    public const string Stream = "report-policy";

    /// <summary>The stream.</summary>
    public required string Id { get; init; }

    public required ReportPolicy Policy { get; init; }
}

/// <summary>Keeps <see cref="ReportPolicyRecord"/> in step with its stream, in the same transaction.</summary>
internal sealed class ReportPolicyProjection : SingleStreamProjection<ReportPolicyRecord, string>
{
    public ReportPolicyProjection() => IncludeType<ReportPolicySet>();

    public override ReportPolicyRecord? Evolve(ReportPolicyRecord? snapshot, string id, IEvent e) => e.Data is ReportPolicySet set
        ? new ReportPolicyRecord { Id = id, Policy = new ReportPolicy(set.CloseAfterDays, set.WaitForReporterDays, set.FollowUpWorkingDays ?? new ReportPolicy().FollowUpWorkingDays, set.ReopenWithinDays ?? new ReportPolicy().ReopenWithinDays) } : snapshot;
}

/// <summary>A policy as an operator sends it.</summary>
internal sealed record ReportPolicyBody(int? CloseAfterDays, int? WaitForReporterDays, int? FollowUpWorkingDays, int? ReopenWithinDays = null);

/// <summary>Everybody may know how long an answer can be objected to; an operator sets it. What was told to a reporter already stays.</summary>
internal sealed class ReportPolicyEndpoint : ICarterModule
{
    private const int Longest = 366;

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var policy = app.MapRegencyApi("/report-policy").WithTags("Reports");
        policy.MapGet("", (HttpContext http, ISender sender, CancellationToken cancel) => sender.Send(new GetReportPolicy(http.Regency().Id), cancel))
            .WithSummary("After how many days a report closes by itself, and a body outside is asked again");
        policy.MapPut("", Put).RequireRole(Role.Operator).WithSummary("Set after how many days a report closes by itself");
    }

    private static async Task<IResult> Put(ReportPolicyBody body, HttpContext http, RegencySessions sessions, CancellationToken cancel)
    {
        var faults = new List<Fault>();
        Check(body.CloseAfterDays, "closeAfterDays");
        Check(body.WaitForReporterDays, "waitForReporterDays");
        Check(body.FollowUpWorkingDays, "followUpWorkingDays");
        Check(body.ReopenWithinDays, "reopenWithinDays");
        if (faults.Count > 0)
        {
            return Problem.BadRequest(faults);
        }

        await using var session = sessions.Open(http.Regency().Id);
        var stream = await session.Events.FetchForWriting<ReportPolicyRecord>(ReportPolicyRecord.Stream, cancel);
        var known = stream.Aggregate?.Policy ?? new ReportPolicy();
        var wanted = new ReportPolicy(body.CloseAfterDays ?? known.CloseAfterDays, body.WaitForReporterDays ?? known.WaitForReporterDays, body.FollowUpWorkingDays ?? known.FollowUpWorkingDays, body.ReopenWithinDays ?? known.ReopenWithinDays);
        if (wanted != known)
        {
            stream.AppendOne(new ReportPolicySet(wanted.CloseAfterDays, wanted.WaitForReporterDays, wanted.FollowUpWorkingDays, wanted.ReopenWithinDays));
            await session.SaveChangesAsync(cancel);
        }

        return Results.Ok(wanted);

        void Check(int? days, string field)
        {
            if (days is < 1 or > Longest)
            {
                faults.Add(new Fault($"{field}.invalid", $"Days, between 1 and {Longest}.", field));
            }
        }
    }
}

internal sealed class GetReportPolicyHandler(RegencySessions sessions) : IRequestHandler<GetReportPolicy, ReportPolicy>
{
    public async Task<ReportPolicy> Handle(GetReportPolicy query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        return (await session.LoadAsync<ReportPolicyRecord>(ReportPolicyRecord.Stream, cancel))?.Policy ?? new ReportPolicy();
    }
}
