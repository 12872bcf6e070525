using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Accountability.Calendars;
using SmartCity.Accountability.Cases;
using SmartCity.Accountability.Clocks;
using SmartCity.Accountability.Contracts;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Reports.Contracts;

namespace SmartCity.Accountability.Climbing;

/// <summary>An extension as it is sent.</summary>
internal sealed record ExtendBody(int? WorkingDays, string? Reason);

/// <summary>
/// What whoever holds an office of the ladder can do about a report: put its next deadline off once, telling the reporter why; take it over.
/// To send it to another department is a move of the report (assignments, handovers); a case is opened at accountability-cases.
/// </summary>
internal sealed class ActOnLadderEndpoints : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var one = app.MapRegencyApi("/ladder/{ticket}").RequireRole(Role.Officer, Role.Dispatcher, Role.Regent).WithTags("Accountability");
        one.MapPost("extensions", async (string ticket, ExtendBody body, HttpContext http, ISender sender, CancellationToken cancel) =>
            (await sender.Send(new ExtendDeadline(http.Regency().Id, ticket, body.WorkingDays, body.Reason), cancel)).ToResult())
            .WithSummary("Put the next deadline of a report off, once; the reporter is told the reason. For its head, the secretary, the regent");
        one.MapPost("takeovers", async (string ticket, HttpContext http, ISender sender, CancellationToken cancel) =>
            (await sender.Send(new TakeOverReport(http.Regency().Id, ticket), cancel)).ToResult())
            .WithSummary("Take a report over: whoever does so answers for it from now on");
    }
}

internal sealed class ActOnLadderHandler(
    RegencySessions sessions, OfficesHeld held, WorkingCalendars calendars, ISender sender, PersonalData personal, CallContext call, TimeProvider time) :
    IRequestHandler<ExtendDeadline, Decided<LadderPlace>>, IRequestHandler<TakeOverReport, Decided<LadderPlace>>
{
    private const int MaxReason = 1000;

    public Task<Decided<LadderPlace>> Handle(ExtendDeadline command, CancellationToken cancel) => Act(command.Regency, command.Ticket, async (clock, rung, next, calendar, session, _) =>
    {
        var most = calendar.Policy.Ladder.ExtendAtMost;
        if (string.IsNullOrWhiteSpace(command.Reason) || command.Reason.Length > MaxReason)
        {
            return (null, new Denial("reason.missing", $"Write the reason that the reporter will read, at most {MaxReason} characters.", $"Tulis alasan yang akan dibaca pelapor, paling banyak {MaxReason} huruf.", "reason"));
        }

        if (command.WorkingDays is not { } days || days < 1 || days > most)
        {
            return (null, new Denial("workingDays.invalid", $"Between 1 and {most} working days.", $"Antara 1 dan {most} hari kerja.", "workingDays"));
        }

        if (clock.Extended is not null)
        {
            return (null, new Denial("deadline.extended", "It was put off before, and that can be done once.", "Sudah pernah diperpanjang; hanya bisa satu kali.", Kind: DenialKind.Conflict));
        }

        if (clock.StoppedAt is not null)
        {
            return (null, new Denial("deadline.stopped", "The report waits for its reporter or a body outside: nothing is owed meanwhile.", "Laporan menunggu pelapornya atau instansi lain; batas waktu sedang berhenti.", Kind: DenialKind.Conflict));
        }

        var office = Ladder.OfficeOf(rung, clock.Department);
        var secret = await sender.Send(new GetReporterSecret(command.Regency, clock.Ticket), cancel);
        // The reason may speak of the person, so it is sealed with the reporter's key like everything that is said to them.
        var key = (await sender.Send(new GetReporterKey(command.Regency, clock.Ticket, secret), cancel)).Key ?? PersonalData.UnknownPersonId();
        var seal = await personal.SealFor(session, key, cancel);
        return (Ladder.Extend(clock, next, days, office, Ladder.InIndonesian(office), seal.Seal(command.Reason.Trim())!, calendar, time.GetUtcNow()), null);
    }, cancel);

    public Task<Decided<LadderPlace>> Handle(TakeOverReport command, CancellationToken cancel) => Act(command.Regency, command.Ticket, (clock, rung, _, calendar, _, today) =>
    {
        var office = Ladder.OfficeOf(rung, clock.Department);
        return Task.FromResult<(object?, Denial?)>(clock.Rung > rung
            ? (null, new Denial("ladder.above", "It stands with a higher office already.", "Laporan sudah di tangan pejabat yang lebih tinggi.", Kind: DenialKind.Conflict))
            : clock.TakenOverBy == office ? (null, null)
            : (new LadderTakenOver(clock.Ticket, rung, office, today.FirstOrDefault(t => t.Office == office)?.Id, Rules.SilentAt(time.GetUtcNow(), calendar)), null));
    }, cancel);

    private async Task<Decided<LadderPlace>> Act(
        string regency, string ticket,
        Func<ReportClock, Rung, Deadline, RegencyCalendar, Marten.IDocumentSession, IReadOnlyList<OfficeTerm>, Task<(object? Event, Denial? Denial)>> decide, CancellationToken cancel)
    {
        var unknown = new Denial("report.unknown", $"There is no report {ticket} for which you answer.", $"Tidak ada laporan {ticket} yang menjadi tanggung jawab Anda.", "ticket", DenialKind.NotFound);
        var (offices, today) = await held.By(call.Actor, regency, cancel);
        if (offices.Count == 0)
        {
            return Decided<LadderPlace>.Denied(new Denial("office.none", "Only for whoever heads the department today, the regional secretary and the regent.", "Hanya untuk kepala OPD yang menjabat hari ini, sekretaris daerah, dan bupati/wali kota.", Kind: DenialKind.Forbidden));
        }

        await using var session = sessions.Open(regency);
        var stream = await session.Events.FetchForExclusiveWriting<ReportClock>(ReportClock.Stream(ticket), cancel);
        if (stream.Aggregate is not { } clock || Ladder.RungOf(clock, offices) is not { } rung)
        {
            return Decided<LadderPlace>.Denied(unknown);
        }

        if (clock.Next() is not { } next)
        {
            return Decided<LadderPlace>.Denied(new Denial("deadline.none", "Nothing is owed for this report any more.", "Tidak ada lagi yang harus dikerjakan untuk laporan ini.", Kind: DenialKind.Conflict));
        }

        var (@event, denial) = await decide(clock, rung, next, await calendars.Of(regency, sessions, cancel), session, today);
        if (denial is not null)
        {
            return Decided<LadderPlace>.Denied(denial);
        }

        if (@event is not null)
        {
            stream.AppendOne(@event);
            try
            {
                await session.SaveChangesAsync(cancel);
            }
            catch (Exception failure) when (LostRace.Is(failure))
            {
                return Decided<LadderPlace>.Denied(new Denial("ladder.moved", "The report moved at the same moment. Read it again and decide anew.", "Laporan berubah pada saat yang sama. Baca kembali lalu putuskan lagi.", Kind: DenialKind.Conflict));
            }

            clock = ReportClock.After(clock, clock.Id, @event)!;
        }

        return Decided<LadderPlace>.Done(new LadderPlace(clock.Ticket, clock.Rung, clock.Office, clock.Next()?.Step, clock.Next()?.DueAt, clock.Next()?.Rule));
    }
}
