using JasperFx.Events;
using Marten.Events.Aggregation;
using SmartCity.Channels.Contracts;
using SmartCity.Departments.Contracts;

namespace SmartCity.Channels.Official;

/// <summary>How a department's official account is used.</summary>
/// <param name="Waiting">Since when the oldest message to it has had no answer.</param>
/// <param name="LastLeftAt">When an answer last left from its own account.</param>
/// <param name="Addressed">How many messages came to it in a period.</param>
/// <param name="Answers">How many answers it gave in a period.</param>
internal sealed record OfficialUse(
    DateTimeOffset? LastAddressedAt = null, DateTimeOffset? LastAnsweredAt = null, DateTimeOffset? Waiting = null, DateTimeOffset? LastLeftAt = null, int Addressed = 0, int Answers = 0);

/// <summary>The order as a regency keeps it.</summary>
internal sealed record OrderDocument
{
    /// <summary>Its stream.</summary>
    public const string Only = "official-accounts";

    public string Id { get; init; } = Only;

    public required AccountOrder Order { get; init; }

    /// <summary>The order after these events; null: none was given.</summary>
    public static AccountOrder? Of(IEnumerable<object> events) => events.OfType<AccountsOrdered>().LastOrDefault() is { } ordered
        ? new AccountOrder(ordered.Channel, ordered.PublicServiceBy, ordered.OthersBy, ordered.SilentAfterDays) : null;
}

/// <summary>Keeps the order in step with its stream, in the same transaction.</summary>
internal sealed class OrderProjection : SingleStreamProjection<OrderDocument, string>
{
    public override OrderDocument? Evolve(OrderDocument? snapshot, string id, IEvent e) => OrderDocument.Of([e.Data]) is { } order
        ? new OrderDocument { Id = id, Order = order } : snapshot;
}

/// <summary>How departments keep the order: a rule without I/O.</summary>
internal static class Compliance
{
    public static IReadOnlyList<DepartmentAccount> Of(AccountOrder order, IEnumerable<Department> departments, IReadOnlyDictionary<string, OfficialUse> uses, DateTimeOffset now, TimeZoneInfo zone,
        IReadOnlyCollection<string>? ownAccounts = null, bool isPeriod = false) =>
    [
        .. departments.Where(d => d.Kind != DepartmentKind.Outside).Select(d => Of(order, d, uses.GetValueOrDefault(d.Code), now, zone, ownAccounts?.Contains(d.Code) == true) with
            {
                Addressed = isPeriod ? uses.GetValueOrDefault(d.Code)?.Addressed ?? 0 : null,
                Answers = isPeriod ? uses.GetValueOrDefault(d.Code)?.Answers ?? 0 : null,
            })
            .OrderByDescending(d => d.IsPublicService).ThenBy(d => d.State).ThenByDescending(d => d.SilentDays ?? -1).ThenBy(d => d.Name, StringComparer.Ordinal),
    ];

    /// <param name="answersFromIt">Its account's credentials are here, so its answers leave from it.</param>
    public static DepartmentAccount Of(AccountOrder order, Department department, OfficialUse? use, DateTimeOffset now, TimeZoneInfo zone, bool answersFromIt = false)
    {
        var account = department.Accounts.FirstOrDefault(a => a.Channel == order.Channel);
        var due = department.IsPublicService ? order.PublicServiceBy : order.OthersBy;
        int? days = use?.Waiting is { } since ? Math.Max(0, (int)(now - since).TotalDays) : null;
        var isMissing = account is null && !answersFromIt;
        var state = isMissing ? OfficialAccountState.Missing : account is { IsActive: false } || days >= order.SilentAfterDays ? OfficialAccountState.Silent : OfficialAccountState.Active;
        return new DepartmentAccount(
            department.Code, department.Name, department.EnglishName, department.IsPublicService, account?.Handle, due, state,
            isMissing && due is { } day && DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime) > day,
            use?.LastAddressedAt, answersFromIt ? use?.LastLeftAt : use?.LastAnsweredAt, use?.Waiting, days, answersFromIt);
    }
}
