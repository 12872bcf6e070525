using System.CommandLine;
using SmartCity.Platform;
using SmartCity.Platform.Access;
using SmartCity.Platform.Regencies;

namespace SmartCity.Cli;

/// <summary>Accounts made where no account can sign in yet: the first operator, and a regency's staff.</summary>
internal static class AccountCommands
{
    private const int LeastPassword = 12;

    public static Command Create()
    {
        var name = new Option<string>("--name") { Description = "Sign-in name, lower case.", Required = true };
        var regency = new Option<string?>("--regency") { Description = "Code of the regency the account belongs to; an operator belongs to none." };
        var role = new Option<Role>("--role") { Description = "Role of the account.", DefaultValueFactory = _ => Role.Operator };
        var department = new Option<string?>("--department") { Description = "Department code of an officer." };
        var add = new Command("add", "Add an account, or give it a new password. The password is read from standard input, one line.") { name, regency, role, department };
        add.SetAction((parsed, cancel) => Add(
            parsed.GetRequiredValue(name), parsed.GetValue(regency), parsed.GetValue(role), parsed.GetValue(department), cancel));
        return new Command("account", "Local accounts of staff") { add };
    }

    private static async Task<int> Add(string name, string? regency, Role role, string? department, CancellationToken cancel)
    {
        if (role is Role.Citizen or Role.Integrator)
        {
            return Refuse($"A {role.ToString().ToLowerInvariant()} has no account.");
        }

        if (role == Role.Operator == regency is not null)
        {
            return Refuse(regency is null ? "Say which regency with --regency." : "An operator belongs to no regency: leave --regency away.");
        }

        if (role == Role.Officer && department is null)
        {
            return Refuse("Say which department with --department.");
        }

        var place = RegencyCode.Platform;
        if (regency is not null && !RegencyCode.TryParse(regency, out place))
        {
            return Refuse($"'{regency}' is no regency code; one looks like 33.28.");
        }

        if (!Console.IsInputRedirected)
        {
            Console.Error.Write("Password: ");
        }

        var password = await Console.In.ReadLineAsync(cancel) ?? "";
        if (password.Length < LeastPassword)
        {
            return Refuse($"The password needs at least {LeastPassword} characters.");
        }

        await using var store = CommandLineStore.Open();
        await store.Regencies.Prepare(cancel);
        if (regency is not null && await store.Regencies.Find(place, cancel) is null)
        {
            return Refuse($"Regency {regency} is not served here yet; an operator adds it with PUT /api/v1/regencies/{regency}.");
        }

        await store.Staff.Save(place, new StaffAccount { Id = name.Trim().ToLowerInvariant(), DisplayName = name.Trim(), Role = role, Department = department }.WithPassword(password), cancel);
        Console.WriteLine($"{role} '{name}' can sign in{(regency is null ? " at any regency" : $" at {regency}")}.");
        return 0;
    }

    internal static int Refuse(string why)
    {
        Console.Error.WriteLine(why);
        return 2;
    }
}
