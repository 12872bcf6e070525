using System.Globalization;

namespace SmartCity.Accountability.Contracts;

/// <summary>Something that is wrong with what was asked of the ledger or of the audit findings.</summary>
/// <param name="Code">Stable, for programs.</param>
/// <param name="English">What to change, English.</param>
/// <param name="Indonesian">What to change, Indonesian.</param>
/// <param name="Field">The field at fault, camel case.</param>
public sealed record MoneyFault(string Code, string English, string Indonesian, string? Field = null);

/// <summary>What sort of refusal.</summary>
public enum MoneyFaultKind
{
    /// <summary>What was sent cannot be used.</summary>
    Invalid,

    /// <summary>There is no such thing.</summary>
    NotFound,

    /// <summary>It does not go with what is there, or somebody else was faster.</summary>
    Conflict,

    /// <summary>Not by this caller.</summary>
    Forbidden,
}

/// <summary>What came of a command: the thing as it is now, or why not.</summary>
/// <param name="Value">As it is now; null when refused.</param>
/// <param name="Faults">All reasons why not.</param>
/// <param name="Kind">What sort of refusal, when there are reasons.</param>
/// <param name="IsNew">It was not there before.</param>
public sealed record MoneyOutcome<T>(T? Value, IReadOnlyList<MoneyFault> Faults, MoneyFaultKind Kind = MoneyFaultKind.Invalid, bool IsNew = false) where T : class
{
    /// <summary>Whether it was done.</summary>
    public bool IsDone => Faults.Count == 0;
}

/// <summary>Amounts of the ledger: rupiah with at most two decimals, exact.</summary>
public static class Amount
{
    /// <summary>More is a slip of the pen. With two decimals these are 15 digits, which even a program that reads numbers as doubles keeps.</summary>
    public const decimal Most = 9_999_999_999_999.99m;

    private static readonly NumberFormatInfo Dots = new() { NumberGroupSeparator = ".", NumberDecimalSeparator = "," };

    /// <summary><c>Rp 1.250.000</c>, or <c>Rp 1.250.000,50</c>.</summary>
    public static string Write(decimal amount) => $"Rp {amount.ToString(decimal.Truncate(amount) == amount ? "#,##0" : "#,##0.00", Dots)}";

    /// <summary>Reads <c>1250000</c>, <c>1250000.50</c>, <c>1.250.000</c>, <c>1.250.000,50</c>, <c>Rp 1.250.000</c>; null when it is no amount.</summary>
    public static decimal? Read(string? text)
    {
        var digits = (text ?? "").Trim();
        digits = digits.StartsWith("rp", StringComparison.OrdinalIgnoreCase) ? digits[2..].TrimStart('.', ' ') : digits;
        digits = digits.EndsWith(",-", StringComparison.Ordinal) ? digits[..^2] : digits;
        var parts = digits.Split(',');
        var groups = parts[0].Split('.');
        if (parts.Length == 1 && groups.Length == 2 && groups[1].Length is 1 or 2)
        {
            // One point with one or two digits behind it parts the decimals, as programs write them.
            (parts, groups) = ([groups[0], groups[1]], [groups[0]]);
        }

        if (parts.Length > 2 || (parts.Length == 2 && parts[1].Length is 0 or > 2)
            || (groups.Length > 1 && (groups[0].Length is 0 or > 3 || groups.Skip(1).Any(group => group.Length != 3))))
        {
            return null;
        }

        return decimal.TryParse(string.Concat(groups) + (parts.Length == 2 ? "." + parts[1] : ""), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) ? Tidy(amount) : null;
    }

    /// <summary>Whether an entry can have this amount: more than nothing, at most two decimals.</summary>
    public static bool IsEntry(decimal amount) => amount is > 0 and <= Most && decimal.Round(amount, 2) == amount;

    /// <summary>The same amount without zeros at its end.</summary>
    public static decimal Tidy(decimal amount) => amount / 1.0000000000000000000000000000m;
}

/// <summary>Amounts in words, as Indonesian letters have them beside the figures.</summary>
public static class Terbilang
{
    private static readonly string[] Ones = ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas"];
    private static readonly (long Value, string Name)[] Thousands = [(1_000_000_000_000_000, "kuadriliun"), (1_000_000_000_000, "triliun"), (1_000_000_000, "miliar"), (1_000_000, "juta"), (1_000, "ribu")];

    /// <summary><c>satu juta dua ratus lima puluh ribu rupiah</c>; with sen where there are some.</summary>
    public static string Rupiah(decimal amount)
    {
        var (whole, sen) = ((long)decimal.Truncate(amount), (int)((amount - decimal.Truncate(amount)) * 100));
        return $"{Write(whole)} rupiah{(sen > 0 ? $" {Write(sen)} sen" : "")}";
    }

    /// <summary>A number in words.</summary>
    public static string Write(long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        foreach (var (value, name) in Thousands)
        {
            if (number >= value && !(value == 1_000 && number < 2_000))
            {
                return $"{Write(number / value)} {name}{Rest(number % value)}";
            }
        }

        return number switch
        {
            >= 1_000 => $"seribu{Rest(number % 1_000)}",
            >= 200 => $"{Ones[number / 100]} ratus{Rest(number % 100)}",
            >= 100 => $"seratus{Rest(number % 100)}",
            >= 20 => $"{Ones[number / 10]} puluh{Rest(number % 10)}",
            >= 12 => $"{Ones[number - 10]} belas",
            _ => Ones[number],
        };
    }

    private static string Rest(long number) => number == 0 ? "" : " " + Write(number);
}
