using System.Text.Json;
using Marten;
using Npgsql;
using SmartCity.Platform.Personal;

namespace SmartCity.Reports.Searching;

/// <summary>Writes rows of the index from reports as they are now.</summary>
internal sealed class SearchRows(PersonalData personal)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private const string Insert = """
        (tenant_id, ticket, number, filed_at, latitude, longitude, state, category, department, district, text, words)
        select ?, r.ticket, r.number, r."filedAt", r.latitude, r.longitude, r.state, r.category, r.department, r.district, r.text,
            to_tsvector('indonesian', coalesce(r.text, '')) || array_to_tsvector(array(select jsonb_array_elements_text(r.lexemes)))
        from jsonb_to_recordset(?::jsonb) as r (
            ticket text, number bigint, "filedAt" timestamptz, latitude float8, longitude float8, state text, category text, department text, district text, text text, lexemes jsonb)
        order by r.ticket
        """;

    private const string Upsert = $"""
        insert into reports.search as s {Insert}
        on conflict (tenant_id, ticket) do update
        set state = excluded.state, category = excluded.category, department = excluded.department, district = excluded.district, text = excluded.text, words = excluded.words
        where s.text is distinct from excluded.text or s.words <> excluded.words
        """;

    private const string AddWords = """
        insert into reports.search_word (tenant_id, word, lexeme)
        select ?, w.word, l.lexeme from unnest(?::text[]) w (word) cross join lateral (select (tsvector_to_array(to_tsvector('indonesian', w.word)))[1] as lexeme) l
        where l.lexeme is not null order by w.word on conflict do nothing
        """;

    // A word is kept when some report still has it. Of a word whose relatives are in many reports not all are read: then it goes, which costs no
    // more than that it is not proposed for a mistyped one.
    private const string RemoveWords = """
        delete from reports.search_word v using unnest(?::text[]) w (word)
        where v.tenant_id = ? and v.word = w.word and not exists (
            select 1 from (select s.text from reports.search s where s.words @@ (?::tsquery && plainto_tsquery('indonesian', w.word)) limit 200) o
            where position(' ' || w.word || ' ' in ' ' || o.text || ' ') > 0)
        """;

    private sealed record Row(
        string Ticket, long Number, DateTimeOffset FiledAt, double? Latitude, double? Longitude, string State, string? Category, string? Department, string? District, string? Text, string[] Lexemes);

    /// <summary>
    /// Writes the rows of reports anew. Reads under a lock for each report, so whoever comes last has read last: an older state, or a text that
    /// was erased meanwhile, is never written over a newer one.
    /// </summary>
    /// <param name="session">With nothing else to save.</param>
    public async Task Write(IDocumentSession session, IReadOnlyList<string> tickets, CancellationToken cancel)
    {
        if (tickets.Count == 0)
        {
            return;
        }

        var (tenant, sorted) = (session.TenantId, tickets.Distinct().Order(StringComparer.Ordinal).ToArray());
        await session.BeginTransactionAsync(cancel);
        // In one order, so that two who write the same rows never wait for each other in a circle; words too.
        await using (var locked = await session.ExecuteReaderAsync(new("select pg_advisory_xact_lock(hashtextextended($1 || t.ticket, 0)) from unnest($2::text[]) t (ticket)")
        {
            Parameters = { new() { Value = $"search {tenant} " }, new() { Value = sorted } },
        }, cancel))
        {
            while (await locked.ReadAsync(cancel))
            {
            }
        }

        var known = await Texts(session, sorted, cancel);
        var rows = await Rows(session, sorted, cancel);
        session.QueueSqlCommand(Upsert, tenant, JsonSerializer.Serialize(rows, Json));
        var words = rows.SelectMany(row => SearchWords.Vocabulary(row.Text ?? "")).Distinct().Order(StringComparer.Ordinal).ToArray();
        var gone = known.Where(old => rows.All(row => row.Ticket != old.Key || row.Text != old.Value)).SelectMany(old => SearchWords.Vocabulary(old.Value)).Distinct()
            .Except(words).Order(StringComparer.Ordinal).ToArray();
        if (words.Length > 0)
        {
            session.QueueSqlCommand(AddWords, tenant, words);
        }

        if (gone.Length > 0)
        {
            session.QueueSqlCommand(RemoveWords, gone, tenant, Lexemes.Quote(Lexemes.Tenant(tenant)));
        }

        await session.SaveChangesAsync(cancel);
    }

    /// <summary>Writes the rows of reports into another table of the same columns, to be compared.</summary>
    public async Task Copy(IQuerySession session, NpgsqlConnection connection, string table, IReadOnlyList<string> tickets, CancellationToken cancel)
    {
        var rows = await Rows(session, tickets, cancel);
        await using var command = new NpgsqlCommand($"insert into {table} {Insert.Replace("select ?", "select $1", StringComparison.Ordinal).Replace("(?::jsonb)", "($2::jsonb)", StringComparison.Ordinal)}", connection)
        {
            Parameters = { new() { Value = session.TenantId }, new() { Value = JsonSerializer.Serialize(rows, Json) } },
        };
        await command.ExecuteNonQueryAsync(cancel);
    }

    private async Task<Row[]> Rows(IQuerySession session, IReadOnlyList<string> tickets, CancellationToken cancel)
    {
        var reports = await session.LoadManyAsync<Report>(cancel, [.. tickets]);
        var reader = await personal.Reader(session, reports.Where(report => report.IsPublic).SelectMany(report => new[] { report.PublicFiled.Description, report.PublicFiled.Place.Address }), cancel);
        return [.. reports.Select(report => RowOf(session.TenantId, report, reader)).OrderBy(row => row.Ticket, StringComparer.Ordinal)];
    }

    private static Row RowOf(string tenant, Report report, PersonalReader reader) => new(
        report.Id, report.Number, report.FiledAt, report.Filed.Place.Latitude, report.Filed.Place.Longitude, report.State.ToString(), report.Category, report.Department, report.District,
        report.IsPublic ? Text(report, reader) : null, Lexemes.Of(tenant, report));

    // What everybody may read, as everybody may read it.
    private static string? Text(Report report, PersonalReader reader)
    {
        var parts = new[] { report.PublicFiled.Description, report.PublicFiled.Place.Address }.Select(reader.Open).Where(text => text is not (null or PersonalReader.Erased))
            .Select(text => SearchWords.Normal(PublicText.Mask(text!))).Where(text => text.Length > 0).ToArray();
        return parts.Length > 0 ? string.Join(' ', parts) : null;
    }

    private static async Task<Dictionary<string, string>> Texts(IDocumentSession session, string[] tickets, CancellationToken cancel)
    {
        var texts = new Dictionary<string, string>();
        await using var reader = await session.ExecuteReaderAsync(new("select ticket, text from reports.search where tenant_id = $1 and ticket = any($2) and text is not null")
        {
            Parameters = { new() { Value = session.TenantId }, new() { Value = tickets } },
        }, cancel);
        while (await reader.ReadAsync(cancel))
        {
            texts[reader.GetString(0)] = reader.GetString(1);
        }

        return texts;
    }
}
