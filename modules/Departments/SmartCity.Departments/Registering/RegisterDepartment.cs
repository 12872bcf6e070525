using System.Text.RegularExpressions;
using Carter;
using JasperFx.Events;
using Marten.Events.Aggregation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.Problems;

namespace SmartCity.Departments.Registering;

/// <summary>A department as an operator sends it; its code is in the address.</summary>
internal sealed record RegisterDepartmentBody(
    string? Name, string? EnglishName, string? Kind, bool IsPublicService, string? Head, string? District, IReadOnlyList<AccountBody?>? Accounts, string? Parent = null, string? WorkingHours = null,
    IReadOnlyList<string>? Districts = null);

/// <summary>An official account as an operator sends it.</summary>
internal sealed record AccountBody(string? Channel, string? Handle, string? AccountId, bool IsActive = true);

/// <summary>An operator registers a department or changes it.</summary>
internal sealed class RegisterDepartmentEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapRegencyApi("/departments")
        .MapPut("{department}", Put)
        .RequireRole(Role.Operator)
        .WithTags("Departments").WithSummary("Register a department or change it");

    private static async Task<IResult> Put(
        string department, RegisterDepartmentBody body, HttpContext http, DirectoryStreams streams, ISender sender, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        if (!DepartmentRules.TryReadKind(body.Kind, out var kind))
        {
            return Problem.BadRequest(new Fault("kind.unknown", $"'{body.Kind}' is no kind of department; use {DepartmentRules.Kinds}.", "kind"));
        }

        var registered = new Department(
            department, body.Name?.Trim() ?? "", body.EnglishName?.Trim() ?? "", kind, body.IsPublicService, body.Head, body.District,
            [.. (body.Accounts ?? []).Select(a => new OfficialAccount(a?.Channel ?? "", a?.Handle?.Trim().TrimStart('@') ?? "", a?.AccountId, a?.IsActive ?? true))])
        {
            Parent = string.IsNullOrWhiteSpace(body.Parent) ? null : body.Parent.Trim(),
            WorkingHours = string.IsNullOrWhiteSpace(body.WorkingHours) ? null : body.WorkingHours.Trim(),
            Districts = body.Districts is { Count: > 0 } ? body.Districts : null,
        };
        var faults = DepartmentRules.Faults(registered, await streams.Directory(regency, cancel));
        if (faults.Count > 0)
        {
            return Problem.BadRequest(faults);
        }

        await sender.Send(new RegisterDepartment(regency, registered), cancel);
        return Results.Ok(registered);
    }
}

internal sealed class RegisterDepartmentHandler(DirectoryStreams streams) : IRequestHandler<RegisterDepartment>
{
    public async Task Handle(RegisterDepartment command, CancellationToken cancel)
    {
        var department = command.Department;
        DirectoryStreams.ThrowIfAny(DepartmentRules.Faults(department, await streams.Directory(command.Regency, cancel)), $"Department {department.Code}");
        await streams.Change<DepartmentRecord>(command.Regency, DepartmentRecord.Stream(department.Code), known => Decide(known?.Department, department), cancel);
    }

    public static object? Decide(Department? known, Department department)
    {
        // What it was called and what became of it is changed by events of its own; one that is new here, from a file, brings its past along.
        var wanted = known is null ? department : department with { FormerNames = known.FormerNames, MergedInto = known.MergedInto, MergedOn = known.MergedOn };
        return known is null ? new DepartmentRegistered(wanted) : DirectoryStreams.Same(known, wanted) ? null : new DepartmentChanged(wanted);
    }
}

/// <summary>What a department must be like.</summary>
internal static partial class DepartmentRules
{
    public static string Kinds { get; } = string.Join(", ", Enum.GetNames<DepartmentKind>().Select(k => k.ToLowerInvariant()));

    public static bool TryReadKind(string? text, out DepartmentKind kind) =>
        Enum.TryParse(text, ignoreCase: true, out kind) && Enum.IsDefined(kind) && !int.TryParse(text, out _);

    /// <summary>All that is wrong with a department in this regency.</summary>
    public static IReadOnlyList<Fault> Faults(Department department, RegencyDirectory directory)
    {
        var faults = new List<Fault>();
        if (!Code().IsMatch(department.Code))
        {
            faults.Add(new("code.invalid", "A code is 2 to 32 capital letters, digits and dashes, such as DPU or KEC-SLAWI.", "code"));
        }

        if (string.IsNullOrWhiteSpace(department.Name))
        {
            faults.Add(new("name.missing", "Give the official name in Indonesian.", "name"));
        }

        if (string.IsNullOrWhiteSpace(department.EnglishName))
        {
            faults.Add(new("englishName.missing", "Give the name in English.", "englishName"));
        }

        if (department.Kind == DepartmentKind.District && department.District is null)
        {
            faults.Add(new("district.missing", "The office of a district needs the district's code.", "district"));
        }

        if (department.District is { } code && directory.Districts.All(d => d.Code != code))
        {
            faults.Add(new("district.unknown", $"There is no district '{code}' here; import the districts first.", "district"));
        }

        if (department.Districts?.FirstOrDefault(wanted => directory.Districts.All(d => d.Code != wanted)) is { } missing)
        {
            faults.Add(new("districts.unknown", $"There is no district '{missing}' here; import the districts first.", "districts"));
        }

        if (department.Parent is { } parent && (parent == department.Code || !IsAbove(parent, department.Code, directory)))
        {
            faults.Add(new("parent.unknown", $"There is no other department '{parent}' here that it can belong to.", "parent"));
        }

        if (department.WorkingHours is { } hours && !Hours().IsMatch(hours))
        {
            faults.Add(new("workingHours.invalid", "Write days and hours as in: Mon-Thu 07:30-16:00; Fri 07:30-14:30.", "workingHours"));
        }

        for (var i = 0; i < department.Accounts.Count; i++)
        {
            CheckAccount(department, i, directory, faults);
        }

        return faults;
    }

