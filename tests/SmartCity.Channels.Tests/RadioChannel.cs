using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Carter;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Channels.Accounts;
using SmartCity.Channels.Keywords;
using SmartCity.Channels.Outbox;
using SmartCity.Channels.Receiving;
using SmartCity.Platform.Access;
using SmartCity.Platform.Problems;

namespace SmartCity.Channels.Radio;

/// <summary>Messages that listeners leave at a radio station's text service.</summary>
internal sealed class RadioChannel(RadioSender sender, ChannelAccounts accounts) : IChannel
{
    public const string Name = "radio";

    // Account: what an operator enters for a regency. It is sealed, and secrets are never shown again.
    public static AccountForm Form { get; } = new("radio",
        new("secret", "the secret that the station sends with each message", IsSecret: true),
        new("sendUrl", "where the station takes answers, such as https://radio.example.id/answers", IsAddress: true));

    public string Code => Name;

    public IChannelSender Sender => sender;

    public IReadOnlyList<AccountForm> Accounts => [Form];

    public async ValueTask<bool> CanSend(string regency, CancellationToken cancel) => await accounts.Find(regency, Form.Name, cancel) is not null;

    // Limits: the station reads out 500 letters.
    public string Fit(string text, string regency, string ticket) => text.Length <= 500 ? text : $"{text[..480]}… ({ticket})";

    // Interpret: a rule without I/O. What is no keyword is a report.
    public Interpretation Interpret(IncomingMessage message) =>
        Keyword.Read(message.Text) is { } keyword ? new Interpretation.Asks(keyword) : new Interpretation.Report(message.Text.Trim());
}

/// <summary>Receive: checks who brings the message, and answers 200 once it is on disk.</summary>
internal sealed class RadioWebhook : ICarterModule
{
    private const int MaxBody = 64 * 1024;

    public void AddRoutes(IEndpointRouteBuilder app) => app.MapGroup("/channels/{code}/radio/webhook").InRegency().WithTags("Channels")
        .MapPost("", Receive).WithSummary("The station brings a listener's message; secret in X-Radio-Secret");

    private sealed record Body(string? Id, string? Listener, string? Text);

    private static async Task<IResult> Receive(HttpContext http, ChannelAccounts accounts, ReceiveMessage inbox, TimeProvider time, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        if (await accounts.Find(regency, RadioChannel.Form.Name, cancel) is not { } account)
        {
            return Problem.NotFound("radio.not_configured", "An operator sets the account at channel-accounts.", "code");
        }

        if (!SharedSecret.IsSame(account["secret"], http.Request.Headers["X-Radio-Secret"].ToString()))
        {
            return Problem.From(StatusCodes.Status401Unauthorized, new Fault("secret.wrong", "Send this regency's secret in X-Radio-Secret.", "X-Radio-Secret"));
        }

        if (await RawBody.Read(http.Request, MaxBody, cancel) is not { } raw || Read(raw) is not { Id: { Length: > 0 } id, Listener: { Length: > 0 } listener, Text: { } text })
        {
            return Problem.BadRequest(new Fault("body.malformed", "Send id, listener and text as JSON, at most 64 KiB."));
        }

        // The id makes one message of however many deliveries.
        await inbox.Handle(regency, new IncomingMessage(
            RadioChannel.Name, id, Conversation: listener, InReplyTo: null, new MessageAuthor(listener, null, null), text, Media: [], null, null, null, Addressed: [],
            time.GetUtcNow(), Encoding.UTF8.GetString(raw)), cancel);
        return Results.Ok();
    }

    private static Body? Read(byte[] raw)
    {
        try
        {
            return JsonSerializer.Deserialize<Body>(raw, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Send: says of every try whether the provider has it, will never take it, may take it later, or may have it.</summary>
internal sealed class RadioSender(IHttpClientFactory clients, ChannelAccounts accounts, TimeProvider time) : IChannelSender
{
    public string Channel => RadioChannel.Name;

    public async Task<Delivery> Send(Letter letter, CancellationToken cancel)
    {
        if (letter.To is null || await accounts.Find(letter.Regency, RadioChannel.Form.Name, cancel) is not { } account)
        {
            return new Delivery.Refused("Not sent: the regency has no account at the station, or nobody to answer.");
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, account["sendUrl"])
        {
            // The station takes each id once, so sending again does no harm.
            Content = JsonContent.Create(new { id = letter.Id, listener = letter.To, text = letter.Text }),
        };
        return await ProviderCall.Send(clients.CreateClient(RadioChannel.Name), request, "The station", time, (_, _) => $"{letter.Id:N}", cancel);
    }

    // A try whose end nobody saw: here it may be sent again. Where it may not, look it up, or wait for a receipt (OutboxStore.Told).
    public Task<Delivery> Find(Letter letter, CancellationToken cancel) => Send(letter, cancel);
}

internal sealed class RadioSetup : IChannelSetup
{
    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<RadioSender>();
        services.AddSingleton<IChannel, RadioChannel>();
        services.AddHttpClient(RadioChannel.Name).RemoveAllLoggers();
    }
}
