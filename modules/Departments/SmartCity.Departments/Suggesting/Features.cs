using System.Collections.Frozen;
using System.Numerics;
using System.Runtime.InteropServices;

namespace SmartCity.Departments.Suggesting;

/// <summary>
/// What a text is made of, as numbers: its words, their cores, neighbouring words, and runs of three to five letters, each hashed.
/// From the numbers the text cannot be read.
/// </summary>
internal static class Features
{
    /// <summary>So many different numbers there are at most.</summary>
    public const int Space = 1 << 18;

    private const uint WordSeed = 0x9E3779B1, CoreSeed = 0x85EBCA77, PairSeed = 0xC2B2AE3D, LettersSeed = 0x27D4EB2F, LengthSeed = 0x165667B1;

    // Where the three sorts of numbers begin.
    private const uint Pairs = 1 << 16, Letters = 1 << 17;

    private const int ShortestRun = 3, LongestRun = 5;

    // A word has a dozen runs of letters: together they must not drown it.
    private const float WeightOfLetters = 0.3f;

    // Words that say nothing by themselves; beside another word they may.
    private static readonly FrozenSet<string> Common = FrozenSet.ToFrozenSet((
        "di ke dari yang dan itu ini saya kami bapak ibu admin sudah belum ada tidak juga saja lagi dengan untuk karena kalau tapi bisa mau jadi sampai terus sangat " +
        "semua banyak tolong mohon min pak kok ya apa kenapa bagaimana sekarang kemarin nanti hari minggu bulan tahun jam malam pagi siang sore orang warga baru lama " +
        "dulu masih hanya lebih sekali ketika waktu akan para oleh pada dalam antara tadi terima kasih katanya malah harus agar biar sih dong nih kan mana siapa kapan " +
        "berapa desa kecamatan " + Words.Number).Split(' '));

    /// <summary>The features of a text, each once, in order of their numbers.</summary>
    public static int[] Of(string text)
    {
        var words = Words.Of(text);
        var found = new List<int>(words.Count * 24 + 4);
        var before = Hash(PairSeed, "<");
        Span<char> framed = stackalloc char[34];
        foreach (var word in words)
        {
            var hash = Hash(WordSeed, word);
            found.Add(Pair(before, hash));
            before = hash;
            if (!Common.Contains(word))
            {
                found.Add(Single(hash));
                AddParts(found, word, framed);
            }
        }

        found.Add(Pair(before, PairSeed));
        found.Add(Single(Mix(LengthSeed, (uint)BitOperations.Log2((uint)words.Count + 1))));
        return Distinct(found);
    }

    /// <summary>How much a feature counts in a text.</summary>
    public static float Weight(int feature) => feature >= Letters ? WeightOfLetters : 1;

    /// <summary>Whether it is a whole word, or its core.</summary>
    public static bool IsWord(int feature) => feature < Pairs;

    /// <summary>Whether it is a word, its core or two neighbouring words; these come before the runs of letters.</summary>
    public static bool IsWhole(int feature) => feature < Letters;

    /// <summary>Makes texts of any length weigh the same.</summary>
    public static float Scale(ReadOnlySpan<int> features)
    {
        var sum = 0f;
        foreach (var feature in features)
        {
            sum += Weight(feature) * Weight(feature);
        }

        return sum > 0 ? 1 / MathF.Sqrt(sum) : 0;
    }

    private static void AddParts(List<int> found, string word, Span<char> framed)
    {
        if (!char.IsLetter(word[0]))
        {
            return;
        }

        found.Add(Single(Hash(CoreSeed, Words.Core(word))));
        var letters = Framed(word, framed);
        for (var length = ShortestRun; length <= LongestRun; length++)
        {
            for (var at = 0; at + length <= letters.Length; at++)
            {
                found.Add((int)((Hash(LettersSeed, letters.Slice(at, length)) & (Letters - 1)) | Letters));
            }
        }
    }

    private static int Single(uint hash) => (int)(hash & (Pairs - 1));

    private static int Pair(uint one, uint other) => (int)((Mix(one, other) & (Pairs - 1)) | Pairs);

    private static ReadOnlySpan<char> Framed(string word, Span<char> buffer)
    {
        var length = Math.Min(word.Length, buffer.Length - 2);
        buffer[0] = buffer[length + 1] = '_';
        word.AsSpan(0, length).CopyTo(buffer[1..]);
        return buffer[..(length + 2)];
    }

    private static int[] Distinct(List<int> found)
    {
        found.Sort();
        var span = CollectionsMarshal.AsSpan(found);
        var count = 0;
        foreach (var feature in span)
        {
            if (count == 0 || span[count - 1] != feature)
            {
                span[count++] = feature;
            }
        }

        return span[..count].ToArray();
    }

    // FNV-1a with a last mix: the same on every machine and in every version.
    private static uint Hash(uint seed, ReadOnlySpan<char> text)
    {
        var hash = 2166136261 ^ seed;
        foreach (var c in text)
        {
            hash = (hash ^ c) * 16777619;
        }

        return Last(hash);
    }

    private static uint Mix(uint one, uint other) => Last((one ^ BitOperations.RotateLeft(other, 13)) * 16777619);

    private static uint Last(uint hash)
    {
        hash ^= hash >> 15;
        hash *= 0x2C1B3C6D;
        hash ^= hash >> 12;
        hash *= 0x297A2D39;
        return hash ^ (hash >> 15);
    }
}
