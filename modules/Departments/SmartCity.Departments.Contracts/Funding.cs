using System.Globalization;
using System.Text.RegularExpressions;

namespace SmartCity.Departments.Contracts;

/// <summary>Where the money for a work comes from.</summary>
public static class FundingSources
{
    /// <summary>The regency's budget (<i>Anggaran Pendapatan dan Belanja Daerah</i>).</summary>
    public const string Apbd = "apbd";

    /// <summary>The regency's revised budget, fixed about September (<i>APBD Perubahan</i>).</summary>
    public const string ApbdPerubahan = "apbdPerubahan";

    /// <summary>The province's budget.</summary>
    public const string Provincial = "provincial";

    /// <summary>The national budget.</summary>
    public const string National = "national";

    /// <summary>The village's budget.</summary>
    public const string Village = "village";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Apbd, ApbdPerubahan, Provincial, National, Village];

    /// <summary>Reads a source as people write it: <c>APBD Perubahan</c>, <c>apbd-perubahan</c>, <c>APBDP</c>, <c>provinsi</c>.</summary>
    public static string? Read(string? text) => text?.Trim().Replace(" ", "").Replace("-", "").Replace("_", "").ToLowerInvariant() switch
    {
        "apbd" or "apbdmurni" => Apbd,
        "apbdperubahan" or "apbdp" or "perubahan" => ApbdPerubahan,
        "provincial" or "provinsi" or "apbdprovinsi" => Provincial,
        "national" or "apbn" or "nasional" or "pusat" => National,
        "village" or "desa" or "apbdes" or "danadesa" => Village,
        _ => null,
    };

    /// <summary>The name of a source.</summary>
    public static (string Indonesian, string English) Name(string? source) => source switch
    {
        Apbd => ("APBD", "the regency budget (APBD)"),
        ApbdPerubahan => ("APBD Perubahan", "the revised regency budget (APBD Perubahan)"),
        Provincial => ("APBD Provinsi", "the provincial budget"),
        National => ("APBN", "the national budget"),
        Village => ("APBDes (dana desa)", "the village budget"),
        _ => (source ?? "", source ?? ""),
    };
}

/// <summary>Amounts of money.</summary>
public static class Rupiah
{
    /// <summary>More is a slip of the pen: a thousand trillion.</summary>
    public const decimal Most = 1_000_000_000_000_000m;

    private static readonly NumberFormatInfo Dots = new() { NumberGroupSeparator = ".", NumberDecimalSeparator = "," };

    /// <summary><c>Rp 1.250.000</c></summary>
    public static string Write(decimal amount) => $"Rp {amount.ToString("#,##0", Dots)}";

    /// <summary>Reads an amount as people write it: <c>1250000</c>, <c>1.250.000</c>, <c>Rp 1.250.000,00</c>; null when it is none.</summary>
    public static decimal? Read(string? text)
    {
        var digits = (text ?? "").Trim();
        digits = digits.StartsWith("rp", StringComparison.OrdinalIgnoreCase) ? digits[2..].TrimStart('.', ' ') : digits;
        digits = digits.EndsWith(",00", StringComparison.Ordinal) || digits.EndsWith(",-", StringComparison.Ordinal) ? digits[..digits.LastIndexOf(',')] : digits;
        var grouped = digits.Split('.');
        if (grouped.Length > 1 && (grouped[0].Length is 0 or > 3 || grouped.Skip(1).Any(group => group.Length != 3)))
        {
            return null;
        }

        return decimal.TryParse(string.Concat(grouped), NumberStyles.None, CultureInfo.InvariantCulture, out var amount) ? amount : null;
    }

    /// <summary>Whether it is an amount that a work can cost: whole rupiah, not below nothing.</summary>
    public static bool IsCost(decimal amount) => amount >= 0 && amount < Most && decimal.Truncate(amount) == amount;
}

/// <summary>When something will be done: a day, a month, or a quarter of a year.</summary>
public static partial class PlannedTime
{
    private static readonly CultureInfo Indonesian = CultureInfo.GetCultureInfo("id-ID"), English = CultureInfo.GetCultureInfo("en-GB");

    /// <summary>The last day of it; null when it is no time: <c>2026-12-15</c>, <c>2026-12</c>, <c>2027-Q1</c>.</summary>
    public static DateOnly? LastDay(string? text)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return day;
        }

        if (Quarter().Match(text ?? "") is { Success: true } quarter && Number(quarter.Groups[1].Value) is > 0 and < 9999 and var year)
        {
            return new DateOnly(year, 1, 1).AddMonths(3 * Number(quarter.Groups[2].Value)).AddDays(-1);
        }

        return DateOnly.TryParseExact($"{text}-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first) && first.Year < 9999 ? first.AddMonths(1).AddDays(-1) : null;
    }

    /// <summary>In words.</summary>
    public static (string Indonesian, string English) Name(string? text)
    {
        if (LastDay(text) is not { } day)
        {
            return (text ?? "", text ?? "");
        }

        if (Quarter().Match(text!) is { Success: true } quarter)
        {
            return ($"triwulan {quarter.Groups[2].Value} tahun {quarter.Groups[1].Value}", $"quarter {quarter.Groups[2].Value} of {quarter.Groups[1].Value}");
        }

        var format = text!.Length == 7 ? "MMMM yyyy" : "d MMMM yyyy";
        return (day.ToString(format, Indonesian), day.ToString(format, English));
    }

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);

    [GeneratedRegex("^([0-9]{4})-[Qq]([1-4])$")]
    private static partial Regex Quarter();
}
