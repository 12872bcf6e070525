using JasperFx;
using Marten;
using MediatR;
using SmartCity.Channels.Outbox;
using SmartCity.Channels.Receiving;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Reports.Contracts;

namespace SmartCity.Channels.Keywords;

/// <summary>
/// Does what a keyword asks for. Whoever writes from the account that a report came from is its reporter: the channel has proved it, so no secret is asked for.
/// </summary>
internal sealed class AnswerKeyword(ISender sender, RegencySessions sessions, PersonalData personal, OutboxSignal signal, TimeProvider time, CallContext call)
{
    public async Task Handle(EventEnvelope envelope, IncomingMessage message, Keyword keyword, CancellationToken cancel)
    {
        var regency = envelope.Regency.Value;
        await using var session = sessions.Query(regency);
        if (await session.LoadAsync<Message>(envelope.Stream, cancel) is { UnansweredSince: null }
            || await session.LoadAsync<OutboundMessage>(OutboundMessage.IdOf(envelope.Id, OutboundMessage.Reply), cancel) is not null)
        {
            // Published before.
            return;
        }

        var identity = ReceiveMessage.Identity(message.Channel, message.Author);
        if (keyword.Kind == KeywordKind.Stop)
        {
            await Stop(regency, identity, cancel);
        }
        else if (keyword.Kind == KeywordKind.Start)
        {
            await Start(regency, identity, cancel);
        }

        var said = keyword.Kind switch
        {
            KeywordKind.Help => (null, KeywordWording.Help),
            KeywordKind.Stop => (null, KeywordWording.Stopped),
            KeywordKind.Start => (null, KeywordWording.Started),
            _ => await About(session, regency, envelope.Id, identity, keyword, cancel),
        };
        await Reply(envelope, message.Channel, said, cancel);
    }

    private async Task<(string? Ticket, string? Text)> About(IQuerySession session, string regency, Guid cause, string identity, Keyword keyword, CancellationToken cancel)
    {
        var own = await OwnReports.Of(session, personal, regency, identity, cancel);
        if (own.Count == 0)
        {
            return (null, KeywordWording.NoReport);
        }

        var wanted = keyword.Ticket is { } typed ? Keyword.TicketOf(typed, time.GetUtcNow().Year)
            : keyword.Kind == KeywordKind.Status ? own[0] : await LastAnswered(session, own, cancel);
        if (wanted is null)
        {
            return (null, KeywordWording.NothingAnswered);
        }

        if (!own.Contains(wanted))
        {
            return (null, KeywordWording.Unknown(wanted));
        }

        var secret = await sender.Send(new GetReporterSecret(regency, wanted), cancel);
        call.Actor = Actor.Citizen;
        if (await sender.Send(new GetReport(regency, wanted, Secret: secret), cancel) is not { } report)
        {
            return (null, KeywordWording.Unknown(wanted));
        }

        if (keyword.Kind == KeywordKind.Status)
        {
            return (wanted, KeywordWording.Status(wanted, report.State, report.Department));
        }

        var satisfied = keyword.Kind == KeywordKind.Satisfied;
        var said = satisfied ? keyword.Said : keyword.Said ?? "Pelapor tidak puas dengan jawabannya.";
        var (outcome, text) = report.State switch
        {
            ReportState.Answered or ReportState.Settled or ReportState.Closed => await Judge(new JudgeAnswer(regency, wanted, satisfied, said, Secret: secret), report.State, cancel),
            _ when satisfied => (await sender.Send(new CloseReport(regency, wanted, null, Secret: secret), cancel), null),
            ReportState.Rejected or ReportState.Withdrawn => (await sender.Send(new ReopenReport(regency, wanted, said, Secret: secret), cancel), null),
            // There is no answer to be judged: what the reporter thinks goes to those who have the report.
            _ => (await sender.Send(new SupplementReport(regency, wanted, $"Tidak puas. {keyword.Said}".Trim(), [], Cause: cause.ToString("N"), Secret: secret), cancel), KeywordWording.PassedOn(wanted)),
        };
        return outcome.Refusals switch
        {
            // That it is closed, or open again, is told as news of the report.
            [] => (wanted, text),
            [{ Kind: RefusalKind.Busy }, ..] => throw new InvalidOperationException("Refused for now."),
            [var refusal, ..] => (wanted, KeywordWording.Refused(wanted, refusal)),
        };
    }

    // That it is closed, or open again, is told as news of the report; what moves nothing is answered.
    private async Task<(Outcome<ReportVersion> Outcome, string? Text)> Judge(JudgeAnswer judgement, ReportState before, CancellationToken cancel)
    {
        var outcome = await sender.Send(judgement, cancel);
        return (outcome, outcome.Value is not { } version || version.State != before.Name() ? null
            : before == ReportState.Closed ? KeywordWording.Noted(judgement.Ticket) : KeywordWording.PassedOn(judgement.Ticket));
    }

