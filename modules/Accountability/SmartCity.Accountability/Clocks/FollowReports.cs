using MediatR;
using SmartCity.Accountability.Calendars;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Reports.Contracts;

namespace SmartCity.Accountability.Clocks;

/// <summary>Starts a report's clock when it is filed, and writes down which deadlines were met. What is there already is not written again.</summary>
internal sealed class FollowReports(RegencySessions sessions, WorkingCalendars calendars, ISender sender, CallContext call) :
    INotificationHandler<Committed<ReportFiled>>,
    INotificationHandler<Committed<ReportAssigned>>,
    INotificationHandler<Committed<ReportAnswered>>
{
    public async Task Handle(Committed<ReportFiled> committed, CancellationToken cancel)
    {
        var (filed, envelope) = committed;
        var regency = envelope.Regency.Value;
        var category = (await sender.Send(new GetCategories(regency), cancel)).FirstOrDefault(c => c.Code == filed.Category);
        var @class = filed.IsOversight ? ReportClass.Oversight : category?.Class ?? ReportClass.Complaint;
        var calendar = await calendars.Of(regency, sessions, cancel);
        await Append(envelope, clock => clock is null ? [Rules.Set(filed.Ticket, @class, envelope.At, calendar)] : [], cancel);
    }

    public Task Handle(Committed<ReportAssigned> committed, CancellationToken cancel) => Append(committed.Envelope,
        clock => Rules.Assigned(clock, committed.Event.Department, committed.Envelope.At, committed.Envelope.Id), cancel);

    public Task Handle(Committed<ReportAnswered> committed, CancellationToken cancel) => Append(committed.Envelope,
        clock => Rules.Answered(clock, committed.Event.IsSettled, committed.Envelope.At, committed.Envelope.Id), cancel);

    private async Task Append(EventEnvelope envelope, Func<ReportClock?, IEnumerable<object>> decide, CancellationToken cancel)
    {
        call.Actor = Actor.System("deadlines");
        await using var session = sessions.Open(envelope.Regency.Value);
        var stream = await session.Events.FetchForWriting<ReportClock>(ReportClock.Stream(envelope.Stream), cancel);
        var events = decide(stream.Aggregate).ToArray();
        if (events.Length > 0)
        {
            stream.AppendMany(events);
            await session.SaveChangesAsync(cancel);
        }
    }
}
