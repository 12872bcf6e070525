using System.Net;
using Carter;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using SmartCity.Platform.Access;
using SmartCity.Platform.Files;
using SmartCity.Platform.Problems;
using SmartCity.Reports.Publishing;

namespace SmartCity.Reports.Subscribing;

/// <summary>A webhook as it is sent; of a change, what is left out stays as it is.</summary>
/// <param name="Url">Where to; https.</param>
/// <param name="Events">What to hear of; empty: all.</param>
/// <param name="Description">For people.</param>
/// <param name="IsEnabled">True: it works again from where it stopped. False: nothing is sent until then.</param>
internal sealed record WebhookBody(string? Url, IReadOnlyList<string>? Events, string? Description, bool? IsEnabled);

/// <summary>A webhook as it is shown.</summary>
/// <param name="Secret">Signs the deliveries; shown once, when it is made.</param>
/// <param name="State"><c>enabled</c>, <c>failing</c> or <c>disabled</c>.</param>
/// <param name="DisabledBecause">Why nothing is sent.</param>
internal sealed record WebhookView(
    string Id, string Url, IReadOnlyList<string> Events, string? Description, string State, DateTimeOffset CreatedAt, string Owner, string? Secret, DateTimeOffset? FormerSecretUntil, int Failures,
    DateTimeOffset? FailingSince, DateTimeOffset? PausedUntil, DateTimeOffset? DisabledAt, string? DisabledBecause)
{
    public static WebhookView Of(Webhook webhook, DateTimeOffset now, string? secret = null) => new(
        webhook.Id, webhook.Url, webhook.Events is [] ? [PublicEventTypes.Any] : webhook.Events, webhook.Description, webhook.DisabledAt is not null ? "disabled" : webhook.Failures > 0 ? "failing" : "enabled", webhook.CreatedAt, webhook.Owner, secret,
        webhook.FormerUntil > now ? webhook.FormerUntil : null, webhook.Failures, webhook.FailingSince, webhook.PausedUntil, webhook.DisabledAt, webhook.DisabledBecause);
}

/// <summary>A delivery as it is shown.</summary>
/// <param name="EventId">The <c>webhook-id</c>.</param>
/// <param name="NextTryAt">Null: nothing is left to do.</param>
internal sealed record DeliveryView(
    string Id, string EventId, string Type, string? Ticket, DeliveryState State, int Attempts, DateTimeOffset QueuedAt, DateTimeOffset? AttemptedAt, DateTimeOffset? NextTryAt, int? Status, string? Error)
{
    public static DeliveryView Of(WebhookDelivery d) => new(d.Id, d.Event.ToString("N"), d.Type, d.Ticket, d.State, d.Attempts, d.QueuedAt, d.AttemptedAt, d.DueAt, d.Status, d.Error);
}

/// <summary>An integrator has what happens to public reports sent to an address of its own. Each sees its own webhooks, an operator all.</summary>
internal sealed class WebhookEndpoints : ICarterModule
{
    private const string ByHand = "Disabled by its owner or an operator.";

