using System.Text;
using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Channels.Receiving;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.Problems;

namespace SmartCity.Channels.X.ReceivingMentions;

/// <summary>Where X delivers: it proves itself by its signature, and hears 200 only when every post is on disk.</summary>
internal sealed class XWebhook : ICarterModule
{
    private const int MaxBody = 1024 * 1024;

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var webhook = app.MapGroup("/channels/{code}/x/webhook").InRegency().WithTags("Channels");
        webhook.MapGet("", Challenge).WithSummary("X asks whether we know the app's secret (CRC)");
        webhook.MapPost("", Deliver).WithSummary("X delivers posts that mention an official account; signed");
    }

    private static async Task<IResult> Challenge(HttpContext http, XAccounts accounts, CancellationToken cancel)
    {
        if (await accounts.Find(http.Regency().Id, cancel) is not { } account)
        {
            return NotConfigured(http);
        }

        return http.Request.Query["crc_token"].ToString() is { Length: > 0 } token
            ? Results.Json(new { response_token = XSignature.Of(account.ConsumerSecret, Encoding.UTF8.GetBytes(token)) })
            : Problem.BadRequest(new Fault("crc_token.missing", "Send the challenge in crc_token.", "crc_token"));
    }

    private static async Task<IResult> Deliver(HttpContext http, XAccounts accounts, ReceiveMentions mentions, CancellationToken cancel)
    {
        if (await accounts.Find(http.Regency().Id, cancel) is not { } account)
        {
            return NotConfigured(http);
        }

        if (http.Request.Headers[XSignature.Header].ToString() is not { Length: > 0 } signature)
        {
            return Problem.From(StatusCodes.Status401Unauthorized, new Fault("signature.missing", $"Sign the body and send the signature in {XSignature.Header}.", XSignature.Header));
        }

        if (await RawBody.Read(http.Request, MaxBody, cancel) is not { } body)
        {
            return Problem.From(StatusCodes.Status413PayloadTooLarge, new Fault("body.too_large", $"At most {MaxBody} bytes."));
        }

        if (!XSignature.IsOf(account.ConsumerSecret, body, signature))
        {
            return Problem.From(StatusCodes.Status401Unauthorized,
                new Fault("signature.wrong", $"{XSignature.Header} must be sha256= and the Base64 HMAC-SHA256 of the raw body with this regency's consumer secret.", XSignature.Header));
        }

        return await mentions.Handle(http.Regency().Id, body, cancel) is { } fault ? Problem.BadRequest(fault) : Results.Ok();
    }

    private static IResult NotConfigured(HttpContext http) =>
        Problem.NotFound("x.not_configured", $"{http.Regency().Name} has no X account here: an operator sets the account x at channel-accounts, or SmartCity:Channels:X:{http.Regency().Id}:ConsumerSecret is set.", "code");
}

/// <summary>Keeps the posts of a delivery whose signature was right.</summary>
internal sealed class ReceiveMentions(ReceiveMessage inbox, ISender sender, XAccounts accounts, XOptions options, TimeProvider time)
{
    /// <summary>Null when every post is on disk, else what is wrong with the delivery; then nothing of it is kept.</summary>
    public async Task<Fault?> Handle(string regency, byte[] body, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        if (XPosts.Read(body, now) is not { } posts)
        {
            return new Fault("body.malformed", "Send an event of the X Activity API or the Account Activity API as JSON.");
        }

        // X signs no time stamp: the post's own age is what tells a delivery from one that is played back.
        if (posts.Any(post => now - post.SentAt > options.MaxAge))
        {
            return new Fault("post.too_old", $"A post is older than {options.MaxAge}: an old delivery is not taken again.", "created_at");
        }

        foreach (var post in posts)
        {
            if (!await IsOurs(regency, post.Author, cancel))
            {
                await inbox.Handle(regency, await accounts.Seen(regency, post, cancel), cancel);
            }
        }

        return null;
    }

    /// <summary>Our own answers mention accounts too, and must not become reports.</summary>
    public async Task<bool> IsOurs(string regency, MessageAuthor author, CancellationToken cancel) =>
        (await accounts.All(regency, cancel)).Any(a => a.AccountId == author.Id)
        || await sender.Send(new FindDepartmentByAccount(regency, XPosts.Channel, author.Id), cancel) is not null
        // A handle of digits only could be taken for somebody else's id.
        || (author.Handle is { } handle && !handle.All(char.IsAsciiDigit)
            && await sender.Send(new FindDepartmentByAccount(regency, XPosts.Channel, handle), cancel) is not null);
}
