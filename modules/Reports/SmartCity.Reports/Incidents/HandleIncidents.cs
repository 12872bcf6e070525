using System.Security.Cryptography;
using Carter;
using Marten;
using Marten.Linq.MatchesSql;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Problems;
using SmartCity.Platform.Regencies;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;
using SmartCity.Reports.Proposals;
using SmartCity.Reports.Reading;

namespace SmartCity.Reports.Incidents;

/// <summary>An emergency, as it is sent.</summary>
internal sealed record IncidentBody(string? Title, string? District, double? Latitude, double? Longitude, IReadOnlyList<string>? Tickets);

/// <summary>A word on an emergency, as it is sent.</summary>
internal sealed record IncidentWordBody(string? Text, string? Reason, bool? Public, IReadOnlyList<string>? Tickets);

/// <summary>Emergencies: one page, one log, all their reports.</summary>
internal sealed class IncidentEndpoints : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var open = app.MapRegencyApi("/incidents").WithTags("Incidents");
        open.MapGet("", List).WithSummary("Emergencies, newest first, for everybody; ?asOf=2026-06-30, or from=&to= by the day of opening, open=true, after=, limit=, format=csv");
        open.MapGet("{id}", async (string id, HttpContext http, ISender sender, CancellationToken cancel) =>
            await sender.Send(new GetIncident(http.Regency().Id, id), cancel) is { } incident ? Results.Ok(incident) : Unknown(id)).WithSummary("One emergency with its log, for everybody");
        var staff = app.MapRegencyApi("/incidents").RequireRole(Role.Dispatcher, Role.Officer, Role.Regent).WithTags("Incidents");
        staff.MapGet("suggestions", (HttpContext http, ISender sender, CancellationToken cancel) => sender.Send(new SuggestIncidents(http.Regency().Id), cancel))
            .WithSummary("Urgent reports that are near each other in place and time and in no open emergency");
        staff.MapPost("", (IncidentBody body, HttpContext http, ISender sender, CancellationToken cancel) =>
            Send(new OpenIncident(http.Regency().Id, body.Title, body.District, body.Latitude, body.Longitude, body.Tickets ?? []), http, sender, cancel)).WithSummary("Open an emergency; those on duty are alerted");
        staff.MapPost("{id}/reports", (string id, IncidentWordBody body, HttpContext http, ISender sender, CancellationToken cancel) =>
            Send(new GatherReports(http.Regency().Id, id, body.Tickets ?? []), http, sender, cancel)).WithSummary("Put reports to it");
        staff.MapPost("{id}/reports/{ticket}/releases", (string id, string ticket, IncidentWordBody body, HttpContext http, ISender sender, CancellationToken cancel) =>
            Send(new TakeOutReport(http.Regency().Id, id, ticket, body.Reason), http, sender, cancel)).WithSummary("Take a report out of it");
        staff.MapPost("{id}/log", (string id, IncidentWordBody body, HttpContext http, ISender sender, CancellationToken cancel) =>
            Send(new LogIncident(http.Regency().Id, id, body.Text, body.Public == true), http, sender, cancel)).WithSummary("Write into its log; public: true for everybody");
        staff.MapPost("{id}/broadcasts", (string id, IncidentWordBody body, HttpContext http, ISender sender, CancellationToken cancel) =>
            Send(new BroadcastToIncident(http.Regency().Id, id, body.Text), http, sender, cancel)).RequireRole(Role.Dispatcher, Role.Regent, Role.PublicRelations)
            .WithSummary("Tell something to everybody whose report it gathers, each once, on their own channel");
        staff.MapPost("{id}/closings", (string id, IncidentWordBody body, HttpContext http, ISender sender, CancellationToken cancel) =>
            Send(new CloseIncident(http.Regency().Id, id, body.Reason), http, sender, cancel)).WithSummary("It is over");
    }

    private static async Task<IResult> List(
        string? asOf, string? from, string? to, bool? open, string? after, int? limit, string? format, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var faults = new List<Fault>();
        DateOnly? Day(string? text, string field)
        {
            if (text is null)
            {
                return null;
            }

            if (DateOnly.TryParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var read) && read > DateOnly.MinValue && read < DateOnly.MaxValue)
            {
                return read;
            }

            faults.Add(new Fault($"{field}.invalid", "Give a date as 2026-06-30.", field));
            return null;
        }

        var (day, begin) = (Day(asOf, "asOf") ?? Day(to, "to"), Day(from, "from"));
        if (begin > day)
        {
            faults.Add(new Fault("from.after_to", "The period begins after it ends: from must not be later than to.", "from"));
        }

        if (limit is < 1 or > 1000)
        {
            faults.Add(new Fault("limit.invalid", "Between 1 and 1000.", "limit"));
        }

        var isCsv = Csv.IsWanted(http, format, faults);

        if (faults.Count > 0)
        {
            return Problem.BadRequest(faults);
        }

        var page = await sender.Send(new ListIncidents(http.Regency().Id, day, open, after, isCsv ? int.MaxValue : limit ?? 50, begin), cancel);
        return isCsv ? Results.Text(Csv.Write(["id", "title", "district", "openedAt", "closedAt", "reports"],
            page.Incidents.Select(i => (IReadOnlyList<object?>)[i.Id, i.Title, i.District, i.OpenedAt, i.ClosedAt, i.Reports])), "text/csv; charset=utf-8") : Results.Ok(page);
    }

    private static async Task<IResult> Send(IRequest<Outcome<IncidentDetails>> command, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var outcome = await sender.Send(command, cancel);
        return outcome.Value is { } incident ? command is OpenIncident ? Results.Created($"/api/v1/regencies/{http.Regency().Id}/incidents/{incident.Id}", incident) : Results.Ok(incident)
            : outcome.Refusals.ToProblem(http);
    }

    private static IResult Unknown(string id) => Problem.NotFound("incident.unknown", $"There is no emergency '{id}' here.", "id");
}

