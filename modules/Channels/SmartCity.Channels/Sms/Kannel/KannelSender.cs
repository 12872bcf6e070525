using System.Net;
using SmartCity.Channels.Accounts;
using SmartCity.Channels.Outbox;

namespace SmartCity.Channels.Sms.Kannel;

/// <summary>
/// Sends by Kannel's sendsms. It has no key that makes sending twice harmless and cannot be searched: what became of a try whose end nobody
/// saw is told by its delivery reports, and when none comes, a person decides.
/// </summary>
internal sealed class KannelSender(IHttpClientFactory clients, ChannelAccounts accounts, TimeProvider time) : IChannelSender
{
    /// <summary>So long is waited for a report.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15), LookAgain = TimeSpan.FromMinutes(1);

    public string Channel => SmsChannel.Name;

    public async Task<Delivery> Send(Letter letter, CancellationToken cancel)
    {
        if (await accounts.Named(letter.Regency, KannelAccount.Form, letter.Account, cancel) is not { } account || account.Get(KannelAccount.SendUrl) is not { } url)
        {
            return new Delivery.Refused("Not sent: the regency has no Kannel to send by.");
        }

        var query = new List<(string Name, string? Value)>
        {
            ("username", account.Get(KannelAccount.Username)),
            ("password", account.Get(KannelAccount.Password)),
            ("from", account.Get(KannelAccount.From)),
            ("to", letter.To),
            ("text", letter.Text),
            ("charset", "UTF-8"),
            ("coding", SmsText.IsGsm(letter.Text) ? "0" : "2"),
            ("smsc", account.Get(KannelAccount.Smsc)),
        };
        if (account.Get(KannelAccount.CallbackUrl) is { } callback)
        {
            query.Add(("dlr-mask", "31"));
            query.Add(("dlr-url", $"{callback.TrimEnd('/')}/channels/{letter.Regency}/sms/kannel/report?msg={letter.Id:N}{(letter.Try is { } attempt ? $"&try={attempt:N}" : "")}&key={KannelAccount.ReportKey(account[KannelAccount.Secret], letter.Id, letter.Try)}&st=%d&fid=%F&ans=%A"));
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, $"{url}?{string.Join('&', query.Where(q => q.Value is not null).Select(q => $"{q.Name}={Uri.EscapeDataString(q.Value!)}"))}");
        return await ProviderCall.Send(clients.CreateClient(SmsSender.Client), request, "Kannel", time,
            // "0: Accepted for delivery", "3: Queued for later delivery": it is no longer ours. Kannel gives no id of it; our own is in its reports.
            (response, body) => response.StatusCode == HttpStatusCode.Accepted || body.StartsWith("0:", StringComparison.Ordinal) || body.StartsWith("3:", StringComparison.Ordinal) ? $"kannel:{letter.Id:N}" : null,
            cancel, body => body.Length <= 100 && !body.Contains('<') ? body.Trim().TrimEnd('.') : null);
    }

    /// <summary>Has nothing sent to nobody: Kannel looks at name and password first, and then misses the number.</summary>
    public async Task<(bool Works, string Detail)?> Test(string regency, string name, CancellationToken cancel)
    {
        if (await accounts.Named(regency, KannelAccount.Form, name, cancel) is not { } account)
        {
            return null;
        }

        if (account.Get(KannelAccount.SendUrl) is not { } url)
        {
            return (false, "It only receives: there is no address to send to.");
        }

        string Of(string setting) => Uri.EscapeDataString(account.Get(setting) ?? "");
        using var response = await clients.CreateClient(SmsSender.Client).GetAsync(new Uri($"{url}?username={Of(KannelAccount.Username)}&password={Of(KannelAccount.Password)}&text=-"), cancel);
        return response.StatusCode == HttpStatusCode.BadRequest ? (true, "Kannel takes name and password.")
            : (false, response.StatusCode == HttpStatusCode.Forbidden ? "Kannel does not take name and password." : $"Kannel answered {(int)response.StatusCode}.");
    }

    public Task<Delivery> Find(Letter letter, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        return Task.FromResult<Delivery>(new Delivery.Unknown("Kannel has sent no report of it", now - letter.AttemptedAt < Patience ? now + LookAgain : null));
    }
}
