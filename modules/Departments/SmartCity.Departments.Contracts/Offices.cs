using MediatR;

namespace SmartCity.Departments.Contracts;

/// <summary>Names of the offices that answer for reports: the head of each department, the regional secretary, the regent.</summary>
public static class Offices
{
    /// <summary>Regional secretary (sekretaris daerah).</summary>
    public const string Secretary = "secretary";

    /// <summary>Regent or mayor.</summary>
    public const string Regent = "regent";

    private const string Head = "head-";

    /// <summary>The head of a department: <c>head-DPU</c>.</summary>
    public static string HeadOf(string department) => Head + department;

    /// <summary>The department that an office heads, or null.</summary>
    public static string? DepartmentOf(string office) => office.StartsWith(Head, StringComparison.Ordinal) ? office[Head.Length..] : null;
}

/// <summary>A person in an office, for a time. What a term was stays as it was after it has ended.</summary>
/// <param name="Id">Unique in the regency: office and first day, <c>head-DPU-2026-01-05</c>.</param>
/// <param name="Office">See <see cref="Offices"/>.</param>
/// <param name="Name">Name as published.</param>
/// <param name="IsActing">Acts for an office that is vacant (pelaksana tugas).</param>
/// <param name="From">First day.</param>
/// <param name="Until">Last day; null: still in office.</param>
/// <param name="User">Id of the account with which the person signs in: <c>staff:head.dpu</c>.</param>
/// <param name="Nip">Civil servant's number, where it may be known.</param>
/// <param name="Contact">How the person is told; null: on the desk only.</param>
public sealed record OfficeTerm(
    string Id, string Office, string Name, bool IsActing, DateOnly From, DateOnly? Until, string? User = null, string? Nip = null, OfficeContact? Contact = null)
{
    /// <summary>Whether the person held the office on a day.</summary>
    public bool Holds(DateOnly day) => From <= day && !(Until < day);
}

/// <summary>How somebody in an office is told.</summary>
/// <param name="Channel">Channel code: <c>sms</c>, <c>telegram</c>, <c>desk</c>.</param>
/// <param name="To">Address on it.</param>
public sealed record OfficeContact(string Channel, string? To);

/// <summary>Every term of every office of a regency, by office and first day. For other modules, not for callers: it asks nobody's leave.</summary>
/// <param name="Office">Only of this office.</param>
public sealed record GetOfficeTerms(string Regency, string? Office = null) : IRequest<IReadOnlyList<OfficeTerm>>;

/// <summary>Somebody takes office. Who held it until then has left it the day before.</summary>
/// <param name="Term">The person; its id is made here.</param>
public sealed record AppointToOffice(string Regency, OfficeTerm Term) : IRequest;

/// <summary>Somebody leaves an office.</summary>
/// <param name="Until">Last day in office.</param>
public sealed record LeaveOffice(string Regency, string Office, DateOnly Until) : IRequest;
