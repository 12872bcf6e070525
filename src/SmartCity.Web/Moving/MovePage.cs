using System.Globalization;
using MediatR;
using Microsoft.AspNetCore.Http;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.Files;
using SmartCity.Reports.Contracts;
using SmartCity.Web.Filing;
using SmartCity.Web.Following;
using SmartCity.Web.Shared;

namespace SmartCity.Web.Moving;

/// <summary>Takes the forms with which staff and reporters move a report.</summary>
internal static class MovePage
{
    /// <summary>Most parts that the form offers.</summary>
    public const int Parts = 4;

    public static Task<IResult> Assign(string ticket, HttpContext http, ISender sender, Receipts receipts, Photos photos, CallContext call, CancellationToken cancel) =>
        Make(ticket, "assign", http, sender, receipts, photos, call, cancel);

    public static Task<IResult> Answer(string ticket, HttpContext http, ISender sender, Receipts receipts, Photos photos, CallContext call, CancellationToken cancel) =>
        Make(ticket, "answer", http, sender, receipts, photos, call, cancel);

    public static async Task<IResult> Make(
        string ticket, string move, HttpContext http, ISender sender, Receipts receipts, Photos photos, CallContext call, CancellationToken cancel)
    {
        var form = http.Request.Form;
        var (report, secret) = await ReporterAccess.Find(ticket, http, sender, cancel);
        if (report is null)
        {
            return Pages.Error(StatusCodes.Status404NotFound, "report");
        }

        if (Command(move, new Address(http.Regency().Id, report.Ticket, SeenVersion(form), secret), form) is not { } command)
        {
            return Pages.NotFound();
        }

        var (withPhotos, faults) = await WithPhotos(command, http.Request.Form, photos, cancel);
        var outcome = faults.Count > 0
            ? Outcome<ReportVersion>.Refused([.. faults.Select(f => new Refusal(f.Code, FormPhotos.Named(f, f.English), FormPhotos.Named(f, f.Indonesian), f.Field))])
            : await sender.Send(withPhotos, cancel);
        return outcome.Value is { } version ? Pages.SeeOther(Next(http, call.Actor, move, version.Ticket))
            : await OneReportPage.Draw(report.Ticket, new MoveDraft(move, form.ToDictionary(f => f.Key, f => f.Value.ToString()), outcome.Refusals), outcome.Refusals[0].Kind switch
            {
                RefusalKind.NotFound => StatusCodes.Status404NotFound,
                RefusalKind.Conflict => StatusCodes.Status409Conflict,
                RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
                RefusalKind.Busy => StatusCodes.Status503ServiceUnavailable,
                _ => StatusCodes.Status400BadRequest,
            }, http, sender, receipts, call, cancel);
    }

    private sealed record Address(string Regency, string Ticket, long? Version, string? Secret);

    // The version the page was made from; a later one means that somebody else was faster.
    private static long? SeenVersion(IFormCollection form) => long.TryParse(form.Text("versi"), CultureInfo.InvariantCulture, out var version) ? version : null;

    // Staff go on with the next report; a reporter stays with the one there is.
    private static string Next(HttpContext http, Actor actor, string move, string ticket) => (actor.Role == Role.Citizen, move) switch
    {
        (true, _) => $"/{http.Regency().Id}/laporan/{ticket}?langkah={move}",
        // What is done beside the matter leaves one where one was.
        (_, "writeNote" or "take" or "hidePhoto" or "showPhoto" or "hideWords" or "showWords") => $"/{http.Regency().Id}/laporan/{ticket}?langkah={move}",
        (_, "assign") => $"/{http.Regency().Id}/meja?diteruskan={ticket}",
        (_, "answer") => $"/{http.Regency().Id}/meja?dijawab={ticket}",
        _ => $"/{http.Regency().Id}/meja?langkah={move}&laporan={ticket}",
    };

