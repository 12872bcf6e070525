using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Searching;

namespace SmartCity.Reports.Open311;

/// <summary>What a client asks of the list of requests.</summary>
/// <param name="Agency">Only of this department: its code or name.</param>
/// <param name="Page">From 1; null when the client does not count pages.</param>
internal sealed record RequestQuery(ReportFilter Filter, string? Agency, int? Page, int PageSize, bool Extensions)
{
    public const int MaxSize = 1000, UsualPageSize = 50, MaxPage = 100_000, MaxRadius = 500_000, MaxSkip = 10_000;
    public static readonly TimeSpan LongestWindow = TimeSpan.FromDays(90);

    private static readonly ReportState[] Open = [.. Enum.GetValues<ReportState>().Where(state => !state.IsDone())];
    private static readonly ReportState[] Closed = [.. ReportStates.Done];

    /// <summary>Reads the query string; all that is wrong with it is added to the errors.</summary>
    public static RequestQuery Read(IQueryCollection query, DateTimeOffset now, List<Open311Error> errors)
    {
        var page = Whole(query, "page", MaxPage, errors);
        var size = Whole(query, "page_size", MaxSize, errors) ?? Whole(query, "per_page", MaxSize, errors);
        var near = Near(query, errors);
        var (tickets, updatedAfter, updatedBefore) = (Listed(query["service_request_id"]), Date(query, "updated_after", errors), Date(query, "updated_before", errors) is { } before ? Through(before) : (DateTimeOffset?)null);
        ReportFilter filter;
        if (tickets.Length > 0)
        {
            // The ids override everything else, the window too.
            errors.Clear();
            filter = new ReportFilter(Tickets: tickets);
            if (tickets.Length > MaxSize)
            {
                errors.Add(Open311Error.Of(400, $"At most {MaxSize} ids.", $"Paling banyak {MaxSize} nomor.", "service_request_id"));
            }

            return new RequestQuery(filter, null, null, MaxSize, AsksForExtensions(query));
        }

        var isByUpdate = updatedAfter is not null || updatedBefore is not null;
        var (from, until) = Window(query, isByUpdate ? null : now - LongestWindow, errors);
        filter = new ReportFilter(
            Categories: Listed(query["service_code"]) is { Length: > 0 } codes ? codes : null, States: States(query, errors),
            From: from, Until: until, UpdatedAfter: updatedAfter, UpdatedBefore: updatedBefore, Near: near,
            Words: Words(query, errors), Box: Box(query, errors), HasPhoto: HasPhoto(query, errors));
        if (filter is { Words: not null } or { Box: not null } or { HasPhoto: not null } && ((page ?? 1) - 1L) * (size ?? UsualPageSize) > MaxSkip)
        {
            errors.Add(Open311Error.Of(400, $"What is searched for is shown up to request {MaxSkip}; ask for a shorter time.", $"Hasil pencarian hanya sampai laporan ke-{MaxSkip}; minta waktu yang lebih pendek.", "page"));
        }

        var agency = query["agency_responsible"].FirstOrDefault()?.Trim();
        return new RequestQuery(filter, string.IsNullOrEmpty(agency) ? null : agency, page ?? (size is null ? null : 1), size ?? (page is null ? MaxSize : UsualPageSize), AsksForExtensions(query));
    }

    /// <summary>
    /// From <c>start_date</c> through <c>end_date</c>, at most 90 days; one of them alone opens 90 days from it, none the time since <paramref name="otherwise"/>.
    /// </summary>
    public static (DateTimeOffset? From, DateTimeOffset? Until) Window(IQueryCollection query, DateTimeOffset? otherwise, List<Open311Error> errors)
    {
        var faults = errors.Count;
        var (start, end) = (Date(query, "start_date", errors), Date(query, "end_date", errors));
        if (errors.Count > faults)
        {
            return (null, null);
        }

        if (start > end)
        {
            errors.Add(Open311Error.Of(400, "It lies after end_date.", "Lebih lambat daripada end_date.", "start_date"));
        }
        else if (end - start > LongestWindow)
        {
            errors.Add(Open311Error.Of(400, "At most 90 days after start_date; ask in several parts.", "Paling lama 90 hari sesudah start_date; minta beberapa kali.", "end_date"));
        }

        return (start, end) switch
        {
            (null, null) => (otherwise, null),
            ({ } from, null) => (from, Through(from + LongestWindow)),
            (null, { } until) => (until - LongestWindow, Through(until)),
            ({ } from, { } until) => (from, Through(until)),
        };
    }

    /// <summary>Answers show whole seconds, so a bound of a whole second takes all of it in.</summary>
    private static DateTimeOffset Through(DateTimeOffset end) => end.Ticks % TimeSpan.TicksPerSecond == 0 ? end.AddTicks(TimeSpan.TicksPerSecond - 10) : end;