    private static async Task<string?> LastAnswered(IQuerySession session, IReadOnlyList<string> own, CancellationToken cancel)
    {
        var tickets = own.Take(100).ToArray();
        var answers = await session.Query<OutboundMessage>().Where(m => m.Ticket.IsOneOf(tickets) && m.Kind == OutboundMessage.Answer).ToListAsync(cancel);
        return answers.MaxBy(m => m.QueuedAt)?.Ticket;
    }

    private async Task Stop(string regency, string identity, CancellationToken cancel)
    {
        call.Actor = Actor.Citizen;
        await using var session = sessions.Open(regency);
        session.Store(new StoppedRecipient { Id = StoppedRecipient.IdOf(personal, regency, identity), StoppedAt = time.GetUtcNow() });
        await session.SaveChangesAsync(cancel);
    }

    private async Task Start(string regency, string identity, CancellationToken cancel)
    {
        call.Actor = Actor.Citizen;
        await using var session = sessions.Open(regency);
        session.Delete<StoppedRecipient>(StoppedRecipient.IdOf(personal, regency, identity));
        await session.SaveChangesAsync(cancel);
    }

    private async Task Reply(EventEnvelope envelope, string channel, (string? Ticket, string? Text) said, CancellationToken cancel)
    {
        call.Actor = Actor.System("channels");
        await using var session = sessions.Open(envelope.Regency.Value);
        if (said.Text is not { } text)
        {
            session.Events.Append(envelope.Stream, new MessageActedOn(said.Ticket!));
            await session.SaveChangesAsync(cancel);
            return;
        }

        session.Insert(OutboundMessage.Because(envelope, OutboundMessage.Reply, time.GetUtcNow()) with
        {
            Ticket = said.Ticket ?? "",
            Channel = channel,
            Conversation = envelope.Stream,
            Text = text,
        });
        try
        {
            await session.SaveChangesAsync(cancel);
            signal.Raise();
        }
        catch (DocumentAlreadyExistsException)
        {
            // Published before.
        }
    }
}

/// <summary>Which reports somebody filed from an account.</summary>
internal static class OwnReports
{
    /// <summary>Their tickets, newest first. Whoever was erased has none.</summary>
    public static async Task<IReadOnlyList<string>> Of(IQuerySession session, PersonalData personal, string regency, string identity, CancellationToken cancel) =>
        [.. (await Keys(session, personal, regency, identity, cancel)).Select(k => k.Stream!)];

    /// <summary>When a report was filed from the account, or null.</summary>
    public static async Task<DateTimeOffset?> FiledAt(IQuerySession session, PersonalData personal, string regency, string identity, string ticket, CancellationToken cancel) =>
        (await Keys(session, personal, regency, identity, cancel)).FirstOrDefault(k => k.Stream == ticket)?.CreatedAt;

    private static async Task<IEnumerable<PersonalKey>> Keys(IQuerySession session, PersonalData personal, string regency, string identity, CancellationToken cancel)
    {
        var account = personal.PersonId(regency, identity);
        var keys = await session.Query<PersonalKey>().Where(k => k.Account == account && k.Stream != null).ToListAsync(cancel);
        return keys.Where(k => char.IsAsciiDigit(k.Stream![0])).OrderByDescending(k => k.CreatedAt).ThenByDescending(k => k.Stream, StringComparer.Ordinal);
    }
}

/// <summary>Somebody who asked for no more messages on a channel.</summary>
[NotInEvents("Who wants no more messages, by keyed hash: personal, so it is kept beside the events.")]
internal sealed record StoppedRecipient
{
    /// <summary>Keyed hash of the account.</summary>
    public required string Id { get; init; }

    public required DateTimeOffset StoppedAt { get; init; }

    public static string IdOf(PersonalData personal, string regency, string identity) => personal.PersonId(regency, $"stop {identity}");

    /// <summary>Kinds that answer what somebody has just asked for.</summary>
    private static readonly string[] AskedFor = [OutboundMessage.Reply, OutboundMessage.Acknowledgement, "closing", "reopening"];

    /// <summary>Whether a message is not to be sent: the recipient has said STOP, and did not file this report after that.</summary>
    public static async Task<bool> Holds(IQuerySession session, PersonalData personal, string regency, string identity, OutboundMessage message, CancellationToken cancel) =>
        !AskedFor.Contains(message.Kind)
        && await session.LoadAsync<StoppedRecipient>(IdOf(personal, regency, identity), cancel) is { } stopped
        && !(await OwnReports.FiledAt(session, personal, regency, identity, message.Ticket, cancel) > stopped.StoppedAt);
}
