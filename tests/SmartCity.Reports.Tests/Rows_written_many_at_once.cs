using JasperFx.Events;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Reports.Contracts;
using SmartCity.Testing;

namespace SmartCity.Reports.Tests;

/// <summary>The intake writes the rows of new reports itself; Marten must not be able to tell.</summary>
public sealed class Rows_written_many_at_once(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private const string Tenant = "33_76";

    private IDocumentStore Store => host.Services.GetRequiredService<IDocumentStore>();

    [Fact]
    public async Task are_those_that_Marten_writes_for_a_new_stream()
    {
        await Append("2026-900001", (session, @event) => session.Events.StartStream<Report>("2026-900001", @event));
        await Append("2026-900002", (session, @event) => session.StartStreams("report", [@event]));

        (await Row("history.mt_events", "stream_id = '2026-900002' and version = 1", "id", "seq_id", "stream_id", "data", "timestamp"))
            .ShouldBe(await Row("history.mt_events", "stream_id = '2026-900001' and version = 1", "id", "seq_id", "stream_id", "data", "timestamp"));
        (await Row("history.mt_streams", "id = '2026-900002'", "id", "timestamp", "created", "version"))
            .ShouldBe(await Row("history.mt_streams", "id = '2026-900001'", "id", "timestamp", "created", "version"));
    }

    [Fact]
    public async Task are_those_that_Marten_writes_for_a_new_report_and_a_new_key()
    {
        var filed = new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);
        var report = Report.After(null, Event.For(Filed("2026-900003")).At("2026-900003", filed))!;
        await using var ours = Store.LightweightSession(Tenant);
        ours.InsertReports([report with { Id = "2026-900004" }]);
        PersonalKey Key(string id) => new() { Id = id, Wrapped = [1, 2], Stream = "2026-900003", Origin = "message-x-1", Email = "pe", CreatedAt = filed };
        ours.InsertKeys([Key("p4"), new PersonalKey { Id = "p6", Account = "pa", Phone = "pp", CreatedAt = filed }]);
        await ours.SaveChangesAsync();
        await using var theirs = Store.LightweightSession(Tenant);
        theirs.Insert(report with { Version = 1 });
        theirs.Insert(Key("p3"));
        theirs.Insert(new PersonalKey { Id = "p7", Account = "pa", Phone = "pp", CreatedAt = filed });
        await theirs.SaveChangesAsync();

        (await Row("reports.mt_doc_report", "id = '2026-900004'", "id", "mt_last_modified")).Replace("900004", "900003", StringComparison.Ordinal)
            .ShouldBe(await Row("reports.mt_doc_report", "id = '2026-900003'", "id", "mt_last_modified"));
        (await Row("platform.mt_doc_personalkey", "id = 'p4'", "id", "mt_last_modified", "mt_version")).Replace("p4", "p3", StringComparison.Ordinal)
            .ShouldBe(await Row("platform.mt_doc_personalkey", "id = 'p3'", "id", "mt_last_modified", "mt_version"));
        (await Row("platform.mt_doc_personalkey", "id = 'p6'", "id", "mt_last_modified", "mt_version")).Replace("p6", "p7", StringComparison.Ordinal)
            .ShouldBe(await Row("platform.mt_doc_personalkey", "id = 'p7'", "id", "mt_last_modified", "mt_version"));
    }

    [Fact]
    public async Task of_a_stream_that_exists_are_refused_with_all_that_was_to_be_saved_with_them()
    {
        await Append("2026-900005", (session, @event) => session.StartStreams("report", [@event]));
        await Should.ThrowAsync<Exception>(() => Append("2026-900005", (session, @event) =>
        {
            session.InsertKeys([new PersonalKey { Id = "p5", CreatedAt = DateTimeOffset.UnixEpoch }]);
            session.StartStreams("report", [@event]);
        }));

        await using var query = Store.QuerySession(Tenant);
        (await query.LoadAsync<PersonalKey>("p5")).ShouldBeNull();
    }

    [Fact]
    public async Task and_every_other_statement_keep_their_own_meaning_while_statements_fail_around_them()
    {
        // Prepared statements have names on their connection: a failed batch that came again on another one would run that one's statements.
        await Parallel.ForAsync(0, 1000, new ParallelOptions { MaxDegreeOfParallelism = 30 }, async (i, cancel) =>
        {
            await using var session = Store.LightweightSession(Tenant);
            if (i % 3 == 0)
            {
                var failure = await Should.ThrowAsync<Exception>(() => session.AdvancedSql.QueryAsync<long>("select nextval(?::regclass)", cancel, $"reports.nothing_{i % 5}"));
                (failure as PostgresException ?? failure.InnerException as PostgresException)?.SqlState.ShouldBe(PostgresErrorCodes.UndefinedTable);
            }
            else if (i % 3 == 1)
            {
                (await session.AdvancedSql.QueryAsync<int>("select ?::int + 0", cancel, i)).ShouldBe([i]);
            }
            else
            {
                (await session.AdvancedSql.QueryAsync<string>("select ?::text || ?::text", cancel, $"a{i}", "b")).ShouldBe([$"a{i}b"]);
            }
        });
    }

    private static ReportFiled Filed(string ticket) => new(
        ticket, "web", null, "p1", "jalan-rusak", "text", null, new ReportPlace(-6.98, 109.13, null), [], null, null, null, false, false, false, null);

    private async Task Append(string ticket, Action<IDocumentSession, IEvent> append)
    {
        await using var session = Store.LightweightSession(Tenant);
        var @event = session.Events.BuildEvent(Filed(ticket)).By(new EventOrigin("system:test", "c", "http:1", [new("role", "system")])).At(ticket, DateTimeOffset.UnixEpoch);
        append(session, @event);
        await session.SaveChangesAsync();
    }

    private async Task<string> Row(string table, string where, params string[] except)
    {
        await using var connection = new NpgsqlConnection(host.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"select (to_jsonb(t) - @except)::text from {table} t where tenant_id = '{Tenant}' and {where}", connection);
        command.Parameters.AddWithValue("except", except);
        return (string)(await command.ExecuteScalarAsync())!;
    }
}

internal static class Events
{
    public static IEvent At(this IEvent @event, string stream, DateTimeOffset at)
    {
        (@event.StreamKey, @event.Version, @event.Timestamp) = (stream, 1, at);
        return @event;
    }
}