internal sealed class IncidentHandler(RegencySessions sessions, Viewers viewers, RegencyRegistry regencies, TimeProvider time) :
    IRequestHandler<OpenIncident, Outcome<IncidentDetails>>, IRequestHandler<GatherReports, Outcome<IncidentDetails>>, IRequestHandler<TakeOutReport, Outcome<IncidentDetails>>,
    IRequestHandler<LogIncident, Outcome<IncidentDetails>>, IRequestHandler<CloseIncident, Outcome<IncidentDetails>>, IRequestHandler<BroadcastToIncident, Outcome<IncidentDetails>>,
    IRequestHandler<ListIncidents, IncidentPage>, IRequestHandler<GetIncident, IncidentDetails?>, IRequestHandler<SuggestIncidents, IReadOnlyList<IncidentSuggestion>>
{
    private const int Attempts = 5;

    public async Task<Outcome<IncidentDetails>> Handle(OpenIncident command, CancellationToken cancel)
    {
        var (found, refused) = await Find(command.Regency, command.Tickets, cancel);
        if (refused is not null)
        {
            return Outcome<IncidentDetails>.Refused(refused);
        }

        var place = found.FirstOrDefault(r => r.Filed.Place is { Latitude: not null, Longitude: not null });
        var whole = command with
        {
            District = string.IsNullOrWhiteSpace(command.District) ? found.Select(r => r.District).FirstOrDefault(d => d is not null) : command.District.Trim(),
            Latitude = command.Latitude ?? (command.Longitude is null ? place?.Filed.Place.Latitude : null),
            Longitude = command.Longitude ?? (command.Latitude is null ? place?.Filed.Place.Longitude : null),
        };
        return await Decide(command.Regency, $"incident-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}", isNew: true, _ => IncidentRules.Open(whole, [.. found.Select(r => r.Id)]), cancel);
    }

    public async Task<Outcome<IncidentDetails>> Handle(GatherReports command, CancellationToken cancel)
    {
        var (found, refused) = await Find(command.Regency, command.Tickets, cancel);
        return refused is not null ? Outcome<IncidentDetails>.Refused(refused)
            : await Decide(command.Regency, command.Incident, isNew: false, incident => IncidentRules.Gather(incident!, [.. found.Select(r => r.Id)], "person"), cancel);
    }

    public Task<Outcome<IncidentDetails>> Handle(TakeOutReport command, CancellationToken cancel) =>
        Decide(command.Regency, command.Incident, isNew: false, incident => IncidentRules.Release(incident!, command.Ticket, command.Reason), cancel);

    public Task<Outcome<IncidentDetails>> Handle(LogIncident command, CancellationToken cancel) =>
        Decide(command.Regency, command.Incident, isNew: false, incident => IncidentRules.Note(incident!, command.Text, command.IsPublic), cancel);

    public async Task<Outcome<IncidentDetails>> Handle(BroadcastToIncident command, CancellationToken cancel) =>
        (await viewers.Current(command.Regency, null, cancel)).Actor.Is(command.Regency, Role.Dispatcher, Role.Regent, Role.PublicRelations)
            ? await Decide(command.Regency, command.Incident, isNew: false, incident => IncidentRules.Broadcast(incident!, command.Text), cancel, Role.PublicRelations)
            : Outcome<IncidentDetails>.Refused(new Refusal("incident.not_yours", "Only for dispatchers, public relations and the regent of this regency.", "Hanya untuk petugas disposisi, humas, dan kepala daerah.", Kind: RefusalKind.Forbidden));

    public Task<Outcome<IncidentDetails>> Handle(CloseIncident command, CancellationToken cancel) =>
        Decide(command.Regency, command.Incident, isNew: false, incident => IncidentRules.Close(incident!, command.Reason), cancel);

    public async Task<IncidentPage> Handle(ListIncidents query, CancellationToken cancel)
    {
        var zone = (await regencies.Find(RegencyCode.Parse(query.Regency), cancel))?.Zone ?? TimeZoneInfo.Utc;
        var instant = query.AsOf is { } day ? Musrenbang.EndOf(day, zone).AddTicks(-1) : DateTimeOffset.MaxValue;
        var begin = query.From is { } from ? Musrenbang.EndOf(from.AddDays(-1), zone) : DateTimeOffset.MinValue;
        await using var session = sessions.Query(query.Regency);
        var all = (await session.Query<Incident>().ToListAsync(cancel)).Select(i => i.At(instant)).OfType<Incident>()
            .Where(i => i.OpenedAt >= begin).Where(i => query.IsOpen is null || query.IsOpen == i.ClosedAt is null)
            .OrderByDescending(i => i.OpenedAt).ThenBy(i => i.Id, StringComparer.Ordinal).ToList();
        var rest = query.After is null ? all : [.. all.SkipWhile(i => i.Id != query.After).Skip(1)];
        var page = rest.Take(query.Limit).ToList();
        return new IncidentPage(await Show(query.Regency, session, page, cancel), rest.Count > page.Count ? page[^1].Id : null);
    }

    public async Task<IncidentDetails?> Handle(GetIncident query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        return await session.LoadAsync<Incident>(query.Id, cancel) is { } incident ? (await Show(query.Regency, session, [incident], cancel))[0] : null;
    }

    public async Task<IReadOnlyList<IncidentSuggestion>> Handle(SuggestIncidents query, CancellationToken cancel)
    {
        var viewer = await viewers.Current(query.Regency, null, cancel);
        if (!IsStaff(viewer))
        {
            return [];
        }

        var since = time.GetUtcNow() - IncidentRules.Hours - IncidentRules.Hours;
        await using var session = sessions.Query(query.Regency);
        var gathered = (await session.Query<Incident>().Where(i => i.ClosedAt == null).ToListAsync(cancel)).SelectMany(i => i.Tickets).ToHashSet();
        var urgent = await session.Query<Report>().VisibleTo(viewer).Where(r => r.MatchesSql(ReportIndexes.IsEmergency) && r.FiledAt >= since).ToListAsync(cancel);
        return IncidentRules.Suggest(urgent.Where(r => !gathered.Contains(r.Id) && !r.Filed.IsOversight && !r.IsHeld && r.Filed.Place is { Latitude: not null, Longitude: not null })
            .Select(r => (r.Id, r.Filed.Place.Latitude!.Value, r.Filed.Place.Longitude!.Value, r.District, r.FiledAt)));
    }

    private static bool IsStaff(Viewer viewer) => viewer.Actor.Is(viewer.Regency, Role.Dispatcher, Role.Officer, Role.Regent, Role.Auditor);

    /// <summary>Reports that the caller may see; what is on the conduct of officials is no part of an emergency. The platform itself leaves out what cannot be gathered.</summary>
    private async Task<(IReadOnlyList<Report> Found, Refusal? Refused)> Find(string regency, IReadOnlyList<string> tickets, CancellationToken cancel)
    {
        if (tickets.Count > IncidentRules.MaxTickets)
        {
            return ([], new Refusal("tickets.invalid", $"At most {IncidentRules.MaxTickets} reports at once.", $"Paling banyak {IncidentRules.MaxTickets} laporan sekaligus.", "tickets"));
        }

        var ids = tickets.Select(t => Ticket.Read(t) ?? t).Distinct().ToArray();
        var viewer = await viewers.Current(regency, null, cancel);
        await using var session = sessions.Query(regency);
        var found = ids.Length == 0 ? [] : (await session.LoadManyAsync<Report>(cancel, ids)).Where(r => (viewer.MaySee(r) || viewer.Actor.Role == Role.Operator) && !r.Filed.IsOversight).OrderBy(r => r.Number).ToArray();
        return viewer.Actor.Role != Role.Operator && ids.FirstOrDefault(id => found.All(r => r.Id != id)) is { } missing ? ([], ReportStreams.NotFound(missing, "tickets")) : (found, null);
    }

    /// <param name="also">Who may decide this besides those who handle incidents.</param>
    private async Task<Outcome<IncidentDetails>> Decide(string regency, string id, bool isNew, Func<Incident?, Decision> decide, CancellationToken cancel, Role? also = null)
    {
        var viewer = await viewers.Current(regency, null, cancel);
        if (!viewer.Actor.Is(regency, Role.Dispatcher, Role.Officer, Role.Regent) && viewer.Actor.Role != Role.Operator && !(also is { } role && viewer.Actor.Is(regency, role)))
        {
            return Outcome<IncidentDetails>.Refused(new Refusal("incident.not_yours", "Only for staff of this regency.", "Hanya untuk petugas daerah ini.", Kind: RefusalKind.Forbidden));
        }

        for (var attempt = 1; ; attempt++)
        {
            await using var session = sessions.Open(regency);
            var known = isNew ? null : await session.LoadAsync<Incident>(id, cancel);
            if (!isNew && known is null)
            {
                return Outcome<IncidentDetails>.Refused(new Refusal("incident.unknown", $"There is no emergency '{id}' here.", $"Tidak ada kejadian '{id}' di sini.", "id", RefusalKind.NotFound));
            }

            var decision = decide(known);
            if (decision.Refusal is { } refusal)
            {
                return Outcome<IncidentDetails>.Refused(refusal);
            }

            var now = known;
            var events = decision.Events ?? [];
            if (events.Count > 0)
            {
                if (known is null)
                {
                    session.Events.StartStream<Incident>(id, events);
                }
                else
                {
                    session.Events.Append(id, known.Version + events.Count, events);
                }

                now = events.Aggregate(known, (incident, e) => Incident.After(incident, id, e, time.GetUtcNow()))!;
                now.Version = (known?.Version ?? 0) + events.Count;
                try
                {
                    await session.SaveChangesAsync(cancel);
                }
                catch (Exception failure) when (attempt < Attempts && LostRace.Is(failure))
                {
                    continue;
                }
            }

            await using var reading = sessions.Query(regency);
            return Outcome<IncidentDetails>.Done((await Show(regency, reading, [now!], cancel))[0]);
        }
    }

    private async Task<IReadOnlyList<IncidentDetails>> Show(string regency, IQuerySession session, IReadOnlyList<Incident> incidents, CancellationToken cancel)
    {
        var viewer = await viewers.Current(regency, null, cancel);
        var tickets = incidents.SelectMany(i => i.Log.SelectMany(e => e.Tickets ?? [])).Distinct().ToArray();
        var visible = tickets.Length == 0 ? [] : (await session.LoadManyAsync<Report>(cancel, tickets)).Where(viewer.MaySee).Select(r => r.Id).ToHashSet();
        var isStaff = IsStaff(viewer);
        return [.. incidents.Select(i => new IncidentDetails(
            i.Id, i.Version, i.Title, i.District, i.Latitude, i.Longitude, i.OpenedAt, i.ClosedAt, isStaff ? i.Tickets.Count : i.Tickets.Count(visible.Contains), [.. i.Tickets.Where(visible.Contains)],
            [.. i.Log.Where(e => isStaff || e.IsPublic).Select(e => e with { Tickets = e.Tickets is null ? null : [.. e.Tickets.Where(visible.Contains)] })
                // That a report came which the reader may not see is no news.
                .Where(e => e.What != "gathered" || e.Tickets!.Count > 0)]))];
    }
}

