using System.CommandLine;
using Microsoft.Extensions.Configuration;
using SmartCity.Accountability;
using SmartCity.Accountability.Auditing;
using SmartCity.Accountability.Contracts;
using SmartCity.Channels;
using SmartCity.Departments;
using SmartCity.Platform;
using SmartCity.Platform.Regencies;
using SmartCity.Reports;

namespace SmartCity.Cli;

/// <summary>What an auditor does at a command line: take an archive, and verify it where there is neither server nor database.</summary>
internal static class AuditCommands
{
    /// <summary>On a terminal there is a bar anyway.</summary>
    public static Option<bool> Progress { get; } = new("--progress") { Description = "Tell how far it has come also where the output goes to a file.", Recursive = true };

    public static Command Create() => new("audit", "Archives of history, and their proof") { Progress, Export(), Verify(), ReplayCommand.Create(), Rebuild(), Restore(), RotateKey() };

    private static Command Export()
    {
        var regency = new Option<string>("--regency") { Description = "Code of the regency.", Required = true };
        var output = new Option<FileInfo>("--out") { Description = "File to write; while it is written it is called FILE.partial, and an interrupted export goes on there.", Required = true };
        var from = new Option<string?>("--from") { Description = "Where it begins: a date, an instant or a position; the beginning when left away." };
        var to = new Option<string?>("--to") { Description = "Where it ends: a date, which is included, an instant or a position; all that is signed when left away." };
        var tables = new Option<bool>("--tables") { Description = "Also write read models as CSV and the hashes of files (FILE.tables), and a signed list of the hashes of all (FILE.sums)." };
        var export = new Command("export", "Write events with all that proves them into a file (docs/audit-format.md)") { regency, output, from, to, tables };
        export.SetAction((parsed, cancel) => ExportArchiveFiles.Run(
            parsed.GetRequiredValue(regency), parsed.GetRequiredValue(output), parsed.GetValue(from), parsed.GetValue(to), parsed.GetValue(tables), parsed.GetValue(Progress), cancel));
        return export;
    }

    private static Command Restore()
    {
        var archive = new Argument<FileInfo>("archive") { Description = "A whole archive, written by export without --from and --to." };
        var keys = new Option<FileInfo>("--key") { Description = "The regency's public keys; the archive is verified first.", Required = true };
        var checkpoints = new Option<FileInfo[]>("--checkpoint") { Description = "Checkpoints you have kept.", AllowMultipleArgumentsPerToken = true };
        var restore = new Command("restore", "Make a regency anew from an archive, in an empty database: its events, read models and log; texts of people need their keys, which no archive has") { archive, keys, checkpoints };
        restore.SetAction((parsed, cancel) => RestoreRegency.Run(parsed.GetRequiredValue(archive), parsed.GetValue(checkpoints) ?? [], parsed.GetRequiredValue(keys), parsed.GetValue(Progress), cancel));
        return restore;
    }

    private static Command Verify()
    {
        var archive = new Argument<FileInfo>("export") { Description = "The archive." };
        var checkpoints = new Option<FileInfo[]>("--checkpoint") { Description = "Checkpoints you have kept, one or more in a file; the archive must agree with all.", AllowMultipleArgumentsPerToken = true };
        var keys = new Option<FileInfo>("--key") { Description = "The regency's public keys, from /.well-known/smartcity-audit-keys/CODE.", Required = true };
        var sums = new Option<FileInfo?>("--sums") { Description = "The signed list of hashes of an archive with tables (FILE.sums)." };
        var verify = new Command("verify", "Prove an archive right, or name the first event that is wrong; needs no server and no database") { archive, checkpoints, keys, sums };
        verify.SetAction((parsed, cancel) => Verify(parsed.GetRequiredValue(archive), parsed.GetValue(checkpoints) ?? [], parsed.GetRequiredValue(keys), parsed.GetValue(sums), parsed.GetValue(Progress), cancel));
        return verify;
    }

    private static Command Rebuild()
    {
        var regency = new Option<string?>("--regency") { Description = "Code of the regency; all of them when left away." };
        var keep = new Option<bool>("--keep") { Description = "Leave the rebuilt tables behind, in the schema rebuild_CODE." };
        var rebuild = new Command("rebuild", "Make every read model anew from events, beside the live ones, and compare them row by row; exit code 1 if anything differs") { regency, keep };
        rebuild.SetAction((parsed, cancel) => Rebuild(parsed.GetValue(regency), parsed.GetValue(keep), parsed.GetValue(Progress), cancel));
        return rebuild;
    }

