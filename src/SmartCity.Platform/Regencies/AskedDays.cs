using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using SmartCity.Platform.Problems;

namespace SmartCity.Platform.Regencies;

/// <summary>The day, or the period, that somebody asks figures for; read as text, so that a wrong one is answered with its name and the fix.</summary>
public sealed record AskedDays([FromQuery(Name = "asOf")] string? AsOf, [FromQuery(Name = "from")] string? From, [FromQuery(Name = "to")] string? To)
{
    /// <summary>The end, of which <c>asOf</c> and <c>to</c> are two names, and the beginning; null: not asked for.</summary>
    public (DateOnly? AsOf, DateOnly? From) Read(ICollection<Fault> faults)
    {
        var (asOf, from, to) = (Day(AsOf, "asOf", faults), Day(From, "from", faults), Day(To, "to", faults));
        if (AsOf is not null && To is not null)
        {
            faults.Add(new Fault("to.twice", "Give asOf or to, which is the same.", "to"));
        }

        if (from > (asOf ?? to))
        {
            faults.Add(new Fault("from.after_to", "The period begins after it ends: from must not be later than to.", "from"));
        }

        return (asOf ?? to, from);
    }

    private static DateOnly? Day(string? text, string field, ICollection<Fault> faults)
    {
        if (text is null)
        {
            return null;
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1900 and < 2200)
        {
            return day;
        }

        faults.Add(new Fault($"{field}.invalid", "A day such as 2026-06-30, of a year from 1901 to 2199.", field));
        return null;
    }
}
