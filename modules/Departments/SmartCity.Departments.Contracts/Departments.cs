using MediatR;

namespace SmartCity.Departments.Contracts;

/// <summary>A department (SKPD, today OPD) of a regency, or an outside partner that handles reports, such as PLN.</summary>
/// <param name="Code">Unique in the regency: <c>DPU</c>.</param>
/// <param name="Name">Official name, Indonesian.</param>
/// <param name="EnglishName">Name in English.</param>
/// <param name="Kind">What sort of body it is.</param>
/// <param name="IsPublicService">Serves the public directly, so it must have its official accounts first.</param>
/// <param name="Head">Title and name of the head, as published.</param>
/// <param name="District">District code, when it is the office of a district (kecamatan).</param>
/// <param name="Accounts">Its official accounts.</param>
public sealed record Department(
    string Code, string Name, string EnglishName, DepartmentKind Kind, bool IsPublicService, string? Head, string? District,
    IReadOnlyList<OfficialAccount> Accounts)
{
    /// <summary>Code of the department that it belongs to.</summary>
    public string? Parent { get; init; }

    /// <summary>
    /// Codes of the districts that it answers for; null: all. Of the categories of the department that it belongs to, those are its reports that lie there.
    /// </summary>
    public IReadOnlyList<string>? Districts { get; init; }

    /// <summary>When its office is open: <c>Mon-Thu 07:30-16:00; Fri 07:30-14:30</c>.</summary>
    public string? WorkingHours { get; init; }

    /// <summary>Names that it had before, oldest first.</summary>
    public IReadOnlyList<FormerName>? FormerNames { get; init; }

    /// <summary>The department that it was merged into: it gets no reports any more.</summary>
    public string? MergedInto { get; init; }

    /// <summary>From when on that is so.</summary>
    public DateOnly? MergedOn { get; init; }

    /// <summary>What it was called on a day.</summary>
    public (string Indonesian, string English) NameOn(DateOnly day) =>
        FormerNames?.FirstOrDefault(former => day <= former.Until) is { } former ? (former.Name, former.EnglishName) : (Name, EnglishName);
}

/// <summary>A name that a department had.</summary>
/// <param name="Until">Last day.</param>
public sealed record FormerName(string Name, string EnglishName, DateOnly Until);

/// <summary>A department is part of another from now on. What it did stays under its own name.</summary>
/// <param name="Code">It.</param>
/// <param name="Into">The other.</param>
/// <param name="On">From this day on.</param>
/// <param name="Reason">The regulation that says so.</param>
public sealed record DepartmentMerged(string Code, string Into, DateOnly On, string Reason);

/// <summary>What an import of departments would do, or did.</summary>
/// <param name="New">Codes that were not there.</param>
/// <param name="Changed">Codes that are different.</param>
/// <param name="Unchanged">How many are as they were.</param>
/// <param name="Faults">What is wrong, each with its line; then nothing was taken over.</param>
/// <param name="IsDryRun">Nothing was taken over, because it was only tried.</param>
public sealed record DepartmentImport(IReadOnlyList<string> New, IReadOnlyList<string> Changed, int Unchanged, IReadOnlyList<ImportFault> Faults, bool IsDryRun);

/// <summary>What is wrong with a line.</summary>
/// <param name="Line">Line of the file, or number of the element, from 1.</param>
public sealed record ImportFault(int Line, string Field, string Code, string Detail);

/// <summary>What sort of body a department is.</summary>
public enum DepartmentKind
{
    /// <summary>A department of the regency government.</summary>
    Regency,

    /// <summary>The office of a district (kecamatan).</summary>
    District,

    /// <summary>The oversight body (Inspektorat): the only one that sees reports on the conduct of officials.</summary>
    Oversight,

    /// <summary>A body outside the regency government: PLN, police, province.</summary>
    Outside,
}

/// <summary>A department's official account on a channel.</summary>
/// <param name="Channel">Channel code: <c>x</c>.</param>
/// <param name="Handle">As the public writes it, without @: <c>dpu_tegalkab</c>.</param>
/// <param name="AccountId">The provider's id of the account, where it has one.</param>
/// <param name="IsActive">False when the account exists but is silent.</param>
public sealed record OfficialAccount(string Channel, string Handle, string? AccountId, bool IsActive);

/// <summary>A district (kecamatan) of a regency.</summary>
/// <param name="Code">Kemendagri code: <c>33.28.10</c>.</param>
/// <param name="Name">Name.</param>
/// <param name="Latitude">A point in its middle, degrees WGS 84.</param>
/// <param name="Longitude">A point in its middle, degrees WGS 84.</param>
public sealed record District(string Code, string Name, double Latitude, double Longitude);

/// <summary>All departments of a regency, by code.</summary>
/// <param name="Before">As they stood just before this instant, from history; null: now.</param>
public sealed record GetDepartments(string Regency, DateTimeOffset? Before = null) : IRequest<IReadOnlyList<Department>>;

/// <summary>All districts of a regency, by code.</summary>
public sealed record GetDistricts(string Regency) : IRequest<IReadOnlyList<District>>;

/// <summary>Registers a department or changes it; the same again changes nothing.</summary>
public sealed record RegisterDepartment(string Regency, Department Department) : IRequest;

/// <summary>Replaces the list of districts.</summary>
public sealed record ImportDistricts(string Regency, IReadOnlyList<District> Districts) : IRequest;

/// <summary>The department that is behind an official account.</summary>
/// <param name="Account">Handle (with or without @, any case) or the provider's account id.</param>
public sealed record FindDepartmentByAccount(string Regency, string Channel, string Account) : IRequest<Department?>;
