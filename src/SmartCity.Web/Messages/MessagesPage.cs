using MediatR;
using Microsoft.AspNetCore.Http;
using SmartCity.Channels.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Web.Shared;

namespace SmartCity.Web.Messages;

/// <summary>No message without an answer: what waits, for how long and at whom, what a person must decide on, and how the accounts do.</summary>
internal static class MessagesPage
{
    private const int Most = 200;

    public static Task<IResult> Show(HttpContext http, ISender sender, CancellationToken cancel) => Draw(null, http, sender, cancel);

    public static async Task<IResult> Retry(Guid id, HttpContext http, ISender sender, CancellationToken cancel) =>
        After(await sender.Send(new DecideOnOutgoing(http.Regency().Id, id, IsRetried: true), cancel), http, "keluar");

    public static async Task<IResult> Drop(Guid id, HttpContext http, ISender sender, CancellationToken cancel) =>
        After(await sender.Send(new DecideOnOutgoing(http.Regency().Id, id, IsRetried: false), cancel), http, "keluar");

    public static async Task<IResult> LeaveUnanswered(string id, HttpContext http, ISender sender, CancellationToken cancel) =>
        await sender.Send(new LeaveUnanswered(http.Regency().Id, id, http.Request.Form.Text("alasan")), cancel) is var outcome && outcome == DecisionOutcome.NoReason
            ? await Draw(id, http, sender, cancel) : After(outcome, http, "masuk");

    // What somebody else decided a moment before is shown as it is now.
    private static IResult After(DecisionOutcome outcome, HttpContext http, string section) =>
        outcome == DecisionOutcome.Unknown ? Pages.NotFound() : Pages.SeeOther($"/{http.Regency().Id}/meja/pesan#{section}");

    /// <param name="wantsReason">The message for whose decision no reason was given.</param>
    private static async Task<IResult> Draw(string? wantsReason, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var (regency, actor) = (http.Regency().Id, http.Actor());
        var department = actor.Role == Role.Officer ? actor.Department ?? "" : null;
        var sees = department is null;
        return Pages.Show<MessagesView>(new
        {
            Unanswered = await sender.Send(new GetUnanswered(regency, department), cancel),
            Names = await Names.Of(regency, sender, cancel),
            // What is on its way to whom, and what providers say, is not for every department.
            Outbox = sees ? await sender.Send(new GetOutboxCounts(regency), cancel) : [],
            GivenUp = sees ? await sender.Send(new GetOutbox(regency, Limit: Most, State: OutgoingState.Failed), cancel) : [],
            Failing = sees ? (IReadOnlyList<OutgoingMessage>)[.. (await sender.Send(new GetOutbox(regency, Limit: Most, State: OutgoingState.Waiting), cancel)).Where(m => m.Error is not null)] : [],
            Alerts = await sender.Send(new GetAlerts(regency), cancel),
            Held = actor.Role == Role.Dispatcher ? await sender.Send(new GetHeldMessages(regency, Most), cancel) : [],
            Health = sees ? await sender.Send(new GetChannelHealth(regency), cancel) : [],
            WantsReason = wantsReason,
        }, wantsReason is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
    }
}

/// <summary>The lists.</summary>
public partial class MessagesView;
