namespace SmartCity.Channels.X.Replying;

/// <summary>A text as the posts it takes: one, or several that say which of how many they are.</summary>
internal static class PostThread
{
    /// <summary>A longer text is cut: nobody reads on, and each post costs.</summary>
    public const int Most = 9;

    // " (1/9)"
    private const int Mark = 6;

    /// <summary>The posts, cut at the ends of words.</summary>
    public static IReadOnlyList<string> Of(string text)
    {
        if (PostLength.Of(text) <= PostLength.Limit)
        {
            return [text];
        }

        var posts = new List<string>();
        for (var rest = text.Trim(); rest.Length > 0;)
        {
            var isLast = posts.Count == Most - 1;
            var end = PostLength.Of(rest) <= PostLength.Limit - Mark ? rest.Length : PostLength.Fits(rest, PostLength.Limit - Mark - (isLast ? 2 : 0));
            posts.Add(isLast && end < rest.Length ? $"{rest[..end].TrimEnd()}…" : rest[..end].TrimEnd());
            rest = isLast ? "" : rest[end..].TrimStart();
        }

        return [.. posts.Select((post, index) => $"{post} ({index + 1}/{posts.Count})")];
    }
}
