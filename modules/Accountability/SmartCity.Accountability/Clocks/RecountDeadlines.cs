using JasperFx.Events;
using Marten;
using MediatR;
using SmartCity.Accountability.Calendars;
using SmartCity.Accountability.Policies;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Reports.Contracts;

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
        var policy = await reading.Events.FetchStreamAsync(PolicyRecord.Stream, token: cancel);
        int SilenceAt(DateTimeOffset at) => policy.Where(e => e.Timestamp <= at).Select(e => e.Data).OfType<LadderTermsSet>().LastOrDefault()?.Terms.SilenceWorkingDays ?? DeadlinePolicy.Usual.Ladder.SilenceWorkingDays;
        async Task<IEnumerable<object>> Again(ReportClock? clock, IReadOnlyList<IEvent> events, IQuerySession session) => clock is null ? []
            : Rules.Recounted(clock, ClockStarts.Of(events, clock.FiledAt ?? await FiledAt(session, clock.Ticket, cancel), SilenceAt), why, envelope.Id, time.GetUtcNow(), calendar);

        var open = await reading.Query<ReportClock>().Where(c => c.NextDueAt != null || c.StoppedAt != null).OrderBy(c => c.Id).Select(c => c.Id).ToListAsync(cancel);
        foreach (var some in open.Chunk(AtOnce))
        {
            var clocks = await reading.LoadManyAsync<ReportClock>(cancel, some);
            var events = (await reading.Events.QueryAllRawEvents().Where(e => e.StreamKey!.IsOneOf(some)).OrderBy(e => e.Sequence).ToListAsync(cancel)).ToLookup(e => e.StreamKey!);
            var moved = new List<string>();
            foreach (var clock in clocks)
            {
                if ((await Again(clock, [.. events[clock.Id]], reading)).Any())
                {
                    moved.Add(clock.Id);
                }
            }

            if (moved.Count > 0)
            {
                await sessions.WriteClocks(regency, [.. moved.Order(StringComparer.Ordinal)],
                    async (clock, session) => await Again(clock, clock is null ? [] : await session.Events.FetchStreamAsync(clock.Id, token: cancel), session), cancel);
            }
        }
    }

    // Of a clock that does not say so: a part has the clock of the whole.
    private static async Task<DateTimeOffset?> FiledAt(IQuerySession session, string ticket, CancellationToken cancel) =>
        (await session.Events.FetchStreamAsync(ticket, version: 1, token: cancel)).FirstOrDefault() is not { Data: ReportFiled filed } first ? null
        : filed.PartOf is { } whole ? await FiledAt(session, whole, cancel) : first.Timestamp;
}
