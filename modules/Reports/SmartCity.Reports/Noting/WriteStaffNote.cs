using Carter;
using MediatR;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.Noting;

/// <summary>Body of a note.</summary>
internal sealed record StaffNoteBody : ReportBody
{
    public string? Text { get; init; }
}

/// <summary>Staff write down what only staff read.</summary>
internal sealed class StaffNoteEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapReportCommand<StaffNoteBody>("notes", "Write a note that only staff read", (body, report) =>
            new WriteStaffNote(report.Regency, report.Ticket, body.Text, report.ExpectedVersion))
        .RequireRole(Role.Officer, Role.Dispatcher, Role.Regent);
}

internal sealed class WriteStaffNoteHandler(ReportStreams reports, PersonalData personal) : IRequestHandler<WriteStaffNote, Outcome<ReportVersion>>
{
    public Task<Outcome<ReportVersion>> Handle(WriteStaffNote command, CancellationToken cancel) =>
        reports.Decide(command, Move.WriteNote, async (report, act, change) =>
        {
            if (Check(command) is { } fault)
            {
                return Decision.Refused(fault);
            }

            var seal = await personal.SealFor(change.Session, report.NoteKey ?? PersonalData.UnknownPersonId(), cancel);
            return Decide(command, act, seal.Person, text => seal.Seal(text)!);
        }, cancel);

    public static Decision Decide(WriteStaffNote command, Act act, string key, Func<string, string> seal) =>
        Check(command) is { } fault ? Decision.Refused(fault) : Decision.Happens(new StaffNoted(seal(command.Text!.Trim()), key, act.Actor.Id));

    private static Refusal? Check(WriteStaffNote command) => Typed.Text(command.Text, "text", "Write the note.", "Tulis catatannya.");
}

/// <summary>What staff noted on an erased reporter's report speaks of the person too: its key goes with the reporter's.</summary>
internal sealed class ForgetNotes(RegencySessions sessions, PersonalTraces traces) : INotificationHandler<PersonForgotten>
{
    public async Task Handle(PersonForgotten forgotten, CancellationToken cancel)
    {
        await using var session = sessions.Query(forgotten.Regency);
        foreach (var key in forgotten.Keys)
        {
            if (key is not { Stream: { } stream, Ground: { } ground } || await session.LoadAsync<Report>(stream, cancel) is not { } whole)
            {
                continue;
            }

            Report[] reports = [whole, .. whole.Parts.Count == 0 ? [] : await session.LoadManyAsync<Report>(cancel, [.. whole.Parts.Select(part => part.Ticket)])];
            var notes = reports.Where(report => report.Filed.Reporter == key.Id).Select(report => report.NoteKey).OfType<string>().ToArray();
            if (notes.Length > 0)
            {
                await traces.Erase(forgotten.Regency, notes, ground, null, null, cancel);
            }
        }
    }
}
