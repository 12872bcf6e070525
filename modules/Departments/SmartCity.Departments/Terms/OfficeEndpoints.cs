using Carter;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Problems;

namespace SmartCity.Departments.Terms;

/// <summary>An appointment as it is sent; the office is in the address.</summary>
internal sealed record AppointBody(string? Name, string? Nip, string? User, ContactBody? Contact, DateOnly? From, DateOnly? Until, bool IsActing = false);

/// <summary>How the person is told, as it is sent.</summary>
internal sealed record ContactBody(string? Channel, string? To);

/// <summary>The end of a term as it is sent.</summary>
internal sealed record LeaveBody(DateOnly? Until);

/// <summary>Who holds which office, on any day; appointments and their ends.</summary>
internal sealed class OfficeEndpoints : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var offices = app.MapRegencyApi("/offices").WithTags("Departments");
        offices.MapGet("", Holders).WithSummary("Who heads which department, and who is regional secretary and regent; ?on=2026-01-31 for any day");
        offices.MapGet("{office}", Terms).WithSummary("All terms of an office: regent, secretary, head-DPU, …");
        offices.MapPost("{office}/appointments", Appoint).RequireRole(Role.Operator, Role.Regent)
            .WithSummary("Somebody takes office; who held it leaves it the day before");
        offices.MapPost("{office}/endings", Leave).RequireRole(Role.Operator, Role.Regent).WithSummary("Somebody leaves office; the term stays in the history");
    }

    private static async Task<IResult> Holders(string? on, HttpContext http, ISender sender, TimeProvider time, CancellationToken cancel)
    {
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), http.Regency().Zone).Date);
        if (on is not null && !DateOnly.TryParseExact(on, "yyyy-MM-dd", out day))
        {
            return Problem.BadRequest(new Fault("on.invalid", "A day such as 2026-01-31.", "on"));
        }

        var terms = await sender.Send(new GetOfficeTerms(http.Regency().Id), cancel);
        return Results.Ok(terms.Where(t => t.Holds(day)).Select(t => Shown(t, http)));
    }

    private static async Task<IResult> Terms(string office, HttpContext http, ISender sender, DirectoryStreams streams, CancellationToken cancel) =>
        OfficeRules.Unknown(office, await streams.Directory(http.Regency().Id, cancel)) is { } unknown
            ? Problem.NotFound(unknown.Code, unknown.Detail, "office")
            : Results.Ok((await sender.Send(new GetOfficeTerms(http.Regency().Id, office), cancel)).Select(t => Shown(t, http)));

    // That a person holds an office is public; the number and address of the person are for those who appoint.
    private static OfficeTerm Shown(OfficeTerm term, HttpContext http) =>
        http.Actor().Is(http.Regency().Id, Role.Operator, Role.Regent) ? term : term with { User = null, Nip = null, Contact = null };

    private static async Task<IResult> Appoint(string office, AppointBody body, HttpContext http, ISender sender, OfficeStreams offices, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        if (body.From is not { } from)
        {
            return Problem.BadRequest(new Fault("from.missing", "Give the first day in office, such as 2026-01-05.", "from"));
        }

        var user = body.User?.Trim() is { Length: > 0 } name ? name.Contains(':') ? name : $"staff:{name.ToLowerInvariant()}" : null;
        var term = new OfficeTerm("", office, body.Name?.Trim() ?? "", body.IsActing, from, body.Until, user, body.Nip?.Replace(" ", "", StringComparison.Ordinal),
            body.Contact is { } contact ? new OfficeContact(contact.Channel?.Trim() ?? "", contact.To?.Trim()) : null);
        var faults = await offices.Faults(regency, term, cancel);
        if (faults.Count > 0)
        {
            return Problem.BadRequest(faults);
        }

        await sender.Send(new AppointToOffice(regency, term), cancel);
        return Results.Ok((await sender.Send(new GetOfficeTerms(regency, office), cancel)).Select(t => Shown(t, http)));
    }

    private static async Task<IResult> Leave(string office, LeaveBody body, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        if (body.Until is not { } until)
        {
            return Problem.BadRequest(new Fault("until.missing", "Give the last day in office, such as 2026-12-31.", "until"));
        }

        if (!(await sender.Send(new GetOfficeTerms(regency, office), cancel)).Any(t => t.Holds(until)))
        {
            return Problem.NotFound("office.vacant", $"Nobody holds '{office}' on {until:yyyy-MM-dd}.", "office");
        }

        await sender.Send(new LeaveOffice(regency, office, until), cancel);
        return Results.Ok((await sender.Send(new GetOfficeTerms(regency, office), cancel)).Select(t => Shown(t, http)));
    }
}

/// <summary>Reads and writes the terms of offices.</summary>
internal sealed class OfficeStreams(RegencySessions sessions, DirectoryStreams streams, PersonalData personal) :
    IRequestHandler<GetOfficeTerms, IReadOnlyList<OfficeTerm>>, IRequestHandler<AppointToOffice>, IRequestHandler<LeaveOffice>
{
    public async Task<IReadOnlyList<OfficeTerm>> Handle(GetOfficeTerms query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        var records = query.Office is { } office
            ? await session.LoadAsync<OfficeRecord>(OfficeRecord.Stream(office), cancel) is { } one ? [one] : []
            : await session.Query<OfficeRecord>().OrderBy(o => o.Id).ToListAsync(cancel);
        var terms = records.SelectMany(r => r.Terms).ToArray();
        var reader = await personal.Reader(session, terms.SelectMany(t => new[] { t.Nip, t.To }), cancel);
        return [.. terms.Select(t => new OfficeTerm(
            t.Term, t.Office, t.Name, t.IsActing, t.From, t.Until, t.User, reader.Open(t.Nip), t.Channel is { } channel ? new OfficeContact(channel, reader.Open(t.To)) : null))];
    }

    /// <param name="directory">The departments as they will be; null: as they are.</param>
    public async Task<IReadOnlyList<Fault>> Faults(string regency, OfficeTerm term, CancellationToken cancel, RegencyDirectory? directory = null)
    {
        await using var session = sessions.Query(regency);
        return OfficeRules.Faults(await session.LoadAsync<OfficeRecord>(OfficeRecord.Stream(term.Office), cancel), term, directory ?? await streams.Directory(regency, cancel));
    }

    public async Task Handle(AppointToOffice command, CancellationToken cancel)
    {
        var (regency, term) = (command.Regency, command.Term);
        await using var session = sessions.Open(regency);
        var office = await session.Events.FetchForWriting<OfficeRecord>(OfficeRecord.Stream(term.Office), cancel);
        DirectoryStreams.ThrowIfAny(OfficeRules.Faults(office.Aggregate, term, await streams.Directory(regency, cancel)), $"Office {term.Office}");
        var seal = term.Nip is null && term.Contact?.To is null ? null
            : await personal.SealFor(session, personal.PersonId(regency, $"office {term.Office} {term.From:O}"), cancel);
        var events = OfficeRules.Take(office.Aggregate, term, text => text is null ? null : seal!.Seal(text));
        if (events.Count > 0)
        {
            office.AppendMany(events);
            await session.SaveChangesAsync(cancel);
        }
    }

    public async Task Handle(LeaveOffice command, CancellationToken cancel)
    {
        await using var session = sessions.Open(command.Regency);
        var office = await session.Events.FetchForWriting<OfficeRecord>(OfficeRecord.Stream(command.Office), cancel);
        if (OfficeRules.Leave(office.Aggregate, command.Until) is { } left)
        {
            office.AppendOne(left);
            await session.SaveChangesAsync(cancel);
        }
    }
}
