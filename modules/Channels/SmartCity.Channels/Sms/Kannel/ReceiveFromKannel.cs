using System.Globalization;
using System.Text;
using Carter;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using SmartCity.Channels.Accounts;
using SmartCity.Channels.Outbox;
using SmartCity.Channels.Receiving;
using SmartCity.Channels.Sms.Joining;
using SmartCity.Platform.Access;
using SmartCity.Platform.Problems;

namespace SmartCity.Channels.Sms.Kannel;

/// <summary>Where Kannel brings messages and delivery reports. It signs nothing, so it proves itself by a secret, and hears 200 only when the message is on disk.</summary>
internal sealed class KannelWebhook : ICarterModule
{
    private const int MaxBody = 64 * 1024, LongestId = 200, LongestText = 4000;

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var kannel = app.MapGroup("/channels/{code}/sms/kannel").InRegency().WithTags("Channels");
        kannel.MapMethods("", ["GET", "POST"], Receive).DisableAntiforgery().WithSummary("Kannel brings an SMS (sms-service): from, to, text, id, udh, coding, charset; the secret by Basic or secret=");
        kannel.MapMethods("/report", ["GET", "POST"], Report).DisableAntiforgery().WithSummary("Kannel says what became of an SMS of ours: msg, try, key, st, fid, ans");
    }

    private static async Task<IResult> Receive(
        HttpContext http, ChannelAccounts accounts, ReceiveMessage inbox, ReceiveParts joining, TimeProvider time, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        if (await accounts.Find(regency, KannelAccount.Form.Name, cancel) is not { } account)
        {
            return NotConfigured(http);
        }

        if (await Form(http.Request, cancel) is not { } form)
        {
            return Problem.From(StatusCodes.Status413PayloadTooLarge, new Fault("body.too_large", $"At most {MaxBody} bytes."));
        }

        if (!SharedSecret.IsSame(account[KannelAccount.Secret], Secret(http.Request, form)))
        {
            return Problem.From(StatusCodes.Status401Unauthorized, new Fault("secret.wrong", "Send this regency's secret as the password of HTTP Basic, or as secret=.", "secret"));
        }

        var (id, from, to, text) = (form.Value("id"), form.Value("from"), form.Value("to"), form.Text());
        if (id is null || id.Length > LongestId)
        {
            return Problem.BadRequest(new Fault("id.missing", $"Send Kannel's id of the message as id=%I, at most {LongestId} characters: by it a delivery that is repeated is known.", "id"));
        }

        if (from is null || from.Length > 40)
        {
            return Problem.BadRequest(new Fault("from.missing", "Send the sender's number as from=%q.", "from"));
        }

        if (text is null || text.Length > LongestText || text.Contains('\0'))
        {
            return Problem.BadRequest(new Fault("text.invalid", $"Send the text as text=%b, at most {LongestText} characters, with charset=%C.", "text"));
        }

        var own = SmsMessages.WrittenTo(await accounts.All(regency, [KannelAccount.Form], cancel), KannelAccount.From, to ?? "");
        if (PartHeader.Read(form.Raw("udh")) is { } part)
        {
            await joining.Handle(regency, KannelAccount.Prefix + id, from, to ?? "", text, own, part, cancel);
        }
        else
        {
            await inbox.Handle(regency, SmsMessages.Of(KannelAccount.Prefix + id, from, to ?? "", text, [], own, time.GetUtcNow()), cancel);
        }

        // What is in the body Kannel would send to the citizen.
        return Results.Text("");
    }

    private static async Task<IResult> Report(string? msg, [FromQuery(Name = "try")] Guid? attempt, string? key, string? st, string? fid, HttpContext http, ChannelAccounts accounts, OutboxStore outbox, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        if (await accounts.Find(regency, KannelAccount.Form.Name, cancel) is not { } account)
        {
            return NotConfigured(http);
        }

        if (!Guid.TryParse(msg, out var message) || !SharedSecret.IsSame(KannelAccount.ReportKey(account[KannelAccount.Secret], message, attempt), key ?? ""))
        {
            return Problem.From(StatusCodes.Status401Unauthorized, new Fault("key.wrong", "Reports come to the address that was given with the message.", "key"));
        }

        fid = fid is { Length: > 0 } ? fid : null;
        Receipt? receipt = int.TryParse(st, CultureInfo.InvariantCulture, out var state) ? state switch
        {
            1 => new Receipt(ReceiptKind.Delivered, fid),
            2 => new Receipt(ReceiptKind.Undelivered, fid, "It could not be delivered."),
            16 => new Receipt(ReceiptKind.Undelivered, fid, "The SMS centre rejected it."),
            4 or 8 => new Receipt(ReceiptKind.Taken, fid),
            _ => null,
        } : null;
        if (receipt is null)
        {
            return Problem.BadRequest(new Fault("st.unknown", "Send Kannel's state as st=%d.", "st"));
        }

        await outbox.Told(regency, message, receipt with { Try = attempt }, cancel);
        return Results.Text("");
    }

    private static IResult NotConfigured(HttpContext http) =>
        Problem.NotFound("sms.not_configured", $"{http.Regency().Name} has no account {KannelAccount.Form.Name} here: an operator sets it at channel-accounts.", "code");

    private static string Secret(HttpRequest request, KannelForm form)
    {
        const string Basic = "Basic ";
        if (request.Headers.Authorization.ToString() is { } given && given.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
        {
            var bytes = new byte[given.Length];
            return Convert.TryFromBase64String(given[Basic.Length..].Trim(), bytes, out var length) && Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [_, var password] ? password : "";
        }

        return form.Value("secret") ?? "";
    }

    /// <summary>From the query, a form, or the body and Kannel's headers (post-url); null when it is too large.</summary>
    private static async Task<KannelForm?> Form(HttpRequest request, CancellationToken cancel)
    {
        var form = new KannelForm().Add(request.QueryString.Value ?? "");
        if (!HttpMethods.IsPost(request.Method))
        {
            return form;
        }

        if (await RawBody.Read(request, MaxBody, cancel) is not { } body)
        {
            return null;
        }

        if (request.HasFormContentType)
        {
            return form.Add(Encoding.ASCII.GetString(body));
        }

        byte[]? Header(string name) => request.Headers[name].ToString() is { Length: > 0 } value ? Encoding.UTF8.GetBytes(value) : null;
        return form.Add("text", body).Add("from", Header("X-Kannel-From")).Add("to", Header("X-Kannel-To")).Add("udh", Header("X-Kannel-UDH"))
            .Add("coding", Header("X-Kannel-Coding")).Add("smsc", Header("X-Kannel-SMSC"))
            .Add("charset", request.ContentType is { } type && type.Split("charset=") is [_, var charset] ? Encoding.UTF8.GetBytes(charset.Trim('"', ' ')) : null);
    }
}
