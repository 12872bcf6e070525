using System.Text.Json;
using Carter;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using SmartCity.Channels.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Problems;

namespace SmartCity.Channels.Subscribing;

/// <summary>Body of asking for news.</summary>
internal sealed record SubscribeBody(
    string? Email, string? District, string? Category, double? Latitude, double? Longitude, int? Metres, bool? Reports, bool? Works, bool? Daily);

/// <summary>News by e-mail for citizens. Whoever has the key from a subscription's mails may read, confirm, copy and end it.</summary>
internal sealed class SubscriptionEndpoints : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var subscriptions = app.MapRegencyApi("/subscriptions").WithTags("Subscriptions");
        subscriptions.MapPost("", Ask).WithSummary("Ask for news by e-mail: of a district, a category, or metres around a point; a first mail asks whether it is wanted");
        subscriptions.MapGet("{id}", Get).WithSummary("A subscription; ?key= from its mails");
        subscriptions.MapPost("{id}/confirmation", Confirm).WithSummary("It is wanted; ?key= from its first mail");
        // As mail programs call it: a form, no cookie (RFC 8058).
        subscriptions.MapPost("{id}/unsubscribe", End).WithSummary("End it and erase the address, with one call (RFC 8058); ?key= from its mails");
        subscriptions.MapGet("{id}/unsubscribe", (string id, [FromQuery] string? key, HttpContext http) => Results.LocalRedirect($"/{http.Regency().Id}/langganan/{Uri.EscapeDataString(id)}?kunci={Uri.EscapeDataString(key ?? "")}"))
            .WithSummary("For people who open the address: leads to the page");
        subscriptions.MapPost("{id}/copies", Copy).WithSummary("A copy of one's own data as a ZIP file; ?key= from its mails");
    }

    private static async Task<IResult> Ask(SubscribeBody body, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var wish = new SubscriptionWish(body.District, body.Category, body.Latitude, body.Longitude, body.Metres, body.Reports ?? true, body.Works ?? false, body.Daily ?? false);
        var outcome = await sender.Send(new Subscribe(http.Regency().Id, body.Email, wish, http.Connection.RemoteIpAddress?.ToString() ?? ""), cancel);
        if (outcome.IsTooMuch)
        {
            http.Response.Headers.RetryAfter = "3600";
            return Problem.From(StatusCodes.Status429TooManyRequests, new Fault("subscription.too_many", "Too many came from here within an hour; try again later."));
        }

        return outcome.Faults.Count > 0 ? Problem.BadRequest([.. outcome.Faults.Select(f => new Fault(f.Code, f.English, f.Field))])
            : Results.Accepted(value: new { state = "asked", detail = "A mail with a link is on its way, unless this address has had enough of them." });
    }

    private static async Task<IResult> Get(string id, [FromQuery] string? key, HttpContext http, ISender sender, CancellationToken cancel)
    {
        http.Response.Headers.CacheControl = "no-store";
        return await sender.Send(new GetSubscription(http.Regency().Id, id, key), cancel) is { } subscription ? Results.Ok(subscription) : Unknown();
    }

    private static async Task<IResult> Confirm(string id, [FromQuery] string? key, HttpContext http, ISender sender, CancellationToken cancel) =>
        await sender.Send(new ConfirmSubscription(http.Regency().Id, id, key), cancel) ? Results.NoContent() : Unknown();

    private static async Task<IResult> End(string id, [FromQuery] string? key, HttpContext http, ISender sender, CancellationToken cancel) =>
        await sender.Send(new EndSubscription(http.Regency().Id, id, key), cancel) ? Results.NoContent() : Unknown();

    private static async Task<IResult> Copy(string id, [FromQuery] string? key, HttpContext http, ISender sender, PersonalTraces traces, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        if (await sender.Send(new GetSubscriptionSeal(regency, id, key), cancel) is not { } seal)
        {
            return Unknown();
        }

        http.Response.Headers.CacheControl = "no-store";
        return Results.File(await traces.Copy(regency, [seal], IdentityProof.Secret, null, cancel), "application/zip", "data-pribadi.zip");
    }

    private static IResult Unknown() => Problem.NotFound("subscription.unknown", "No such subscription, or not this key: use the link from its mail.", "key");
}

