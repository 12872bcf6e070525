using System.Text.RegularExpressions;
using Carter;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Access;
using SmartCity.Platform.Problems;

namespace SmartCity.Platform.Personal;

/// <summary>By what somebody is looked for: one or more.</summary>
/// <param name="Number">A ticket.</param>
/// <param name="Email">E-mail address.</param>
/// <param name="Phone">Telephone number.</param>
/// <param name="Account">Account on a channel: <c>x:5005</c>.</param>
public sealed record FindTracesBody(string? Number, string? Email, string? Phone, string? Account);

/// <summary>What is asked for somebody.</summary>
/// <param name="Traces">Ids that a search found.</param>
/// <param name="Ground">Why it is erased; see <see cref="ErasureGround"/>.</param>
/// <param name="Proof">How it was made sure who asks; see <see cref="IdentityProof"/>.</param>
/// <param name="Reference">Number of the letter or form.</param>
public sealed record PersonalDataBody(IReadOnlyList<string?>? Traces, string? Ground, string? Proof, string? Reference);

/// <summary>
/// The rights of the people whose data it is (UU 27/2022 art. 7, 8): a copy, and erasure. For who answers for data protection in the
/// regency; what is done is written in the history.
/// </summary>
public sealed class PersonalDataEndpoints : ICarterModule
{
    /// <inheritdoc/>
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var data = app.MapRegencyApi("/personal-data").RequireRole(Role.DataProtection, Role.Regent).WithTags("Personal data");
        data.MapPost("search", Search).WithSummary("Where somebody's data stands: by number, email, phone or account");
        data.MapPost("copies", Copy).WithSummary("A copy of somebody's data as a ZIP file, when it is sure who asks");
        data.MapPost("erasures", Erase).WithSummary("Erase somebody's data for ever");
        app.MapRegencyApi("/personal-data/erasures").RequireRole(Role.DataProtection, Role.Regent, Role.Auditor).WithTags("Personal data")
            .MapGet("", Register).WithSummary("What was erased, by whom and why, the latest first; ?before=INSTANT, limit=");
    }

    private static async Task<IResult> Search(FindTracesBody body, HttpContext http, PersonalTraces traces, CancellationToken cancel)
    {
        var who = new PersonIdentity(body.Account, body.Email, body.Phone);
        return string.IsNullOrWhiteSpace(body.Number) && who is { AccountName: null, EmailName: null, PhoneName: null }
            ? Problem.BadRequest(new Fault("search.empty", "Send a number, an email, a phone or an account.", "number"))
            : Results.Ok(await traces.Find(http.Regency().Id, string.IsNullOrWhiteSpace(body.Number) ? null : body.Number.Trim(), who, cancel));
    }

    private static async Task<IResult> Copy(PersonalDataBody body, HttpContext http, PersonalTraces traces, CancellationToken cancel)
    {
        var faults = PersonalDataRequest.Read(body.Traces, null, body.Proof, body.Reference, out var request);
        if (faults.Count > 0)
        {
            return Problem.BadRequest(faults);
        }

        var zip = await traces.Copy(http.Regency().Id, request.Traces, request.Proof!.Value, request.Reference, cancel);
        http.Response.Headers.CacheControl = "no-store";
        return Results.File(zip, "application/zip", "data-pribadi.zip");
    }

    private static async Task<IResult> Erase(PersonalDataBody body, HttpContext http, PersonalTraces traces, CancellationToken cancel)
    {
        var faults = PersonalDataRequest.Read(body.Traces, body.Ground ?? "", body.Proof, body.Reference, out var request);
        return faults.Count > 0 ? Problem.BadRequest(faults)
            : Results.Ok((await traces.Erase(http.Regency().Id, request.Traces, request.Ground!.Value, request.Proof, request.Reference, cancel))
                .Select(k => new ErasureEntry(k.Id, k.Stream, k.DestroyedAt!.Value, k.DestroyedBy, k.Ground)));
    }

    private static async Task<IResult> Register(DateTimeOffset? before, int? limit, HttpContext http, PersonalTraces traces, CancellationToken cancel) =>
        limit is < 1 or > 1000
            ? Problem.BadRequest(new Fault("limit.invalid", "Between 1 and 1000.", "limit"))
            : Results.Ok(await traces.Register(http.Regency().Id, before, limit ?? 100, cancel));
}

/// <summary>A request about somebody's data that can be carried out.</summary>
/// <param name="Ground">Null: nothing is to be erased.</param>
/// <param name="Proof">Null: nobody asked.</param>
public sealed partial record PersonalDataRequest(IReadOnlyList<string> Traces, ErasureGround? Ground, IdentityProof? Proof, string? Reference)
{
    /// <summary>Most places in one request.</summary>
    public const int Most = 1000;

    /// <summary>Reads a request; whoever asks for his own must have proved who he is, and nothing about a person may get into the history.</summary>
    /// <param name="ground">Null: a copy is asked for.</param>
    public static IReadOnlyList<Fault> Read(IReadOnlyList<string?>? traces, string? ground, string? proof, string? reference, out PersonalDataRequest request)
    {
        var faults = new List<Fault>();
        var ids = (traces ?? []).OfType<string>().Distinct().ToArray();
        if (ids.Length is 0 or > Most || ids.Any(id => !Id().IsMatch(id)))
        {
            faults.Add(new("traces.invalid", $"Send 1 to {Most} ids that a search found.", "traces"));
        }

        var (why, how) = (One<ErasureGround>(ground, "ground", required: ground is not null), (IdentityProof?)null);
        how = One<IdentityProof>(proof, "proof", required: ground is null || why is ErasureGround.Request or ErasureGround.ConsentWithdrawn);
        if (!string.IsNullOrWhiteSpace(reference) && !Number().IsMatch(reference.Trim()))
        {
            faults.Add(new("reference.invalid", "A number of a letter or form: letters, digits and . / _ - only, at most 64; no name of a person, it stays in the history.", "reference"));
        }

        request = new PersonalDataRequest(ids, why, how, string.IsNullOrWhiteSpace(reference) ? null : reference.Trim());
        return faults;

        T? One<T>(string? text, string field, bool required) where T : struct, Enum
        {
            if (Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) && !int.TryParse(text, out _))
            {
                return value;
            }

            if (required || !string.IsNullOrWhiteSpace(text))
            {
                faults.Add(new($"{field}.unknown", $"One of {string.Join(", ", Enum.GetNames<T>().Select(n => char.ToLowerInvariant(n[0]) + n[1..]))}.", field));
            }

            return null;
        }
    }

    [GeneratedRegex("^p[0-9a-f]{1,64}$")]
    private static partial Regex Id();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9./_-]{0,63}$")]
    private static partial Regex Number();
}
