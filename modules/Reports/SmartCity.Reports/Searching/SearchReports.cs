using System.Globalization;
using Marten;
using Npgsql;
using NpgsqlTypes;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;
using SmartCity.Reports.Reading;

namespace SmartCity.Reports.Searching;

/// <summary>A row of the index that matches.</summary>
internal sealed record SearchHit(string Ticket, long Number, string State, string? Category, string? Department, string? District);

/// <summary>Finds reports by words and filters in the index, however many there are (docs/search.md).</summary>
internal sealed class SearchReports(ReportViews views)
{
    /// <summary>How far reports are counted.</summary>
    public const int MostCounted = 100;

    // What is not visible any more, since the row was written, leaves a gap; it is filled from further rows so often.
    private const int MostRounds = 3;

    /// <summary>Whether the index answers: when more is asked than the list knows, or it is the faster way.</summary>
    public static bool Takes(ListReports query) => query.Filter is { Words: not null } or { Box: not null } or { HasPhoto: not null }
        || (query.MayLag && query.Filter is { Categories: not null } or { States: not null } or { Department: not null } or { District: not null } or { Class: not null }
            && query.Filter is { PlannedWork: null, AskAgainBefore: null, OnlyEmergencies: false, Held: null, Handler: null, Tickets: null });

    /// <summary>A page of what is found, the newest first.</summary>
    public async Task<ReportPage> Page(IQuerySession session, ListReports query, int limit, Viewer viewer, CancellationToken cancel)
    {
        var question = await Ask(session, query.Filter, viewer, cancel);
        long? before = long.TryParse(query.After, CultureInfo.InvariantCulture, out var after) ? after : null;
        var (page, next) = (new List<Report>(), (long?)null);
        if (query.Skip > 0)
        {
            var passed = await Find(session, question, before, query.Skip, cancel);
            if (passed.Count < query.Skip)
            {
                return new ReportPage([], null, question.Corrected);
            }

            before = passed[^1].Number;
        }

        for (var round = 0; round < MostRounds && page.Count < limit; round++)
        {
            var wanted = limit - page.Count;
            var hits = await Find(session, question, before, wanted + 1, cancel);
            var reports = (await session.LoadManyAsync<Report>(cancel, [.. hits.Take(wanted).Select(hit => hit.Ticket)])).ToDictionary(report => report.Id);
            // The index follows a moment later: what a report is now decides.
            page.AddRange(hits.Take(wanted).Select(hit => reports.GetValueOrDefault(hit.Ticket)).OfType<Report>().Where(report => viewer.MaySee(report) && Matches(query.Filter, report) && (query.Filter.Handler is null || viewer.Handles(report))));
            next = before = hits.Count > wanted ? hits[wanted - 1].Number : null;
            if (next is null)
            {
                break;
            }
        }

        return new ReportPage(await views.Open(session, page, viewer, cancel), next?.ToString(CultureInfo.InvariantCulture), question.Corrected);
    }

    /// <summary>Counts what is found, up to a limit.</summary>
    public async Task<ReportCounts> Count(IQuerySession session, ReportFilter filter, Viewer viewer, CancellationToken cancel)
    {
        var question = await Ask(session, filter, viewer, cancel);
        var hits = await Find(session, question, null, MostCounted + 1, cancel);
        var counted = hits.Take(MostCounted).ToArray();
        Dictionary<string, int> By(Func<SearchHit, string?> of) => counted.GroupBy(of).Where(group => group.Key is not null)
            .OrderByDescending(group => group.Count()).ToDictionary(group => group.Key!, group => group.Count());
        return new ReportCounts(
            counted.Length, hits.Count > MostCounted, By(hit => Enum.Parse<ReportState>(hit.State).Name()), By(hit => hit.Category), By(hit => hit.District), By(hit => hit.Department), question.Corrected);
    }

    /// <summary>What is asked of the index.</summary>
    /// <param name="Within">What it may find at all, for questions in which no word has to be there (PostgreSQL's <c>querytree</c> tells).</param>
    /// <param name="Words">For <c>to_tsquery</c>; empty: no words.</param>
    private sealed record Question(string Tenant, string Within, string? Filters, string Words, ReportFilter Filter, IReadOnlyList<CorrectedWord>? Corrected);

    private static async Task<Question> Ask(IQuerySession session, ReportFilter filter, Viewer viewer, CancellationToken cancel)
    {
        var terms = SearchWords.Parse(filter.Words);
        var corrected = await Correct(session, terms, cancel);
        var words = string.Join(" & ", terms.Select(term => term.ToQuery(corrected.FirstOrDefault(word => !term.IsExcluded && term.Words is [var only] && only == word.Written)?.Used ?? [])));
        return new Question(session.TenantId, Lexemes.Within(session.TenantId, viewer), Lexemes.Query(filter), words, filter, corrected.Count > 0 ? corrected : null);
    }

