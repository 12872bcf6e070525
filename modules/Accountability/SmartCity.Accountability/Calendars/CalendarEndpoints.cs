using System.Globalization;
using System.Text;
using Carter;
using JasperFx.Events;
using Marten;
using Marten.Events.Aggregation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Accountability.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Problems;

namespace SmartCity.Accountability.Calendars;

/// <summary>Offices are closed on a day for a reason of the place alone: a flood, a village election. Name on the wire: <c>closure.announced.v1</c>.</summary>
internal sealed record ClosureAnnounced(DateOnly Date, string Reason);

/// <summary>They are open after all. Name on the wire: <c>closure.withdrawn.v1</c>.</summary>
internal sealed record ClosureWithdrawn(DateOnly Date);

/// <summary>The local closures of a regency, one stream.</summary>
internal sealed record LocalClosures
{
    public const string Stream = "calendar-closures";

    /// <summary>The stream.</summary>
    public required string Id { get; init; }

    public required IReadOnlyList<ClosureAnnounced> Closures { get; init; }

    public static LocalClosures? After(LocalClosures? known, string id, object @event)
    {
        IEnumerable<ClosureAnnounced> Others(DateOnly date) => (known?.Closures ?? []).Where(c => c.Date != date);
        return @event switch
        {
            ClosureAnnounced announced => new LocalClosures { Id = id, Closures = [.. Others(announced.Date).Append(announced).OrderBy(c => c.Date)] },
            ClosureWithdrawn withdrawn => new LocalClosures { Id = id, Closures = [.. Others(withdrawn.Date)] },
            _ => known,
        };
    }
}

/// <summary>Keeps <see cref="LocalClosures"/> in step with its stream, in the same transaction.</summary>
internal sealed class LocalClosuresProjection : SingleStreamProjection<LocalClosures, string>
{
    public LocalClosuresProjection()
    {
        IncludeType<ClosureAnnounced>();
        IncludeType<ClosureWithdrawn>();
    }

    public override LocalClosures? Evolve(LocalClosures? snapshot, string id, IEvent e) => LocalClosures.After(snapshot, id, e.Data);
}

/// <summary>A local closure as it is sent.</summary>
internal sealed record ClosureBody(string? Reason);

