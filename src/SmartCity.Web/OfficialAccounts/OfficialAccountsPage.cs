using MediatR;
using Microsoft.AspNetCore.Http;
using SmartCity.Channels.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Web.Shared;

namespace SmartCity.Web.OfficialAccounts;

/// <summary>Which departments have the official account that the regent ordered, how long they leave people waiting there, and how the accounts at providers do.</summary>
internal static class OfficialAccountsPage
{
    public static Task<IResult> Show(HttpContext http, ISender sender, CancellationToken cancel) => Draw(null, null, http, sender, cancel);

    public static async Task<IResult> Test(string account, HttpContext http, ISender sender, CancellationToken cancel) =>
        await sender.Send(new TestAccount(http.Regency().Id, account), cancel) is { } test ? await Draw(account, test, http, sender, cancel) : Pages.NotFound();

    private static async Task<IResult> Draw(string? account, AccountTest? test, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        var shown = ShownDay.Read(http);
        return Pages.Show<OfficialAccountsView>(new
        {
            Shown = shown,
            List = await sender.Send(new GetOfficialAccounts(regency, shown.Day), cancel),
            // Who may enter accounts has a form for each that there is or can be.
            Forms = http.Actor().Role == Role.Operator ? await sender.Send(new GetChannelAccounts(regency), cancel) : [],
            Names = await Names.Of(regency, sender, cancel),
            // What providers say is not for every department.
            Health = http.Actor().Role == Role.Officer ? [] : await sender.Send(new GetChannelHealth(regency), cancel),
            Tested = account,
            Outcome = test,
        });
    }
}

/// <summary>The lists.</summary>
public partial class OfficialAccountsView;
