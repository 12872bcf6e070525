using Microsoft.AspNetCore.Http;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Web.Browsing;

namespace SmartCity.Web.Desk;

/// <summary>What of a list on the desk is shown; kept in the address.</summary>
/// <param name="Of">As on the public list.</param>
/// <param name="Due"><see cref="Late"/> or <see cref="Today"/>.</param>
/// <param name="Handler"><see cref="Mine"/> or <see cref="Nobody"/>.</param>
/// <param name="ByDeadline">What is due first comes first.</param>
public sealed record DeskFilter(ReportListFilter Of, string? Due, string? Handler, bool ByDeadline)
{
    internal const string Late = "terlambat", Today = "hari-ini", Mine = "saya", Nobody = "belum-ada", Deadline = "tenggat";

    /// <summary>Anything but the whole list in its own order.</summary>
    public bool IsSet => Of.IsSet || Due is not null || Handler is not null || ByDeadline;

    internal static DeskFilter Read(IQueryCollection query)
    {
        string? One(string name, params ReadOnlySpan<string> of) => query[name].FirstOrDefault() is { } value && of.Contains(value) ? value : null;
        var list = ReportListFilter.Read(query);
        // Words have an order of their own.
        return new DeskFilter(list, One("tenggat", Late, Today), One("petugas", Mine, Nobody), list.Words is null && One("urut", Deadline) is not null);
    }

    internal string Address(string path, string tab)
    {
        var list = Of.Address(path, Of.After);
        var more = QueryString.Create(new KeyValuePair<string, string?>[]
        {
            new("daftar", tab), new("tenggat", Due), new("petugas", Handler), new("urut", ByDeadline ? Deadline : null),
        }.Where(p => p.Value is not null)).ToString();
        return list.Contains('?') ? $"{list}&{more[1..]}" : list + more;
    }

    /// <summary>As the reports module reads it.</summary>
    /// <param name="mine">What the list shows anyway; nothing widens it.</param>
    internal ReportFilter On(ReportFilter mine, IReadOnlyList<ReportState> states, TimeZoneInfo zone, Actor actor, DateTimeOffset now)
    {
        var asked = Of.ToFilter(zone);
        return asked with
        {
            States = Of.State is { } state && states.Contains(state) ? [state] : states,
            Department = mine.Department ?? asked.Department,
            Class = mine.Class,
            Held = mine.Held,
            Handler = Handler switch { Mine => actor.Id, Nobody => HandleReport.Nobody, _ => null },
            DueAfter = Due == Today ? now : null,
            DueBefore = Due switch
            {
                Late => now,
                Today => ReportListFilter.Midnight(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime).AddDays(1), zone).ToUniversalTime(),
                _ => null,
            },
        };
    }
}
