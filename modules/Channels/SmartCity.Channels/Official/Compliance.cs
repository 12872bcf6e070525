using SmartCity.Channels.Contracts;
using SmartCity.Departments.Contracts;

namespace SmartCity.Channels.Official;

/// <summary>How a department's official account is used.</summary>
internal sealed record OfficialUse
{
    /// <summary>Channel and department: <c>x DPU</c>.</summary>
    public required string Id { get; init; }

    public DateTimeOffset? LastAddressedAt { get; init; }

    public DateTimeOffset? LastAnsweredAt { get; init; }

    /// <summary>Reports that came to the account and have no answer yet, with when they came.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Waiting { get; init; } = new Dictionary<string, DateTimeOffset>();

    public static string IdOf(string channel, string department) => $"{channel} {department}";

    public OfficialUse Addressed(string ticket, DateTimeOffset at) => this with
    {
        LastAddressedAt = Later(LastAddressedAt, at),
        Waiting = new Dictionary<string, DateTimeOffset>(Waiting) { [ticket] = at },
    };

    public OfficialUse Answered(string ticket, DateTimeOffset at) => Done(ticket) with { LastAnsweredAt = Later(LastAnsweredAt, at) };

    /// <summary>Nothing is owed there any more.</summary>
    public OfficialUse Done(string ticket) => this with { Waiting = Waiting.Where(w => w.Key != ticket).ToDictionary() };

    private static DateTimeOffset Later(DateTimeOffset? one, DateTimeOffset other) => one > other ? one.Value : other;
}

/// <summary>The order as a regency keeps it.</summary>
internal sealed record OrderDocument
{
    public const string Only = "order";

    public string Id { get; init; } = Only;

    public required AccountOrder Order { get; init; }
}

/// <summary>How departments keep the order: a rule without I/O.</summary>
internal static class Compliance
{
    public static IReadOnlyList<DepartmentAccount> Of(AccountOrder order, IEnumerable<Department> departments, IReadOnlyDictionary<string, OfficialUse> uses, DateTimeOffset now, TimeZoneInfo zone) =>
    [
        .. departments.Where(d => d.Kind != DepartmentKind.Outside).Select(d => Of(order, d, uses.GetValueOrDefault(OfficialUse.IdOf(order.Channel, d.Code)), now, zone))
            .OrderByDescending(d => d.IsPublicService).ThenBy(d => d.State).ThenByDescending(d => d.SilentDays ?? -1).ThenBy(d => d.Name, StringComparer.Ordinal),
    ];

    public static DepartmentAccount Of(AccountOrder order, Department department, OfficialUse? use, DateTimeOffset now, TimeZoneInfo zone)
    {
        var account = department.Accounts.FirstOrDefault(a => a.Channel == order.Channel);
        var due = department.IsPublicService ? order.PublicServiceBy : order.OthersBy;
        DateTimeOffset? waiting = use is { Waiting.Count: > 0 } ? use.Waiting.Values.Min() : null;
        int? days = waiting is { } since ? Math.Max(0, (int)(now - since).TotalDays) : null;
        var state = account is null ? OfficialAccountState.Missing : !account.IsActive || days >= order.SilentAfterDays ? OfficialAccountState.Silent : OfficialAccountState.Active;
        return new DepartmentAccount(
            department.Code, department.Name, department.EnglishName, department.IsPublicService, account?.Handle, due, state,
            account is null && due is { } day && DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime) > day,
            use?.LastAddressedAt, use?.LastAnsweredAt, waiting, days);
    }
}
