using SmartCity.Platform.Regencies;
using SmartCity.Web.Shared;

namespace SmartCity.Web.Regencies;

/// <summary>The first page: which regency?</summary>
internal static class RegencyListPage
{
    public static async Task<Microsoft.AspNetCore.Http.IResult> Show(RegencyRegistry regencies, CancellationToken cancel) =>
        Pages.Show<RegencyList>(new { Regencies = await regencies.All(cancel) });
}

/// <summary>The regencies to choose from.</summary>
public partial class RegencyList;
