using MediatR;
using Microsoft.AspNetCore.Http;
using SmartCity.Channels.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Web.Shared;

namespace SmartCity.Web.Incidents;

/// <summary>Bursts of similar reports, and one answer for all who reported one.</summary>
internal static class IncidentsPage
{
    public static Task<IResult> Show(HttpContext http, ISender sender, CancellationToken cancel) => Draw(false, http, sender, cancel);

    public static async Task<IResult> Tell(string id, HttpContext http, ISender sender, CancellationToken cancel) =>
        await sender.Send(new BroadcastToIncident(http.Regency().Id, id, http.Request.Form.TextOrNull("teks")), cancel) switch
        {
            BroadcastOutcome.Done => Pages.SeeOther($"/{http.Regency().Id}/meja/kejadian?dikirim=1"),
            BroadcastOutcome.BadText => await Draw(true, http, sender, cancel),
            _ => Pages.NotFound(),
        };

    private static async Task<IResult> Draw(bool isRefused, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        return Pages.Show<IncidentsView>(new
        {
            Incidents = await sender.Send(new GetIncidents(regency), cancel),
            Names = await Names.Of(regency, sender, cancel),
            IsRefused = isRefused,
        }, isRefused ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK);
    }
}

/// <summary>The incidents.</summary>
public partial class IncidentsView;
