using System.Globalization;
using System.Text;
using Carter;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using SmartCity.Channels.Accounts;
using SmartCity.Channels.Outbox;
using SmartCity.Channels.Receiving;
using SmartCity.Platform;
using SmartCity.Platform.Access;
using SmartCity.Platform.Problems;

namespace SmartCity.Channels.Sms.Twilio;

/// <summary>Where a gateway of the Twilio form brings messages and what became of ours; signed.</summary>
internal sealed class TwilioWebhook : ICarterModule
{
    private const int MaxBody = 64 * 1024, LongestText = 4000, LongestId = 200, MostMedia = 10;

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var webhook = app.MapGroup("/channels/{code}/sms/webhook").InRegency().WithTags("Channels");
        webhook.MapPost("", Receive).DisableAntiforgery().WithSummary("A gateway of the Twilio form brings an SMS; signed");
        webhook.MapPost("/status", Status).DisableAntiforgery().WithSummary("A gateway of the Twilio form says what became of an SMS of ours; signed");
    }

    private static async Task<IResult> Receive(HttpContext http, ChannelAccounts accounts, PlatformOptions options, ReceiveMessage inbox, TimeProvider time, CancellationToken cancel)
    {
        var (form, signers, refused) = await Signed(http, accounts, options, cancel);
        if (form is null)
        {
            return refused!;
        }

        var (id, from, text) = (form["MessageSid"].ToString(), form["From"].ToString(), form["Body"].ToString());
        if (id.Length is 0 or > LongestId)
        {
            return Problem.BadRequest(new Fault("MessageSid.missing", "Send the message's id: by it a delivery that is repeated is known.", "MessageSid"));
        }

        if (from.Length is 0 or > 40)
        {
            return Problem.BadRequest(new Fault("From.missing", "Send the sender's number.", "From"));
        }

        if (text.Length > LongestText || text.Contains('\0'))
        {
            return Problem.BadRequest(new Fault("Body.invalid", $"At most {LongestText} characters.", "Body"));
        }

        var media = int.TryParse(form["NumMedia"], CultureInfo.InvariantCulture, out var count)
            ? Enumerable.Range(0, Math.Clamp(count, 0, MostMedia)).Select(i => form[$"MediaUrl{i}"].ToString()).Where(url => url.StartsWith("https://", StringComparison.OrdinalIgnoreCase)).ToArray() : [];
        // The same message again, also one that is played back, is known by its id and changes nothing.
        await inbox.Handle(http.Regency().Id, SmsMessages.Of(TwilioAccount.Prefix + id, from, form["To"].ToString(), text, media,
            SmsMessages.WrittenTo(signers, TwilioAccount.From, form["To"].ToString()) ?? signers[0].Name, time.GetUtcNow()), cancel);
        return Results.Text("<Response/>", "text/xml");
    }

    private static async Task<IResult> Status(HttpContext http, ChannelAccounts accounts, PlatformOptions options, OutboxStore outbox, CancellationToken cancel)
    {
        var (form, _, refused) = await Signed(http, accounts, options, cancel);
        if (form is null)
        {
            return refused!;
        }

        if (!Guid.TryParse(http.Request.Query["msg"], out var message))
        {
            return Problem.BadRequest(new Fault("msg.missing", "Reports come to the address that was given with the message.", "msg"));
        }

        var id = form["MessageSid"].ToString();
        Receipt? receipt = form["MessageStatus"].ToString() switch
        {
            "delivered" or "read" => new Receipt(ReceiptKind.Delivered, id),
            "undelivered" or "failed" => new Receipt(ReceiptKind.Undelivered, id, $"It could not be delivered{(int.TryParse(form["ErrorCode"], CultureInfo.InvariantCulture, out var code) ? $" (error {code})" : "")}."),
            "accepted" or "queued" or "sending" or "sent" => new Receipt(ReceiptKind.Taken, id),
            _ => null,
        };
        if (receipt is not null)
        {
            await outbox.Told(http.Regency().Id, message, receipt, cancel);
        }

        return Results.Ok();
    }

    /// <summary>The form, and whose it can be: a department may have a token of its own.</summary>
    private static async Task<(FormCollection? Form, IReadOnlyList<OwnAccount> Signers, IResult? Refused)> Signed(HttpContext http, ChannelAccounts accounts, PlatformOptions options, CancellationToken cancel)
    {
        var all = await accounts.All(http.Regency().Id, [TwilioAccount.Form], cancel);
        if (all.Count == 0)
        {
            return (null, [], Problem.NotFound("sms.not_configured", $"{http.Regency().Name} has no account {TwilioAccount.Form.Name} here: an operator sets it at channel-accounts.", "code"));
        }

        if (http.Request.Headers[TwilioAccount.Header].ToString() is not { Length: > 0 } signature)
        {
            return (null, [], Problem.From(StatusCodes.Status401Unauthorized, new Fault("signature.missing", $"Sign the request in {TwilioAccount.Header}.", TwilioAccount.Header)));
        }

        if (!http.Request.HasFormContentType || await RawBody.Read(http.Request, MaxBody, cancel) is not { } body)
        {
            return (null, [], Problem.BadRequest(new Fault("body.malformed", $"Send a form (application/x-www-form-urlencoded) of at most {MaxBody} bytes.")));
        }

        FormCollection form;
        try
        {
            form = new FormCollection(new FormReader(Encoding.UTF8.GetString(body)).ReadForm());
        }
        catch (InvalidDataException)
        {
            return (null, [], Problem.BadRequest(new Fault("body.malformed", "Send a form of at most 1024 fields.")));
        }

        // Behind a proxy the request does not know the address that was signed.
        string Url(OwnAccount account) => (account.Get(TwilioAccount.PublicUrl) ?? options.PublicUrl?.GetLeftPart(UriPartial.Authority)) is { } root
            ? root.TrimEnd('/') + http.Request.GetEncodedPathAndQuery() : http.Request.GetEncodedUrl();
        OwnAccount[] signers = [.. all.Where(a => TwilioAccount.IsSigned(a[TwilioAccount.AuthToken], Url(a), form, signature))];
        return signers.Length > 0 ? (form, signers, null)
            : (null, [], Problem.From(StatusCodes.Status401Unauthorized, new Fault("signature.wrong",
                $"{TwilioAccount.Header} must be the Base64 HMAC-SHA1 of the public address and the sorted fields with this regency's token.", TwilioAccount.Header)));
    }
}
