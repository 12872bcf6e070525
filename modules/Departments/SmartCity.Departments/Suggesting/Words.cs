using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace SmartCity.Departments.Suggesting;

/// <summary>Makes comparable words of what people write in a hurry.</summary>
internal static partial class Words
{
    /// <summary>Short forms of words that matter for recognising a matter; those of one regency's dialect belong into its keywords.</summary>
    private static readonly FrozenDictionary<string, string> ShortForms = new Dictionary<string, string>
    {
        ["jl"] = "jalan",
        ["jln"] = "jalan",
        ["jlan"] = "jalan",
        ["jmbtn"] = "jembatan",
        ["lmpu"] = "lampu",
        ["psr"] = "pasar",
        ["rmh"] = "rumah",
        ["sklh"] = "sekolah",
        ["sekolahan"] = "sekolah",
        ["hrg"] = "harga",
        ["pkm"] = "puskesmas",
        ["byr"] = "bayar",
        ["ktr"] = "kantor",
        ["lobang"] = "lubang",
        ["rsk"] = "rusak",
        ["rusk"] = "rusak",
        ["propinsi"] = "provinsi",
        ["prop"] = "provinsi",
        ["krja"] = "kerja",
        ["kry"] = "karyawan",
        ["trmnl"] = "terminal",
        ["sampa"] = "sampah",
        ["bnjr"] = "banjir",
        ["ds"] = "desa",
        ["kel"] = "kelurahan",
        ["kec"] = "kecamatan",
        ["listrk"] = "listrik",
        ["pegawe"] = "pegawai",
        ["pgw"] = "pegawai",
        ["sy"] = "saya",
        ["dgn"] = "dengan",
        ["yg"] = "yang",
        ["tdk"] = "tidak",
        ["gak"] = "tidak",
        ["ga"] = "tidak",
        ["gk"] = "tidak",
        ["ngga"] = "tidak",
        ["nggak"] = "tidak",
        ["enggak"] = "tidak",
        ["tak"] = "tidak",
        ["ora"] = "tidak",
        ["blm"] = "belum",
        ["durung"] = "belum",
        ["urung"] = "belum",
    }.ToFrozenDictionary();

    // What follows one of these is a place, not the matter: "depan pasar", "ngarep balai desa".
    private static readonly FrozenSet<string> BeforePlaces =
    [
        "depan", "dpn", "ngarep", "ngarepan", "dekat", "deket", "dkt", "cedhak", "samping", "sebelah", "sblh", "belakang", "blkg", "mburi", "seberang", "sekitar",
        "arah", "pinggir", "tepi", "menuju", "maring",
    ];

    // Possessive and emphatic endings of Indonesian and Javanese: jalannya, jalane, lampune, jalanipun.
    private static readonly string[] Endings = ["nya", "ne", "e", "ipun", "lah", "kah", "pun"];

    /// <summary>The words of a text: small letters, without punctuation, addresses and mentions; short forms written out; "jalan2" is "jalan".</summary>
    public static IReadOnlyList<string> Of(string text) =>
        [.. Word().Matches(NoWord().Replace(text.ToLowerInvariant(), " ")).Select(match => match.Value).Select(word => ShortForms.GetValueOrDefault(Single(word), Single(word)))];

    /// <summary>Whether the next word names a place.</summary>
    public static bool IsBeforePlace(string word) => Stems(word).Any(BeforePlaces.Contains);

    /// <summary>A word and what it may be without an ending.</summary>
    public static string[] Stems(string word) =>
        [word, .. Endings.Where(ending => word.Length >= ending.Length + 3 && word.EndsWith(ending, StringComparison.Ordinal)).Select(ending => word[..^ending.Length])];

    private static string Single(string word) => word.Length > 2 && word[^1] == '2' && char.IsAsciiLetter(word[^2]) ? word[..^1] : word;

    [GeneratedRegex(@"https?://\S+|\b\w+\.\w{2,}/\S*|@\w+")]
    private static partial Regex NoWord();

    [GeneratedRegex(@"[\p{L}\p{Nd}]+")]
    private static partial Regex Word();
}
