using MediatR;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.History;
using SmartCity.Reports.Contracts;

namespace SmartCity.Channels.Outbox;

/// <summary>
/// The reporter hears on the channel the report came from what becomes of it: one message for one event, however often that is published.
/// Nobody hears of what concerns only the staff.
/// </summary>
internal sealed class QueueNews(OutboxStore outbox, TimeProvider time, ISender sender) :
    INotificationHandler<Committed<ReportAnswered>>, INotificationHandler<Committed<MainReportAnswered>>, INotificationHandler<Committed<ReportRejected>>,
    INotificationHandler<Committed<ReporterAsked>>, INotificationHandler<Committed<ReportForwarded>>, INotificationHandler<Committed<ReportHandedOver>>,
    INotificationHandler<Committed<ReportMerged>>, INotificationHandler<Committed<ReportSplit>>, INotificationHandler<Committed<PartsSettled>>,
    INotificationHandler<Committed<ReportReopened>>, INotificationHandler<Committed<ReportClosed>>, INotificationHandler<Committed<ReportWithdrawn>>,
    INotificationHandler<Committed<ProposalStaged>>, INotificationHandler<Committed<ReportPlanned>>, INotificationHandler<Committed<ReportPlanChanged>>,
    INotificationHandler<Committed<ForwardFollowedUp>>, INotificationHandler<Committed<NeighbourSaid>>
{
    public Task Handle(Committed<ReportAnswered> committed, CancellationToken cancel) =>
        Queue(committed.Envelope, OutboundMessage.Answer, committed.Event.Text, cancel, PlanWording.Outcome(committed.Event.Outcome));

    public Task Handle(Committed<MainReportAnswered> committed, CancellationToken cancel)
    {
        var (heard, envelope) = committed;
        return heard.What switch
        {
            "rejected" => Queue(envelope, OutboundMessage.Rejection, heard.Text ?? "", cancel),
            "forwarded" => Queue(envelope, OutboundMessage.Forwarding, heard.Text ?? "", cancel, heard.Department),
            "followedUp" => Queue(envelope, OutboundMessage.FollowUp, heard.Text ?? "", cancel, heard.Department),
            "partsSettled" => Queue(envelope, "settlement", Wording.PartsSettled(envelope.Stream), cancel),
            _ => Queue(envelope, OutboundMessage.Answer, heard.Text ?? "", cancel, PlanWording.Outcome(heard.Outcome)),
        };
    }

    public Task Handle(Committed<ReportRejected> committed, CancellationToken cancel) =>
        Queue(committed.Envelope, OutboundMessage.Rejection, committed.Event.Reason, cancel);

    public Task Handle(Committed<ReporterAsked> committed, CancellationToken cancel) =>
        Queue(committed.Envelope, OutboundMessage.Question, committed.Event.Question, cancel);

    public Task Handle(Committed<ReportForwarded> committed, CancellationToken cancel) =>
        Queue(committed.Envelope, OutboundMessage.Forwarding, committed.Event.Note ?? "", cancel, committed.Event.Body);

    public async Task Handle(Committed<ReportHandedOver> committed, CancellationToken cancel)
    {
        var code = committed.Event.Department;
        var department = (await sender.Send(new GetDepartments(committed.Envelope.Regency.Value), cancel)).FirstOrDefault(d => d.Code == code);
        await Queue(committed.Envelope, "handover", Wording.HandedOver(committed.Envelope.Stream, department?.Name ?? code, department?.EnglishName ?? code), cancel);
    }

    public Task Handle(Committed<ReportMerged> committed, CancellationToken cancel) =>
        Queue(committed.Envelope, "merge", Wording.Merged(committed.Envelope.Stream, committed.Event.Into), cancel);

    public Task Handle(Committed<ReportSplit> committed, CancellationToken cancel) =>
        Queue(committed.Envelope, "split", Wording.Split(committed.Envelope.Stream, committed.Event.Parts), cancel);

    public Task Handle(Committed<PartsSettled> committed, CancellationToken cancel) =>
        Queue(committed.Envelope, "settlement", Wording.PartsSettled(committed.Envelope.Stream), cancel);

    // Of a part's reopening the reporter hears in the part's own thread.
    public Task Handle(Committed<ReportReopened> committed, CancellationToken cancel) => committed.Event.Part is not null ? Task.CompletedTask
        : Queue(committed.Envelope, "reopening", Wording.Reopened(committed.Envelope.Stream), cancel);

    public Task Handle(Committed<ReportClosed> committed, CancellationToken cancel) =>
        Queue(committed.Envelope, "closing", Wording.Closed(committed.Envelope.Stream, committed.Event.Ground), cancel, forParts: committed.Event.Ground != "time");

    public Task Handle(Committed<ReportWithdrawn> committed, CancellationToken cancel) => committed.Event.By == "whole" ? Task.CompletedTask
        : Queue(committed.Envelope, "withdrawal", Wording.Withdrawn(committed.Envelope.Stream), cancel);

    public Task Handle(Committed<ProposalStaged> committed, CancellationToken cancel) =>
        Queue(committed.Envelope, OutboundMessage.Stage, committed.Event.Note ?? "", cancel, $"{committed.Event.Stage} {committed.Event.AnswerDue:yyyy-MM-dd}");

    public Task Handle(Committed<ReportPlanned> committed, CancellationToken cancel) =>
        Queue(committed.Envelope, OutboundMessage.Plan, PlanWording.News(committed.Envelope.Stream, committed.Event.Plan, null, null), cancel);

    public Task Handle(Committed<ReportPlanChanged> committed, CancellationToken cancel) =>
        Queue(committed.Envelope, OutboundMessage.Plan, PlanWording.News(committed.Envelope.Stream, committed.Event.Plan, committed.Event.Former, committed.Event.Reason), cancel);

    public Task Handle(Committed<ForwardFollowedUp> committed, CancellationToken cancel) => !committed.Event.IsTold ? Task.CompletedTask
        : Queue(committed.Envelope, OutboundMessage.FollowUp, committed.Event.Said ?? "", cancel, committed.Event.Body);

    public Task Handle(Committed<NeighbourSaid> committed, CancellationToken cancel)
    {
        var (said, envelope) = committed;
        return said.What switch
        {
            "answered" => Queue(envelope, OutboundMessage.Answer, said.Text ?? "", cancel),
            "asked" => Queue(envelope, OutboundMessage.Question, said.Text ?? "", cancel),
            "closed" => Queue(envelope, "closing", Wording.ClosedThere(envelope.Stream, said.There.RegencyName), cancel),
            "reopened" => Queue(envelope, "reopening", Wording.Reopened(envelope.Stream), cancel),
            "forwarded" => Queue(envelope, OutboundMessage.FollowUp, said.Text ?? "", cancel, said.There.RegencyName),
            // Our own dispatcher decides what becomes of it now.
            _ => Task.CompletedTask,
        };
    }

    /// <param name="about">What belongs to the message besides its text.</param>
    /// <param name="forParts">False: nothing is said about a part of a split report, because the same is said about the whole.</param>
    private async Task Queue(EventEnvelope envelope, string kind, string text, CancellationToken cancel, string? about = null, bool forParts = true)
    {
        var regency = envelope.Regency.Value;
        if (await sender.Send(new GetReplyAddress(regency, envelope.Stream), cancel) is not { } address || (address.PartOf is not null && !forParts))
        {
            return;
        }

        await outbox.Owe(regency, [OutboundMessage.Because(envelope, kind, time.GetUtcNow()) with
        {
            Channel = address.Channel,
            Conversation = address.Conversation,
            Text = text,
            About = about,
            PartOf = address.PartOf,
            IsHidden = address.IsHidden,
            IsOversight = address.IsOversight,
        }], cancel);
    }
}