internal sealed class KeepSubscriptions(RegencySessions sessions, PersonalData personal, SubscriptionKeys keys, PersonalTraces traces) :
    IRequestHandler<GetSubscription, SubscriptionDetails?>, IRequestHandler<GetSubscriptionSeal, string?>, IRequestHandler<ConfirmSubscription, bool>, IRequestHandler<EndSubscription, bool>
{
    public async Task<SubscriptionDetails?> Handle(GetSubscription query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        if (await Find(session, query.Regency, query.Id, query.Key, cancel) is not { } subscription)
        {
            return null;
        }

        var reader = await personal.Reader(session, [subscription.Around], cancel);
        return new SubscriptionDetails(subscription.Name, WishOf(subscription, reader), subscription.ConfirmedAt is not null);
    }

    public async Task<string?> Handle(GetSubscriptionSeal query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        return (await Find(session, query.Regency, query.Id, query.Key, cancel))?.Person;
    }

    public async Task<bool> Handle(ConfirmSubscription command, CancellationToken cancel)
    {
        if (!keys.Is(command.Regency, command.Id, command.Key))
        {
            return false;
        }

        for (var tries = 1; ; tries++)
        {
            await using var session = sessions.Open(command.Regency);
            var stream = await session.Events.FetchForWriting<Subscription>(Subscription.StreamOf(command.Id), cancel);
            if (stream.Aggregate is not { ConfirmedAt: null } asked)
            {
                return stream.Aggregate is not null;
            }

            stream.AppendOne(new SubscriptionConfirmed());
            try
            {
                await session.SaveChangesAsync(cancel);
                return true;
            }
            catch (Exception failure) when (tries < 5 && LostRace.Is(failure))
            {
                // Pressed twice, or the mail was written down meanwhile.
            }
        }
    }

    public async Task<bool> Handle(EndSubscription command, CancellationToken cancel)
    {
        if (!keys.Is(command.Regency, command.Id, command.Key))
        {
            return false;
        }

        await using var session = sessions.Query(command.Regency);
        if (await session.LoadAsync<Subscription>(Subscription.StreamOf(command.Id), cancel) is { } subscription)
        {
            // What follows from the erasure ends it (ForgetSubscriptions).
            await traces.Erase(command.Regency, [subscription.Person], ErasureGround.ConsentWithdrawn, IdentityProof.Secret, null, cancel);
        }

        return true;
    }

    private async Task<Subscription?> Find(IQuerySession session, string regency, string id, string? key, CancellationToken cancel) =>
        keys.Is(regency, id, key) ? await session.LoadAsync<Subscription>(Subscription.StreamOf(id), cancel) : null;

    /// <summary>What a subscription is for; of one whose key is gone, nothing near any point.</summary>
    public static SubscriptionWish WishOf(Subscription subscription, PersonalReader reader)
    {
        var circle = subscription.Around is not { } around || reader.Open(around) is not { } opened || opened == PersonalReader.Erased ? null : JsonSerializer.Deserialize<Circle>(opened);
        return new SubscriptionWish(subscription.District, subscription.Category, circle?.Latitude, circle?.Longitude, circle?.Metres, subscription.Reports, subscription.Works, subscription.Daily);
    }
}

/// <summary>When a subscription's key is destroyed, by its owner, by who answers for data protection or because nobody confirmed it, it is over.</summary>
internal sealed class ForgetSubscriptions(RegencySessions sessions) : INotificationHandler<PersonForgotten>
{
    public async Task Handle(PersonForgotten forgotten, CancellationToken cancel)
    {
        foreach (var key in forgotten.Keys.Where(key => Subscription.IsStream(key.Stream)))
        {
            for (var tries = 1; !await End(forgotten.Regency, key, tries, cancel); tries++)
            {
            }
        }
    }

    private async Task<bool> End(string regency, PersonalKey key, int tries, CancellationToken cancel)
    {
        var ended = key.Stream!;
        await using var session = sessions.Open(regency);
        var stream = await session.Events.FetchForWriting<Subscription>(ended, cancel);
        if (stream.Aggregate is not null)
        {
            var ground = (key.Ground ?? ErasureGround.Request).ToString();
            stream.AppendOne(new SubscriptionEnded(char.ToLowerInvariant(ground[0]) + ground[1..]));
        }

        // Also what was told: whose it was is a keyed hash that nothing else holds any more.
        session.DeleteWhere<SubscriptionNews>(n => n.Subscription == ended);
        try
        {
            await session.SaveChangesAsync(cancel);
            return true;
        }
        catch (Exception failure) when (tries < 5 && LostRace.Is(failure))
        {
            // The erasure and its committed event both see to it, and a mail may be written down just now.
            return false;
        }
    }
}
