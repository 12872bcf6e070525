using System.CommandLine;
using SmartCity.Departments;
using SmartCity.Departments.Contracts;
using SmartCity.Platform;
using SmartCity.Platform.Regencies;

namespace SmartCity.Cli;

/// <summary>Boundaries of regencies, districts and villages.</summary>
internal static class BoundaryCommands
{
    public static Command Create()
    {
        var regency = new Option<string>("--regency") { Description = "Code of the regency that uses the boundaries.", Required = true };
        var files = new Argument<FileInfo[]>("files") { Description = "GeoJSON files; neighbours' areas may be among them.", Arity = ArgumentArity.OneOrMore };
        var import = new Command("import", "Import boundaries from GeoJSON: features with the properties code, name, level") { regency, files };
        import.SetAction((parsed, cancel) => Import(parsed.GetRequiredValue(regency), parsed.GetRequiredValue(files), cancel));
        return new Command("boundaries", "Boundaries of regencies, districts and villages") { import };
    }

    private static async Task<int> Import(string regency, IReadOnlyList<FileInfo> files, CancellationToken cancel)
    {
        if (!RegencyCode.TryParse(regency, out var code))
        {
            return AccountCommands.Refuse($"'{regency}' is no regency code; one looks like 33.28.");
        }

        if (files.FirstOrDefault(file => !file.Exists) is { } missing)
        {
            return AccountCommands.Refuse($"There is no file {missing.FullName}.");
        }

        await using var store = CommandLineStore.Open(new DepartmentsModule());
        await store.Regencies.Prepare(cancel);
        if (await store.Regencies.Find(code, cancel) is null)
        {
            return AccountCommands.Refuse($"Regency {regency} is not served here yet.");
        }

        foreach (var file in files)
        {
            var import = await store.Send(new ImportBoundaries(code.Value, await File.ReadAllBytesAsync(file.FullName, cancel)), cancel);
            if (import.Faults.Count > 0)
            {
                return AccountCommands.Refuse(string.Join('\n', import.Faults.Select(f => $"{file.Name}: {(f.Field is null ? "" : $"{f.Field}: ")}{f.Detail}")));
            }

            foreach (var set in import.Sets)
            {
                Console.WriteLine($"{file.Name}: {set.Areas} {set.Level.ToString().ToLowerInvariant()} boundaries in {set.Of}{(set.IsChanged ? "" : ", as they were")}.");
            }
        }

        return 0;
    }
}
