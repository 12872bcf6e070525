using MediatR;
using Microsoft.AspNetCore.Http;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Web.Shared;

namespace SmartCity.Web.Desk;

/// <summary>How often the suggestions were what people decided.</summary>
internal static class AccuracyPage
{
    public static async Task<IResult> Show(HttpContext http, ISender sender, CancellationToken cancel) =>
        Pages.Show<AccuracyView>(new { Accuracy = await sender.Send(new GetAccuracy(http.Regency().Id), cancel), Names = await Names.Of(http.Regency().Id, sender, cancel) });
}

/// <summary>Counts, by department and category.</summary>
public partial class AccuracyView;
