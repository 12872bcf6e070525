using Carter;
using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Channels.Accounts;
using SmartCity.Channels.Outbox;
using SmartCity.Channels.Receiving;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Problems;

namespace SmartCity.Channels.WhatsApp;

/// <summary>Where Meta brings what is written to a regency's number, and what became of our messages.</summary>
internal sealed class WhatsAppWebhook : ICarterModule
{
    private const int MaxBody = 1024 * 1024;

    /// <summary>Meta tries for seven days; what is older is played back.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(8);

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var webhook = app.MapGroup("/channels/{code}/whatsapp/webhook").InRegency().WithTags("Channels");
        webhook.MapGet("", Verify).WithSummary("Meta asks whether the webhook is ours");
        webhook.MapPost("", Receive).WithSummary("Meta brings WhatsApp messages and receipts; signed");
    }

    private static async Task<IResult> Verify(HttpContext http, ChannelAccounts accounts, CancellationToken cancel)
    {
        if (await accounts.Find(http.Regency().Id, WhatsAppChannel.Form.Name, cancel) is not { } account)
        {
            return NotConfigured(http);
        }

        var query = http.Request.Query;
        return query["hub.mode"] == "subscribe" && SharedSecret.IsSame(account[WhatsAppChannel.VerifyToken], query["hub.verify_token"].ToString())
            ? Results.Text(query["hub.challenge"].ToString())
            : Problem.From(StatusCodes.Status403Forbidden, new Fault("verify_token.wrong", "hub.verify_token must be the verify token of this regency's account.", "hub.verify_token"));
    }

    private static async Task<IResult> Receive(
        HttpContext http, ChannelAccounts accounts, ReceiveMessage inbox, OutboxStore outbox, RegencySessions sessions, PersonalData personal, TimeProvider time, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        if (await accounts.Find(regency, WhatsAppChannel.Form.Name, cancel) is not { } account)
        {
            return NotConfigured(http);
        }

        if (await RawBody.Read(http.Request, MaxBody, cancel) is not { } body)
        {
            return Problem.From(StatusCodes.Status413PayloadTooLarge, new Fault("body.too_large", $"At most {MaxBody} bytes."));
        }

        if (!MetaSignature.IsOf(account[WhatsAppChannel.AppSecret], body, http.Request.Headers[MetaSignature.Header].ToString()))
        {
            return Problem.From(StatusCodes.Status401Unauthorized,
                new Fault("signature.wrong", $"{MetaSignature.Header} must be sha256= and the hexadecimal HMAC-SHA256 of the raw body with this regency's app secret.", MetaSignature.Header));
        }

        var now = time.GetUtcNow();
        if (WhatsAppMessages.Read(body, await accounts.All(regency, [WhatsAppChannel.Form], cancel), now) is not { } delivery)
        {
            return Problem.BadRequest(new Fault("body.malformed", "Send a delivery of the WhatsApp Cloud API as JSON."));
        }

        if (delivery.Messages.Any(message => now - message.SentAt > MaxAge))
        {
            return Problem.BadRequest(new Fault("message.too_old", $"A message is older than {MaxAge.TotalDays} days: an old delivery is not taken again.", "timestamp"));
        }

        foreach (var message in delivery.Messages)
        {
            await inbox.Handle(regency, message, cancel);
            await Heard(sessions, personal, regency, message, cancel);
        }

        foreach (var (id, message, receipt) in delivery.Statuses)
        {
            if ((id ?? await OfReceipt(sessions, regency, message, cancel)) is { } ours)
            {
                await outbox.Told(regency, ours, receipt, cancel);
            }
        }

        return Results.Ok();
    }

    /// <summary>Opens the 24 hours anew.</summary>
    private static async Task Heard(RegencySessions sessions, PersonalData personal, string regency, IncomingMessage message, CancellationToken cancel)
    {
        await using var session = sessions.Open(regency);
        var id = LastHeard.IdOf(personal, regency, message.Account!, message.Author.Id);
        if (!((await session.LoadAsync<LastHeard>(id, cancel))?.At >= message.SentAt))
        {
            session.Store(new LastHeard { Id = id, At = message.SentAt });
            await session.SaveChangesAsync(cancel);
        }
    }

    private static async Task<Guid?> OfReceipt(RegencySessions sessions, string regency, string receipt, CancellationToken cancel)
    {
        await using var session = sessions.Query(regency);
        return (await session.Query<OutboundMessage>().Where(m => m.Receipt == receipt).FirstOrDefaultAsync(cancel))?.Id;
    }

    private static IResult NotConfigured(HttpContext http) =>
        Problem.NotFound("whatsapp.not_configured", $"{http.Regency().Name} has no account whatsapp here: an operator sets it at channel-accounts.", "code");
}
