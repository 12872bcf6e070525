using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SmartCity.Accountability.Auditing;
using SmartCity.Accountability.Contracts;
using SmartCity.Accountability.Replaying;
using SmartCity.Platform;
using SmartCity.Platform.Problems;
using SmartCity.Platform.Regencies;

namespace SmartCity.Cli;

/// <summary>An archive as files: the events; with tables also read models as CSV, hashes of files, and a signed list of what belongs together.</summary>
internal static class ExportArchiveFiles
{
    public static async Task<int> Run(string regency, FileInfo output, string? from, string? to, bool hasTables, bool isProgressAsked, CancellationToken cancel)
    {
        if (!RegencyCode.TryParse(regency, out var code))
        {
            return AccountCommands.Refuse($"'{regency}' is no regency code; one looks like 33.28.");
        }

        await using var store = CommandLineStore.Open(AuditCommands.Modules());
        await store.Regencies.Prepare(cancel);
        if (await store.Regencies.Find(code, cancel) is not { } place)
        {
            return AccountCommands.Refuse($"Regency {regency} is not served here.");
        }

        var faults = new List<Fault>();
        var (first, last) = (Moments.ReadBound(from, place.Zone, "from", isStart: true, faults), Moments.ReadBound(to, place.Zone, "to", isStart: false, faults));
        if (faults.Count > 0)
        {
            return AccountCommands.Refuse($"--{faults[0].Field}: {faults[0].Detail}");
        }

        var partial = $"{output.FullName}.partial";
        var begun = File.Exists(partial) ? await Begun(partial, cancel) : null;
        if (begun is not null)
        {
            Console.Error.WriteLine($"Goes on with {partial} at position {begun.Position}; delete it to begin anew.");
        }

        FileStream? file = null;
        ArchiveWritten? written;
        var bar = ProgressBar.Open(isProgressAsked, "written");
        try
        {
            Task<Stream> Open() => Task.FromResult<Stream>(file = new FileStream(partial, begun is null ? FileMode.Create : FileMode.Append, FileAccess.Write, FileShare.Read, 1 << 16));
            written = await store.Send(new ExportArchive(code.Value, first.Position, last.Position, Open, bar, begun, first.Instant, last.Instant), cancel);
        }
        finally
        {
            bar?.Dispose();
            await (file?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        if (written is null)
        {
            return AccountCommands.Refuse(begun is null ? "No signed event is in this range yet." : $"{partial} does not belong to this history; delete it to begin anew.");
        }

        File.Move(partial, output.FullName, overwrite: true);
        Console.WriteLine($"{output.FullName}: {written.Events} events, leaves {written.First} to {written.End - 1} of {written.Size}.");
        if (hasTables)
        {
            await WriteTables(store, code.Value, output, cancel);
        }

        return 0;
    }

    private static async Task WriteTables(CommandLineStore store, string regency, FileInfo output, CancellationToken cancel)
    {
        var folder = Directory.CreateDirectory($"{output.FullName}.tables").FullName;
        var files = new List<string> { output.FullName };
        await store.Send(new ExportTables(regency, name =>
        {
            files.Add(Path.Combine(folder, name));
            return Task.FromResult<Stream>(new FileStream(files[^1], FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16));
        }), cancel);
        var sums = new Dictionary<string, string>();
        foreach (var each in files)
        {
            sums[ArchiveSums.NameOf(each, output)] = await ArchiveSums.Of(each, cancel);
        }

        await File.WriteAllTextAsync($"{output.FullName}.sums", await store.Send(new SignArchive(regency, sums), cancel), cancel);
        Console.WriteLine($"{folder}: {files.Count - 1} tables; {output.FullName}.sums: their hashes, signed.");
    }

    /// <summary>How far an interrupted export has come: everything from its last event on is cut off and written again. Null when there is no event in it yet.</summary>
    private static async Task<ArchiveBegun?> Begun(string partial, CancellationToken cancel)
    {
        const string mark = "{\"kind\":\"event\",";
        await using var file = new FileStream(partial, FileMode.Open, FileAccess.ReadWrite);
        var (manifest, last, lastAt, at, events, isOpen) = ((string?)null, (string?)null, 0L, 0L, 0L, false);
        using (var reader = new StreamReader(file, new UTF8Encoding(false), false, 1 << 16, leaveOpen: true))
        {
            while (await reader.ReadLineAsync(cancel) is { } line)
            {
                var length = Encoding.UTF8.GetByteCount(line) + 1;
                isOpen = at + length > file.Length;
                if (isOpen)
                {
                    break;
                }

                if (manifest is null)
                {
                    manifest = line;
                }
                else if (line.StartsWith(mark, StringComparison.Ordinal))
                {
                    (last, lastAt, events) = (line, at, events + 1);
                }

                at += length;
            }
        }

        if (manifest is null || last is null)
        {
            return null;
        }

        file.SetLength(lastAt);
        using var json = JsonDocument.Parse(last);
        return json.RootElement.TryGetProperty("index", out var index) ? new ArchiveBegun(manifest, json.RootElement.GetProperty("position").GetInt64(), index.GetInt64(), events - 1) : null;
    }
}

/// <summary>The hashes of the files of an archive.</summary>
internal static class ArchiveSums
{
    /// <summary>Names as they stand beside the archive: <c>archive.ndjson</c>, <c>archive.ndjson.tables/files.csv</c>.</summary>
    public static string NameOf(string file, FileInfo archive) => Path.GetRelativePath(archive.DirectoryName!, file).Replace('\\', '/');

    public static async Task<string> Of(string file, CancellationToken cancel)
    {
        await using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancel));
    }

    /// <summary>The first file that is not the one that was signed; null when all are.</summary>
    public static async Task<string?> Fault(FileInfo sums, FileInfo archive, IReadOnlyList<AuditKey> keys, CancellationToken cancel)
    {
        if (SignedNote.Read(await File.ReadAllTextAsync(sums.FullName, cancel)) is not { } note || !note.IsSignedBy(keys) || note.Text.Split('\n') is not [_, SignArchiveHandler.Kind, .. var lines])
        {
            return "sums: they are not signed by a key that was given";
        }

        var listed = lines.Where(l => l.Length > 0).Select(l => l.Split(' ', 2)).ToArray();
        foreach (var (hash, name) in listed.Select(l => (l[0], l[1])))
        {
            var file = Path.Combine(archive.DirectoryName!, name);
            if (!File.Exists(file) || await Of(file, cancel) != hash)
            {
                return $"sums: {name} is not the file that was signed";
            }
        }

        return listed.Any(l => l[1] == archive.Name) ? null : $"sums: they do not name {archive.Name}";
    }
}
