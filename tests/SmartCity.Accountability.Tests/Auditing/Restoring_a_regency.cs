using System.Net.Http.Json;
using Npgsql;
using SmartCity.Testing;

namespace SmartCity.Accountability.Tests.Auditing;

public sealed class Restoring_a_regency(AuditHost host) : IClassFixture<AuditHost>
{
    [Fact]
    public async Task from_an_archive_gives_the_same_events_read_models_and_head()
    {
        var folder = Directory.CreateTempSubdirectory("smartcity-restore-").FullName;
        await using var empty = await TestDatabase.CreateAsync();
        try
        {
            string In(string file) => Path.Combine(folder, file);
            var ticket = await host.FileReport();
            await host.Reaches(ticket, "assigned");
            using var officer = await host.SignIn("33.28", "officer.dpu");
            (await officer.PostAsJsonAsync($"/api/v1/regencies/33.28/reports/{ticket}/answers", new { text = "Beres.", isSettled = true })).EnsureSuccessStatusCode();
            await host.Execute("select nextval('history.mt_events_sequence_33_28')"); // a gap
            await host.FileReport(description: "Jalan \"ambles\"\n100 % — é 😀");
            await File.WriteAllTextAsync(In("kept"), await host.Settled());
            await File.WriteAllTextAsync(In("keys"), await host.Keys());

            var exported = await CommandLine.Run(host, "audit", "export", "--regency", "33.28", "--out", In("archive"), "--tables");
            exported.Code.ShouldBe(0, exported.Text);
            var verified = await CommandLine.Run(null, "audit", "verify", In("archive"), "--key", In("keys"), "--checkpoint", In("kept"), "--sums", In("archive.sums"));
            verified.Text.ShouldStartWith("OK: ");
            (await File.ReadAllTextAsync(In("archive.tables/reports.mt_doc_report.csv"))).ShouldContain(ticket);
            (await File.ReadAllTextAsync(In("archive.tables/files.csv"))).ShouldStartWith("sha256,stream,position");

            var restored = await Restore(empty, In("archive"), "--key", In("keys"), "--checkpoint", In("kept"));
            restored.Code.ShouldBe(0, restored.Text);
            restored.Text.ShouldContain("as the archive's checkpoint");
            // What the archive has is the same, down to the last column.
            const string events = "select md5(string_agg(concat_ws('|', seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, is_archived, causation_id, correlation_id, headers, user_name), chr(10) order by seq_id)) from history.mt_events where tenant_id = '33_28' and seq_id <= ";
            var last = await Scalar<long>(empty, "select max(seq_id) from history.mt_events where tenant_id = '33_28'");
            (await Scalar<string>(empty, events + last)).ShouldBe(await host.Scalar<string>(events + last));
            const string reports = "select md5(string_agg(concat_ws('|', id, data, number, filed_at, due_at, mt_version, mt_dotnet_type), chr(10) order by id)) from reports.mt_doc_report where tenant_id = '33_28'";
            (await Scalar<string>(empty, reports)).ShouldBe(await host.Scalar<string>(reports));
            const string streams = "select md5(string_agg(concat_ws('|', id, type, version), chr(10) order by id)) from history.mt_streams where tenant_id = '33_28' and id not like 'reads-%' and id <> 'mt_tombstone'";
            (await Scalar<string>(empty, streams)).ShouldBe(await host.Scalar<string>(streams));
            var rebuilt = await Run(empty, "audit", "rebuild", "--regency", "33.28");
            rebuilt.Code.ShouldBe(0, rebuilt.Text);

            // Not into what has events already, and not what was changed on the way.
            (await Restore(empty, In("archive"), "--key", In("keys"))).Code.ShouldBe(2);
            await File.WriteAllTextAsync(In("changed"), (await File.ReadAllTextAsync(In("archive"))).Replace("report.filed.v1", "report.field.v1", StringComparison.Ordinal));
            (await Restore(empty, In("changed"), "--key", In("keys"))).Text.ShouldStartWith("WRONG: position ");
            await File.AppendAllTextAsync(In("archive.tables/reports.mt_doc_report.csv"), "x");
            (await CommandLine.Run(null, "audit", "verify", In("archive"), "--key", In("keys"), "--sums", In("archive.sums"))).Text.ShouldStartWith("WRONG: sums: archive.tables/reports.mt_doc_report.csv");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory, InlineData(0.3), InlineData(0.9)]
    public async Task is_possible_from_an_export_that_was_interrupted_and_went_on(double share)
    {
        var folder = Directory.CreateTempSubdirectory("smartcity-resume-").FullName;
        try
        {
            string In(string file) => Path.Combine(folder, file);
            await host.FileReport();
            await host.Settled();
            await File.WriteAllTextAsync(In("keys"), await host.Keys());
            (await CommandLine.Run(host, "audit", "export", "--regency", "33.28", "--out", In("whole"))).Code.ShouldBe(0);
            var whole = await File.ReadAllBytesAsync(In("whole"));
            await File.WriteAllBytesAsync(In("archive.partial"), whole[..(int)(whole.Length * share)]);
            await host.FileReport();
            await host.Settled();

            var exported = await CommandLine.Run(host, "audit", "export", "--regency", "33.28", "--out", In("archive"));
            exported.Code.ShouldBe(0, exported.Text);
            exported.Text.ShouldContain("Goes on with ");
            (await File.ReadAllBytesAsync(In("archive"))).ShouldBe(whole);
            File.Exists(In("archive.partial")).ShouldBeFalse();
            (await CommandLine.Run(null, "audit", "verify", In("archive"), "--key", In("keys"))).Code.ShouldBe(0);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task<(int Code, string Text)> Restore(TestDatabase empty, params string[] arguments) => Run(empty, ["audit", "restore", .. arguments]);

    private static Task<(int Code, string Text)> Run(TestDatabase database, params string[] arguments) => CommandLine.On(database.ConnectionString, null, arguments);

    private static async Task<T> Scalar<T>(TestDatabase database, string sql)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
