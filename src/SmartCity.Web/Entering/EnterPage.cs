using MediatR;
using Microsoft.AspNetCore.Http;
using SmartCity.Channels.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Web.Shared;

namespace SmartCity.Web.Entering;

/// <summary>An operator enters what somebody said by telephone, letter, radio or in person, and tells them what no channel can bring.</summary>
internal static class EnterPage
{
    private const int Most = 500;

    public static Task<IResult> Show(HttpContext http, ISender sender, CancellationToken cancel) => Draw([], http, sender, cancel);

    public static async Task<IResult> Enter(HttpContext http, ISender sender, CallContext call, CancellationToken cancel)
    {
        var form = http.Request.Form;
        if (DeskWay.All.All(way => way.Code != form.Text("cara")))
        {
            return await Draw([new Refusal("how.unknown", "Choose how it came.", "Pilih caranya masuk.", "cara")], http, sender, cancel);
        }

        call.OnBehalfOf = "citizen";
        var outcome = await sender.Send(new FileReport(
            http.Regency().Id, form.Text("cara"), form.TextOrNull("kiriman"), null, form.TextOrNull("kategori"), form.TextOrNull("uraian"), new ReportPlace(null, null, form.TextOrNull("tempat")),
            new ReporterDetails(FirstName: form.TextOrNull("nama"), Phone: form.TextOrNull("telepon"), Email: form.TextOrNull("surel")), [],
            IsAnonymous: form.IsTicked("anonim"), IsConfidential: form.IsTicked("rahasia")), cancel);
        return outcome.Value is { } filed ? Pages.SeeOther($"/{http.Regency().Id}/meja/catat?dicatat={filed.Ticket}") : await Draw(outcome.Refusals, http, sender, cancel);
    }

    public static async Task<IResult> Told(Guid id, HttpContext http, ISender sender, CancellationToken cancel) =>
        await sender.Send(new RecordTold(http.Regency().Id, id), cancel) == ToldOutcome.Unknown ? Pages.NotFound() : Pages.SeeOther($"/{http.Regency().Id}/meja/catat#sampaikan");

    private static async Task<IResult> Draw(IReadOnlyList<Refusal> refusals, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        var waiting = (await sender.Send(new GetOutbox(regency, Limit: Most, State: OutgoingState.Failed), cancel)).Where(m => DeskWay.All.Any(way => way.Code == m.Channel)).OrderBy(m => m.QueuedAt).ToArray();
        return Pages.Show<EnterView>(new
        {
            Refusals = refusals,
            Waiting = (IReadOnlyList<OutgoingMessage>)waiting,
            Names = await Names.Of(regency, sender, cancel),
            Submission = http.Request.HasFormContentType && http.Request.Form.TextOrNull("kiriman") is { } same ? same : Guid.NewGuid().ToString("N"),
        }, refusals.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
    }
}

/// <summary>The form, and what is to be told.</summary>
public partial class EnterView;
