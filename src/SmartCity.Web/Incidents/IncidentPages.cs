using MediatR;
using Microsoft.AspNetCore.Http;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Web.Shared;

namespace SmartCity.Web.Incidents;

/// <summary>What somebody typed about an emergency and why it was not taken.</summary>
/// <param name="Form">Which form.</param>
/// <param name="Fields">What was typed.</param>
/// <param name="Refusals">Why not.</param>
public sealed record IncidentDraft(string Form, IReadOnlyDictionary<string, string> Fields, IReadOnlyList<Refusal> Refusals)
{
    /// <summary>What was typed into a field of a form.</summary>
    public string? Of(string form, string field) => form == Form ? Fields.GetValueOrDefault(field) : null;
}

/// <summary>Emergencies for everybody, and the forms of staff.</summary>
internal static class IncidentPages
{
    private const int Shown = 50;

    public static Task<IResult> List(HttpContext http, ISender sender, CancellationToken cancel) => List(null, StatusCodes.Status200OK, http, sender, cancel);

    public static Task<IResult> Show(string id, HttpContext http, ISender sender, CancellationToken cancel) => One(id, null, StatusCodes.Status200OK, http, sender, cancel);

    public static async Task<IResult> Open(HttpContext http, ISender sender, CancellationToken cancel)
    {
        var form = http.Request.Form;
        var outcome = await sender.Send(new OpenIncident(http.Regency().Id, form.Text("judul"), form.TextOrNull("kecamatan"), null, null, Tickets(form)), cancel);
        return outcome.Value is { } incident ? Pages.SeeOther($"/{http.Regency().Id}/kejadian/{incident.Id}")
            : await List(Draft("buka", form, outcome), Status(outcome), http, sender, cancel);
    }

    public static async Task<IResult> Change(string id, string step, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var (regency, form) = (http.Regency().Id, http.Request.Form);
        IRequest<Outcome<IncidentDetails>>? command = step switch
        {
            "laporan" => new GatherReports(regency, id, Tickets(form)),
            "catatan" => new LogIncident(regency, id, form.Text("teks"), form.IsTicked("umum")),
            "siaran" => new BroadcastToIncident(regency, id, form.Text("teks")),
            "tutup" => new CloseIncident(regency, id, form.Text("alasan")),
            _ => null,
        };
        if (command is null)
        {
            return Pages.NotFound();
        }

        var outcome = await sender.Send(command, cancel);
        return outcome.IsDone ? Pages.SeeOther($"/{regency}/kejadian/{id}") : await One(id, Draft(step, form, outcome), Status(outcome), http, sender, cancel);
    }

    private static string[] Tickets(IFormCollection form) => [.. form["laporan"].SelectMany(text => (text ?? "").Split([' ', ',', ';'], StringSplitOptions.RemoveEmptyEntries))];

    private static IncidentDraft Draft(string name, IFormCollection form, Outcome<IncidentDetails> outcome) => new(name, form.ToDictionary(f => f.Key, f => f.Value.ToString()), outcome.Refusals);

    private static int Status(Outcome<IncidentDetails> outcome) => outcome.Refusals[0].Kind switch
    {
        RefusalKind.NotFound => StatusCodes.Status404NotFound,
        RefusalKind.Conflict => StatusCodes.Status409Conflict,
        RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
        _ => StatusCodes.Status400BadRequest,
    };

    private static async Task<IResult> List(IncidentDraft? draft, int status, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        return Pages.Show<IncidentList>(new
        {
            Incidents = await sender.Send(new ListIncidents(regency, After: http.Request.Query["setelah"].FirstOrDefault() is { Length: > 0 and < 60 } after ? after : null, Limit: Shown), cancel),
            Suggestions = await sender.Send(new SuggestIncidents(regency), cancel),
            Draft = draft,
            Names = await Names.Of(regency, sender, cancel),
        }, status);
    }

    private static async Task<IResult> One(string id, IncidentDraft? draft, int status, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        return await sender.Send(new GetIncident(regency, id), cancel) is not { } incident ? Pages.NotFound()
            : Pages.Show<IncidentView>(new { Incident = incident, Draft = draft, Names = await Names.Of(regency, sender, cancel) }, status);
    }
}

/// <summary>Emergencies in words.</summary>
internal static class IncidentWords
{
    public static (string Indonesian, string English) Of(string what) => what switch
    {
        "opened" => ("Kejadian dibuka", "Opened"),
        "gathered" => ("Laporan digabungkan", "Reports gathered"),
        "released" => ("Laporan dikeluarkan", "Report taken out"),
        "broadcast" => ("Kabar untuk semua pelapor", "Told to all who reported it"),
        "closed" => ("Kejadian ditutup", "Closed"),
        _ => ("Catatan", "Note"),
    };
}

/// <summary>All emergencies.</summary>
public partial class IncidentList;

/// <summary>One emergency with its log.</summary>
public partial class IncidentView;
