using JasperFx.Events;
using Marten;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Regencies;

namespace SmartCity.Departments.Planning;

/// <summary>Takes a decision on a planned work and commits what it decides.</summary>
internal sealed class PlannedWorkStreams(RegencySessions sessions, DirectoryStreams directory, RegencyRegistry regencies, CallContext call, TimeProvider time)
{
    private const int Attempts = 5;

    /// <summary>Writes a work into the plan, or takes the one that is there.</summary>
    public async Task<PlannedWorkOutcome> Plan(PlanWork command, CancellationToken cancel)
    {
        var (regency, terms) = (command.Regency, PlannedWorkRules.Tidy(command.Terms));
        if (PlannedWorkRules.Check(call.Actor, regency, terms.Department) is { } foreign)
        {
            return new PlannedWorkOutcome(null, [foreign], PlanFaultKind.Forbidden);
        }

        if (await Faults(regency, terms, cancel) is { Count: > 0 } faults)
        {
            return new PlannedWorkOutcome(null, faults);
        }

        for (var attempt = 1; ; attempt++)
        {
            await using var session = sessions.Open(regency);
            var id = command.OnlyOpen && await FindOpen(session, terms, cancel) is { } open ? open.Id : PlannedWorkRecord.IdOf(terms, command.Code);
            var stream = await session.Events.FetchForWriting<PlannedWorkRecord>(id, cancel);
            var known = stream.Aggregate;
            known?.Version = stream.CurrentVersion ?? known.Version;
            // Who names a work in an answer says nothing about where all of it lies.
            var decision = PlannedWorkRules.Plan(known, known is not null && command.OnlyOpen ? terms with { Districts = known.Terms.Districts, Name = known.Terms.Name } : terms, command.Code);
            if (command.IsTrial && decision.Event is { } @event)
            {
                return new PlannedWorkOutcome(Shown(session, id, known, @event), [], IsNew: known is null);
            }

            if (await Commit(session, stream, id, known, decision, regency, attempt == Attempts, cancel) is { } outcome)
            {
                return outcome with { IsNew = known is null && outcome.IsDone };
            }
        }
    }

    /// <summary>Decides on a work that is there; when somebody else was faster, the outcome is a conflict with the version that is there now.</summary>
    /// <param name="departments">For which departments the caller must be allowed to plan, given the work.</param>
    public async Task<PlannedWorkOutcome> Decide(
        string regency, string id, long? expectedVersion, Func<PlannedWorkRecord, string[]> departments, Func<PlannedWorkRecord, CancellationToken, Task<PlanDecision>> decide, CancellationToken cancel)
    {
        await using var session = sessions.Open(regency);
        var stream = await session.Events.FetchForWriting<PlannedWorkRecord>(id, cancel);
        if (stream.Aggregate is not { } known)
        {
            return new PlannedWorkOutcome(null, [Unknown(id)], PlanFaultKind.NotFound);
        }

        known.Version = stream.CurrentVersion ?? known.Version;
        if (PlannedWorkRules.Check(call.Actor, regency, departments(known)) is { } foreign)
        {
            return new PlannedWorkOutcome(null, [foreign], PlanFaultKind.Forbidden);
        }

        return expectedVersion is { } expected && expected != known.Version
            ? Moved(known)
            : (await Commit(session, stream, id, known, await decide(known, cancel), regency, isLast: true, cancel))!;
    }

    /// <summary>All that is wrong with terms in this regency.</summary>
    public async Task<IReadOnlyList<PlanFault>> Faults(string regency, PlannedWorkTerms terms, CancellationToken cancel) =>
        PlannedWorkRules.Faults(terms, await directory.Directory(regency, cancel), await ThisYear(regency, cancel));

    /// <summary>The work of a department and name that is planned or under way.</summary>
    private static async Task<PlannedWorkRecord?> FindOpen(IQuerySession session, PlannedWorkTerms terms, CancellationToken cancel)
    {
        var title = PlannedWorkRecord.TitleOf(terms);
        var alike = await session.Query<PlannedWorkRecord>().Where(w => w.Title == title).OrderByDescending(w => w.FiscalYear).ToListAsync(cancel);
        return alike.FirstOrDefault(w => w.IsOpen && w.FiscalYear == terms.FiscalYear) ?? alike.FirstOrDefault(w => w.IsOpen);
    }

    private async Task<PlannedWorkOutcome?> Commit(
        IDocumentSession session, IEventStream<PlannedWorkRecord> stream, string id, PlannedWorkRecord? known, PlanDecision decision, string regency, bool isLast, CancellationToken cancel)
    {
        if (decision.Faults.Count > 0)
        {
            return new PlannedWorkOutcome(known?.Shown(), decision.Faults, decision.Kind);
        }

        if (decision.Event is null)
        {
            return new PlannedWorkOutcome(known!.Shown(), []);
        }

        var before = known?.Version ?? 0;
        stream.AppendOne(decision.Event);
        try
        {
            await session.SaveChangesAsync(cancel);
        }
        catch (Exception failure) when (LostRace.Is(failure))
        {
            if (!isLast)
            {
                return null;
            }

            await using var now = sessions.Query(regency);
            return await now.LoadAsync<PlannedWorkRecord>(id, cancel) is { } winner ? Moved(winner) : throw new InvalidOperationException($"Planned work {id} changes too fast.", failure);
        }

        return new PlannedWorkOutcome(Shown(session, id, known, decision.Event) with { Version = before + 1 }, []);
    }

    private PlannedWork Shown(IDocumentSession session, string id, PlannedWorkRecord? known, object happened)
    {
        var @event = session.Events.BuildEvent(happened);
        @event.Timestamp = time.GetUtcNow();
        return PlannedWorkRecord.After(known, id, @event)!.Shown();
    }

    private async Task<int> ThisYear(string regency, CancellationToken cancel) =>
        await regencies.Find(RegencyCode.Parse(regency), cancel) is { } place ? TimeZoneInfo.ConvertTime(time.GetUtcNow(), place.Zone).Year : time.GetUtcNow().Year;

    internal static PlanFault Unknown(string id) => new("plannedWork.unknown", $"There is no planned work {id} here.", $"Tidak ada pekerjaan {id} dalam rencana di sini.", "id");

    private static PlannedWorkOutcome Moved(PlannedWorkRecord known) => new(known.Shown(), [new PlanFault("plannedWork.moved",
        $"Somebody else changed this work first; its version is {known.Version} now. Read it again and decide anew.",
        $"Pekerjaan ini sudah diubah orang lain; versinya sekarang {known.Version}. Baca kembali lalu putuskan lagi.", "expectedVersion")], PlanFaultKind.Conflict);
}
