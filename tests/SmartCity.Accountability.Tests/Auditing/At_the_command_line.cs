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
    public async Task what_cannot_be_done_at_all_is_no_answer_neither_equal_nor_different() =>
        (await CommandLine.On("Host=127.0.0.1;Port=1;Username=x;Password=x;Database=x", null, "audit", "rebuild")).Code.ShouldBe(3);
}
