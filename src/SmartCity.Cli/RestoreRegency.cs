using System.Text.Json;
using SmartCity.Accountability.Contracts;
using SmartCity.Platform;
using SmartCity.Platform.Regencies;

namespace SmartCity.Cli;

/// <summary>Makes a regency anew from an archive.</summary>
internal static class RestoreRegency
{
    public static async Task<int> Run(FileInfo archive, IReadOnlyList<FileInfo> checkpoints, FileInfo keys, bool isProgressAsked, CancellationToken cancel)
    {
        var verified = await AuditCommands.Verify(archive, checkpoints, keys, null, isProgressAsked, cancel);
        if (verified != 0)
        {
            return verified;
        }

        try
        {
            return await Restore(archive, isProgressAsked, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            Console.Error.WriteLine("\nStopped in the middle: drop this database and begin anew.");
            throw;
        }
        catch (OperationCanceledException late) when (!cancel.IsCancellationRequested)
        {
            // Else it would end without a word.
            throw new TimeoutException("The database did not answer in time. Drop it and begin anew.", late);
        }
    }

    private static async Task<int> Restore(FileInfo archive, bool isProgressAsked, CancellationToken cancel)
    {
        await using var store = CommandLineStore.Open(AuditCommands.Modules());
        await store.CreateSchema();
        await store.Regencies.Prepare(cancel);
        await using var file = new FileStream(archive.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        var code = await Place(store, file, cancel);
        if (code is null)
        {
            return AccountCommands.Refuse("The archive does not say what the regency is called: it is of the first format. Add the regency first (PUT /api/v1/regencies/CODE).");
        }

        file.Position = 0;
        try
        {
            ArchiveRestored restored;
            using (var bar = ProgressBar.Open(isProgressAsked, "written, folded and put into the log"))
            {
                restored = await store.Send(new RestoreArchive(code.Value.Value, file, bar), cancel);
            }

            foreach (var type in restored.Unknown)
            {
                Console.WriteLine($"This edition knows no events {type}: they are in the history, and in no read model.");
            }

            Console.WriteLine($"{code}: {restored.Events} events restored; the log of {restored.Size} leaves has the root {restored.Root}, {(restored.IsSame ? "as the archive's checkpoint" : "which is NOT that of the archive's checkpoint")}.");
            Console.WriteLine("Not in an archive: keys of people (their texts stay sealed without them), files, accounts, API keys, accounts on channels, messages on their way.");
            return restored.IsSame ? 0 : 1;
        }
        catch (InvalidDataException wrong)
        {
            return AccountCommands.Refuse(wrong.Message);
        }
    }

    private static async Task<RegencyCode?> Place(CommandLineStore store, Stream archive, CancellationToken cancel)
    {
        using var reader = new StreamReader(archive, leaveOpen: true);
        using var manifest = JsonDocument.Parse(await reader.ReadLineAsync(cancel) ?? "{}");
        if (!RegencyCode.TryParse(manifest.RootElement.GetProperty("regency").GetString(), out var code))
        {
            return null;
        }

        if (await store.Regencies.Find(code, cancel) is null)
        {
            if (!manifest.RootElement.TryGetProperty("place", out var place))
            {
                return null;
            }

            await store.Regencies.Save(new Regency(
                code.Value, place.GetProperty("name").GetString()!, place.GetProperty("latitude").GetDouble(), place.GetProperty("longitude").GetDouble(),
                place.GetProperty("timeZone").GetString()!, place.GetProperty("contact").GetString()!), cancel);
        }

        return code;
    }
}
