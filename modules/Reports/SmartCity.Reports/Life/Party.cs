using MediatR;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;

namespace SmartCity.Reports.Life;

/// <summary>What somebody is to a report.</summary>
[Flags]
internal enum Party
{
    None = 0,

    /// <summary>A part of the platform itself.</summary>
    System = 1,

    /// <summary>Who decides where reports go: a dispatcher; for a report on the conduct of officials, an officer of the Inspectorate.</summary>
    Desk = 2,

    /// <summary>An officer of the department that has it.</summary>
    Officer = 4,

    Regent = 8,

    /// <summary>Who filed it, proved by its secret.</summary>
    Reporter = 16,

    /// <summary>A system with a key.</summary>
    Integrator = 32,
}

/// <summary>Who looks at reports or does something to them.</summary>
/// <param name="IsInspectorate">An officer of the oversight body.</param>
/// <param name="Proves">Whether the caller has proved to be the reporter of a ticket.</param>
internal sealed record Viewer(Actor Actor, string Regency, bool IsInspectorate, Func<string, bool> Proves)
{
    /// <summary>Somebody who proves nothing.</summary>
    public static Viewer Of(Actor actor, string regency, bool isInspectorate = false) => new(actor, regency, isInspectorate, static _ => false);

    /// <summary>Whether the report is the viewer's own: its secret proves it, and so does that of the report that it is a part of.</summary>
    public bool Owns(Report report) => Proves(report.Id) || (report.PartOf is { } whole && Proves(whole));

    /// <summary>What the viewer is to a report.</summary>
    public Party To(Report report)
    {
        var party = Owns(report) ? Party.Reporter : Party.None;
        var isOversight = report.Filed.IsOversight;
        return party | Actor switch
        {
            { Role: Role.Operator } => Actor.IsSystem(Actor.Id) ? Party.System : Party.None,
            _ when !Actor.Is(Regency, Actor.Role) => Party.None,
            { Role: Role.Dispatcher } when !isOversight => Party.Desk,
            { Role: Role.Officer } when isOversight => IsInspectorate ? Party.Desk | (Has(report) ? Party.Officer : Party.None) : Party.None,
            { Role: Role.Officer } when Has(report) => Party.Officer,
            { Role: Role.Regent } => Party.Regent,
            { Role: Role.Integrator } when report.IsPublic => Party.Integrator,
            _ => Party.None,
        };
    }

    private bool Has(Report report) => report.Department is not null && report.Department == Actor.Department;
}

/// <summary>Finds out what the caller is.</summary>
internal sealed class Viewers(ISender sender, CallContext call, ReporterSecrets secrets)
{
    public async ValueTask<Viewer> Current(string regency, string? secret, CancellationToken cancel)
    {
        var actor = call.Actor;
        var isInspectorate = actor is { Role: Role.Officer, Department: not null } && actor.Is(regency, Role.Officer)
            && (await sender.Send(new GetDepartments(regency), cancel)).Any(d => d.Code == actor.Department && d.Kind == DepartmentKind.Oversight);
        return secret is null ? Viewer.Of(actor, regency, isInspectorate) : new Viewer(actor, regency, isInspectorate, ticket => secrets.Is(regency, ticket, secret));
    }
}

/// <summary>Parties in words.</summary>
internal static class PartyWords
{
    private static readonly (Party Party, string English, string Indonesian)[] Words =
    [
        (Party.Desk, "a dispatcher (for oversight reports the Inspectorate)", "petugas disposisi (untuk laporan pengawasan: Inspektorat)"),
        (Party.Officer, "an officer of the department that has it", "petugas OPD yang menanganinya"),
        (Party.Regent, "the regent", "bupati atau wali kota"),
        (Party.Reporter, "its reporter, who proves it with the report's secret", "pelapornya, dengan kunci laporan"),
        (Party.Integrator, "an integrator with a key", "aplikasi dengan kunci"),
        (Party.System, "the platform itself", "sistem"),
    ];

    public static string InEnglish(this Party party) => string.Join(", ", Words.Where(w => party.HasFlag(w.Party)).Select(w => w.English));

    public static string InIndonesian(this Party party) => string.Join(", ", Words.Where(w => party.HasFlag(w.Party)).Select(w => w.Indonesian));

    /// <summary>Short, for a table.</summary>
    public static IReadOnlyList<string> Names(this Party party) => [.. Words.Where(w => party.HasFlag(w.Party)).Select(w => w.Party.ToString().ToLowerInvariant())];
}
