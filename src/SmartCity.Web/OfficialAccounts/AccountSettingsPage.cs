using MediatR;
using Microsoft.AspNetCore.Http;
using SmartCity.Channels.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Web.Shared;

namespace SmartCity.Web.OfficialAccounts;

/// <summary>An operator enters, changes or removes an account at a provider. What is secret is typed and never shown.</summary>
internal static class AccountSettingsPage
{
    private const string Removes = "hapus-";

    public static async Task<IResult> Show(HttpContext http, ISender sender, CancellationToken cancel)
    {
        var (form, department) = (http.Request.Query["akun"].ToString(), http.Request.Query["opd"].ToString());
        return await Draw(department.Length > 0 ? $"{form}.{department}" : form, null, http, sender, cancel);
    }

    public static async Task<IResult> Save(string account, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var (regency, form) = (http.Regency().Id, http.Request.Form);
        if (await sender.Send(new GetChannelAccount(regency, account), cancel) is not { } known)
        {
            return Pages.NotFound();
        }

        var typed = new Dictionary<string, string?>();
        foreach (var setting in known.Settings.Where(s => form.ContainsKey(s.Name)))
        {
            // A secret that nothing is typed for stays as it is; other fields say what they are now.
            if (form.TextOrNull(setting.Name) is { } text ? text != setting.Value : setting.IsSecret ? form.IsTicked(Removes + setting.Name) : setting.IsSet)
            {
                typed[setting.Name] = form.TextOrNull(setting.Name);
            }
        }

        var outcome = await sender.Send(new SetChannelAccount(regency, account, typed), cancel);
        return outcome switch
        {
            { IsUnknown: true } => Pages.NotFound(),
            { Account: { Note: null } } => Pages.SeeOther($"/{regency}/meja/akun?tersimpan={Uri.EscapeDataString(account)}#penyedia"),
            // What the provider said of it stands beside the form.
            _ => await Draw(account, outcome, http, sender, cancel),
        };
    }

    public static async Task<IResult> Remove(string account, HttpContext http, ISender sender, CancellationToken cancel) =>
        await sender.Send(new RemoveChannelAccount(http.Regency().Id, account), cancel)
            ? Pages.SeeOther($"/{http.Regency().Id}/meja/akun?dimatikan={Uri.EscapeDataString(account)}#penyedia") : Pages.NotFound();

    private static async Task<IResult> Draw(string account, ChannelAccountOutcome? outcome, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        return (outcome?.Account ?? await sender.Send(new GetChannelAccount(regency, account), cancel)) is not { } shown ? Pages.NotFound() : Pages.Show<AccountSettingsView>(new
        {
            Account = shown,
            Names = await Names.Of(regency, sender, cancel),
            Faults = outcome?.Faults ?? [],
            // Secrets are not sent back to the browser, not even those just typed.
            Typed = outcome is { Account: null } ? shown.Settings.Where(s => !s.IsSecret).ToDictionary(s => s.Name, s => http.Request.Form.Text(s.Name)) : null,
        }, outcome is { Account: null } ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK);
    }
}

/// <summary>The form of one account.</summary>
public partial class AccountSettingsView;