    private static void CheckAccount(Department department, int i, RegencyDirectory directory, List<Fault> faults)
    {
        var (account, field) = (department.Accounts[i], $"accounts[{i}]");
        if (!Channel().IsMatch(account.Channel))
        {
            faults.Add(new("account.channel", "Give the channel's code, such as x.", $"{field}.channel"));
        }

        if (string.IsNullOrWhiteSpace(account.Handle) || account.Handle.StartsWith('@') || account.Handle.Any(char.IsWhiteSpace))
        {
            faults.Add(new("account.handle", "Give the handle without @ and without spaces, such as dpu_tegalkab.", $"{field}.handle"));
        }

        // A message to an account goes to one department, so an account belongs to one.
        var others = directory.Departments.Where(d => d.Code != department.Code).SelectMany(d => d.Accounts).Concat(department.Accounts.Take(i));
        if (others.Any(o => o.Channel == account.Channel &&
            (o.Handle.Equals(account.Handle, StringComparison.OrdinalIgnoreCase) || (o.AccountId is not null && o.AccountId == account.AccountId))))
        {
            faults.Add(new("account.taken", $"The account {account.Handle} on {account.Channel} is registered already.", field));
        }
    }

    // Nobody is above itself, over however many steps.
    private static bool IsAbove(string parent, string code, RegencyDirectory directory)
    {
        for (var (at, left) = (parent, directory.Departments.Count); left >= 0; left--)
        {
            if (directory.Departments.FirstOrDefault(d => d.Code == at) is not { } above || above.Code == code)
            {
                return false;
            }

            if (above.Parent is not { } next)
            {
                return true;
            }

            at = next;
        }

        return false;
    }

    private const string Day = "(Mon|Tue|Wed|Thu|Fri|Sat|Sun)", Time = "([01][0-9]|2[0-3]):[0-5][0-9]";

    [GeneratedRegex($"^{Day}(-{Day})? {Time}-{Time}(; {Day}(-{Day})? {Time}-{Time}){{0,6}}$")]
    private static partial Regex Hours();

    [GeneratedRegex("^[A-Z][A-Z0-9-]{1,31}$")]
    private static partial Regex Code();

    [GeneratedRegex("^[a-z][a-z0-9-]{0,31}$")]
    private static partial Regex Channel();
}

/// <summary>A department as its events make it.</summary>
internal sealed record DepartmentRecord
{
    /// <summary>The stream.</summary>
    public required string Id { get; init; }

    public required Department Department { get; init; }

    public static string Stream(string code) => $"department-{code}";

    /// <summary>The department after one more event.</summary>
    public static DepartmentRecord? After(DepartmentRecord? known, string id, object @event) => @event switch
    {
        DepartmentRegistered registered => new DepartmentRecord { Id = id, Department = registered.Department },
        DepartmentChanged changed => new DepartmentRecord { Id = id, Department = changed.Department },
        DepartmentRenamed renamed when known is not null => known with { Department = Renamed(known.Department, renamed) },
        DepartmentMerged merged when known is not null => known with { Department = known.Department with { MergedInto = merged.Into, MergedOn = merged.On } },
        _ => known,
    };

    private static Department Renamed(Department known, DepartmentRenamed renamed) => known with
    {
        Name = renamed.Name,
        EnglishName = renamed.EnglishName,
        FormerNames = [.. known.FormerNames ?? [], new FormerName(known.Name, known.EnglishName, renamed.On.AddDays(-1))],
    };
}

/// <summary>Keeps <see cref="DepartmentRecord"/> in step with its stream, in the same transaction.</summary>
internal sealed class DepartmentProjection : SingleStreamProjection<DepartmentRecord, string>
{
    public DepartmentProjection()
    {
        IncludeType<DepartmentRegistered>();
        IncludeType<DepartmentChanged>();
        IncludeType<DepartmentRenamed>();
        IncludeType<DepartmentMerged>();
    }

    public override DepartmentRecord? Evolve(DepartmentRecord? snapshot, string id, IEvent e) => DepartmentRecord.After(snapshot, id, e.Data);
}
