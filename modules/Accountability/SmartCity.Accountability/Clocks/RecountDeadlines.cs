using Marten;
using MediatR;
using SmartCity.Accountability.Calendars;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;

namespace SmartCity.Accountability.Clocks;

/// <summary>
/// Holidays that are loaded later, and closures of the place, move the deadlines that are set: each clock says why. What was met or missed stays. Told
/// twice, nothing moves twice.
/// </summary>
internal sealed class RecountDeadlines(RegencySessions sessions, WorkingCalendars calendars, CallContext call, TimeProvider time) :
    INotificationHandler<Committed<HolidaysImported>>, INotificationHandler<Committed<ClosureAnnounced>>, INotificationHandler<Committed<ClosureWithdrawn>>
{
    private const int AtOnce = 100;

    public Task Handle(Committed<HolidaysImported> committed, CancellationToken cancel) => Recount(committed.Envelope,
        ($"hari libur {committed.Event.Year} ({committed.Event.Source})", $"holidays of {committed.Event.Year} ({committed.Event.Source})"), cancel);

    public Task Handle(Committed<ClosureAnnounced> committed, CancellationToken cancel) => Recount(committed.Envelope,
        ($"kantor tutup {committed.Event.Date:yyyy-MM-dd} ({committed.Event.Reason})", $"offices closed on {committed.Event.Date:yyyy-MM-dd} ({committed.Event.Reason})"), cancel);

    public Task Handle(Committed<ClosureWithdrawn> committed, CancellationToken cancel) => Recount(committed.Envelope,
        ($"kantor tetap buka {committed.Event.Date:yyyy-MM-dd}", $"offices open on {committed.Event.Date:yyyy-MM-dd} after all"), cancel);

    private async Task Recount(EventEnvelope envelope, (string Indonesian, string English) why, CancellationToken cancel)
    {
        var regency = envelope.Regency.Value;
        call.Actor = Actor.System("deadlines");
        // Another host may have changed it.
        calendars.Changed(regency);
        var calendar = await calendars.Of(regency, sessions, cancel);
        await using var reading = sessions.Query(regency);
        var open = await reading.Query<ReportClock>().Where(c => c.NextDueAt != null || c.StoppedAt != null).OrderBy(c => c.Id).Select(c => c.Id).ToListAsync(cancel);
        foreach (var some in open.Chunk(AtOnce))
        {
            var clocks = await reading.LoadManyAsync<ReportClock>(cancel, some);
            string[] moved = [.. clocks.Where(c => Rules.Recounted(c, why, envelope.Id, time.GetUtcNow(), calendar).Any()).Select(c => c.Id).Order(StringComparer.Ordinal)];
            if (moved.Length > 0)
            {
                await sessions.WriteClocks(regency, moved, clock => Rules.Recounted(clock, why, envelope.Id, time.GetUtcNow(), calendar), cancel);
            }
        }
    }
}
