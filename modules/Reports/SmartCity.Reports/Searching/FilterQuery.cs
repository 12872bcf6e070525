using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using SmartCity.Platform.Access;
using SmartCity.Platform.Problems;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Handling;
using SmartCity.Reports.Proposals;

namespace SmartCity.Reports.Searching;

/// <summary>Which reports, as it stands in an address.</summary>
internal sealed class FilterQuery
{
    private const string Late = "late", Today = "today", Deadline = "deadline";
    private const int LongestCode = 100;

    [FromQuery(Name = "q")] public string? Words { get; init; }

    [FromQuery(Name = "category")] public string[]? Category { get; init; }

    [FromQuery(Name = "state")] public string[]? State { get; init; }

    [FromQuery(Name = "department")] public string? Department { get; init; }

    [FromQuery(Name = "district")] public string? District { get; init; }

    [FromQuery(Name = "class")] public string? Class { get; init; }

    [FromQuery(Name = "plannedWork")] public string? PlannedWork { get; init; }

    [FromQuery(Name = "urgency")] public string? Urgency { get; init; }

    [FromQuery(Name = "held")] public bool? Held { get; init; }

    [FromQuery(Name = "followUpDue")] public bool? FollowUpDue { get; init; }

    [FromQuery(Name = "handler")] public string? Handler { get; init; }

    [FromQuery(Name = "due")] public string? Due { get; init; }

    [FromQuery(Name = "sort")] public string? Sort { get; init; }

    [FromQuery(Name = "from")] public DateTimeOffset? From { get; init; }

    [FromQuery(Name = "until")] public DateTimeOffset? Until { get; init; }

    [FromQuery(Name = "bbox")] public string? Box { get; init; }

    [FromQuery(Name = "hasPhoto")] public string? HasPhoto { get; init; }

    /// <summary>What is due first, and only what is due.</summary>
    internal bool ByDeadline => Sort == Deadline;

    /// <summary>The filter, or what is wrong with it.</summary>
    public ReportFilter Read(HttpContext http, DateTimeOffset now, List<Fault> faults)
    {
        var states = new List<ReportState>();
        foreach (var text in State ?? [])
        {
            if (ReportStates.Read(text) is { } parsed)
            {
                states.Add(parsed);
            }
            else
            {
                faults.Add(new Fault("state.unknown", $"'{text}' is no state; use {string.Join(", ", Enum.GetValues<ReportState>().Select(s => s.Name()))}.", "state"));
            }
        }

        if (Words is { Length: > SearchWords.MostCharacters })
        {
            faults.Add(new Fault("q.too_long", $"At most {SearchWords.MostCharacters} characters.", "q"));
        }

        foreach (var (field, code) in (Category ?? []).Select(code => ("category", (string?)code)).Concat([("department", Department), ("district", District), ("class", Class), ("handler", Handler)]))
        {
            if (code is { Length: > LongestCode } || code?.Any(char.IsControl) == true)
            {
                faults.Add(new Fault($"{field}.invalid", $"A code has at most {LongestCode} characters, and no control characters.", field));
            }
        }

        if (Urgency is not (null or ReportAssessment.Emergency))
        {
            faults.Add(new Fault("urgency.unknown", $"Only '{ReportAssessment.Emergency}' can be asked for.", "urgency"));
        }

        if (Due is not (null or Late or Today))
        {
            faults.Add(new Fault("due.unknown", $"Use {Late} or {Today}.", "due"));
        }

        if (Sort is not (null or Deadline) || (Sort is not null && !string.IsNullOrWhiteSpace(Words)))
        {
            faults.Add(new Fault("sort.unknown", $"Leave it out for the newest first, or send sort={Deadline} without q.", "sort"));
        }

        bool? hasPhoto = null;
        if (HasPhoto is { Length: > 0 })
        {
            if (bool.TryParse(HasPhoto, out var has))
            {
                hasPhoto = has;
            }
            else
            {
                faults.Add(new Fault("hasPhoto.invalid", "Send true or false, or leave it out.", "hasPhoto"));
            }
        }

        Box? box = null;
        if (Box is { Length: > 0 } && (box = ReadBox(Box)) is null)
        {
            faults.Add(new Fault("bbox.invalid", "Send west,south,east,north in degrees, such as 109.05,-7.02,109.15,-6.95: longitudes between -180 and 180, latitudes between -90 and 90, west not east of east, south not north of north.", "bbox"));
        }

        return new ReportFilter(
            null, Category is { Length: > 0 } ? Category : null, states.Count > 0 ? states : null, Department, District, From, Until, Class: Class, PlannedWork: PlannedWork,
            Words: string.IsNullOrWhiteSpace(Words) ? null : Words, Box: box, HasPhoto: hasPhoto)
        {
            AskAgainBefore = FollowUpDue == true ? now : null,
            OnlyEmergencies = Urgency is not null,
            Held = Held,
            Handler = Handler is not { Length: > 0 } name ? null : name == HandleReport.Me ? http.Actor().Id : name == HandleReport.Nobody ? name : Handlers.IdOf(name.ToLowerInvariant()),
            DueAfter = Due == Today ? now : null,
            DueBefore = Due == Late ? now : Due == Today ? Musrenbang.EndOf(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, http.Regency().Zone).DateTime), http.Regency().Zone) : null,
        };
    }

    /// <summary>A box as GeoJSON orders it: west, south, east, north; null when it is none.</summary>
    public static Box? ReadBox(string? text)
    {
        var sides = (text ?? "").Split(',').Select(side => double.TryParse(side, NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) ? degrees : double.NaN).ToArray();
        return sides is [>= -180 and <= 180, >= -90 and <= 90, >= -180 and <= 180, >= -90 and <= 90] && sides[0] <= sides[2] && sides[1] <= sides[3]
            ? new Box(sides[0], sides[1], sides[2], sides[3]) : null;
    }
}
