using Carter;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Channels.Accounts;
using SmartCity.Channels.Receiving;
using SmartCity.Platform.Access;
using SmartCity.Platform.Problems;

namespace SmartCity.Channels.Telegram;

/// <summary>Where Telegram brings what is written to a regency's bot: it proves itself by the secret that the webhook was set with.</summary>
internal sealed class TelegramWebhook : ICarterModule
{
    private const int MaxBody = 256 * 1024;
    /// <summary>Telegram keeps updates for a day; what is older is played back.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(2);

    private const string Header = "X-Telegram-Bot-Api-Secret-Token";

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var webhook = app.MapGroup("/channels/{code}/telegram/webhook").InRegency().WithTags("Channels");
        webhook.MapPost("", Receive).WithSummary("Telegram brings what is written to the regency's bot; secret token in its header");
        webhook.MapPost("/{department}", Receive).WithSummary("The same for a department's own bot");
    }

    private static async Task<IResult> Receive(string? department, HttpContext http, ChannelAccounts accounts, ReceiveMessage inbox, TimeProvider time, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        var name = department is null ? TelegramChannel.Form.Name : TelegramChannel.Form.Of(department);
        if (await accounts.Named(regency, TelegramChannel.Form, name, cancel) is not { } account)
        {
            return Problem.NotFound("telegram.not_configured", $"{http.Regency().Name} has no account {name} here: an operator sets it at channel-accounts.", department is null ? "code" : "department");
        }

        if (!SharedSecret.IsSame(account[TelegramChannel.Secret], http.Request.Headers[Header].ToString()))
        {
            return Problem.From(StatusCodes.Status401Unauthorized, new Fault("secret.wrong", $"Send this regency's secret token in {Header}.", Header));
        }

        if (await RawBody.Read(http.Request, MaxBody, cancel) is not { } body)
        {
            return Problem.From(StatusCodes.Status413PayloadTooLarge, new Fault("body.too_large", $"At most {MaxBody} bytes."));
        }

        if (TelegramUpdate.Read(body, time.GetUtcNow(), account.Name) is not { } update)
        {
            return Problem.BadRequest(new Fault("body.malformed", "Send an update of the Bot API as JSON."));
        }

        if (update.Message is { } old && time.GetUtcNow() - old.SentAt > MaxAge)
        {
            return Problem.BadRequest(new Fault("message.too_old", $"The message is older than {MaxAge.TotalDays} days: an old delivery is not taken again.", "date"));
        }

        if (update.Message is { } message)
        {
            await inbox.Handle(regency, message, cancel);
        }

        // A call may stand in the answer: the button stops waiting.
        return update.Callback is { } pressed ? Results.Json(new { method = "answerCallbackQuery", callback_query_id = pressed }) : Results.Ok();
    }
}
