using MediatR;
using SmartCity.Accountability.Calendars;
using SmartCity.Accountability.Contracts;
using SmartCity.Channels.Contracts;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Reports.Contracts;

namespace SmartCity.Accountability.Clocks;

/// <summary>
/// Starts a report's clock when it is filed, stops it while the reporter is asked or a body outside has it, and writes down which deadlines were met. What is there
/// already is not written again.
/// </summary>
internal sealed class FollowReports(RegencySessions sessions, WorkingCalendars calendars, ISender sender, CallContext call) :
    INotificationHandler<Committed<ReportFiled>>, INotificationHandler<Committed<ReportAssigned>>, INotificationHandler<Committed<ReportAnswered>>,
    INotificationHandler<Committed<ReportVerified>>, INotificationHandler<Committed<WorkStarted>>, INotificationHandler<Committed<ReportHandedOver>>,
    INotificationHandler<Committed<ReportReturned>>, INotificationHandler<Committed<ReportForwarded>>, INotificationHandler<Committed<ReporterAsked>>,
    INotificationHandler<Committed<ReportSupplemented>>, INotificationHandler<Committed<ReportUpdateReceived>>, INotificationHandler<Committed<ReportRejected>>, INotificationHandler<Committed<ReportWithdrawn>>,
    INotificationHandler<Committed<ReportMerged>>, INotificationHandler<Committed<ReportSplit>>, INotificationHandler<Committed<PartsSettled>>,
    INotificationHandler<Committed<ReportClosed>>, INotificationHandler<Committed<ReportReopened>>, INotificationHandler<Committed<ReportClassified>>,
    INotificationHandler<Committed<NeighbourSaid>>, INotificationHandler<Committed<ProposalStaged>>, INotificationHandler<Committed<ReportJudged>>, INotificationHandler<Committed<MessageSent>>
{
    public async Task Handle(Committed<ReportFiled> committed, CancellationToken cancel)
    {
        var (filed, envelope) = committed;
        var regency = envelope.Regency.Value;
        var category = (await sender.Send(new GetCategories(regency), cancel)).FirstOrDefault(c => c.Code == filed.Category);
        var @class = filed.IsOversight ? ReportClass.Oversight
            : Enum.TryParse<ReportClass>(filed.Class, ignoreCase: true, out var chosen) ? chosen : category?.Class ?? ReportClass.Complaint;
        var calendar = await calendars.Of(regency, sessions, cancel);
        // Nobody gains time by splitting a report.
        var whole = filed.PartOf is { } ticket ? await Clock(regency, ticket, cancel) : null;
        await Append(envelope, clock => clock is not null ? []
            : [whole is null ? Rules.Set(filed.Ticket, @class, envelope.At, calendar, filed.Category) : new DeadlinesSet(filed.Ticket, whole.Class, whole.Deadlines, whole.FiledAt, whole.Category, whole.Pauses)], cancel);
    }

    public async Task Handle(Committed<ReportAssigned> committed, CancellationToken cancel) =>
        await (await IsOutside(committed.Envelope, committed.Event.Department, cancel) ? ToPartner(committed.Envelope, committed.Event.Department, cancel)
            : GoOn(committed.Envelope, (clock, calendar) => Rules.Assigned(clock, committed.Event.Department, committed.Envelope.At, committed.Envelope.Id, calendar), cancel));

    public Task Handle(Committed<ReportAnswered> committed, CancellationToken cancel) => Follow(committed.Envelope,
        (clock, calendar) => Rules.AnswerCame(clock, committed.Event.IsSettled, committed.Envelope.At, committed.Envelope.Id, calendar), cancel, isByDepartment: true);

    public Task Handle(Committed<ReportVerified> committed, CancellationToken cancel) => GoOn(committed.Envelope, (_, _) => [], cancel);

    public Task Handle(Committed<WorkStarted> committed, CancellationToken cancel) => Follow(committed.Envelope,
        (clock, calendar) => Rules.Supplemented(clock, committed.Envelope.At, committed.Envelope.Id, calendar), cancel, isByDepartment: true);

    public Task Handle(Committed<ReportSupplemented> committed, CancellationToken cancel) => Supplemented(committed.Envelope, cancel);

    public Task Handle(Committed<ReportUpdateReceived> committed, CancellationToken cancel) => Supplemented(committed.Envelope, cancel);

    public async Task Handle(Committed<ReportHandedOver> committed, CancellationToken cancel) =>
        await (await IsOutside(committed.Envelope, committed.Event.Department, cancel) ? ToPartner(committed.Envelope, committed.Event.Department, cancel)
            : GoOn(committed.Envelope, (clock, calendar) => Rules.Owed(clock, committed.Event.Department, committed.Envelope.At, calendar), cancel));

    public Task Handle(Committed<ReportReturned> committed, CancellationToken cancel) => GoOn(committed.Envelope, (clock, calendar) => Rules.Owed(clock, null, committed.Envelope.At, calendar), cancel);

    // That the body acts is for the dispatcher to see to, who is reminded to ask again.
    public Task Handle(Committed<ReportForwarded> committed, CancellationToken cancel) =>
        Follow(committed.Envelope, (clock, calendar) => Rules.Forwarded(clock, committed.Envelope.At, committed.Envelope.Id, calendar), cancel);

    public Task Handle(Committed<NeighbourSaid> committed, CancellationToken cancel) => Follow(committed.Envelope, (clock, calendar) => committed.Event switch
    {
        { What: "rejected" } => Rules.CameBack(clock, committed.Envelope.At, committed.Envelope.Id, calendar),
        { What: "reopened" } => Rules.Reopened(clock, committed.Envelope.At, committed.Envelope.Id, calendar),
        { What: "answered" } or { IsSettled: true } => Rules.AnswerCame(clock, committed.Event.IsSettled, committed.Envelope.At, committed.Envelope.Id, calendar),
        _ => [],
    }, cancel);

    public Task Handle(Committed<ReporterAsked> committed, CancellationToken cancel) =>
        Append(committed.Envelope, clock => Rules.Asked(clock, committed.Envelope.At, committed.Envelope.Id), cancel);

    public Task Handle(Committed<ReportRejected> committed, CancellationToken cancel) => End(committed.Envelope, "rejected", cancel);

    public Task Handle(Committed<ReportWithdrawn> committed, CancellationToken cancel) => End(committed.Envelope, "withdrawn", cancel);

    public Task Handle(Committed<ReportMerged> committed, CancellationToken cancel) => End(committed.Envelope, "merged", cancel);

    public Task Handle(Committed<ReportSplit> committed, CancellationToken cancel) => End(committed.Envelope, "split", cancel);

    public Task Handle(Committed<ReportClosed> committed, CancellationToken cancel) => End(committed.Envelope, "closed", cancel);

    public Task Handle(Committed<PartsSettled> committed, CancellationToken cancel) => End(committed.Envelope, "settled", cancel);

    public async Task Handle(Committed<ReportReopened> committed, CancellationToken cancel)
    {
        // The part that was reopened has a clock of its own.
        if (committed.Event.Part is null)
        {
            var calendar = await calendars.Of(committed.Envelope.Regency.Value, sessions, cancel);
            await Append(committed.Envelope, clock => Rules.Reopened(clock, committed.Envelope.At, committed.Envelope.Id, calendar), cancel);
        }
    }

    public async Task Handle(Committed<ReportClassified> committed, CancellationToken cancel)
    {
        var (classified, envelope) = committed;
        var regency = envelope.Regency.Value;
        var calendar = await calendars.Of(regency, sessions, cancel);
        await Append(envelope, clock =>
        {
            // It leaves whoever had it when it turns into a report on the conduct of officials, or back.
            List<object> events = clock is null || clock.IsOversight == classified.IsOversight ? []
                : clock.IsOutside ? [.. Rules.CameBack(clock, envelope.At, envelope.Id, calendar)] : [.. Rules.WentOn(clock, envelope.At, envelope.Id, calendar)];
            var known = After(clock, events);
            if (known is not null && Enum.TryParse<ReportClass>(classified.Class, ignoreCase: true, out var @class) && (known.Class != @class || !SameTerms(known, @class, classified.Category, calendar)))
            {
                events.Add(Rules.Set(known.Ticket, @class, known.FiledAt ?? envelope.At, calendar, classified.Category, known));
            }

            return events;
        }, cancel);
    }

    public async Task Handle(Committed<ProposalStaged> committed, CancellationToken cancel)
    {
        var calendar = await calendars.Of(committed.Envelope.Regency.Value, sessions, cancel);
        await Append(committed.Envelope, clock => Rules.AnswerDue(clock, committed.Event.AnswerDue, calendar), cancel);
    }

    public Task Handle(Committed<ReportJudged> committed, CancellationToken cancel) => Append(committed.Envelope, clock =>
        clock is null || clock.Judged == committed.Envelope.Id ? [] : [new AnswerJudged(committed.Envelope.At, committed.Event.IsSatisfied, committed.Envelope.Id)], cancel);

    public Task Handle(Committed<MessageSent> committed, CancellationToken cancel) => committed.Event.Kind != "acknowledgement" ? Task.CompletedTask
        : Append(committed.Envelope with { Stream = committed.Event.Ticket }, clock =>
            clock?.Meet(Step.Acknowledge, committed.Envelope.At, committed.Envelope.Id) is { } met ? [met] : [], cancel);

    // Another category of the same class changes the deadlines only where the regency has decided so for one of the two.
    private static bool SameTerms(ReportClock clock, ReportClass @class, string? category, RegencyCalendar calendar) => clock.FiledAt is not { } filed
        || calendar.Policy.For(@class, clock.Category, calendar.Days.Day(filed)) == calendar.Policy.For(@class, category, calendar.Days.Day(filed));

    private Task End(EventEnvelope envelope, string why, CancellationToken cancel) =>
        Append(envelope, clock => Rules.Ended(clock, why, envelope.At, envelope.Id), cancel);

    /// <summary>What happens to a report that waited for its reporter sets its clock going again.</summary>
    /// <param name="isByDepartment">The department did it, so it is not silent.</param>
    private Task GoOn(
        EventEnvelope envelope, Func<ReportClock?, RegencyCalendar, IEnumerable<object>> decide, CancellationToken cancel, bool isByDepartment = false) => Follow(envelope, (clock, calendar) =>
        {
            List<object> events = [.. Rules.WentOn(clock, envelope.At, envelope.Id, calendar)];
            events.AddRange(decide(After(clock, events), calendar));
            return events;
        }, cancel, isByDepartment);

    private async Task<bool> IsOutside(EventEnvelope envelope, string department, CancellationToken cancel) =>
        (await sender.Send(new GetDepartments(envelope.Regency.Value), cancel)).Any(d => d.Code == department && d.Kind == DepartmentKind.Outside);

    private Task ToPartner(EventEnvelope envelope, string department, CancellationToken cancel) =>
        Follow(envelope, (clock, calendar) => Rules.ToPartner(clock, department, envelope.At, envelope.Id, calendar), cancel);

    private Task Supplemented(EventEnvelope envelope, CancellationToken cancel) =>
        Follow(envelope, (clock, calendar) => Rules.Supplemented(clock, envelope.At, envelope.Id, calendar), cancel);

    private async Task Follow(
        EventEnvelope envelope, Func<ReportClock?, RegencyCalendar, IEnumerable<object>> decide, CancellationToken cancel, bool isByDepartment = false)
    {
        var calendar = await calendars.Of(envelope.Regency.Value, sessions, cancel);
        await Append(envelope, clock =>
        {
            List<object> events = [.. decide(clock, calendar)];
            if (isByDepartment)
            {
                events.AddRange([.. Rules.Acted(After(clock, events), envelope.At, calendar)]);
            }

            return events;
        }, cancel);
    }

    private static ReportClock? After(ReportClock? clock, IEnumerable<object> events) => events.Aggregate(clock, (known, e) => ReportClock.After(known, known!.Id, e));

    private async Task<ReportClock?> Clock(string regency, string ticket, CancellationToken cancel)
    {
        await using var session = sessions.Query(regency);
        return await session.LoadAsync<ReportClock>(ReportClock.Stream(ticket), cancel);
    }

    private Task Append(EventEnvelope envelope, Func<ReportClock?, IEnumerable<object>> decide, CancellationToken cancel)
    {
        call.Actor = Actor.System("deadlines");
        return sessions.WriteClocks(envelope.Regency.Value, [ReportClock.Stream(envelope.Stream)], decide, cancel);
    }
}
