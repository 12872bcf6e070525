using MediatR;
using Microsoft.AspNetCore.Http;
using SmartCity.Platform.Access;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Problems;
using SmartCity.Reports.Contracts;
using SmartCity.Web.Shared;

namespace SmartCity.Web.Privacy;

/// <summary>By what somebody was looked for, and where the data stands.</summary>
/// <param name="Number">A ticket.</param>
/// <param name="Email">E-mail address.</param>
/// <param name="Phone">Telephone number.</param>
/// <param name="Account">Account on a channel.</param>
/// <param name="Traces">What was found; null: nothing was looked for yet.</param>
public sealed record TraceSearch(string? Number = null, string? Email = null, string? Phone = null, string? Account = null, IReadOnlyList<PersonalTrace>? Traces = null);

/// <summary>For who answers for the protection of personal data: copies, erasure, and how long data is kept.</summary>
internal static class PersonalDataPage
{
    private const int Shown = 50;

    public static Task<IResult> Show(HttpContext http, PersonalTraces traces, ISender sender, CancellationToken cancel) =>
        Page(http, traces, sender, new TraceSearch(), [], StatusCodes.Status200OK, cancel);

    public static async Task<IResult> Search(HttpContext http, PersonalTraces traces, ISender sender, CancellationToken cancel)
    {
        var form = http.Request.Form;
        var search = new TraceSearch(form.TextOrNull("nomor"), form.TextOrNull("surel"), form.TextOrNull("telepon"), form.TextOrNull("akun"));
        return search == new TraceSearch()
            ? await Page(http, traces, sender, search, [new DataFault("Isi salah satu: nomor laporan, surel, telepon, atau akun.", "Fill in one: report number, e-mail, telephone or account.")], StatusCodes.Status400BadRequest, cancel)
            : await Page(http, traces, sender, search with
            {
                Traces = await traces.Find(http.Regency().Id, search.Number, new PersonIdentity(search.Account, search.Email, search.Phone), cancel),
            }, [], StatusCodes.Status200OK, cancel);
    }

    public static async Task<IResult> Copy(HttpContext http, PersonalTraces traces, ISender sender, CancellationToken cancel)
    {
        var form = http.Request.Form;
        if (PersonalDataRequest.Read([.. form["jejak"]], null, form.TextOrNull("bukti"), form.TextOrNull("rujukan"), out var request) is { Count: > 0 } faults)
        {
            return await Page(http, traces, sender, new TraceSearch(), [.. faults.Select(DataFault.Of)], StatusCodes.Status400BadRequest, cancel);
        }

        var zip = await traces.Copy(http.Regency().Id, request.Traces, request.Proof!.Value, request.Reference, cancel);
        http.Response.Headers.CacheControl = "no-store";
        return Results.File(zip, "application/zip", "data-pribadi.zip");
    }

    public static async Task<IResult> Erase(HttpContext http, PersonalTraces traces, ISender sender, CancellationToken cancel)
    {
        var form = http.Request.Form;
        var faults = PersonalDataRequest.Read([.. form["jejak"]], form.Text("alasan"), form.TextOrNull("bukti"), form.TextOrNull("rujukan"), out var request).Select(DataFault.Of).ToList();
        if (!form.IsTicked("yakin"))
        {
            faults.Add(new DataFault("Centang bahwa penghapusan tidak bisa dibatalkan.", "Tick that erasing cannot be undone."));
        }

        if (faults.Count > 0)
        {
            return await Page(http, traces, sender, new TraceSearch(), faults, StatusCodes.Status400BadRequest, cancel);
        }

        var erased = await traces.Erase(http.Regency().Id, request.Traces, request.Ground!.Value, request.Proof, request.Reference, cancel);
        return Pages.SeeOther($"/{http.Regency().Id}/data-pribadi?dihapus={erased.Count}");
    }

    public static async Task<IResult> Retain(HttpContext http, PersonalTraces traces, ISender sender, CancellationToken cancel)
    {
        var days = http.Request.Form.Where(f => f.Key.StartsWith("hari.", StringComparison.Ordinal))
            .ToDictionary(f => f.Key["hari.".Length..], f => int.TryParse(f.Value, out var number) ? number : (int?)null);
        var outcome = await sender.Send(new DefineRetention(http.Regency().Id, days), cancel);
        return outcome.IsDone ? Pages.SeeOther($"/{http.Regency().Id}/data-pribadi?disimpan=1")
            : await Page(http, traces, sender, new TraceSearch(), [.. outcome.Refusals.Select(r => new DataFault(r.Indonesian, r.English))], StatusCodes.Status400BadRequest, cancel);
    }

    private static async Task<IResult> Page(
        HttpContext http, PersonalTraces traces, ISender sender, TraceSearch search, IReadOnlyList<DataFault> faults, int status, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        return Pages.Show<PersonalDataView>(new
        {
            Search = search,
            Faults = faults,
            Register = await traces.Register(regency, null, Shown, cancel),
            Retention = await sender.Send(new GetRetention(regency), cancel),
            Due = await sender.Send(new GetRetentionDue(regency, Limit: Shown), cancel),
        }, status);
    }
}

/// <summary>What is wrong with a request about personal data.</summary>
public sealed record DataFault(string Indonesian, string English)
{
    internal static DataFault Of(Fault fault) => new(fault.Field switch
    {
        "traces" => "Pilih paling sedikit satu baris hasil pencarian.",
        "ground" => "Pilih alasan penghapusan.",
        "proof" => "Pilih bagaimana identitas pemohon dipastikan.",
        "reference" => "Nomor surat: huruf, angka, dan . / _ - saja, paling banyak 64; jangan tulis nama orang.",
        _ => fault.Detail,
    }, fault.Detail);
}

/// <summary>Search, results, register of erasures, retention.</summary>
public partial class PersonalDataView;
