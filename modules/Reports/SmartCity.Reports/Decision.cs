using SmartCity.Platform.Access;
using SmartCity.Platform.Personal;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;

namespace SmartCity.Reports;

/// <summary>What a rule decides: events that happen, nothing, or a refusal.</summary>
internal readonly record struct Decision(IReadOnlyList<object>? Events, Refusal? Refusal)
{
    /// <summary>It is so already.</summary>
    public static Decision Nothing => default;

    public static Decision Happens(params IReadOnlyList<object> events) => new(events, null);

    public static Decision Refused(Refusal refusal) => new(null, refusal);

    public static Decision Refused(string code, string english, string indonesian, string? field = null, RefusalKind kind = RefusalKind.Invalid) =>
        new(null, new Refusal(code, english, indonesian, field, kind));
}

/// <summary>What a rule knows besides the report and the command.</summary>
/// <param name="By">What the caller is to the report.</param>
/// <param name="Now">When.</param>
/// <param name="Seal">Seals a text with the reporter's key; nothing stays nothing.</param>
internal sealed record Act(Party By, Actor Actor, DateTimeOffset Now, Func<string?, string?> Seal);

/// <summary>What every text that somebody types must be.</summary>
internal static class Typed
{
    public const int MaxText = Filing.Filing.MaxDescription, MaxShort = 200;

    /// <summary>A text of several sentences.</summary>
    public static Refusal? Text(string? text, string field, string? missingEnglish = null, string? missingIndonesian = null) =>
        string.IsNullOrWhiteSpace(text)
            ? missingEnglish is null ? null : new Refusal($"{field}.missing", missingEnglish, missingIndonesian!, field)
            : text.Length > MaxText ? new Refusal($"{field}.too_long", $"At most {MaxText} characters.", $"Paling banyak {MaxText} huruf.", field)
            : null;

    /// <summary>A name or number in one line.</summary>
    public static Refusal? Line(string? text, string field) =>
        text?.Length > MaxShort || text?.Any(char.IsControl) == true
            ? new Refusal($"{field}.invalid", $"One line of at most {MaxShort} characters.", $"Satu baris, paling banyak {MaxShort} huruf.", field) : null;

    /// <summary>The name of a body in words. Everybody reads it, and it stays in the history as it is.</summary>
    public static Refusal? Body(string? name, string field) => Line(name, field) ?? (name is not null && PublicText.Mask(name) != name
        ? new Refusal($"{field}.personal", "Leave out telephone numbers, e-mail addresses and identity numbers: everybody reads it.", "Jangan menulis nomor telepon, surel, atau NIK: dibaca semua orang.", field) : null);
}
