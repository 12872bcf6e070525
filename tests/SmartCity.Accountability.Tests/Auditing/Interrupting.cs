using System.Diagnostics;
using Npgsql;
using SmartCity.Testing;

namespace SmartCity.Accountability.Tests.Auditing;

/// <summary>Long commands at the command line that are stopped in the middle.</summary>
public sealed class Interrupting(AuditHost host) : IClassFixture<AuditHost>
{
    private const int Stopped = 130, Killed = 137;

    // So many that an export is still at it when it is stopped; readings, for nothing follows from them.
    private async Task Fill()
    {
        await host.FileReport();
        await host.Settled();
        await host.Execute("""
            insert into history.mt_events (seq_id, id, stream_id, version, data, type, tenant_id, timestamp, mt_dotnet_type, is_archived, user_name)
            select nextval('history.mt_events_sequence_33_28'), gen_random_uuid(), 'reads-many', (select count(*) from history.mt_events where tenant_id = '33_28' and stream_id = 'reads-many') + n,
                   jsonb_build_object('Of', 'many', 'Version', n, 'What', repeat('replay ', 100)), 'data.read.v1', '33_28', now(), (select min(mt_dotnet_type) from history.mt_events where type = 'data.read.v1'), false, 'staff:auditor'
              from generate_series(1, 8000) n;
            insert into history.mt_streams (tenant_id, id, version, timestamp, created, is_archived)
            select tenant_id, stream_id, max(version), max(timestamp), min(timestamp), false from history.mt_events where tenant_id = '33_28' and stream_id = 'reads-many' group by 1, 2
                on conflict (tenant_id, id) do update set version = excluded.version, timestamp = excluded.timestamp
            """);
        await host.Settled();
    }