    private static Command RotateKey()
    {
        var regency = new Option<string>("--regency") { Description = "Code of the regency.", Required = true };
        var rotate = new Command("rotate-key", "Make a new signing key; the old one's public half stays published") { regency };
        rotate.SetAction(parsed =>
        {
            if (!RegencyCode.TryParse(parsed.GetRequiredValue(regency), out var code))
            {
                return AccountCommands.Refuse($"'{parsed.GetValue(regency)}' is no regency code; one looks like 33.28.");
            }

            var files = new AuditKeys(AuditOptions.Read(new ConfigurationBuilder().AddEnvironmentVariables().Build()));
            files.Rotate(code.Value);
            Console.WriteLine(files.Published(code.Value)[^1]);
            return 0;
        });
        return rotate;
    }

    private static async Task<int> Rebuild(string? regency, bool keep, bool isProgressAsked, CancellationToken cancel)
    {
        await using var store = CommandLineStore.Open(Modules());
        await store.Regencies.Prepare(cancel);
        var wanted = await store.Regencies.All(cancel);
        if (regency is not null && (wanted = [.. wanted.Where(r => r.Id == regency)]).Count == 0)
        {
            return AccountCommands.Refuse($"Regency {regency} is not served here.");
        }

        var isEqual = true;
        foreach (var each in wanted)
        {
            RebuildReport report;
            using (var bar = ProgressBar.Open(isProgressAsked, "folded"))
            {
                report = (await store.Send(new RebuildReadModels(each.Id, keep, bar), cancel))!;
            }

            isEqual &= report.Tables.All(t => t.Different == 0);
            Write(report, keep);
        }

        Console.WriteLine(isEqual ? "EQUAL: every read model is what the events say." : "DIFFERENT: read models are not what the events say.");
        return isEqual ? 0 : 1;
    }

    private static void Write(RebuildReport report, bool keep)
    {
        Console.WriteLine($"{report.Regency}: {report.Events} events up to position {report.Position}{(keep ? $"; the rebuilt tables are in schema {report.Schema}" : "")}");
        foreach (var table in report.Tables)
        {
            Console.WriteLine($"  {table.Table,-44} {table.Rows,9} rows  {(table.Different > 0 ? $"{table.Different} differ" : "equal")}{(table.Moved > 0 ? $", {table.Moved} moved meanwhile" : "")}");
        }

        foreach (var difference in report.Differences)
        {
            Console.WriteLine($"  DIFFERS {difference.Table} {difference.Id}: {difference.What}");
        }

        Console.WriteLine("  Not compared, because they hold what is not in events:");
        foreach (var table in report.NotCompared)
        {
            Console.WriteLine($"  {table.Table,-44} {table.Rows,9} rows  {table.Why}");
        }
    }

    // All of them: what one does not know of, it cannot rebuild.
    internal static IModule[] Modules() => [new DepartmentsModule(), new ReportsModule(), new ChannelsModule(), new AccountabilityModule()];

    internal static async Task<int> Verify(FileInfo archive, IReadOnlyList<FileInfo> checkpoints, FileInfo keys, FileInfo? sums, bool isProgressAsked, CancellationToken cancel)
    {
        if (checkpoints.Append(keys).Append(archive).Concat(sums is null ? [] : [sums]).FirstOrDefault(f => !f.Exists) is { } missing)
        {
            return AccountCommands.Refuse($"There is no file {missing.FullName}.");
        }

        IReadOnlyList<SignedNote> held;
        IReadOnlyList<AuditKey> published;
        try
        {
            held = [.. checkpoints.SelectMany(f => SignedNote.ReadAll(File.ReadAllText(f.FullName)))];
            published = AuditKey.ReadAll(await File.ReadAllTextAsync(keys.FullName, cancel));
        }
        catch (FormatException failure)
        {
            return AccountCommands.Refuse($"A file of checkpoints or keys cannot be read: {failure.Message}");
        }

        await using var file = new FileStream(archive.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        Verdict verdict;
        using (var bar = ProgressBar.Open(isProgressAsked, "verified"))
        {
            verdict = await ArchiveVerifier.Verify(file, held, published, bar, cancel);
        }

        if (verdict.IsRight && sums is not null && await ArchiveSums.Fault(sums, archive, published, cancel) is { } fault)
        {
            verdict = new Verdict(false, fault);
        }

        Console.WriteLine(verdict);
        return verdict.IsRight ? 0 : 1;
    }
}