/// <summary>
/// On which days offices are closed, for everybody; a year's holidays and cuti bersama from a file, and closures of the place. Deadlines that
/// are set already and neither met nor missed are counted again.
/// </summary>
internal sealed class CalendarEndpoints : ICarterModule
{
    private const int MaxDates = 120, MaxText = 200, MaxBytes = 64 * 1024;

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var calendar = app.MapRegencyApi("/calendar").WithTags("Accountability");
        calendar.MapGet("{year:int}", Show).WithSummary("The days of a year on which offices are closed besides weekends, and by which decree");
        calendar.MapPut("{year:int}", Put).RequireRole(Role.Operator).Accepts<string>("text/csv")
            .WithSummary("Load holidays and cuti bersama of a year: CSV, a date and a name a line; ?source=SKB… names the decree, ?dryRun=true only tries");
        calendar.MapPut("closures/{date}", Close).RequireRole(Role.Operator, Role.Regent).WithSummary("Offices of this place are closed on a day");
        calendar.MapDelete("closures/{date}", Open).RequireRole(Role.Operator, Role.Regent).WithSummary("They are open on it after all");
    }

    private static async Task<IResult> Show(int year, HttpContext http, RegencySessions sessions, CancellationToken cancel)
    {
        await using var session = sessions.Query(http.Regency().Id);
        var known = await session.LoadAsync<ClosedYear>(ClosedYear.Stream(year), cancel);
        var closures = (await session.LoadAsync<LocalClosures>(LocalClosures.Stream, cancel))?.Closures.Where(c => c.Date.Year == year) ?? [];
        return Results.Ok(new { year, isKnown = known is not null, source = known?.Source, holidays = known?.Dates ?? [], closures });
    }

    private static async Task<IResult> Put(int year, string? source, string? dryRun, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var faults = new List<Fault>();
        if (string.IsNullOrWhiteSpace(source) || source.Length > MaxText || source.Any(char.IsControl))
        {
            faults.Add(new Fault("source.missing", $"Name the decree in one line of at most {MaxText} characters: ?source=SKB+3+Menteri+2026.", "source"));
        }

        if (dryRun is not (null or "true" or "false"))
        {
            faults.Add(new Fault("dryRun.invalid", "Send true or false.", "dryRun"));
        }

        if (http.Request.ContentLength is not { } length || length > MaxBytes)
        {
            return Problem.From(StatusCodes.Status413PayloadTooLarge, new Fault("file.too_large", $"A file of at most {MaxBytes / 1024} KB, with its length."));
        }

        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var dates = Read(await reader.ReadToEndAsync(cancel), year, faults);
        if (faults.Count > 0)
        {
            return Problem.BadRequest(faults);
        }

        if (dryRun != "true")
        {
            await sender.Send(new ImportHolidays(http.Regency().Id, year, dates, source!.Trim()), cancel);
        }

        return Results.Ok(new { year, source, holidays = dates, isDryRun = dryRun == "true" });
    }

    /// <summary>A date and a name a line; each bad line is named.</summary>
    internal static IReadOnlyList<DateOnly> Read(string csv, int year, List<Fault> faults)
    {
        var dates = new SortedSet<DateOnly>();
        var lines = csv.TrimStart('\uFEFF').Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var text = lines[i].Split(',', ';')[0].Trim().Trim('"');
            if (text.Length == 0 || (i == 0 && !char.IsAsciiDigit(text[0])))
            {
                continue;
            }

            if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            {
                faults.Add(new Fault("date.invalid", $"'{text}' is no date such as {year}-08-17.", $"line {i + 1}"));
            }
            else if (date.Year != year)
            {
                faults.Add(new Fault("date.year", $"{text} is not in {year}: load each year on its own.", $"line {i + 1}"));
            }
            else
            {
                dates.Add(date);
            }
        }

        if (dates.Count is 0 or > MaxDates && faults.Count == 0)
        {
            faults.Add(new Fault("csv.dates", $"A date and a name a line, between 1 and {MaxDates} dates.", "csv"));
        }

        return [.. dates];
    }

    private static async Task<IResult> Close(string date, ClosureBody body, HttpContext http, RegencySessions sessions, WorkingCalendars calendars, CancellationToken cancel) =>
        !DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? Problem.BadRequest(new Fault("date.invalid", "A day such as 2026-11-27.", "date"))
        : string.IsNullOrWhiteSpace(body.Reason) || body.Reason.Length > MaxText || body.Reason.Any(char.IsControl)
            ? Problem.BadRequest(new Fault("reason.missing", $"Say why, in one line of at most {MaxText} characters.", "reason"))
        : await Change(http.Regency().Id, known => known?.Closures.Any(c => c.Date == day && c.Reason == body.Reason.Trim()) == true ? null : new ClosureAnnounced(day, body.Reason.Trim()), sessions, calendars, cancel);

    private static async Task<IResult> Open(string date, HttpContext http, RegencySessions sessions, WorkingCalendars calendars, CancellationToken cancel) =>
        !DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? Problem.BadRequest(new Fault("date.invalid", "A day such as 2026-11-27.", "date"))
        : await Change(http.Regency().Id, known => known?.Closures.Any(c => c.Date == day) == true ? new ClosureWithdrawn(day) : null, sessions, calendars, cancel);

    private static async Task<IResult> Change(string regency, Func<LocalClosures?, object?> decide, RegencySessions sessions, WorkingCalendars calendars, CancellationToken cancel)
    {
        await using var session = sessions.Open(regency);
        var stream = await session.Events.FetchForWriting<LocalClosures>(LocalClosures.Stream, cancel);
        if (decide(stream.Aggregate) is { } @event)
        {
            stream.AppendOne(@event);
            await session.SaveChangesAsync(cancel);
            calendars.Changed(regency);
        }

        return Results.NoContent();
    }
}
