using Marten;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;

namespace SmartCity.Reports.HandingOver;

/// <summary>Writes handovers: reads what a stream says now, and appends what happens, if anything.</summary>
internal sealed class HandoverStreams(RegencySessions sessions, CallContext call)
{
    private const int Attempts = 5;

    public async Task<Handover?> Find(string regency, string handover, CancellationToken cancel)
    {
        await using var session = sessions.Query(regency);
        return await session.LoadAsync<Handover>(Handover.Stream(handover), cancel);
    }

    /// <summary>Appends what <paramref name="decide"/> makes of the handover (null: there is none yet), or nothing when it gives null. Decided again when somebody else was faster.</summary>
    public async Task<Handover?> Change(string regency, string handover, Func<Handover?, IDocumentSession, Task<object?>> decide, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var session = sessions.Open(regency);
            var stream = await session.Events.FetchForWriting<Handover>(Handover.Stream(handover), cancel);
            if (await decide(stream.Aggregate, session) is not { } @event)
            {
                return stream.Aggregate;
            }

            stream.AppendOne(@event);
            try
            {
                await session.SaveChangesAsync(cancel);
                return await Find(regency, handover, cancel);
            }
            catch (Exception failure) when (attempt < Attempts && LostRace.Is(failure))
            {
                // Another was faster: decide again on what it wrote.
            }
        }
    }

    /// <summary>The same by the platform itself.</summary>
    public Task<Handover?> ByItself(string regency, string handover, Func<Handover?, object?> decide, CancellationToken cancel)
    {
        call.Actor = Actor.System("handovers");
        return Change(regency, handover, (known, _) => Task.FromResult(decide(known)), cancel);
    }
}
