using System.Net.Http.Json;
using SmartCity.Accountability.Tests.Auditing;

namespace SmartCity.Accountability.Tests.Rebuilding;

public sealed class Rebuilding_read_models(AuditHost host) : IClassFixture<AuditHost>
{
    [Fact]
    public async Task finds_them_as_the_events_say_and_names_every_row_that_is_not()
    {
        var ticket = await host.FileReport();
        await host.Reaches(ticket, "assigned");
        using var officer = await host.SignIn("33.28", "officer.dpu");
        (await officer.PostAsJsonAsync($"/api/v1/regencies/33.28/reports/{ticket}/answers", new { text = "Kami perbaiki minggu ini.", isSettled = true })).EnsureSuccessStatusCode();
        await host.FileReport(category: null, description: "Tolong, selokan mampet di Adiwerna");
        await host.Settled();

        var clean = await CommandLine.Run(host, "audit", "rebuild");
        clean.Code.ShouldBe(0, clean.Text);
        clean.Text.ShouldContain("EQUAL: ");
        clean.Text.ShouldNotContain("DIFFERS");
        clean.Text.ShouldContain("reports.mt_doc_report ");
        clean.Text.ShouldContain("reports.search ");
        foreach (var table in new[] { "channels.mt_doc_answerowed", "channels.mt_doc_conversation", "channels.mt_doc_reportburst", "channels.mt_doc_channelpolicy", "channels.mt_doc_accountorder", "reports.mt_doc_clue", "reports.mt_doc_similarpair" })
        {
            clean.Text.ShouldMatch($"{table} +[0-9]+ rows  equal");
        }

        // What is not in events is named with its reason.
        clean.Text.ShouldMatch("channels.mt_doc_outboundmessage +[0-9]+ rows  Messages on their way");
        clean.Text.ShouldMatch("platform.mt_doc_personalkey +[0-9]+ rows  Keys of people");
        clean.Text.ShouldNotContain("nobody says why");

        // A state, a column beside the document, a row that is gone, one that nothing makes, the text that is searched, and how far a stream has come.
        await host.Execute($$"""
            update reports.mt_doc_report set data = jsonb_set(data, '{State}', '"Closed"') where tenant_id = '33_28' and id = '{{ticket}}';
            update accountability.mt_doc_reportclock set next_due_at = '2030-01-01' where tenant_id = '33_28' and id = 'deadlines-{{ticket}}';
            delete from departments.mt_doc_departmentrecord where tenant_id = '33_28' and id = 'department-DISHUB';
            insert into departments.mt_doc_departmentrecord (tenant_id, id, data) select tenant_id, 'department-GHOST', data from departments.mt_doc_departmentrecord where tenant_id = '33_28' limit 1;
            update reports.search set text = 'jalan mulus' where tenant_id = '33_28' and ticket = '{{ticket}}';
            update channels.mt_doc_answerowed set data = jsonb_set(data, '{AnsweredBy}', '"DISHUB"') where tenant_id = '33_28' and id = '{{ticket}}';
            delete from reports.mt_doc_clue where tenant_id = '33_28' and data ->> 'Ticket' = '{{ticket}}';
            insert into reports.mt_doc_similarpair (tenant_id, id, data, ticket, other) values ('33_28', '{{ticket}}/2026-999999', '{}', '{{ticket}}', '2026-999999');
            update history.mt_events set is_archived = true where tenant_id = '33_28' and stream_id = 'department-DPU' and version = 1;
            update history.mt_streams set version = 99 where tenant_id = '33_28' and id = '{{ticket}}';
            """);
        var wrong = await CommandLine.Run(host, "audit", "rebuild", "--regency", "33.28");
        wrong.Code.ShouldBe(1, wrong.Text);
        wrong.Text.ShouldContain($"DIFFERS reports.mt_doc_report {ticket}: State is Closed, and the events say Settled");
        wrong.Text.ShouldContain($"DIFFERS accountability.mt_doc_reportclock deadlines-{ticket}: column next_due_at is not what the document says");
        wrong.Text.ShouldContain("DIFFERS departments.mt_doc_departmentrecord department-DISHUB: the row is gone");
        wrong.Text.ShouldContain("DIFFERS departments.mt_doc_departmentrecord department-GHOST: no event makes this row");
        wrong.Text.ShouldContain($"DIFFERS reports.search {ticket}: text is jalan mulus");
        wrong.Text.ShouldContain($"DIFFERS history.mt_streams {ticket}: version 99 is recorded");
        wrong.Text.ShouldMatch("DIFFERS history.mt_streams department-DPU: .* marked as archived, which hides them");
        // What handlers keep, not projections, is compared like the rest.
        wrong.Text.ShouldContain($"DIFFERS channels.mt_doc_answerowed {ticket}: AnsweredBy is DISHUB, and the events say DPU");
        wrong.Text.ShouldContain("DIFFERS reports.mt_doc_clue place ");
        wrong.Text.ShouldContain($"DIFFERS reports.mt_doc_similarpair {ticket}/2026-999999: no event makes this row");
        wrong.Text.Split("DIFFERS ").Length.ShouldBe(11, wrong.Text);
        (await host.Scalar<long>("select count(*) from pg_namespace where nspname like 'rebuild%'")).ShouldBe(0);

        (await CommandLine.Run(host, "audit", "rebuild", "--regency", "99.99")).Code.ShouldBe(2);
    }
}

public sealed class Rebuilding_while_reports_come_in(AuditHost host) : IClassFixture<AuditHost>
{
    [Fact]
    public async Task tells_nothing_that_is_not_so()
    {
        using var stop = new CancellationTokenSource();
        await host.FileReport();
        var filing = Task.Run(async () =>
        {
            for (var i = 0; i < 60 && !stop.IsCancellationRequested; i++)
            {
                await host.FileReport();
            }
        });
        try
        {
            var rebuilt = await CommandLine.Run(host, "audit", "rebuild", "--regency", "33.28");
            rebuilt.Code.ShouldBe(0, rebuilt.Text);
        }
        finally
        {
            await stop.CancelAsync();
            await filing;
        }
    }
}