    [Theory, InlineData("KILL", Killed), InlineData("INT", Stopped)]
    public async Task an_export_leaves_what_it_has_and_the_next_one_goes_on_to_the_same_archive(string signal, int code)
    {
        var folder = Directory.CreateTempSubdirectory("smartcity-killed-").FullName;
        try
        {
            string In(string file) => Path.Combine(folder, file);
            await Fill();
            await File.WriteAllTextAsync(In("keys"), await host.Keys());
            var whole = Array.Empty<byte>();
            var isDone = true;
            for (var tries = 0; isDone && tries < 20; tries++)
            {
                // What the archive is to be, when nobody interrupts it.
                (await CommandLine.Run(host, "audit", "export", "--regency", "33.28", "--out", In("whole"))).Code.ShouldBe(0);
                whole = await File.ReadAllBytesAsync(In("whole"));
                File.Delete(In("archive"));
                File.Delete(In("archive.partial"));
                using var export = CommandLine.Begin(host, "audit", "export", "--regency", "33.28", "--out", In("archive"));
                while (!export.HasExited && !(File.Exists(In("archive.partial")) && new FileInfo(In("archive.partial")).Length > 0))
                {
                    await Task.Delay(1);
                }

                await export.Signal(signal);
                var ended = await CommandLine.End(export);
                // It may have been done before, or something happened in the regency between the two: then once more.
                isDone = File.Exists(In("archive")) || !whole.AsSpan().StartsWith(File.ReadAllBytes(In("archive.partial")));
                if (!isDone)
                {
                    ended.Code.ShouldBe(code, ended.Text);
                }
            }

            isDone.ShouldBeFalse("an export was stopped in the middle");
            new FileInfo(In("archive.partial")).Length.ShouldBeInRange(1, whole.Length - 1);
            // What happens meanwhile is not of this archive.
            await host.FileReport();
            await host.Settled();
            var resumed = await CommandLine.Run(host, "audit", "export", "--regency", "33.28", "--out", In("archive"));
            resumed.Code.ShouldBe(0, resumed.Text);
            resumed.Text.ShouldContain("Goes on with ");
            (await File.ReadAllBytesAsync(In("archive"))).AsSpan().SequenceEqual(whole).ShouldBeTrue();
            File.Exists(In("archive.partial")).ShouldBeFalse();
            (await CommandLine.Run(null, "audit", "verify", In("archive"), "--key", In("keys"))).Text.ShouldStartWith("OK: ");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task a_rebuild_clears_away_what_it_had_made()
    {
        await host.FileReport();
        await host.Settled();
        const string made = "select count(*) from pg_namespace where nspname = 'rebuild_33_28'";
        (int Code, string Text) ended;
        await using (var other = new NpgsqlConnection(host.ConnectionString))
        {
            await other.OpenAsync();
            await using var transaction = await other.BeginTransactionAsync();
            // Nobody can read this table for now: the rebuild stands still when it comes to compare it, which is the last that it does.
            await using (var hold = new NpgsqlCommand("lock table reports.search in access exclusive mode", other, transaction))
            {
                await hold.ExecuteNonQueryAsync();
            }

            using var rebuild = CommandLine.Begin(host, "audit", "rebuild", "--regency", "33.28");
            await SmartCityHost.Until(async () => rebuild.HasExited || await host.Scalar<bool>(
                "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%rebuild_33_28%' and pid <> pg_backend_pid())"), "the rebuild stands still", TimeSpan.FromMinutes(3));
            if (rebuild.HasExited)
            {
                Assert.Fail((await CommandLine.End(rebuild)).Text);
            }

            (await host.Scalar<long>(made)).ShouldBe(1);
            await rebuild.Signal("INT");
            ended = await CommandLine.End(rebuild);
        }

        ended.Code.ShouldBe(Stopped, ended.Text);
        ended.Text.ShouldContain("Cancelled");
        (await host.Scalar<long>(made)).ShouldBe(0);
        // And it is in nobody's way.
        var again = await CommandLine.Run(host, "audit", "rebuild", "--regency", "33.28");
        again.Code.ShouldBe(0, again.Text);
    }

    [Fact]
    public async Task a_verification_says_that_it_was_stopped_and_nothing_of_the_archive()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no named pipes to read an archive from.");
        var folder = Directory.CreateTempSubdirectory("smartcity-verify-").FullName;
        try
        {
            string In(string file) => Path.Combine(folder, file);
            await host.FileReport();
            await host.Settled();
            await File.WriteAllTextAsync(In("keys"), await host.Keys());
            (await CommandLine.Run(host, "audit", "export", "--regency", "33.28", "--out", In("archive"))).Code.ShouldBe(0);
            var archive = await File.ReadAllBytesAsync(In("archive"));
            using (var made = Process.Start("mkfifo", [In("slow")]))
            {
                await made.WaitForExitAsync();
            }

            using var verify = CommandLine.BeginOn(null, folder, "audit", "verify", In("slow"), "--key", In("keys"));
            // Half of it, then Ctrl-C, then the rest so slowly that it is never all of it.
            try
            {
                await using var pipe = await Task.Run(() => new FileStream(In("slow"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0));
                var half = archive.Length / 2;
                await pipe.WriteAsync(archive.AsMemory(0, half));
                await verify.Signal("INT");
                for (var at = half; at < archive.Length && !verify.WaitForExit(TimeSpan.FromMilliseconds(10)); at += 1024)
                {
                    await pipe.WriteAsync(archive.AsMemory(at, Math.Min(1024, archive.Length - at)));
                }
            }
            catch (IOException)
            {
                // Nobody reads any more.
            }

            var ended = await CommandLine.End(verify);
            ended.Code.ShouldBe(Stopped, ended.Text);
            ended.Text.ShouldContain("Cancelled");
            ended.Text.ShouldNotContain("OK");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task a_restore_says_that_the_database_is_to_be_dropped()
    {
        var folder = Directory.CreateTempSubdirectory("smartcity-restore-").FullName;
        try
        {
            string In(string file) => Path.Combine(folder, file);
            await host.FileReport();
            await host.Settled();
            await File.WriteAllTextAsync(In("keys"), await host.Keys());
            (await CommandLine.Run(host, "audit", "export", "--regency", "33.28", "--out", In("archive"))).Code.ShouldBe(0);
            var isStopped = false;
            for (var tries = 0; !isStopped && tries < 5; tries++)
            {
                await using var empty = await TestDatabase.CreateAsync();
                await using var other = new NpgsqlConnection(empty.ConnectionString);
                await other.OpenAsync();
                async Task<T?> Scalar<T>(string sql)
                {
                    await using var command = new NpgsqlCommand(sql, other);
                    return (T?)await command.ExecuteScalarAsync();
                }

                using var restore = CommandLine.BeginOn(empty.ConnectionString, folder, "audit", "restore", In("archive"), "--key", In("keys"));
                // Its events are being written; the read models come after, and one of them cannot be written for now.
                await SmartCityHost.Until(async () => restore.HasExited
                    || (await Scalar<bool>("select to_regclass('history.mt_events') is not null") && await Scalar<bool>("select exists (select from history.mt_events where tenant_id = '33_28')")), "its first events", TimeSpan.FromMinutes(3));
                await using var transaction = await other.BeginTransactionAsync();
                await Scalar<object>("lock table accountability.mt_doc_obligationrecord in access exclusive mode");
                await SmartCityHost.Until(async () => restore.HasExited || await Scalar<bool>(
                    "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and pid <> pg_backend_pid())"), "the restore stands still", TimeSpan.FromMinutes(3));
                isStopped = !restore.HasExited;
                if (isStopped)
                {
                    await restore.Signal("INT");
                }

                var ended = await CommandLine.End(restore);
                if (isStopped)
                {
                    ended.Code.ShouldBe(Stopped, ended.Text);
                    ended.Text.ShouldContain("Stopped in the middle: drop this database and begin anew.");
                    await transaction.RollbackAsync();
                    var again = await CommandLine.On(empty.ConnectionString, null, "audit", "restore", In("archive"), "--key", In("keys"));
                    again.Code.ShouldBe(2, again.Text);
                    again.Text.ShouldContain("has events already");
                }
            }

            isStopped.ShouldBeTrue("a restore was stopped in the middle");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task is_decided_by_how_far_each_has_come_which_is_told_when_it_is_asked()
    {
        var folder = Directory.CreateTempSubdirectory("smartcity-progress-").FullName;
        await using var empty = await TestDatabase.CreateAsync();
        try
        {
            string In(string file) => Path.Combine(folder, file);
            await host.FileReport();
            await host.Settled();
            await File.WriteAllTextAsync(In("keys"), await host.Keys());
            (await CommandLine.Run(host, "audit", "export", "--regency", "33.28", "--out", In("quiet"))).Text.ShouldNotContain(" %: ");
            string[][] commands =
            [
                ["audit", "export", "--regency", "33.28", "--out", In("archive"), "--progress"], ["audit", "verify", In("archive"), "--key", In("keys"), "--progress"],
                ["audit", "rebuild", "--regency", "33.28", "--progress"], ["audit", "replay", "--regency", "33.28", "--progress"],
            ];
            foreach (var command in commands)
            {
                var ended = await CommandLine.Run(host, command);
                ended.Code.ShouldBe(0, ended.Text);
                ended.Text.ShouldMatch("(?m)^100 %: ([0-9]+)/\\1 ", command[1]);
            }

            var restored = await CommandLine.On(empty.ConnectionString, null, "audit", "restore", In("archive"), "--key", In("keys"), "--progress");
            restored.Code.ShouldBe(0, restored.Text);
            restored.Text.ShouldMatch("(?m)^100 %: ([0-9]+)/\\1 written, folded and put into the log");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
