using System.Globalization;
using Carter;
using JasperFx.Events;
using Marten;
using Marten.Events.Aggregation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Accountability.Contracts;
using SmartCity.Departments.Contracts;
using SmartCity.Platform;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Problems;

namespace SmartCity.Accountability.Repayments;

/// <summary>A letter was issued, with all that stands in it. Name on the wire: <c>repayment-letter.issued.v1</c>.</summary>
/// <param name="Entry">1, 2, 3 … to this obligor.</param>
/// <param name="Name">A company's in the clear; a person's sealed.</param>
internal sealed record LetterIssued(
    int Entry, string Obligor, ObligorKind ObligorKind, string Name, LetterKind Kind, int Level, string Number, DateOnly On, int Days, DateOnly DueOn, string Signatory, string Position,
    string? Previous, IReadOnlyList<LetterLine> Lines, decimal Outstanding, string IssuedBy);

/// <summary>All letters to an obligor, one stream.</summary>
internal sealed record LettersRecord
{
    /// <summary>The stream.</summary>
    public required string Id { get; init; }

    public IReadOnlyList<LetterOnFile> Letters { get; init; } = [];

    public static string Stream(string obligor) => $"letters-{obligor}";
}

/// <summary>A letter and when it was issued.</summary>
internal sealed record LetterOnFile(LetterIssued Letter, DateTimeOffset IssuedAt);

/// <summary>Keeps <see cref="LettersRecord"/> in step with its stream, in the same transaction.</summary>
internal sealed class LettersProjection : SingleStreamProjection<LettersRecord, string>
{
    public LettersProjection() => IncludeType<LetterIssued>();

    public override LettersRecord? Evolve(LettersRecord? snapshot, string id, IEvent e) => e.Data is LetterIssued issued
        ? new LettersRecord { Id = id, Letters = [.. snapshot?.Letters ?? [], new LetterOnFile(issued, e.Timestamp.ToUniversalTime())] } : snapshot;
}

/// <summary>Which letter comes next, and whether now: no I/O.</summary>
internal static class LetterRules
{
    public const int UsualDays = 30, MostDays = 180, Last = 3;

    /// <summary>The next letter: the first about what is not paid is a demand. Letters about what has been paid since are past.</summary>
    /// <param name="open">Obligations of which something is left.</param>
    public static (LetterKind Kind, int Level, LetterIssued? Previous) Next(IReadOnlyList<LetterIssued> issued, IReadOnlySet<string> open)
    {
        LetterIssued[] before = [.. issued.Where(l => l.Lines.Any(line => open.Contains(line.Obligation)))];
        return (before.Length == 0 ? LetterKind.Demand : LetterKind.Reminder, Math.Min(before.Length + 1, Last), before.LastOrDefault());
    }

    /// <summary>Why a letter cannot be issued; none: it can.</summary>
    public static (IReadOnlyList<MoneyFault> Faults, MoneyFaultKind Kind) Check(Letter wanted, LetterIssued? last, DateOnly today)
    {
        var faults = new List<MoneyFault>();
        ObligationRules.Line(wanted.Number, ObligationRules.MaxReference, "number", faults);
        ObligationRules.Line(wanted.Signatory, ObligationRules.MaxName, "signatory", faults);
        ObligationRules.Line(wanted.Position, ObligationRules.MaxName, "position", faults);
        if (wanted.Days is < 1 or > MostDays)
        {
            faults.Add(new("days.invalid", $"Give 1 to {MostDays} days to pay.", $"Isi 1 sampai {MostDays} hari untuk menyetor.", "days"));
        }

        if (wanted.On > today || wanted.On < last?.On)
        {
            faults.Add(new("on.invalid", $"Give the date of the letter, not after {Day(today)} and not before the letter before it.", $"Isi tanggal surat, tidak setelah {Day(today)} dan tidak sebelum surat sebelumnya.", "on"));
        }

        return faults.Count > 0 ? (faults, MoneyFaultKind.Invalid)
            : wanted.Lines.Count == 0 ? ([new("letter.nothing_owed", $"Nothing is outstanding on {Day(wanted.On)}.", $"Tidak ada sisa kewajiban pada {Day(wanted.On)}.", "on")], MoneyFaultKind.Conflict)
            : last is not null && wanted.On <= last.DueOn
                ? ([new("letter.waiting", $"Letter {last.Number} gives time until {Day(last.DueOn)}: the next one is dated after that.", $"Surat {last.Number} memberi waktu sampai {Day(last.DueOn)}: surat berikutnya bertanggal setelah itu.", "on")], MoneyFaultKind.Conflict)
            : ([], default);
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>A letter as it is sent.</summary>
internal sealed record LetterBody(string? Obligor, string? Number, DateOnly? On, int? Days, string? Signatory, string? Position);

/// <summary>Letters to those who must pay something back. They are printed from the page, always as they were issued.</summary>
internal sealed class LetterEndpoints : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var letters = app.MapRegencyApi("/repayments/letters").WithTags("Repayments");
        letters.MapPost("", (LetterBody body, HttpContext http, ISender sender, CancellationToken cancel) => WriteRepaymentsEndpoints.Send(
                new IssueLetter(http.Regency().Id, body.Obligor ?? "", body.Number ?? "", body.On, body.Days, body.Signatory ?? "", body.Position), http, sender, cancel))
            .RequireRole(Role.Treasurer).WithSummary("Issue the next letter to an obligor: demand first, then reminders (treasury)");
        letters.MapGet("", List).RequireRole(MoneyRoles.Readers)
            .WithSummary("Letters issued, oldest first; ?obligor=, obligation=, asOf=2016-10-31, format=csv. An officer sees those about the own department alone");
        letters.MapGet("{id}", async (string id, HttpContext http, ISender sender, CancellationToken cancel) =>
                (await sender.Send(new GetLetters(http.Regency().Id, id.LastIndexOf('.') is > 0 and var at ? id[..at] : id), cancel)).FirstOrDefault(l => l.Id == id) is { } letter ? Results.Ok(letter)
                    : Problem.NotFound("letter.unknown", $"There is no letter '{id}' here.", "id"))
            .RequireRole(MoneyRoles.Readers).WithSummary("One letter as it was issued");
    }