    private static async Task<IReadOnlyList<CorrectedWord>> Correct(IQuerySession session, IReadOnlyList<SearchTerm> terms, CancellationToken cancel)
    {
        var words = terms.Where(term => term is { IsExcluded: false, IsBeginning: false, Words.Count: 1 } && SearchWords.IsWord(term.Words[0])).Select(term => term.Words[0]).Distinct().ToArray();
        if (words.Length == 0)
        {
            return [];
        }

        const string unknown = """
            select w.word from unnest($2::text[]) w (word) where not exists (
                select 1 from reports.search_word v where v.tenant_id = $1 and v.lexeme = any(tsvector_to_array(to_tsvector('indonesian', w.word))))
            """;
        var corrected = new List<CorrectedWord>();
        foreach (var word in await Strings(session, unknown, cancel, session.TenantId, words))
        {
            var like = await Strings(session, "select * from reports.search_like($1, $2)", cancel, session.TenantId, word);
            if (SearchWords.Closest(word, like) is { Count: > 0 } used)
            {
                corrected.Add(new CorrectedWord(word, used));
            }
        }

        return corrected;
    }

    private static async Task<IReadOnlyList<SearchHit>> Find(IQuerySession session, Question question, long? before, int most, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("""
            select found.* from (select case when $4 <> '' then to_tsquery('indonesian', $4) end words) asked,
                lateral (select case when coalesce(querytree(words), '') in ('', 'T') then coalesce($2::tsquery && words, $2::tsquery) else words end wanted) within,
                lateral reports.search_page($1, coalesce(wanted && $3::tsquery, wanted), $5::tsquery, $6, $7, $8, $9, $10) found
            """)
        {
            Parameters =
            {
                new() { Value = question.Tenant }, new() { Value = question.Within }, Optional(question.Filters, NpgsqlDbType.Text), new() { Value = question.Words },
                Optional(question.Filter.Box is { } box ? Lexemes.Cells(box) : null, NpgsqlDbType.Text),
                Optional(question.Filter.Box is { } sides ? new[] { sides.West, sides.South, sides.East, sides.North } : null, NpgsqlDbType.Array | NpgsqlDbType.Double),
                Optional(question.Filter.From?.ToUniversalTime(), NpgsqlDbType.TimestampTz), Optional(question.Filter.Until?.ToUniversalTime(), NpgsqlDbType.TimestampTz),
                Optional(before, NpgsqlDbType.Bigint), new() { Value = most },
            },
        };
        var hits = new List<SearchHit>();
        await using var reader = await session.ExecuteReaderAsync(command, cancel);
        while (await reader.ReadAsync(cancel))
        {
            string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
            hits.Add(new SearchHit(reader.GetString(0), reader.GetInt64(1), reader.GetString(2), Text(3), Text(4), Text(5)));
        }

        return hits;
    }

    private static NpgsqlParameter Optional(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    private static async Task<IReadOnlyList<string>> Strings(IQuerySession session, string sql, CancellationToken cancel, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        var strings = new List<string>();
        await using var reader = await session.ExecuteReaderAsync(command, cancel);
        while (await reader.ReadAsync(cancel))
        {
            strings.Add(reader.GetString(0));
        }

        return strings;
    }

    /// <summary>The filters on a report as it is now; words excepted.</summary>
    internal static bool Matches(ReportFilter filter, Report report) =>
        (filter.Words is null || report.IsPublic || SearchWords.Parse(filter.Words).All(term => term.IsExcluded))
        && (filter.Tickets is null || filter.Tickets.Select(Ticket.Read).Contains(report.Id))
        && (filter.Categories is null || (report.Category is { } category && filter.Categories.Contains(category)))
        && (filter.States is null || filter.States.Contains(report.State))
        && (filter.Department is null || filter.Department == report.Department)
        && (filter.District is null || filter.District == report.District)
        && (filter.Class is null || filter.Class == report.Class)
        && !(report.FiledAt < filter.From) && !(report.FiledAt > filter.Until)
        && !(report.UpdatedAt < filter.UpdatedAfter) && !(report.UpdatedAt > filter.UpdatedBefore)
        && (filter.PlannedWork is null || filter.PlannedWork == report.PlannedWork)
        && (filter.AskAgainBefore is null || (LifeTable.Outside.Contains(report.State) && report.AskAgainAt <= filter.AskAgainBefore))
        && (!filter.OnlyEmergencies || report.Filed.Assessment?.Urgency == ReportAssessment.Emergency)
        && (filter.Held is null || filter.Held == report.IsHeld)
        && (filter.Handler is null || (filter.Handler == HandleReport.Nobody ? report is { Handler: null, Department: not null } : filter.Handler == report.Handler))
        && (filter.HasPhoto is not { } hasPhoto || hasPhoto == report.PublicPhotosOfReporterCount > 0)
        && (filter.Near is not { } near || SmartCity.Reports.Near.Metres(near.Latitude, near.Longitude, report.Filed.Place.Latitude, report.Filed.Place.Longitude) <= near.Metres)
        && (filter.Box is not { } box || (report.Filed.Place is { Latitude: { } latitude, Longitude: { } longitude }
            && longitude >= box.West && longitude <= box.East && latitude >= box.South && latitude <= box.North));
}
