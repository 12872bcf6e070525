using System.Text.RegularExpressions;

namespace SmartCity.Channels.X.Interpreting;

/// <summary>What a post says.</summary>
internal static partial class Mentions
{
    /// <summary>What the citizen says, without whom it is addressed to and without X's links to its own pictures.</summary>
    public static string Cleaned(string text) => WithoutLinks(Accounts().Replace(text, " "));

    /// <summary>What was written, without X's links to its own pictures.</summary>
    public static string WithoutLinks(string text) => Spaces().Replace(Links().Replace(text, " "), " ").Trim();

    [GeneratedRegex(@"(?<![\w@.])@[A-Za-z0-9_]{1,15}(?!\w)")]
    private static partial Regex Accounts();

    [GeneratedRegex(@"https?://t\.co/\w+", RegexOptions.IgnoreCase)]
    private static partial Regex Links();

    [GeneratedRegex(@"[^\S\n]+")]
    private static partial Regex Spaces();
}