    private static async Task<IResult> List(string? obligor, string? obligation, string? asOf, string? format, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var faults = new List<Fault>();
        DateOnly on = default;
        if (asOf is not null && !DateOnly.TryParseExact(asOf, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out on))
        {
            faults.Add(new Fault("asOf.invalid", "Give a date as 2016-10-31.", "asOf"));
        }

        var isCsv = Csv.IsWanted(http, format, faults);
        if (faults.Count > 0)
        {
            return Problem.BadRequest(faults);
        }

        var letters = await sender.Send(new GetLetters(http.Regency().Id, obligor, obligation, asOf is null ? null : on), cancel);
        return !isCsv ? Results.Ok(letters) : Results.Text(Csv.Write(
            ["id", "obligor", "name", "kind", "level", "number", "on", "days", "dueOn", "outstanding", "signatory", "position", "issuedBy", "issuedAt"],
            letters.Select(l => (IReadOnlyList<object?>)[l.Id, l.Obligor.Id, l.Obligor.Name, l.Kind, l.Level, l.Number, l.On, l.Days, l.DueOn, l.Outstanding, l.Signatory, l.Position, l.IssuedBy, l.IssuedAt])), "text/csv; charset=utf-8");
    }
}

internal sealed class LettersHandler(RegencySessions sessions, ObligationStreams obligations, MoneyRoles roles, PersonalData personal, ISender sender, CallContext call, MoneyReads reads) :
    IRequestHandler<DraftLetter, Letter?>, IRequestHandler<IssueLetter, MoneyOutcome<Letter>>, IRequestHandler<GetLetters, IReadOnlyList<Letter>>
{
    private const string UsualPosition = "Kepala BPKAD";
    private const int Attempts = 5;

    public async Task<Letter?> Handle(DraftLetter query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        var issued = (await session.LoadAsync<LettersRecord>(LettersRecord.Stream(query.Obligor), cancel))?.Letters ?? [];
        return await Write(query, [.. issued.Select(l => l.Letter)], await obligations.Today(query.Regency, cancel), cancel);
    }

    public async Task<MoneyOutcome<Letter>> Handle(IssueLetter command, CancellationToken cancel)
    {
        if (!(await roles.Of(command.Regency, cancel)).Confirms)
        {
            return MoneyRoles.Refused<Letter>();
        }

        var today = await obligations.Today(command.Regency, cancel);
        for (var attempt = 1; ; attempt++)
        {
            await using var session = sessions.Open(command.Regency);
            var stream = await session.Events.FetchForExclusiveWriting<LettersRecord>(LettersRecord.Stream(command.Obligor), cancel);
            var issued = stream.Aggregate?.Letters ?? [];
            // Sent twice, it is one letter.
            if (issued.FirstOrDefault(l => l.Letter.Number == command.Number.Trim()) is { } same)
            {
                return command.On is null || command.On == same.Letter.On ? new MoneyOutcome<Letter>((await Show(session, [same], cancel))[0], [])
                    : new MoneyOutcome<Letter>(null, [new("number.twice", $"Letter {same.Letter.Number} was issued with another date.", $"Surat {same.Letter.Number} sudah diterbitkan dengan tanggal lain.", "number")], MoneyFaultKind.Conflict);
            }

            var draft = await Write(new DraftLetter(command.Regency, command.Obligor, command.Number.Trim(), command.On, command.Days, command.Signatory.Trim(), command.Position), [.. issued.Select(l => l.Letter)], today, cancel);
            if (draft is null)
            {
                return new MoneyOutcome<Letter>(null, [new("obligor.unknown", $"There is no obligor '{command.Obligor}' here.", $"Tidak ada pihak '{command.Obligor}' di sini.", "obligor")], MoneyFaultKind.NotFound);
            }

            var open = draft.Lines.Select(l => l.Obligation).ToHashSet();
            if (LetterRules.Check(draft, LetterRules.Next([.. issued.Select(l => l.Letter)], open).Previous, today) is var (faults, kind) && faults.Count > 0)
            {
                return new MoneyOutcome<Letter>(null, faults, kind);
            }

            var name = await session.Query<ObligationRecord>().Where(o => o.Obligor == command.Obligor).Select(o => o.Name).FirstAsync(cancel);
            stream.AppendOne(new LetterIssued(
                issued.Count + 1, command.Obligor, draft.Obligor.Kind, name, draft.Kind, draft.Level, draft.Number, draft.On, draft.Days, draft.DueOn, draft.Signatory, draft.Position, draft.Previous, draft.Lines,
                draft.Outstanding, call.Actor.Id));
            try
            {
                await session.SaveChangesAsync(cancel);
            }
            catch (Exception failure) when (attempt < Attempts && LostRace.Is(failure))
            {
                continue;
            }

            await using var after = sessions.Query(command.Regency);
            var record = await after.LoadAsync<LettersRecord>(LettersRecord.Stream(command.Obligor), cancel);
            return new MoneyOutcome<Letter>((await Show(after, [record!.Letters[issued.Count]], cancel))[0], [], IsNew: true);
        }
    }

    public async Task<IReadOnlyList<Letter>> Handle(GetLetters query, CancellationToken cancel)
    {
        var access = await roles.Of(query.Regency, cancel);
        await using var session = sessions.Query(query.Regency);
        IReadOnlyList<LettersRecord> records = query.Obligor is { } obligor
            ? await session.LoadAsync<LettersRecord>(LettersRecord.Stream(obligor), cancel) is { } one ? [one] : []
            : await session.Query<LettersRecord>().ToListAsync(cancel);
        IReadOnlyList<LetterOnFile> shown =
        [
            .. records.SelectMany(r => r.Letters)
                .Where(l => access.ReadsAny && l.Letter.Lines.All(line => access.Reads(line.Department)))
                .Where(l => (query.Obligation is null || l.Letter.Lines.Any(line => line.Obligation == query.Obligation)) && !(l.Letter.On > query.AsOf))
                .OrderBy(l => l.Letter.On).ThenBy(l => l.IssuedAt),
        ];
        await reads.Letters(query.Regency, shown, cancel);
        return await Show(session, shown, cancel);
    }

    // Only what the caller may read stands in it: the treasury, which issues letters, reads all.
    private async Task<Letter?> Write(DraftLetter query, IReadOnlyList<LetterIssued> issued, DateOnly today, CancellationToken cancel)
    {
        var on = query.On ?? today;
        var all = (await sender.Send(new ListObligations(query.Regency, new ObligationFilter(Obligor: query.Obligor), new FigureTime(on), null, int.MaxValue), cancel)).Obligations;
        if (all.Count == 0)
        {
            return null;
        }

        var names = (await sender.Send(new GetDepartments(query.Regency), cancel)).ToDictionary(d => d.Code, d => d.NameOn(on).Indonesian);
        LetterLine[] lines =
        [
            .. all.Where(o => o.Balance.Outstanding > 0).OrderBy(o => o.On).ThenBy(o => o.Reference, StringComparer.Ordinal)
                .Select(o => new LetterLine(o.Id, o.Reference, o.Department, names.GetValueOrDefault(o.Department) ?? o.Department, o.Year, o.Balance.Owed, o.Balance.Deposited, o.Balance.Outstanding)),
        ];
        var (kind, level, previous) = LetterRules.Next(issued, lines.Select(l => l.Obligation).ToHashSet());
        var days = query.Days ?? LetterRules.UsualDays;
        return new Letter("", all[0].Obligor, kind, level, query.Number ?? "", on, days, on.AddDays(Math.Clamp(days, 0, LetterRules.MostDays)), query.Signatory ?? "",
            string.IsNullOrWhiteSpace(query.Position) ? UsualPosition : query.Position.Trim(),
            previous is null ? null : $"Nomor {previous.Number} tanggal {previous.On.ToString("d MMMM yyyy", CultureInfo.GetCultureInfo("id-ID"))}", lines, lines.Sum(l => l.Outstanding), null, null);
    }

    private async Task<IReadOnlyList<Letter>> Show(IQuerySession session, IReadOnlyList<LetterOnFile> letters, CancellationToken cancel)
    {
        var reader = await personal.Reader(session, letters.Select(l => l.Letter.Name), cancel);
        return [.. letters.Select(l => new Letter(
            $"{l.Letter.Obligor}.{l.Letter.Entry.ToString(CultureInfo.InvariantCulture)}", new Obligor(l.Letter.Obligor, l.Letter.ObligorKind, reader.Open(l.Letter.Name) ?? ""), l.Letter.Kind, l.Letter.Level, l.Letter.Number,
            l.Letter.On, l.Letter.Days, l.Letter.DueOn, l.Letter.Signatory, l.Letter.Position, l.Letter.Previous, l.Letter.Lines, l.Letter.Outstanding, l.Letter.IssuedBy, l.IssuedAt))];
    }
}
