using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;

namespace SmartCity.Departments.Suggesting;

/// <summary>
/// Makes comparable words of what people write in a hurry: short forms and the Javanese of Tegal become the usual Indonesian words,
/// "lubang2" is "lubang", "tolooong" is "tolong", "g0blok" is "goblok". Numbers, addresses and mentions become marks such as &lt;uang&gt;.
/// </summary>
internal static partial class Words
{
    /// <summary>What stands for things that are no words.</summary>
    public const string Link = "<tautan>", Number = "<angka>", Money = "<uang>", Telephone = "<telepon>", Ticket = "<nomor>", Emoji = "<emoji>";

    private static readonly FrozenDictionary<string, string[]> Usual = ReadUsual();

    // What follows one of these is a place, not the matter: "depan pasar", "ngarep balai desa".
    private static readonly FrozenSet<string> BeforePlaces = ["depan", "dekat", "samping", "sebelah", "belakang", "seberang", "sekitar", "arah", "pinggir", "tepi", "menuju", "ke"];

    // Possessive and emphatic endings of Indonesian and Javanese: jalannya, jalane, lampune, jalanipun.
    private static readonly string[] Endings = ["nya", "ne", "e", "ipun", "lah", "kah", "pun"];

    private static readonly string[] Suffixes = ["nya", "lah", "kah", "kan", "an", "i"], Prefixes = ["meng", "meny", "mem", "men", "peng", "pem", "pen", "per", "ber", "ter", "me", "di", "ke", "se"];

    /// <summary>The words of a text, in order.</summary>
    public static List<string> Of(string text)
    {
        var words = new List<string>(text.Length / 5 + 1);
        foreach (var match in Piece().EnumerateMatches(text))
        {
            Read(text.AsSpan(match.Index, match.Length), words);
        }

        return words;
    }

    /// <summary>Whether the next word names a place.</summary>
    public static bool IsBeforePlace(string word) => BeforePlaces.Contains(word);

    /// <summary>A word and what it may be without an ending.</summary>
    public static string[] Stems(string word) =>
        [word, .. Endings.Where(ending => word.Length >= ending.Length + 3 && word.EndsWith(ending, StringComparison.Ordinal)).Select(ending => word[..^ending.Length])];

    /// <summary>The middle of a word, without what Indonesian puts around it: "dipungutnya", "pungutan" and "memungut" share most of it.</summary>
    public static ReadOnlySpan<char> Core(ReadOnlySpan<char> word)
    {
        foreach (var suffix in Suffixes)
        {
            if (word.Length >= suffix.Length + 4 && word.EndsWith(suffix))
            {
                word = word[..^suffix.Length];
                break;
            }
        }

        foreach (var prefix in Prefixes)
        {
            if (word.Length >= prefix.Length + 4 && word.StartsWith(prefix))
            {
                return word[prefix.Length..];
            }
        }

        return word;
    }

    private static void Read(ReadOnlySpan<char> piece, List<string> words)
    {
        if (piece[0] == '@')
        {
            // "@dpu_tegalkab": the first part of the name says whose account it is.
            var name = piece[1..];
            var end = name.IndexOf('_');
            words.Add($"@{(end > 1 ? name[..end] : name)}".ToLowerInvariant());
        }
        else if (char.IsAsciiDigit(piece[0]) || piece[0] == '+')
        {
            words.Add(Figure(piece));
        }
        else if (piece.Contains('/') || piece.StartsWith("www.", StringComparison.OrdinalIgnoreCase))
        {
            words.Add(Link);
        }
        else if (!char.IsLetter(piece[0]))
        {
            words.Add(Emoji);
        }
        else
        {
            AddWord(piece, words);
        }
    }

    private static string Figure(ReadOnlySpan<char> piece)
    {
        var digits = 0;
        foreach (var c in piece)
        {
            digits += char.IsAsciiDigit(c) ? 1 : 0;
        }

        return piece.Length == digits + 1 && piece.Length > 10 && piece[4] == '-' && piece.StartsWith("20") ? Ticket
            : digits >= 9 || piece[0] == '+' ? Telephone
            : piece.Length > digits && char.IsLetter(piece[^1]) && Currency().IsMatch(piece) ? Money
            : Number;
    }

    private static void AddWord(ReadOnlySpan<char> piece, List<string> words)
    {
        Span<char> letters = piece.Length <= 64 ? stackalloc char[64] : new char[piece.Length];
        var length = Plain(piece, letters);
        var word = letters[..length];
        var known = Usual.GetAlternateLookup<ReadOnlySpan<char>>();
        if (known.TryGetValue(word, out var usual))
        {
            words.AddRange(usual);
            return;
        }

        // "dalane", "banyunya": a known form with an ending.
        foreach (var ending in Endings)
        {
            if (word.Length >= ending.Length + 3 && word.EndsWith(ending) && known.TryGetValue(word[..^ending.Length], out usual))
            {
                words.AddRange(usual);
                return;
            }
        }

        if (word.Length > 1)
        {
            words.Add(word.ToString());
        }
    }

    /// <summary>Small letters without accents; of three and more alike one is left; digits inside a word are the letters they look like, those at its end go.</summary>
    private static int Plain(ReadOnlySpan<char> piece, Span<char> letters)
    {
        piece = piece.TrimEnd("0123456789²");
        var length = 0;
        for (var i = 0; i < piece.Length;)
        {
            var c = char.ToLowerInvariant(piece[i]);
            var run = 1;
            while (i + run < piece.Length && char.ToLowerInvariant(piece[i + run]) == c)
            {
                run++;
            }

            if (Letter(c) is not '\0' and var letter)
            {
                letters.Slice(length, run > 2 ? 1 : run).Fill(letter);
                length += run > 2 ? 1 : run;
            }

            i += run;
        }

        return length;
    }

    private static char Letter(char c) => c switch
    {
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '4' => 'a',
        '5' => 's',
        '7' => 't',
        'é' or 'è' or 'ê' => 'e',
        _ => char.IsLetter(c) ? c : '\0',
    };

    private static FrozenDictionary<string, string[]> ReadUsual()
    {
        var usual = new Dictionary<string, string[]>();
        using var reader = new StreamReader(typeof(Words).Assembly.GetManifestResourceStream("Suggesting/words.txt")!, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#' && line.IndexOf(':') is > 0 and var colon)
            {
                var word = line[..colon].Split(' ');
                if (word.Length == 1)
                {
                    // Itself, so that its endings fall off too: "jalannya".
                    usual.TryAdd(word[0], word);
                }

                foreach (var form in line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                {
                    var letters = new char[form.Length];
                    usual.TryAdd(new string(letters, 0, Plain(form, letters)), word);
                }
            }
        }

        return usual.ToFrozenDictionary();
    }

    // An address, a mention, a figure with its unit, a word (digits and * may hide letters), or a picture.
    [GeneratedRegex(@"https?://\S+|www\.\S+|\b[\w-]+\.\w{2,}/\S*|@\w{2,}|\+?\d[\d.,\-/]*(?:\s?(?:rb|ribu|ewu|jt|juta|k)\b)?|\p{L}[\p{L}\d*'’²]*|[\p{So}\p{Cs}]+", RegexOptions.IgnoreCase)]
    private static partial Regex Piece();

    [GeneratedRegex(@"\d\s?(?:rb|ribu|ewu|jt|juta|k)$", RegexOptions.IgnoreCase)]
    private static partial Regex Currency();
}
