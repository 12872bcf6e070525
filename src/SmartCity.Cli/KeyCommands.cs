using System.CommandLine;
using SmartCity.Platform;
using SmartCity.Platform.Access;
using SmartCity.Platform.Regencies;

namespace SmartCity.Cli;

/// <summary>Keys of integrators.</summary>
internal static class KeyCommands
{
    public static Command Create()
    {
        var regency = new Option<string>("--regency") { Description = "Code of the regency.", Required = true };
        var name = new Option<string>("--name") { Description = "Whose key it is.", Required = true };
        var scopes = new Option<string[]>("--scope") { Description = $"What it may do: {string.Join(", ", Scopes.All)}.", DefaultValueFactory = _ => [Scopes.Read, Scopes.Write], AllowMultipleArgumentsPerToken = true };
        var add = new Command("add", "Make a key and show it once; only its hash is kept") { regency, name, scopes };
        add.SetAction((parsed, cancel) => Add(parsed.GetRequiredValue(regency), parsed.GetRequiredValue(name), parsed.GetRequiredValue(scopes), cancel));
        return new Command("key", "API keys of integrators") { add };
    }

    private static async Task<int> Add(string regency, string name, IReadOnlyList<string> scopes, CancellationToken cancel)
    {
        if (!RegencyCode.TryParse(regency, out var code))
        {
            return AccountCommands.Refuse($"'{regency}' is no regency code; one looks like 33.28.");
        }

        if (scopes.FirstOrDefault(scope => !Scopes.All.Contains(scope)) is { } unknown)
        {
            return AccountCommands.Refuse($"'{unknown}' is no scope; use {string.Join(", ", Scopes.All)}.");
        }

        await using var store = CommandLineStore.Open();
        await store.Regencies.Prepare(cancel);
        if (await store.Regencies.Find(code, cancel) is null)
        {
            return AccountCommands.Refuse($"Regency {regency} is not served here yet.");
        }

        var secret = ApiKey.NewSecret();
        await store.Keys.Save(code, new ApiKey { Id = ApiKey.Hash(secret), Name = name, Scopes = scopes }, cancel);
        Console.WriteLine(secret);
        return 0;
    }
}