/// <summary>A report of people in danger that comes in near an open emergency belongs to it. The second time it finds it there.</summary>
internal sealed class GatherNearReports(RegencySessions sessions, CallContext call) : INotificationHandler<Committed<ReportFiled>>
{
    private const int Attempts = 5;

    public async Task Handle(Committed<ReportFiled> committed, CancellationToken cancel)
    {
        var (filed, envelope) = committed;
        if (filed is not { Assessment: { Urgency: ReportAssessment.Emergency, IsHeld: false }, IsOversight: false, PartOf: null, Place: { Latitude: not null, Longitude: not null } place })
        {
            return;
        }

        call.Actor = Actor.System("incidents");
        for (var attempt = 1; ; attempt++)
        {
            await using var session = sessions.Open(envelope.Regency.Value);
            var open = await session.Query<Incident>().Where(i => i.ClosedAt == null).ToListAsync(cancel);
            var nearest = open.Select(i => (Incident: i, Metres: Near.Metres(i.Latitude, i.Longitude, place.Latitude, place.Longitude))).Where(i => i.Metres <= IncidentRules.Metres).OrderBy(i => i.Metres).FirstOrDefault().Incident;
            if (open.Any(i => i.Tickets.Contains(filed.Ticket)) || nearest is null || IncidentRules.Gather(nearest, [filed.Ticket], "near").Events is not { Count: > 0 } events
                // Whoever took it out knew why.
                || nearest.Log.Any(e => e.What == "released" && e.Tickets!.Contains(filed.Ticket)))
            {
                return;
            }

            session.Events.Append(nearest.Id, nearest.Version + events.Count, events);
            try
            {
                await session.SaveChangesAsync(cancel);
                return;
            }
            catch (Exception failure) when (attempt < Attempts && LostRace.Is(failure))
            {
                // Somebody else wrote into its log.
            }
        }
    }
}
