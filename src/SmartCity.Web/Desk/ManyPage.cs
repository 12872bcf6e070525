using MediatR;
using Microsoft.AspNetCore.Http;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Web.Shared;

namespace SmartCity.Web.Desk;

/// <summary>Moves several reports at once and says what came of each.</summary>
internal static class ManyPage
{
    public static async Task<IResult> Move(HttpContext http, ISender sender, CancellationToken cancel)
    {
        var (regency, form) = (http.Regency().Id, http.Request.Form);
        string[] tickets = [.. form["laporan"].OfType<string>()];
        IRequest<Outcome<ManyReports>>? command = form.Text("langkah") switch
        {
            "assign" => new AssignReports(regency, tickets, form.Text("opd"), form.TextOrNull("catatan")),
            "answer" => new AnswerReports(regency, tickets, form.TextOrNull("jawaban"), form.IsTicked("selesai")),
            _ => null,
        };
        if (command is null)
        {
            return Pages.NotFound();
        }

        var outcome = await sender.Send(command, cancel);
        return Pages.Show<ManyView>(new { Move = form.Text("langkah"), Results = outcome.Value?.Results ?? [], Refusal = outcome.Value is null ? outcome.Refusals[0] : null },
            outcome.IsDone ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
    }
}

/// <summary>What came of each of several reports.</summary>
public partial class ManyView;
