using System.Diagnostics;
using System.Text;
using Npgsql;
using SmartCity.Accountability.Auditing;
using SmartCity.Testing;

namespace SmartCity.Accountability.Tests.Auditing;

/// <summary>A host that signs its history five times a second, and both verifiers.</summary>
public sealed class AuditHost : SmartCityHost
{
    private const string Api = "/api/v1/regencies/33.28";

    protected override IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?> { ["SmartCity:SampleData"] = "reference", ["SmartCity:Audit:Seconds"] = "0.2" };

    /// <summary>Whether the second verifier can be started here.</summary>
    public static bool HasPython { get; } = Starts();

    /// <summary>Waits until all that follows from what was done is signed, and gives the checkpoint.</summary>
    public async Task<string> Settled()
    {
        using var auditor = await SignIn("33.28", "auditor");
        // That he looks at the log today is an event too, once.
        using var first = await auditor.GetAsync($"{Api}/audit/checkpoints/latest");
        return await Until(async () =>
        {
            // All events are published, all messages that follow have left, and the head is signed: nothing is left to write events.
            var waiting = await Scalar<long>("select count(*) from channels.mt_doc_outboundmessage where tenant_id = '33_28' and data ->> 'State' in ('Waiting', 'Sending', 'Unresolved')");
            var signed = await Scalar<long>("select max(position) from accountability.audit_checkpoint where tenant_id = '33_28'");
            var published = await Scalar<long>("select last_seq_id from history.mt_event_progression where name = 'Notifications:All:33_28'");
            var newest = await Scalar<long>("select max(seq_id) from history.mt_events where tenant_id = '33_28'");
            return waiting == 0 && signed == newest && published == newest ? await auditor.GetStringAsync($"{Api}/audit/checkpoints/latest") : null;
        }, "a signed head");
    }

    /// <summary>An archive over HTTP.</summary>
    public async Task<string> Export(string query = "")
    {
        using var auditor = await SignIn("33.28", "auditor");
        return await auditor.GetStringAsync($"{Api}/audit/export{query}");
    }

    /// <summary>The public keys.</summary>
    public Task<string> Keys() => Http.GetStringAsync("/.well-known/smartcity-audit-keys/33.28");

    /// <summary>What the verifier says; the second one must say the same of the same place.</summary>
    public static Task<string> Verify(string archive, string keys, params string[] held) => Verify(Encoding.UTF8.GetBytes(archive), keys, held);

    /// <summary>The same of bytes that may be no text.</summary>
    public static async Task<string> Verify(byte[] archive, string keys, params string[] held)
    {
        using var stream = new MemoryStream(archive);
        var verdict = (await ArchiveVerifier.Verify(stream, [.. held.SelectMany(SignedNote.ReadAll)], AuditKey.ReadAll(keys))).ToString();
        if (HasPython)
        {
            var other = await VerifyInPython(archive, keys, held);
            Place(other).ShouldBe(Place(verdict), $"{verdict} / {other}");
        }

        return verdict;
    }

    public async Task<T> Scalar<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() is T value ? value : default!;
    }

    public async Task Execute(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    // "WRONG: position 17", "WRONG: checkpoint", "OK".
    private static string Place(string verdict) => verdict.StartsWith("OK", StringComparison.Ordinal) ? "OK" : string.Join(':', verdict.Split(':')[..2]);

    private static async Task<string> VerifyInPython(byte[] archive, string keys, string[] held)
    {
        var folder = Directory.CreateTempSubdirectory("smartcity-archive-").FullName;
        try
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, "archive"), archive);
            await File.WriteAllTextAsync(Path.Combine(folder, "keys"), keys);
            await File.WriteAllTextAsync(Path.Combine(folder, "held"), string.Join("\n\n", held));
            var start = new ProcessStartInfo("python3", [Path.Combine(Repository.Root, "tests", "audit-verifier", "verify.py"), "archive", "--key", "keys", "--checkpoint", "held"])
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardOutputEncoding = Encoding.UTF8,
            };
            start.Environment["PYTHONIOENCODING"] = "utf-8";
            using var python = Process.Start(start)!;
            var (output, error) = (python.StandardOutput.ReadToEndAsync(), python.StandardError.ReadToEndAsync());
            await python.WaitForExitAsync();
            var text = (await output).Trim();
            text.ShouldNotBeEmpty(await error);
            python.ExitCode.ShouldBe(text.StartsWith("OK", StringComparison.Ordinal) ? 0 : 1);
            return text;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool Starts()
    {
        try
        {
            using var python = Process.Start(new ProcessStartInfo("python3", ["--version"]) { RedirectStandardOutput = true });
            python!.WaitForExit();
            return python.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