    private const int Most = 20, LongestUrl = 2000, LongestDescription = 200;

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var webhooks = app.MapRegencyApi("/webhooks").RequireScope(Scopes.Webhooks, Role.Operator).WithTags("Integrations");
        webhooks.MapGet("", List).Produces<WebhookView[]>().WithSummary("Your webhooks");
        webhooks.MapPost("", Register).Produces<WebhookView>(StatusCodes.Status201Created).WithSummary("Have events of public reports sent to an https address; the secret in the answer is shown this once");
        webhooks.MapGet("{webhook}", Get).Produces<WebhookView>().WithSummary("One webhook: whether it works, and since when not");
        webhooks.MapPatch("{webhook}", Change).Produces<WebhookView>().WithSummary("Change it; isEnabled: true lets one that was disabled go on from where it stopped");
        webhooks.MapDelete("{webhook}", Delete).Produces(StatusCodes.Status204NoContent).WithSummary("Remove it with its deliveries");
        webhooks.MapPost("{webhook}/secrets", Rotate).Produces<WebhookView>().WithSummary("Make a new secret, shown this once; the former signs too for 24 hours");
        webhooks.MapPost("{webhook}/tests", Test).Produces<DeliveryView>(StatusCodes.Status202Accepted).WithSummary("Send a test event (webhook.test.v1)");
        webhooks.MapGet("{webhook}/deliveries", Deliveries).Produces<DeliveryView[]>().WithSummary("What was sent or waits, newest first, for 30 days; ?state=waiting|delivered|failed|withheld, skip=, limit=");
        webhooks.MapPost("{webhook}/deliveries/{delivery}/redeliveries", Redeliver).Produces<DeliveryView>(StatusCodes.Status202Accepted).WithSummary("Send one once more, with the same webhook-id");
    }

    // Another's webhook does not exist for the caller.
    private static Func<Webhook, bool> MaySee(HttpContext http) => http.Actor() is var actor && actor.Role == Role.Operator ? static _ => true : webhook => webhook.Owner == actor.Id;

    private static async Task<IResult> List(HttpContext http, WebhookStore store, TimeProvider time, CancellationToken cancel) =>
        Results.Ok((await store.All(http.Regency().Id, cancel)).Where(MaySee(http)).Select(w => WebhookView.Of(w, time.GetUtcNow())));

    private static async Task<IResult> Get(string webhook, HttpContext http, WebhookStore store, TimeProvider time, CancellationToken cancel) =>
        await store.Find(http.Regency().Id, webhook, cancel) is { } known && MaySee(http)(known) ? Results.Ok(WebhookView.Of(known, time.GetUtcNow())) : Unknown(webhook);

    private static async Task<IResult> Register(
        WebhookBody body, HttpContext http, WebhookStore store, WebhookSecrets secrets, WebhookSignal signal, PublicConnections connections, IHostEnvironment environment, TimeProvider time,
        CancellationToken cancel)
    {
        var faults = Faults(body, connections, environment.IsDevelopment());
        if (body.Url is null)
        {
            faults.Add(new Fault("url.missing", "Give the https address that is to be sent to.", "url"));
        }

        if (faults.Count > 0)
        {
            return Problem.BadRequest(faults);
        }

        var (regency, id, secret) = (http.Regency().Id, Guid.CreateVersion7(time.GetUtcNow()).ToString("N"), WebhookSecrets.New());
        var webhook = await store.Register(regency, position => new Webhook
        {
            Id = id,
            Owner = http.Actor().Id,
            Url = body.Url!,
            Events = Events(body.Events),
            Description = body.Description?.Trim(),
            Secret = secrets.Seal(regency, id, secret),
            Position = position,
            CreatedAt = time.GetUtcNow(),
            DisabledAt = body.IsEnabled == false ? time.GetUtcNow() : null,
            DisabledBecause = body.IsEnabled == false ? ByHand : null,
        }, Most, cancel);
        if (webhook is null)
        {
            return Problem.Conflict("webhooks.too_many", $"You have {Most} webhooks here, which is as many as you may have. Remove one first.");
        }

        signal.Raise(regency);
        return Results.Created($"/api/v1/regencies/{regency}/webhooks/{id}", WebhookView.Of(webhook, time.GetUtcNow(), secret));
    }

    private static async Task<IResult> Change(
        string webhook, WebhookBody body, HttpContext http, WebhookStore store, WebhookSignal signal, PublicConnections connections, IHostEnvironment environment, TimeProvider time, CancellationToken cancel)
    {
        if (Faults(body, connections, environment.IsDevelopment()) is { Count: > 0 } faults)
        {
            return Problem.BadRequest(faults);
        }

        var what = body.IsEnabled switch { true => "enabled", false => "disabled", null => "changed" };
        var after = await store.Change(http.Regency().Id, webhook, MaySee(http), what, known =>
        {
            var changed = known with
            {
                Url = body.Url ?? known.Url,
                Events = body.Events is { } events ? Events(events) : known.Events,
                Description = body.Description?.Trim() ?? known.Description,
            };
            return body.IsEnabled switch { true => changed.Enabled(), false => changed.Disabled(ByHand, time.GetUtcNow()), null => changed };
        }, cancel);
        signal.Raise(http.Regency().Id);
        return after is null ? Unknown(webhook) : Results.Ok(WebhookView.Of(after, time.GetUtcNow()));
    }

    private static async Task<IResult> Delete(string webhook, HttpContext http, WebhookStore store, CancellationToken cancel) =>
        await store.Delete(http.Regency().Id, webhook, MaySee(http), cancel) ? Results.NoContent() : Unknown(webhook);

    private static async Task<IResult> Rotate(string webhook, HttpContext http, WebhookStore store, WebhookSecrets secrets, TimeProvider time, CancellationToken cancel)
    {
        var (regency, secret) = (http.Regency().Id, WebhookSecrets.New());
        var after = await store.Change(regency, webhook, MaySee(http), "secret-rotated", known => known with
        {
            Secret = secrets.Seal(regency, known.Id, secret),
            FormerSecret = known.Secret,
            FormerUntil = time.GetUtcNow() + Webhook.FormerSecretHolds,
        }, cancel);
        return after is null ? Unknown(webhook) : Results.Ok(WebhookView.Of(after, time.GetUtcNow(), secret));
    }

    private static async Task<IResult> Test(string webhook, HttpContext http, WebhookStore store, WebhookSignal signal, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        if (await store.Find(regency, webhook, cancel) is not { } known || !MaySee(http)(known))
        {
            return Unknown(webhook);
        }

        if (known.DisabledAt is not null)
        {
            return Disabled();
        }

        var delivery = await store.Test(regency, known, cancel);
        signal.Raise(regency);
        return Results.Accepted($"/api/v1/regencies/{regency}/webhooks/{webhook}/deliveries", DeliveryView.Of(delivery));
    }

    private static async Task<IResult> Deliveries(string webhook, string? state, int? skip, int? limit, HttpContext http, WebhookStore store, CancellationToken cancel)
    {
        var faults = new List<Fault>();
        DeliveryState? only = Enum.TryParse<DeliveryState>(state, ignoreCase: true, out var read) && Enum.IsDefined(read) && !char.IsAsciiDigit(state![0]) ? read : null;
        if (state is not null && only is null)
        {
            faults.Add(new Fault("state.unknown", "One of waiting, delivered, failed, withheld.", "state"));
        }

        if (limit is < 1 or > 1000)
        {
            faults.Add(new Fault("limit.invalid", "Between 1 and 1000.", "limit"));
        }

        if (skip is < 0)
        {
            faults.Add(new Fault("skip.invalid", "0 or more.", "skip"));
        }

        if (faults.Count > 0)
        {
            return Problem.BadRequest(faults);
        }

        var regency = http.Regency().Id;
        return await store.Find(regency, webhook, cancel) is { } known && MaySee(http)(known)
            ? Results.Ok((await store.Deliveries(regency, webhook, only, skip ?? 0, limit ?? 50, cancel)).Select(DeliveryView.Of)) : Unknown(webhook);
    }

    private static async Task<IResult> Redeliver(string webhook, string delivery, HttpContext http, WebhookStore store, WebhookSignal signal, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        if (await store.Find(regency, webhook, cancel) is not { } known || !MaySee(http)(known))
        {
            return Unknown(webhook);
        }

        if (known.DisabledAt is not null)
        {
            return Disabled();
        }

        if (await store.Again(regency, webhook, delivery, cancel) is not { } again)
        {
            return Problem.NotFound("delivery.unknown", $"The webhook has no delivery '{delivery}'.", "delivery");
        }

        signal.Raise(regency);
        return Results.Accepted($"/api/v1/regencies/{regency}/webhooks/{webhook}/deliveries", DeliveryView.Of(again));
    }

    private static IReadOnlyList<string> Events(IReadOnlyList<string>? asked) => asked is null || asked.Contains(PublicEventTypes.Any) ? [] : [.. asked.Distinct()];

    private static List<Fault> Faults(WebhookBody body, PublicConnections connections, bool mayBeHttp)
    {
        var faults = new List<Fault>();
        EventTypeFaults.Add(body.Events ?? [], "events", faults);
        if (body.Description is { } description && (description.Length > LongestDescription || description.Any(char.IsControl)))
        {
            faults.Add(new Fault("description.invalid", $"At most {LongestDescription} characters, and no control characters.", "description"));
        }

        if (body.Url is not { } text)
        {
            return faults;
        }

        if (text.Length > LongestUrl || text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) || !Uri.TryCreate(text, UriKind.Absolute, out var url) || !(url.Scheme == Uri.UriSchemeHttps || (mayBeHttp && url.Scheme == Uri.UriSchemeHttp))
            || url.UserInfo.Length > 0 || url.Fragment.Length > 0)
        {
            faults.Add(new Fault("url.invalid", $"An absolute https address of at most {LongestUrl} characters, without blanks, a name, password or fragment.", "url"));
        }
        else if (IPAddress.TryParse(url.IdnHost, out var address) && !connections.IsAllowed(address))
        {
            // A name is looked up at each delivery; figures are known already.
            faults.Add(new Fault("url.not_public", "The address does not lie in the public internet.", "url"));
        }

        return faults;
    }

    private static IResult Disabled() => Problem.Conflict("webhook.disabled", "The webhook is disabled. PATCH it with isEnabled: true first.");

    private static IResult Unknown(string id) => Problem.NotFound("webhook.unknown", $"You have no webhook '{id}' here.", "webhook");
}
