using Carter;
using MediatR;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.Moderating;

/// <summary>Body of hiding.</summary>
internal sealed record HideBody : ReportBody
{
    /// <summary>Which photo, from 1.</summary>
    public int? Photo { get; init; }

    /// <summary>Which words: <c>description</c>, <c>address</c>, <c>links</c>, or the id of an entry of the timeline.</summary>
    public string? Words { get; init; }

    /// <summary>What everybody reads instead of the words.</summary>
    public string? Instead { get; init; }

    /// <summary>One of <see cref="HidingReasons"/>.</summary>
    public string? Reason { get; init; }

    /// <summary>For the staff.</summary>
    public string? Note { get; init; }
}

/// <summary>The desk hides a photo or words from everybody but staff and the reporter, and shows them again.</summary>
internal sealed class ModerationEndpoints : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapReportCommand<HideBody>("hidings", "Hide a photo (photo: NUMBER) or words (words: description, address, links or the id of a timeline entry; instead: what everybody reads) from the public; reason: personal, abuse, shocking, accusation, unrelated", (body, report) =>
            new HideFromPublic(report.Regency, report.Ticket, body.Photo, body.Words, body.Instead, body.Reason, body.Note, report.ExpectedVersion)).RequireRole(Role.Dispatcher, Role.Officer);
        app.MapReportCommand<HideBody>("showings", "Show a photo or words to the public again that were hidden", (body, report) =>
            new ShowToPublic(report.Regency, report.Ticket, body.Photo, body.Words, body.Note, report.ExpectedVersion)).RequireRole(Role.Dispatcher, Role.Officer);
    }
}

internal sealed class ModerationHandler(ReportStreams reports) : IRequestHandler<HideFromPublic, Outcome<ReportVersion>>, IRequestHandler<ShowToPublic, Outcome<ReportVersion>>
{
    public Task<Outcome<ReportVersion>> Handle(HideFromPublic command, CancellationToken cancel) =>
        reports.Decide(command, command.Number is null ? Move.HideWords : Move.HidePhoto, (report, act) => Decide(report, command, act), cancel);

    public Task<Outcome<ReportVersion>> Handle(ShowToPublic command, CancellationToken cancel) =>
        reports.Decide(command, command.Number is null ? Move.ShowWords : Move.ShowPhoto, (report, act) => Decide(report, command, act), cancel);

    public static Decision Decide(Report report, HideFromPublic command, Act act)
    {
        if (Which(report, command.Number, command.Of) is { } unknown)
        {
            return Decision.Refused(unknown);
        }

        if (command.Reason is not { } reason || !HidingReasons.All.Contains(reason))
        {
            return Decision.Refused("reason.unknown", $"Choose a reason: {string.Join(", ", HidingReasons.All)}.", "Pilih alasan: data pribadi, makian, mengejutkan, tuduhan, atau tidak berkaitan.", "reason");
        }

        if ((Typed.Text(command.Instead, "instead") ?? Typed.Text(command.Note, "note")) is { } fault)
        {
            return Decision.Refused(fault);
        }

        if (command.Number is { } number)
        {
            return command.Instead is { Length: > 0 } ? Decision.Refused("instead.invalid", "Nothing stands in the place of a photo: leave it out.", "Foto tidak diganti tulisan: kosongkan.", "instead")
                : report.HiddenPhotos.GetValueOrDefault(number) == reason ? Decision.Nothing : Decision.Happens(new PhotoHidden(number, reason, act.Seal(command.Note)));
        }

        return command.Of == PublicWords.Links && command.Instead is { Length: > 0 }
            ? Decision.Refused("instead.invalid", "Nothing stands in the place of links: leave it out.", "Tautan tidak diganti tulisan: kosongkan.", "instead")
            : Decision.Happens(new WordsHidden(command.Of!, act.Seal(command.Instead), reason, act.Seal(command.Note)));
    }

    public static Decision Decide(Report report, ShowToPublic command, Act act) =>
        Which(report, command.Number, command.Of) is { } unknown ? Decision.Refused(unknown)
        : Typed.Text(command.Note, "note") is { } fault ? Decision.Refused(fault)
        : command.Number is { } number
            ? report.HiddenPhotos.ContainsKey(number) ? Decision.Happens(new PhotoShown(number, act.Seal(command.Note))) : Decision.Nothing
            : report.HiddenWords.ContainsKey(command.Of!) ? Decision.Happens(new WordsShown(command.Of!, act.Seal(command.Note))) : Decision.Nothing;

    private static Refusal? Which(Report report, int? number, string? of) => (number, of) switch
    {
        ({ }, { }) or (null, null or "") => new("words.missing", "Name one thing: a photo by its number, or words.", "Pilih satu: nomor foto, atau tulisan.", "words"),
        ({ } photo, _) => report.PhotoAt(photo) is not null ? null : new("photo.unknown", $"There is no photo {photo}.", $"Tidak ada foto {photo}.", "photo"),
        _ => report.HasWords(of!) ? null
            : new("words.unknown", $"There are no public words '{of}': use description, address, links, or the id of an entry of the timeline.", "Tulisan itu tidak ada.", "words"),
    };
}
