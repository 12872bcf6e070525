using Marten;
using MediatR;
using SmartCity.Accountability.Calendars;
using SmartCity.Accountability.Climbing;
using SmartCity.Accountability.Clocks;
using SmartCity.Accountability.Contracts;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Regencies;

namespace SmartCity.Accountability.Cases;

/// <summary>Cases against heads of departments: who sees them, and what is done in them.</summary>
internal sealed class CaseHandlers(
    RegencySessions sessions, OfficesHeld held, WorkingCalendars calendars, RegencyRegistry regencies, ISender sender, PersonalData personal, CallContext call, TimeProvider time) :
    IRequestHandler<GetCases, IReadOnlyList<CaseDetails>>, IRequestHandler<OpenCase, Decided<CaseDetails>>, IRequestHandler<AddToCase, Decided<CaseDetails>>,
    IRequestHandler<StateInCase, Decided<CaseDetails>>, IRequestHandler<DecideCase, Decided<CaseDetails>>, IRequestHandler<CloseCase, Decided<CaseDetails>>,
    INotificationHandler<Committed<LadderClimbed>>
{
    /// <summary>Working days that the head has for a statement.</summary>
    public const int StatementWithin = 5;

    private const int Attempts = 5, MaxText = 4000, Most = 500;

    private static readonly Denial Unknown = new("case.unknown", "There is no such case for you.", "Perkara ini tidak ada untuk Anda.", "id", DenialKind.NotFound);

    public async Task<IReadOnlyList<CaseDetails>> Handle(GetCases query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        if (query is { AsOf: null, From: null })
        {
            return await View(session, query.Regency, await session.Query<Case>().OrderByDescending(c => c.OpenedAt).Take(Most).ToListAsync(cancel), null, cancel);
        }

        var regency = await regencies.Find(RegencyCode.Parse(query.Regency), cancel) ?? throw new InvalidOperationException($"No regency {query.Regency} is served here.");
        var (begin, end) = (query.From is { } from ? regency.EndOf(from.AddDays(-1)) : DateTimeOffset.MinValue, query.AsOf is { } day ? regency.EndOf(day) : DateTimeOffset.MaxValue);
        var cases = await session.Query<Case>().Where(c => c.OpenedAt >= begin && c.OpenedAt < end).OrderByDescending(c => c.OpenedAt).Take(Most).ToListAsync(cancel);
        return await View(session, query.Regency, cases, query.AsOf is null ? null : end, cancel);
    }

    /// <summary>A case as its events up to an instant make it.</summary>
    private static async Task<IReadOnlyDictionary<string, Case>> Before(IQuerySession session, string[] ids, DateTimeOffset instant, CancellationToken cancel) =>
        (await session.Events.QueryAllRawEvents().Where(e => e.StreamKey!.IsOneOf(ids) && e.Timestamp < instant).OrderBy(e => e.Sequence).ToListAsync(cancel)).GroupBy(e => e.StreamKey!)
        .Select(s => s.Aggregate((Case?)null, (known, e) => Case.After(known, e.Data, e.Timestamp))).OfType<Case>().ToDictionary(c => c.Id);

    public async Task<Decided<CaseDetails>> Handle(OpenCase command, CancellationToken cancel)
    {
        var regency = command.Regency;
        var (offices, _) = await held.By(call.Actor, regency, cancel);
        var ground = offices.Contains(Offices.Regent) ? Offices.Regent : offices.Contains(Offices.Secretary) ? Offices.Secretary : null;
        if (ground is null)
        {
            return Denied("case.not_yours", "Only for the regional secretary and the regent.", "Hanya untuk sekretaris daerah dan bupati/wali kota.", kind: DenialKind.Forbidden);
        }

        if (Text(command.Reason, "reason", isNeeded: true) is { } fault)
        {
            return Decided<CaseDetails>.Denied(fault);
        }

        if (command.Reports is not { Count: > 0 and <= 100 } tickets)
        {
            return Denied("reports.missing", "Name the reports that cause it, at most 100.", "Sebutkan laporan yang menjadi sebabnya, paling banyak 100.", "reports");
        }

        var reports = new List<CaseReport>();
        string? missedUnder = null;
        await using (var session = sessions.Query(regency))
        {
            var clocks = (await session.LoadManyAsync<ReportClock>(cancel, [.. tickets.Distinct().Select(ReportClock.Stream)])).ToDictionary(c => c.Ticket);
            foreach (var ticket in tickets.Distinct())
            {
                if (!clocks.TryGetValue(ticket, out var clock) || (clock.IsOversight && ground == Offices.Secretary))
                {
                    return Denied("report.unknown", $"There is no report {ticket} here.", $"Laporan {ticket} tidak ada di sini.", "reports");
                }

                reports.Add(Of(clock));
                missedUnder ??= clock.AnswersFor;
            }
        }

        var calendar = await calendars.Of(regency, sessions, cancel);
        var now = time.GetUtcNow();
        var terms = await sender.Send(new GetOfficeTerms(regency), cancel);
        var office = Offices.HeadOf(command.Department ?? "");
        var term = command.Term is { } named ? terms.FirstOrDefault(t => t.Id == named && t.Office == office)
            : terms.FirstOrDefault(t => t.Id == missedUnder && t.Office == office) ?? terms.FirstOrDefault(t => t.Office == office && t.Holds(calendar.Days.Day(now)));
        return term is null
            ? Denied("term.unknown", "Name a department whose head is known, or the id of a term of that office.", "Sebutkan OPD yang kepalanya diketahui, atau id masa jabatannya.", command.Term is null ? "department" : "term")
            : await Open(regency, term.Id, command.Department!, ground, reports, command.Reason, null, cancel) is { } id
                ? await Show(regency, id, cancel)
                : Denied("case.moved", "Somebody else did something at the same moment. Read again and decide anew.", "Ada yang berubah pada saat yang sama. Baca kembali lalu putuskan lagi.", kind: DenialKind.Conflict);
    }

    /// <summary>A report that has reached the last rung brings a case against whoever headed the department when its step was missed, or adds to the one that is open.</summary>
    public async Task Handle(Committed<LadderClimbed> committed, CancellationToken cancel)
    {
        var (climbed, envelope) = committed;
        if (climbed is { To: Rung.Regent, Head: { } term, Department: { } department })
        {
            call.Actor = Actor.System("ladder");
            _ = await Open(envelope.Regency.Value, term, department, "ladder", [new CaseReport(climbed.Ticket, climbed.Rule, climbed.IsOversight)], null, envelope.Id, cancel)
                ?? throw new InvalidOperationException($"Cases of {term} change too fast.");
        }
    }

    // One open case a head: what comes meanwhile is added to it.
    private async Task<string?> Open(
        string regency, string term, string department, string ground, IReadOnlyList<CaseReport> reports, string? reason, Guid? cause, CancellationToken cancel)
    {
        var calendar = await calendars.Of(regency, sessions, cancel);
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            await using var session = sessions.Open(regency);
            var known = await session.Query<Case>().Where(c => c.Term == term).ToListAsync(cancel);
            if (cause is { } event_ && known.FirstOrDefault(c => c.Causes.Contains(event_)) is { } done)
            {
                return done.Id;
            }

            var id = Case.Stream(term, known.Count + 1);
            if (known.FirstOrDefault(c => c.State is CaseState.Open or CaseState.Stated) is { } open)
            {
                id = open.Id;
                var stream = await session.Events.FetchForWriting<Case>(id, cancel);
                CaseReportAdded[] added = [.. reports.Where(r => stream.Aggregate!.Reports.All(k => k.Ticket != r.Ticket)).Select(r => new CaseReportAdded(r, cause))];
                if (added.Length == 0 || stream.Aggregate!.State is not (CaseState.Open or CaseState.Stated))
                {
                    return id;
                }

                stream.AppendMany(added);
            }
            else
            {
                var seal = reason is null ? null : await Seal(session, regency, id, cancel);
                session.Events.StartStream<Case>(id, new CaseOpened(
                    id, term, department, ground, reports, seal?.Seal(reason!.Trim()), calendar.Days.Deadline(time.GetUtcNow(), StatementWithin), cause));
            }

            try
            {
                await session.SaveChangesAsync(cancel);
                return id;
            }
            catch (Exception failure) when (LostRace.Is(failure))
            {
                // Another report of the same head climbed at the same moment.
            }
        }

        return null;
    }

    public Task<Decided<CaseDetails>> Handle(AddToCase command, CancellationToken cancel) => Move(command.Regency, command.Case, CaseMove.Add, async (known, by, _) =>
    {
        await using var session = sessions.Query(command.Regency);
        return command.Ticket is null || await session.LoadAsync<ReportClock>(ReportClock.Stream(command.Ticket), cancel) is not { } clock || (clock.IsOversight && !by.HasFlag(CaseParty.Regent))
            ? new Denial("report.unknown", $"There is no report {command.Ticket} here.", $"Laporan {command.Ticket} tidak ada di sini.", "ticket")
            : known.Reports.Any(r => r.Ticket == command.Ticket) ? null : new CaseReportAdded(Of(clock), null);
    }, cancel);

    public Task<Decided<CaseDetails>> Handle(StateInCase command, CancellationToken cancel) => Move(command.Regency, command.Case, CaseMove.State, (_, _, seal) =>
        Task.FromResult<object?>((object?)Text(command.Text, "text", isNeeded: true) ?? new CaseStatementGiven(seal(command.Text)!)), cancel);

    public Task<Decided<CaseDetails>> Handle(DecideCase command, CancellationToken cancel) => Move(command.Regency, command.Case, CaseMove.Decide, (known, _, seal) =>
        Task.FromResult<object?>(!Enum.TryParse<CaseOutcome>(command.Outcome, ignoreCase: true, out var outcome) || char.IsAsciiDigit(command.Outcome![0])
            ? new Denial("outcome.unknown", "One of explained, reminder, writtenWarning, referred.", "Salah satu dari explained, reminder, writtenWarning, referred.", "outcome")
            : (object?)Text(command.Reason, "reason", isNeeded: true) ?? new CaseDecided(known.Id, known.Term, outcome, seal(command.Reason)!)), cancel);

    public Task<Decided<CaseDetails>> Handle(CloseCase command, CancellationToken cancel) => Move(command.Regency, command.Case, CaseMove.Close, (_, _, seal) =>
        Task.FromResult<object?>((object?)Text(command.Note, "note", isNeeded: false) ?? new CaseClosed(seal(command.Note))), cancel);

    private async Task<Decided<CaseDetails>> Move(
        string regency, string id, CaseMove move, Func<Case, CaseParty, Func<string?, string?>, Task<object?>> decide, CancellationToken cancel)
    {
        var by = await Parties(regency, cancel);
        await using var session = sessions.Open(regency);
        if (!id.StartsWith("case-", StringComparison.Ordinal) || await session.LoadAsync<Case>(id, cancel) is null)
        {
            return Decided<CaseDetails>.Denied(Unknown);
        }

        var stream = await session.Events.FetchForWriting<Case>(id, cancel);
        var known = stream.Aggregate!;
        if ((by(known) & CaseTable.Concerned) == 0 && known.State is CaseState.Open or CaseState.Stated)
        {
            return Decided<CaseDetails>.Denied(Unknown);
        }

        if (CaseTable.Check(known, move, by(known), time.GetUtcNow()) is { } denial)
        {
            return Decided<CaseDetails>.Denied(denial);
        }

        var seal = await Seal(session, regency, id, cancel);
        var decision = await decide(known, by(known), text => string.IsNullOrWhiteSpace(text) ? null : seal.Seal(text.Trim()));
        if (decision is Denial refused)
        {
            return Decided<CaseDetails>.Denied(refused);
        }

        if (decision is not null)
        {
            stream.AppendOne(decision);
            try
            {
                await session.SaveChangesAsync(cancel);
            }
            catch (Exception failure) when (LostRace.Is(failure))
            {
                return Denied("case.moved", "Somebody else did something at the same moment. Read again and decide anew.", "Ada yang berubah pada saat yang sama. Baca kembali lalu putuskan lagi.", kind: DenialKind.Conflict);
            }
        }

        return await Show(regency, id, cancel);
    }

    private async Task<Decided<CaseDetails>> Show(string regency, string id, CancellationToken cancel)
    {
        await using var session = sessions.Query(regency);
        return Decided<CaseDetails>.Done((await View(session, regency, [(await session.LoadAsync<Case>(id, cancel))!], null, cancel))[0]);
    }

    // Until it is decided a case exists only for those concerned; then for all who work here, but not what was said in it. Who may see it is decided on what
    // it is now, also when it is shown as it was.
    private async Task<IReadOnlyList<CaseDetails>> View(IQuerySession session, string regency, IReadOnlyList<Case> cases, DateTimeOffset? before, CancellationToken cancel)
    {
        var (by, now) = (await Parties(regency, cancel), time.GetUtcNow());
        var isStaff = call.Actor.Is(regency, Role.Officer, Role.Dispatcher, Role.Regent, Role.Auditor);
        var visible = cases.Where(c => (by(c) & CaseTable.Concerned) != 0 || (isStaff && c.State is CaseState.Decided or CaseState.Closed)).ToArray();
        if (before is { } instant)
        {
            var then = await Before(session, [.. visible.Select(c => c.Id)], instant, cancel);
            visible = [.. visible.Select(c => then.GetValueOrDefault(c.Id) is { } was ? was with { Version = c.Version } : null).OfType<Case>()];
        }

        // Whoever is shown what was said in it is written down first.
        await session.Record(call, [.. visible.Where(c => (by(c) & CaseTable.Concerned) != 0).Select(c => new DataRead(c.Id, c.Version, "case"))], cancel);
        var names = (await sender.Send(new GetOfficeTerms(regency), cancel)).ToDictionary(t => t.Id, t => t.Name);
        var reader = await personal.Reader(session, visible.SelectMany(c => new[] { c.Reason, c.Statement, c.Decision, c.Note }), cancel);
        return [.. visible.Select(c =>
        {
            var party = by(c);
            string? Said(string? text) => (party & CaseTable.Concerned) == 0 ? null : reader.Open(text);
            var seesOversight = (party & (CaseParty.Regent | CaseParty.Inspectorate | CaseParty.Auditor)) != 0;
            return new CaseDetails(
                c.Id, c.Department, c.Term, names.GetValueOrDefault(c.Term, c.Term), c.State, c.Ground, [.. c.Reports.Where(r => !r.IsOversight || seesOversight)], c.OpenedAt, c.StatementDueAt,
                Said(c.Reason), Said(c.Statement), c.Outcome, Said(c.Decision), Said(c.Note), c.DecidedAt, before is null ? CaseTable.Allowed(c, party, now) : []);
        })];
    }

    private async Task<Func<Case, CaseParty>> Parties(string regency, CancellationToken cancel)
    {
        var actor = call.Actor;
        var (offices, _) = await held.By(actor, regency, cancel);
        // Also a head who has left office: the case is against the person.
        var own = actor.Role is Role.Citizen or Role.Integrator or Role.Operator ? []
            : (await sender.Send(new GetOfficeTerms(regency), cancel)).Where(t => t.User == actor.Id).Select(t => t.Id).ToHashSet();
        var isInspectorate = actor is { Role: Role.Officer, Department: { } department } && actor.Is(regency, Role.Officer)
            && (await sender.Send(new GetDepartments(regency), cancel)).Any(d => d.Code == department && d.Kind == DepartmentKind.Oversight);
        return known => !actor.Is(regency, actor.Role) ? CaseParty.None
            : (own.Contains(known.Term) ? CaseParty.Head : CaseParty.None)
            | (offices.Contains(Offices.Secretary) ? CaseParty.Secretary : CaseParty.None)
            | (offices.Contains(Offices.Regent) ? CaseParty.Regent : CaseParty.None)
            | (isInspectorate ? CaseParty.Inspectorate : CaseParty.None)
            | (actor.Role == Role.Auditor ? CaseParty.Auditor : CaseParty.None);
    }

    private Task<PersonSeal> Seal(IDocumentSession session, string regency, string id, CancellationToken cancel) =>
        personal.SealFor(session, personal.PersonId(regency, id), cancel);

    private static CaseReport Of(ReportClock clock) => new(clock.Ticket, clock.Climbed?.Rule ?? clock.Next()?.Rule ?? clock.Deadlines[^1].Rule, clock.IsOversight);

    private static Denial? Text(string? text, string field, bool isNeeded) =>
        isNeeded && string.IsNullOrWhiteSpace(text) ? new Denial($"{field}.missing", "Write it in words.", "Tulis dengan kata-kata.", field)
        : text?.Length > MaxText ? new Denial($"{field}.too_long", $"At most {MaxText} characters.", $"Paling banyak {MaxText} huruf.", field) : null;

    private static Decided<CaseDetails> Denied(string code, string english, string indonesian, string? field = null, DenialKind kind = DenialKind.Invalid) =>
        Decided<CaseDetails>.Denied(new Denial(code, english, indonesian, field, kind));
}