    private static IReportCommand? Command(string move, Address to, IFormCollection form)
    {
        var (regency, ticket, version, secret) = to;
        string? Text(string name) => form.TextOrNull(name);
        return move switch
        {
            "release" => new ReleaseReport(regency, ticket, version),
            "discard" => new DiscardReport(regency, ticket, Text("alasan"), version),
            "verify" => new VerifyReport(regency, ticket, Text("catatan"), version),
            "reject" => new RejectReport(regency, ticket, Text("alasan"), version),
            "assign" => new AssignReport(regency, ticket, form.Text("opd"), Text("catatan"), version),
            "start" => new StartWork(regency, ticket, Text("catatan"), version),
            "answer" => new AnswerReport(regency, ticket, Text("jawaban"), form.IsTicked("selesai"), version, Outcome: Outcome(form)),
            "plan" => new LinkPlannedWork(regency, ticket, Text("rencana"), version),
            "unplan" => new UnlinkPlannedWork(regency, ticket, null, version),
            "close" => new CloseReport(regency, ticket, Text("catatan"), version, secret),
            "reopen" => new ReopenReport(regency, ticket, Text("alasan"), version, secret),
            "judge" => new JudgeAnswer(regency, ticket, Text("puas") is { } satisfied ? satisfied == "ya" : null, Text("alasan"), version, secret),
            "return" => new ReturnReport(regency, ticket, Text("alasan"), version),
            "handOver" => new HandOverReport(regency, ticket, form.Text("opd"), Text("alasan"), version),
            "merge" => new MergeReport(regency, ticket, form.Text("ke"), Text("catatan"), version),
            "split" => new SplitReport(regency, ticket, [.. Enumerable.Range(1, Parts)
                .Where(i => form.Text($"opd-{i}").Length > 0).Select(i => new PartToMake(form.Text($"opd-{i}"), Text($"uraian-{i}")))], version),
            "forward" => new ForwardReport(regency, ticket, Text("instansi-lain") ?? Text("instansi"), Text("nomor-luar"), Text("catatan"), version),
            "ask" => new AskReporter(regency, ticket, Text("pertanyaan"), version),
            "supplement" => new SupplementReport(regency, ticket, Text("tambahan"), [], Guid.TryParseExact(form.Text("kiriman"), "N", out var sending) ? $"page/{sending:N}" : null, null, secret),
            "withdraw" => new WithdrawReport(regency, ticket, Text("alasan"), version, secret),
            "classify" => new ClassifyReport(regency, ticket, Text("kategori"), Text("jenis"), version),
            "protect" => new ProtectReport(regency, ticket, form.IsTicked("anonim"), form.IsTicked("rahasia"), version, secret),
            "stage" => new AdvanceProposal(regency, ticket, Text("tahap"),
                DateOnly.TryParseExact(form.Text("tanggal"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var due) ? due : null, Text("catatan"), version),
            "writeNote" => new WriteStaffNote(regency, ticket, Text("catatan")),
            "take" => new HandleReport(regency, ticket, Text("petugas"), version),
            "hidePhoto" => new HideFromPublic(regency, ticket, Number(Text("nomor-foto")), null, null, Text("sebab"), Text("catatan"), version),
            "showPhoto" => new ShowToPublic(regency, ticket, Number(Text("nomor-foto")), null, Text("catatan"), version),
            "hideWords" => new HideFromPublic(regency, ticket, null, Text("tulisan"), Text("pengganti"), Text("sebab"), Text("catatan"), version),
            "showWords" => new ShowToPublic(regency, ticket, null, Text("tulisan"), Text("catatan"), version),
            "place" => new DecideJurisdiction(regency, ticket, Text("tingkat"), Text("pihak-lain") ?? Text("pihak"), Text("alasan"), version),
            "followUp" => new FollowUpForward(regency, ticket, Text("kabar"), form.IsTicked("beri-tahu"), version),
            _ => null,
        };
    }

    private static int Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    // What does not read as a number is sent as one that no rule takes, so that the field is named.
    private static OutcomeToGive? Outcome(IFormCollection form) => form.TextOrNull("hasil") is not { } kind ? null : new OutcomeToGive(
        kind, form.TextOrNull("kapan"), form.TextOrNull("biaya") is { } cost ? Rupiah.Read(cost) ?? -1 : null, form.TextOrNull("sumber"),
        form.TextOrNull("tahun") is { } year ? int.TryParse(year, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0 : null,
        form.TextOrNull("pekerjaan"), form.TextOrNull("rencana"), form.TextOrNull("alasan"));

    private static async Task<(IReportCommand Command, IReadOnlyList<PhotoFault> Faults)> WithPhotos(IReportCommand command, IFormCollection form, Photos photos, CancellationToken cancel)
    {
        const string before = "sebelum", after = "sesudah", more = "foto";
        var uploads = command switch
        {
            SupplementReport => form.Photos(more),
            AnswerReport => form.Photos(before, after),
            _ => [],
        };
        if (uploads.Count == 0)
        {
            return (command, []);
        }

        var (stored, faults) = await photos.Store(command.Regency, uploads, cancel);
        return (faults.Count > 0 ? command : command switch
        {
            SupplementReport supplement => supplement with { Photos = [.. stored.Select(FormPhotos.ToReportPhoto)] },
            AnswerReport answer => answer with
            {
                Photos = [.. stored.Zip(uploads, (photo, upload) => new AnswerPhoto(upload.Field == before ? AnswerPhoto.Before : AnswerPhoto.After, FormPhotos.ToReportPhoto(photo)))],
            },
            _ => command,
        }, faults);
    }
}

/// <summary>The forms of every move that the reader can make.</summary>
public partial class MoveForms;

/// <summary>One form.</summary>
public partial class MoveForm;