    public static bool AsksForExtensions(IQueryCollection query) => Listed(query["extensions"]).Any(e => e is "true" or "media" or "citysdk");

    private static IReadOnlyList<ReportState>? States(IQueryCollection query, List<Open311Error> errors)
    {
        var states = new HashSet<ReportState>();
        foreach (var status in Listed(query["status"]))
        {
            switch (status.ToLowerInvariant())
            {
                case "open":
                    states.UnionWith(Open);
                    break;
                case "closed":
                    states.UnionWith(Closed);
                    break;
                default:
                    errors.Add(Open311Error.Of(400, $"'{status}' is none; use open, closed or both.", $"'{status}' tidak ada; pakai open, closed, atau keduanya.", "status"));
                    break;
            }
        }

        return states.Count > 0 ? [.. states] : null;
    }

    // Extensions that other cities have: words (q in Chicago, search in Helsinki), a box, only with photos.
    private static string? Words(IQueryCollection query, List<Open311Error> errors)
    {
        var name = Text(query, "q") is null ? "search" : "q";
        var words = Text(query, name);
        if (words?.Length > SearchWords.MostCharacters)
        {
            errors.Add(Open311Error.Of(400, $"At most {SearchWords.MostCharacters} characters.", $"Paling banyak {SearchWords.MostCharacters} huruf.", name));
        }

        return words;
    }

    private static Box? Box(IQueryCollection query, List<Open311Error> errors)
    {
        var box = FilterQuery.ReadBox(Text(query, "bbox"));
        if (box is null && Text(query, "bbox") is not null)
        {
            errors.Add(Open311Error.Of(400, "West, south, east and north in degrees, such as 109.05,-7.02,109.15,-6.95.", "Barat, selatan, timur, utara dalam derajat, misalnya 109.05,-7.02,109.15,-6.95.", "bbox"));
        }

        return box;
    }

    private static bool? HasPhoto(IQueryCollection query, List<Open311Error> errors)
    {
        if (Text(query, "has_photo") is not { } text)
        {
            return null;
        }

        switch (text.Trim().ToLowerInvariant())
        {
            case "true" or "1":
                return true;
            case "false" or "0":
                return false;
            default:
                errors.Add(Open311Error.Of(400, "true or false.", "true atau false.", "has_photo"));
                return null;
        }
    }

    /// <summary>A circle, when <c>lat</c>, <c>long</c> and <c>radius</c> (metres) all are given.</summary>
    private static Surroundings? Near(IQueryCollection query, List<Open311Error> errors)
    {
        double? Degrees(string name, double most)
        {
            if (Text(query, name) is not { } text)
            {
                return null;
            }

            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) && Math.Abs(degrees) <= most)
            {
                return degrees;
            }

            errors.Add(Open311Error.Of(400, $"Degrees between -{most} and {most}, with a point before decimals.", $"Derajat antara -{most} dan {most}, dengan titik sebelum desimal.", name));
            return null;
        }

        var faults = errors.Count;
        var (latitude, longitude, radius) = (Degrees("lat", 90), Degrees("long", 180), (double?)null);
        if (Text(query, "radius") is { } written)
        {
            if (double.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out var metres) && metres is > 0 and <= MaxRadius)
            {
                radius = metres;
            }
            else
            {
                errors.Add(Open311Error.Of(400, $"Metres, more than 0 and at most {MaxRadius}.", $"Meter, lebih dari 0 dan paling banyak {MaxRadius}.", "radius"));
            }
        }

        if (errors.Count > faults || (latitude, longitude, radius) is (null, null, null))
        {
            return null;
        }

        if ((latitude, longitude, radius) is ({ } north, { } east, { } around))
        {
            return new Surroundings(north, east, around);
        }

        errors.Add(Open311Error.Of(400, "These three belong together: a place, and how many metres around it.", "Ketiganya sepasang: sebuah tempat, dan berapa meter di sekitarnya.", "lat, long and radius"));
        return null;
    }

    private static string? Text(IQueryCollection query, string name) => query[name].FirstOrDefault(v => !string.IsNullOrWhiteSpace(v));

    private static DateTimeOffset? Date(IQueryCollection query, string name, List<Open311Error> errors)
    {
        if (Text(query, name) is not { } text)
        {
            return null;
        }

        if (Dates.TryRead(text, out var instant))
        {
            return instant;
        }

        errors.Add(Dates.Wrong(name));
        return null;
    }

    private static int? Whole(IQueryCollection query, string name, int most, List<Open311Error> errors)
    {
        if (Text(query, name) is not { } text)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most)
        {
            return number;
        }

        errors.Add(Open311Error.Of(400, $"A whole number from 1 to {most}.", $"Angka bulat dari 1 sampai {most}.", name));
        return null;
    }

    /// <summary>A comma list that may also come in several parameters.</summary>
    public static string[] Listed(StringValues values) =>
        [.. values.SelectMany(v => (v ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct(StringComparer.Ordinal)];
}
