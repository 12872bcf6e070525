using Carter;
using JasperFx.Events;
using Marten.Events.Aggregation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Problems;

namespace SmartCity.Channels.Quiet;

/// <summary>Hours in which telephones are not to ring for what can wait.</summary>
/// <param name="From">From this time of the regency's clock.</param>
/// <param name="To">To this one; earlier than <paramref name="From"/>: the next day.</param>
internal sealed record QuietHours(TimeOnly From, TimeOnly To)
{
    /// <summary>When the quiet ends that is now; null: it is not quiet.</summary>
    public DateTimeOffset? Until(DateTimeOffset now, TimeZoneInfo zone)
    {
        var here = TimeZoneInfo.ConvertTime(now, zone).DateTime;
        if (From == To || !TimeOnly.FromDateTime(here).IsBetween(From, To))
        {
            return null;
        }

        var end = here.Date + To.ToTimeSpan();
        end = end > here ? end : end.AddDays(1);
        return new DateTimeOffset(end, zone.GetUtcOffset(end)).ToUniversalTime();
    }
}

/// <summary>What a regency has decided for its channels.</summary>
internal sealed record ChannelPolicyDocument
{
    /// <summary>Its stream.</summary>
    public const string Only = "channel-policy";

    public string Id { get; init; } = Only;

    public QuietHours? Quiet { get; init; }
}

/// <summary>The regency has decided in which hours it is quiet.</summary>
internal sealed record ChannelPolicySet(TimeOnly? QuietFrom, TimeOnly? QuietTo);

/// <summary>Keeps the decision in step with its stream, in the same transaction.</summary>
internal sealed class ChannelPolicyProjection : SingleStreamProjection<ChannelPolicyDocument, string>
{
    public override ChannelPolicyDocument? Evolve(ChannelPolicyDocument? snapshot, string id, IEvent e) => e.Data is ChannelPolicySet set
        ? new ChannelPolicyDocument { Id = id, Quiet = set is { QuietFrom: { } from, QuietTo: { } to } ? new QuietHours(from, to) : null } : snapshot;
}

/// <summary>Body of the decision; both empty: it is never quiet.</summary>
internal sealed record ChannelPolicyBody(TimeOnly? QuietFrom, TimeOnly? QuietTo);

/// <summary>The regent or an operator decides when it is quiet.</summary>
internal sealed class ChannelPolicyEndpoints : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var policy = app.MapRegencyApi("/channel-policy").WithTags("Channels");
        policy.MapGet("", Get).RequireRole(Role.Regent, Role.Dispatcher, Role.Auditor, Role.Operator).WithSummary("In which hours messages that can wait do wait");
        policy.MapPut("", Put).RequireRole(Role.Regent, Role.Operator).WithSummary("Decide in which hours messages that can wait do wait: quietFrom and quietTo as 21:00, or neither");
    }

    private static async Task<IResult> Get(HttpContext http, RegencySessions sessions, CancellationToken cancel)
    {
        await using var session = sessions.Query(http.Regency().Id);
        var quiet = (await session.LoadAsync<ChannelPolicyDocument>(ChannelPolicyDocument.Only, cancel))?.Quiet;
        return Results.Ok(new ChannelPolicyBody(quiet?.From, quiet?.To));
    }

    private static async Task<IResult> Put(ChannelPolicyBody body, HttpContext http, RegencySessions sessions, CancellationToken cancel)
    {
        if (body.QuietFrom is null != body.QuietTo is null || (body.QuietFrom is { } from && from == body.QuietTo))
        {
            return Problem.BadRequest(new Fault("quiet.invalid", "Give quietFrom and quietTo, two different times such as 21:00 and 05:30, or neither.", body.QuietFrom is null ? "quietFrom" : "quietTo"));
        }

        await using var session = sessions.Open(http.Regency().Id);
        session.Events.Append(ChannelPolicyDocument.Only, new ChannelPolicySet(body.QuietFrom, body.QuietTo));
        await session.SaveChangesAsync(cancel);
        return Results.Ok(body);
    }
}
