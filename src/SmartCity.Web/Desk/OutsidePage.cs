using MediatR;
using Microsoft.AspNetCore.Http;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Web.Shared;

namespace SmartCity.Web.Desk;

/// <summary>What is with others, or came from them: bodies to be asked again, and reports between this regency and its neighbours.</summary>
internal static class OutsidePage
{
    private const int Most = 200;

    public static Task<IResult> Show(HttpContext http, ISender sender, TimeProvider time, CancellationToken cancel) => Draw(null, StatusCodes.Status200OK, http, sender, time, cancel);

    public static async Task<IResult> Accept(string id, HttpContext http, ISender sender, TimeProvider time, CancellationToken cancel) =>
        await Next(await sender.Send(new AcceptHandover(http.Regency().Id, id), cancel), http, sender, time, cancel);

    public static async Task<IResult> Decline(string id, HttpContext http, ISender sender, TimeProvider time, CancellationToken cancel) =>
        await Next(await sender.Send(new DeclineHandover(http.Regency().Id, id, http.Request.Form.TextOrNull("alasan")), cancel), http, sender, time, cancel);

    private static async Task<IResult> Next(Outcome<HandoverDetails> outcome, HttpContext http, ISender sender, TimeProvider time, CancellationToken cancel) => outcome.Value is { } decided
        ? Pages.SeeOther($"/{http.Regency().Id}/meja/luar?{(decided.State == "accepted" ? "diterima" : "ditolak")}={Uri.EscapeDataString(decided.From.Ticket)}")
        : await Draw(outcome.Refusals[0], outcome.Refusals[0].Kind switch
        {
            RefusalKind.NotFound => StatusCodes.Status404NotFound,
            RefusalKind.Conflict => StatusCodes.Status409Conflict,
            RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
            _ => StatusCodes.Status400BadRequest,
        }, http, sender, time, cancel);

    private static async Task<IResult> Draw(Refusal? refusal, int status, HttpContext http, ISender sender, TimeProvider time, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        return Pages.Show<OutsideView>(new
        {
            Due = (await sender.Send(new ListReports(regency, new ReportFilter { AskAgainBefore = time.GetUtcNow() }, Limit: Most), cancel)).Reports,
            Names = await Names.Of(regency, sender, cancel),
            Handovers = await sender.Send(new GetHandovers(regency), cancel),
            Refusal = refusal,
        }, status);
    }
}

/// <summary>Lists of what is outside.</summary>
public partial class OutsideView;
