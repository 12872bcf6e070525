using Marten;
using SmartCity.Platform.History;

namespace SmartCity.Accountability.Clocks;

/// <summary>How clocks are written by what happens around them.</summary>
internal static class ClockStreams
{
    private const int Attempts = 5;

    /// <summary>
    /// Decides on clocks and writes what was decided, all of it or nothing. Locked: what is sent about a report and what happens to it come at the same
    /// moment, and a lost race leaves a gap in the positions for which all notifications wait.
    /// </summary>
    /// <param name="streams">In the order of their names, in which everybody locks them.</param>
    public static Task WriteClocks(
        this RegencySessions sessions, string regency, IReadOnlyList<string> streams, Func<ReportClock?, IEnumerable<object>> decide, CancellationToken cancel) =>
        sessions.WriteClocks(regency, streams, (clock, _) => Task.FromResult(decide(clock)), cancel);

    /// <summary>The same, for decisions that need more of the history than the clock keeps: it is read while the stream is locked.</summary>
    public static async Task WriteClocks(
        this RegencySessions sessions, string regency, IReadOnlyList<string> streams, Func<ReportClock?, IQuerySession, Task<IEnumerable<object>>> decide, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var session = sessions.Open(regency);
            var hasEvents = false;
            foreach (var id in streams)
            {
                var stream = await session.Events.FetchForExclusiveWriting<ReportClock>(id, cancel);
                if ((await decide(stream.Aggregate, session)).ToArray() is { Length: > 0 } events)
                {
                    stream.AppendMany(events);
                    hasEvents = true;
                }
            }

            if (!hasEvents)
            {
                return;
            }

            try
            {
                await session.SaveChangesAsync(cancel);
                return;
            }
            catch (Exception failure) when (attempt < Attempts && LostRace.Is(failure))
            {
                // The ladder was faster, or another message about the same report: decide again on what was written.
            }
        }
    }
}
