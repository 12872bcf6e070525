using System.Text.RegularExpressions;
using JasperFx.Events;
using Marten.Events.Aggregation;
using SmartCity.Departments.Contracts;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.ReadyAnswers;

/// <summary>A text stands ready, or was written anew. Name on the wire: <c>ready-answer.written.v1</c>.</summary>
/// <param name="Department">The department it is for; null: all of the regency.</param>
/// <param name="Category">Only for reports of this category; null: all.</param>
/// <param name="Move">Only for this move; null: all.</param>
internal sealed record ReadyAnswerWritten(string? Department, string Title, string Text, string? Category, string? Move);

/// <summary>A text does not stand ready any more. Name on the wire: <c>ready-answer.removed.v1</c>.</summary>
internal sealed record ReadyAnswerRemoved;

/// <summary>A text that stands ready, as its events make it.</summary>
internal sealed record ReadyAnswerRecord
{
    /// <summary>The stream.</summary>
    public required string Id { get; init; }

    /// <summary>The stream's version.</summary>
    public long Version { get; set; }

    public string? Department { get; init; }

    public string Title { get; init; } = "";

    public string Text { get; init; } = "";

    public string? Category { get; init; }

    public string? Move { get; init; }

    /// <summary>It was removed, and is kept for what was said with it.</summary>
    public bool IsRemoved { get; init; }

    public ReadyAnswer View() => new(Id, Version, Department, Title, Text, Category, Move);

    /// <summary>The text after one more event.</summary>
    public static ReadyAnswerRecord? After(ReadyAnswerRecord? known, string id, object @event) => @event switch
    {
        ReadyAnswerWritten written => new ReadyAnswerRecord { Id = id, Department = written.Department, Title = written.Title, Text = written.Text, Category = written.Category, Move = written.Move },
        ReadyAnswerRemoved => known is null ? null : known with { IsRemoved = true },
        _ => known,
    };
}

/// <summary>Keeps <see cref="ReadyAnswerRecord"/> in step with its stream, in the same transaction.</summary>
internal sealed class ReadyAnswerProjection : SingleStreamProjection<ReadyAnswerRecord, string>
{
    public ReadyAnswerProjection()
    {
        IncludeType<ReadyAnswerWritten>();
        IncludeType<ReadyAnswerRemoved>();
    }

    public override ReadyAnswerRecord? Evolve(ReadyAnswerRecord? snapshot, string id, IEvent e) => ReadyAnswerRecord.After(snapshot, id, e.Data);
}

/// <summary>What a ready text may be, and what its placeholders stand for; no I/O.</summary>
internal static partial class ReadyTexts
{
    public const int MaxTitle = 100;

    /// <summary>Placeholders, in both languages; the same ones stand on the page.</summary>
    private static readonly Dictionary<string, Func<Report, IReadOnlyList<Category>, IReadOnlyList<Department>, string>> Placeholders = new(StringComparer.OrdinalIgnoreCase)
    {
        ["nomor"] = (report, _, _) => report.Id,
        ["ticket"] = (report, _, _) => report.Id,
        ["opd"] = (report, _, departments) => departments.FirstOrDefault(d => d.Code == report.Department)?.Name ?? report.ForwardedTo ?? "OPD",
        ["department"] = (report, _, departments) => departments.FirstOrDefault(d => d.Code == report.Department)?.EnglishName ?? report.ForwardedTo ?? "the department",
        ["kategori"] = (report, categories, _) => categories.FirstOrDefault(c => c.Code == report.Category)?.Name ?? "laporan",
        ["category"] = (report, categories, _) => categories.FirstOrDefault(c => c.Code == report.Category)?.EnglishName ?? "report",
    };

    /// <summary>What is wrong with a text; empty when nothing.</summary>
    public static IReadOnlyList<Refusal> Faults(WriteReadyAnswer command, IReadOnlyList<Category> categories)
    {
        var faults = new List<Refusal>();
        if (string.IsNullOrWhiteSpace(command.Title) || command.Title.Length > MaxTitle || command.Title.Any(char.IsControl))
        {
            faults.Add(new("title.invalid", $"Write a title in one line, at most {MaxTitle} characters.", $"Tulis judul satu baris, paling banyak {MaxTitle} huruf.", "title"));
        }

        if (Typed.Text(command.Text, "text", "Write the text.", "Tulis isinya.") is { } text)
        {
            faults.Add(text);
        }
        else if (Braces().Matches(command.Text!).Select(match => match.Groups[1].Value).FirstOrDefault(name => !Placeholders.ContainsKey(name)) is { } unknown)
        {
            var known = string.Join(", ", Placeholders.Keys.Select(name => $"{{{name}}}"));
            faults.Add(new("text.placeholder", $"'{{{unknown}}}' stands for nothing; use {known}.", $"'{{{unknown}}}' tidak dikenal; pakai {known}.", "text"));
        }

        if (command.Category is { Length: > 0 } category && categories.All(c => c.Code != category))
        {
            faults.Add(new("category.unknown", $"There is no category '{category}'.", $"Tidak ada kategori '{category}'.", "category"));
        }

        if (command.Move is { Length: > 0 } move && !ReadyAnswerMoves.All.Contains(move))
        {
            faults.Add(new("move.unknown", $"Use {string.Join(", ", ReadyAnswerMoves.All)}, or leave it out.", "Pilih jawaban, pertanyaan, atau penolakan; atau kosongkan.", "move"));
        }

        return faults;
    }

    /// <summary>The text for a report.</summary>
    public static string Fill(string text, Report report, IReadOnlyList<Category> categories, IReadOnlyList<Department> departments) => Braces().Replace(text, match =>
        Placeholders.TryGetValue(match.Groups[1].Value, out var value) ? value(report, categories, departments) : match.Value);

    [GeneratedRegex(@"\{([^{}\s]{1,40})\}")]
    private static partial Regex Braces();
}
