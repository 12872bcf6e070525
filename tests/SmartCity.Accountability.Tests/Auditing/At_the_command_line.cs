namespace SmartCity.Accountability.Tests.Auditing;

public sealed class At_the_command_line(AuditHost host) : IClassFixture<AuditHost>
{
    [Fact]
    public async Task history_is_exported_and_then_verified_without_a_database()
    {
        var folder = Directory.CreateTempSubdirectory("smartcity-audit-").FullName;
        try
        {
            string In(string file) => Path.Combine(folder, file);
            await host.FileReport();
            await File.WriteAllTextAsync(In("old"), await host.Settled());
            await host.FileReport();
            await host.Settled();
            await File.WriteAllTextAsync(In("keys"), await host.Keys());

            var exported = await CommandLine.Run(host, "audit", "export", "--regency", "33.28", "--out", In("archive"));
            exported.Code.ShouldBe(0, exported.Text);
            exported.Text.ShouldContain(" events, leaves 0 to ");
            var right = await CommandLine.Run(null, "audit", "verify", In("archive"), "--checkpoint", In("old"), "--key", In("keys"));
            right.Text.ShouldStartWith("OK: ");
            right.Code.ShouldBe(0);

            var archive = await File.ReadAllTextAsync(In("archive"));
            await File.WriteAllTextAsync(In("changed"), archive.Replace("report.filed.v1", "report.field.v1", StringComparison.Ordinal));
            var wrong = await CommandLine.Run(null, "audit", "verify", In("changed"), "--checkpoint", In("old"), "--key", In("keys"));
            wrong.Text.ShouldStartWith("WRONG: position ");
            wrong.Code.ShouldBe(1);

            (await CommandLine.Run(null, "audit", "verify", In("nothing"), "--key", In("keys"))).Code.ShouldBe(2);
            (await CommandLine.Run(null, "audit", "verify", In("archive"), "--key", In("archive"))).Code.ShouldBe(2);
            (await CommandLine.Run(host, "audit", "export", "--regency", "99.99", "--out", In("none"))).Code.ShouldBe(2);

            // What is signed with the next key is verified by the keys that are published then, and so is what was signed before.
            (await CommandLine.Run(host, "audit", "rotate-key", "--regency", "33.28")).Text.ShouldStartWith("smartcity/33.28+");
            (await host.Keys()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);
            await host.FileReport();
            await host.Settled();
            (await AuditHost.Verify(await host.Export(), await host.Keys(), await File.ReadAllTextAsync(In("old")))).ShouldStartWith("OK");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task a_long_work_that_is_stopped_clears_away_what_it_began_and_says_so()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no such signals.");
        await host.FileReport();
        await host.Settled();
        await using var connection = new Npgsql.NpgsqlConnection(host.ConnectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        // Somebody holds a table that the comparison reads, so it waits.
        await using (var command = new Npgsql.NpgsqlCommand("lock table reports.mt_doc_report in access exclusive mode", connection, transaction))
        {
            await command.ExecuteNonQueryAsync();
        }

        using var rebuild = CommandLine.Start(host, "audit", "rebuild", "--regency", "33.28");
        await AuditHost.Until(async () => await host.Scalar<long>("select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%full join rebuild_33_28%'") > 0, "the comparison waits");
        using (var signal = System.Diagnostics.Process.Start("kill", ["-INT", rebuild.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            await signal.WaitForExitAsync();
        }

        var said = rebuild.StandardError.ReadToEndAsync();
        await rebuild.WaitForExitAsync();
        rebuild.ExitCode.ShouldBe(130, await said);
        (await said).ShouldContain("Cancelled");
        await transaction.RollbackAsync();
        (await host.Scalar<long>("select count(*) from pg_namespace where nspname like 'rebuild%'")).ShouldBe(0);

        // And what cannot be done at all is no answer: neither equal nor different.
        (await CommandLine.On("Host=127.0.0.1;Port=1;Username=x;Password=x;Database=x", null, "audit", "rebuild")).Code.ShouldBe(3);
    }
}
