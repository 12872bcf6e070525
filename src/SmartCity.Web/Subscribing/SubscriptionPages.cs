using System.Globalization;
using MediatR;
using Microsoft.AspNetCore.Http;
using SmartCity.Channels.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.Personal;
using SmartCity.Web.Shared;

namespace SmartCity.Web.Subscribing;

/// <summary>What somebody typed who wants to hear of what is new.</summary>
/// <param name="Place"><c>semua</c>, <c>kecamatan</c> or <c>titik</c>.</param>
public sealed record SubscriptionDraft(
    string? Email, string Place, string? District, string? Category, string? Latitude, string? Longitude, int Metres, bool Reports, bool Works, bool Daily)
{
    /// <summary>Circles that are offered, in metres.</summary>
    public static IReadOnlyList<int> Circles { get; } = [250, 500, 1000, 2000, 5000];

    internal static SubscriptionDraft New(IQueryCollection query) => new(
        null, query.ContainsKey("lintang") ? "titik" : query.ContainsKey("kecamatan") ? "kecamatan" : "semua", query["kecamatan"].FirstOrDefault(), query["kategori"].FirstOrDefault(),
        query["lintang"].FirstOrDefault(), query["bujur"].FirstOrDefault(), 500, !query.ContainsKey("rencana"), query.ContainsKey("rencana"), false);

    internal static SubscriptionDraft Read(IFormCollection form) => new(
        form.TextOrNull("surel"), form.Text("tempat") is "kecamatan" or "titik" ? form.Text("tempat") : "semua", form.TextOrNull("kecamatan"), form.TextOrNull("kategori"), form.TextOrNull("lintang"), form.TextOrNull("bujur"),
        int.TryParse(form.Text("jarak"), CultureInfo.InvariantCulture, out var metres) ? metres : 500, form.IsTicked("laporan"), form.IsTicked("rencana"), form.Text("kapan") == "harian");

    // A point that was not marked is said to be missing, by the one who asks for it.
    internal SubscriptionWish Wish => new(
        Place == "kecamatan" ? District ?? "" : null, Category, Place == "titik" ? Degrees(Latitude) : null, Place == "titik" ? Degrees(Longitude) : null, Place == "titik" ? Metres : null, Reports, Works, Daily);

    private static double? Degrees(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) && double.IsFinite(degrees) ? degrees : null;
}

/// <summary>News by e-mail: asking for them, confirming and ending.</summary>
internal static class SubscriptionPages
{
    public static Task<IResult> Show(HttpContext http, ISender sender, CancellationToken cancel) => Form(http, sender, SubscriptionDraft.New(http.Request.Query), [], StatusCodes.Status200OK, cancel);

    public static async Task<IResult> Ask(HttpContext http, ISender sender, CancellationToken cancel)
    {
        var (regency, draft) = (http.Regency().Id, SubscriptionDraft.Read(http.Request.Form));
        var outcome = await sender.Send(new Subscribe(regency, draft.Email, draft.Wish, http.Connection.RemoteIpAddress?.ToString() ?? ""), cancel);
        if (outcome.IsTooMuch)
        {
            http.Response.Headers.RetryAfter = "3600";
            return await Form(http, sender, draft, [new("", "Too many came from here within an hour; try again later.", "Terlalu banyak permintaan dari sini dalam satu jam; coba lagi nanti.", "")], StatusCodes.Status429TooManyRequests, cancel);
        }

        return outcome.Faults.Count > 0 ? await Form(http, sender, draft, outcome.Faults, StatusCodes.Status400BadRequest, cancel) : Pages.SeeOther($"/{regency}/langganan?terkirim=1");
    }

    public static async Task<IResult> One(string id, HttpContext http, ISender sender, CancellationToken cancel)
    {
        // The key in the address is the owner's alone.
        http.Response.Headers.CacheControl = "no-store";
        var (regency, key) = (http.Regency().Id, http.Request.Query["kunci"].FirstOrDefault());
        return http.Request.Query.ContainsKey("berhenti") ? Pages.Show<SubscriptionEndedView>()
            : await sender.Send(new GetSubscription(regency, id, key), cancel) is { } subscription
            ? Pages.Show<SubscriptionView>(new { Subscription = subscription, Key = key!, Names = await Names.Of(regency, sender, cancel) })
            : Pages.Error(StatusCodes.Status404NotFound, "subscription");
    }

    public static async Task<IResult> Confirm(string id, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var (regency, key) = (http.Regency().Id, http.Request.Form.Text("kunci"));
        return await sender.Send(new ConfirmSubscription(regency, id, key), cancel) ? Pages.SeeOther($"/{regency}/langganan/{id}?kunci={Uri.EscapeDataString(key)}")
            : Pages.Error(StatusCodes.Status404NotFound, "subscription");
    }

    public static async Task<IResult> End(string id, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var (regency, key) = (http.Regency().Id, http.Request.Form.Text("kunci"));
        return await sender.Send(new EndSubscription(regency, id, key), cancel) ? Pages.SeeOther($"/{regency}/langganan/{id}?berhenti=1")
            : Pages.Error(StatusCodes.Status404NotFound, "subscription");
    }

    public static async Task<IResult> Copy(string id, HttpContext http, ISender sender, PersonalTraces traces, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        if (await sender.Send(new GetSubscriptionSeal(regency, id, http.Request.Form.Text("kunci")), cancel) is not { } seal)
        {
            return Pages.Error(StatusCodes.Status404NotFound, "subscription");
        }

        http.Response.Headers.CacheControl = "no-store";
        return Results.File(await traces.Copy(regency, [seal], IdentityProof.Secret, null, cancel), "application/zip", "data-pribadi.zip");
    }

    private static async Task<IResult> Form(HttpContext http, ISender sender, SubscriptionDraft draft, IReadOnlyList<SubscriptionFault> faults, int status, CancellationToken cancel) =>
        Pages.Show<SubscribeView>(new { Draft = draft, Faults = faults, Names = await Names.Of(http.Regency().Id, sender, cancel) }, status);
}

/// <summary>The form in which somebody asks for news.</summary>
public partial class SubscribeView;

/// <summary>A subscription, for its owner.</summary>
public partial class SubscriptionView;

/// <summary>That nothing comes any more.</summary>
public partial class SubscriptionEndedView;
