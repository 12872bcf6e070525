using MediatR;
using SmartCity.Accountability.Contracts;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;

namespace SmartCity.Accountability.Repayments;

/// <summary>Who may do what with repayments and findings. The Inspectorate are the officers of the oversight department.</summary>
internal sealed class MoneyRoles(ISender sender, RegencySessions sessions, CallContext call) : IRequestHandler<GetMoneyAccess, MoneyAccess>
{
    /// <summary>Roles that may read something besides sums; which, is decided here.</summary>
    public static Role[] Readers { get; } = [Role.Treasurer, Role.Officer, Role.Regent, Role.Auditor];

    public Task<MoneyAccess> Handle(GetMoneyAccess query, CancellationToken cancel) => Of(query.Regency, cancel);

    public async Task<MoneyAccess> Of(string regency, CancellationToken cancel)
    {
        var actor = call.Actor;
        var isPlatform = actor.Role == Role.Operator && actor.Id.StartsWith("system:", StringComparison.Ordinal);
        var department = actor.Is(regency, Role.Officer) ? actor.Department : null;
        var isInspectorate = department is not null
            && (await sender.Send(new GetDepartments(regency), cancel)).Any(d => d.Code == department && d.Kind == DepartmentKind.Oversight);
        var access = Decide(isPlatform, actor.Is(regency, Role.Treasurer), isInspectorate, actor.Is(regency, Role.Regent, Role.Auditor), department);
        // What the platform brings along has been through other hands.
        return access.Records && !isPlatform ? access with { FourEyes = await FourEyesEndpoints.Holds(sessions, regency, cancel) } : access;
    }

    /// <summary>Who decides on a deposit, with what is asked of them.</summary>
    public Eyes Eyes(MoneyAccess access, bool mayWait = false) => new(call.Actor.Id, access.FourEyes, mayWait);

    private static MoneyAccess Decide(bool isPlatform, bool isTreasury, bool isInspectorate, bool isOverseer, string? department) => new(
        ReadsAll: isPlatform || isTreasury || isInspectorate || isOverseer,
        Department: department,
        Registers: isPlatform || isTreasury || isInspectorate,
        Confirms: isPlatform || isTreasury,
        Records: isPlatform || isTreasury || department is not null,
        Decides: isPlatform || isInspectorate);

    /// <summary>Whether deposits of a department may be entered.</summary>
    public static bool MayRecord(MoneyAccess access, string department) => access.Records && access.Reads(department);

    public static MoneyOutcome<T> Refused<T>() where T : class => new(null, [new(
        "money.not_yours", "Only for the treasury (BPKAD), the Inspectorate, and officers in what concerns their own department.",
        "Hanya untuk kas daerah (BPKAD), Inspektorat, dan petugas untuk OPD-nya sendiri.")], MoneyFaultKind.Forbidden);
}
