using System.Globalization;
using System.Net;
using System.Text.Json;
using SmartCity.Channels.Receiving;

namespace SmartCity.Channels.X.ReceivingMentions;

/// <summary>Reads what X delivers: the X Activity API's form, and the older Account Activity API's, which is still delivered.</summary>
internal static class XPosts
{
    public const string Channel = "x", DirectMessages = "x-dm";

    // Such a picture is shown to the account that it was sent to, not to everybody who has its address.
    private const string DirectMark = "x-dm:";

    private const string LegacyTime = "ddd MMM dd HH:mm:ss zzz yyyy";

    /// <summary>The posts of a delivery; none when it is about something else; null when it cannot be understood.</summary>
    /// <param name="now">When a post says no time, it is as old as its arrival.</param>
    public static IReadOnlyList<IncomingMessage>? Read(ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            return root.ValueKind != JsonValueKind.Object ? null
                : root.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object ? Activity(root, data, now)
                : root.TryGetProperty("for_user_id", out _) ?
                [
                    .. Items(root, "tweet_create_events").Where(IsNoRetweet).Select(post => Legacy(root, post, now)),
                    .. Items(root, "direct_message_events").Select(item => Direct(root, item, Text(root, "for_user_id"), now)).OfType<IncomingMessage>(),
                ]
                : null;
        }
        catch (Exception failure) when (failure is JsonException or FormatException or InvalidOperationException)
        {
            // InvalidOperationException: a string with half of a surrogate pair.
            return null;
        }
    }

    private static IReadOnlyList<IncomingMessage>? Activity(JsonElement root, JsonElement data, DateTimeOffset now)
    {
        if (Text(data, "event_type") is not { } type)
        {
            return null;
        }

        var post = Object(data, "payload");
        var subscriber = Text(Object(data, "filter"), "user_id");
        if (type == "dm.received")
        {
            return [.. Items(post, "direct_message_events").Select(item => Direct(root, item, subscriber, now)).OfType<IncomingMessage>()];
        }

        if (type is not ("post.mention.create" or "post.reply.create") || Items(post, "referenced_tweets").Any(r => Text(r, "type") == "retweeted"))
        {
            return [];
        }

        return [Post(post, Object(root, "includes"), subscriber, root.GetRawText(), now) with { IsUnsummoned = type == "post.reply.create" && Items(Object(post, "entities"), "mentions").All(m => Text(m, "id") != subscriber) }];
    }

    /// <summary>A page of the mentions timeline, newest first; the token of the next page, if there is one.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static (IReadOnlyList<IncomingMessage> Posts, string? Next, string? Newest) Page(JsonElement page, string account, DateTimeOffset now)
    {
        var (includes, meta) = (Object(page, "includes"), Object(page, "meta"));
        return ([.. Items(page, "data").Where(post => !Items(post, "referenced_tweets").Any(r => Text(r, "type") == "retweeted")).Select(post => Post(post, includes, account, post.GetRawText(), now))],
            Text(meta, "next_token"), Text(meta, "newest_id"));
    }

    private static IncomingMessage Post(JsonElement post, JsonElement includes, string? subscriber, string raw, DateTimeOffset now)
    {
        var (entities, geo) = (Object(post, "entities"), Object(post, "geo"));
        var (id, author) = (Id(post, "id"), Id(post, "author_id"));
        var user = Items(includes, "users").FirstOrDefault(u => Text(u, "id") == author);
        var (latitude, longitude) = Point(Object(geo, "coordinates"));
        var place = Items(includes, "places").FirstOrDefault(p => Text(p, "id") is { } known && known == Text(geo, "place_id"));
        var keys = Items(Object(post, "attachments"), "media_keys").Select(k => k.GetString()).ToHashSet();
        return new IncomingMessage(
                Channel, id, Text(post, "conversation_id") ?? id,
                Text(post, "in_reply_to_tweet_id") ?? Text(Items(post, "referenced_tweets").FirstOrDefault(r => Text(r, "type") == "replied_to"), "id"),
                new MessageAuthor(author, Text(user, "username"), Text(user, "name")),
                // The text of a long post is cut in "text".
                Decoded(Text(Object(post, "note_tweet"), "text") ?? Text(post, "text")),
                Media(Items(includes, "media").Where(m => keys.Contains(Text(m, "media_key"))), m => Text(m, "url") ?? Text(m, "preview_image_url")),
                latitude, longitude, Text(place, "full_name"),
                Addressed(Items(entities, "mentions"), "id", "username", subscriber),
                Text(post, "created_at") is { } sent ? DateTimeOffset.Parse(sent, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : now,
                raw);
    }

    /// <summary>A direct message, the same in both forms; null when we wrote it.</summary>
    private static IncomingMessage? Direct(JsonElement root, JsonElement item, string? subscriber, DateTimeOffset now)
    {
        var created = Object(item, "message_create");
        if (Text(created, "sender_id") is not { } sender || sender == subscriber)
        {
            return null;
        }

        var (id, content) = (Id(item, "id"), Object(created, "message_data"));
        // The older form has the users by id, the newer one as a list.
        var user = Object(Object(root, "users"), sender) is { ValueKind: JsonValueKind.Object } known ? known : Items(Object(root, "includes"), "users").FirstOrDefault(u => Text(u, "id") == sender);
        var text = Decoded(Text(content, "text"));
        var (latitude, longitude) = Point(Object(Object(Object(Object(content, "attachment"), "location"), "shared_coordinate"), "coordinates"));
        return new IncomingMessage(
            DirectMessages, id, Id(created, "sender_id"), null, new MessageAuthor(Id(created, "sender_id"), Text(user, "screen_name") ?? Text(user, "username"), Text(user, "name")),
            text, Pictures(Object(content, "attachment"), subscriber), latitude, longitude, null, subscriber is null ? [] : [subscriber],
            Text(item, "created_timestamp") is { } stamp ? DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(stamp, CultureInfo.InvariantCulture)) : now, item.GetRawText());
    }

    /// <summary>Whose account may see the picture of a direct message, and where it is; null: it is none.</summary>
    public static (string Account, string Address)? DirectPicture(string picture) =>
        picture.StartsWith(DirectMark, StringComparison.Ordinal) && picture[DirectMark.Length..].Split(' ', 2) is [var account, var address] ? (account, address) : null;

    private static IReadOnlyList<string> Pictures(JsonElement attachment, string? subscriber) =>
        Object(attachment, "media") is { ValueKind: JsonValueKind.Object } media ? [.. Media([media], m => Text(m, "media_url_https") ?? Text(m, "preview_image_url")).Select(url => $"{DirectMark}{subscriber} {url}")] : [];

    private static IncomingMessage Legacy(JsonElement root, JsonElement post, DateTimeOffset now)
    {
        // A post of more than 140 characters has its whole text apart.
        var whole = Object(post, "extended_tweet");
        JsonElement Whole(string name) => Object(whole, name) is { ValueKind: JsonValueKind.Object } found ? found : Object(post, name);
        var (id, user) = (Id(post, "id_str"), Object(post, "user"));
        var (latitude, longitude) = Point(Object(post, "coordinates"));
        return new IncomingMessage(
            Channel, id, id, Text(post, "in_reply_to_status_id_str"),
            new MessageAuthor(Id(user, "id_str"), Text(user, "screen_name"), Text(user, "name")),
            Decoded(Text(whole, "full_text") ?? Text(post, "full_text") ?? Text(post, "text")),
            Media(Items(Whole("extended_entities"), "media"), m => Text(m, "media_url_https")),
            latitude, longitude, Text(Object(post, "place"), "full_name"),
            Addressed(Items(Whole("entities"), "user_mentions"), "id_str", "screen_name", Text(root, "for_user_id")),
            Text(post, "timestamp_ms") is { } stamp ? DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(stamp, CultureInfo.InvariantCulture))
                : Text(post, "created_at") is { } sent ? DateTimeOffset.ParseExact(sent, LegacyTime, CultureInfo.InvariantCulture) : now,
            $$"""{"for_user_id":{{JsonSerializer.Serialize(Text(root, "for_user_id"))}},"tweet_create_events":[{{post.GetRawText()}}]}""");
    }

    private static bool IsNoRetweet(JsonElement post) => Object(post, "retweeted_status").ValueKind != JsonValueKind.Object;

    private static IReadOnlyList<string> Media(IEnumerable<JsonElement> media, Func<JsonElement, string?> url) =>
        [.. media.OrderBy(m => Text(m, "type") != "photo").Select(url).OfType<string>()
            .Where(u => Uri.TryCreate(u, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https")];

    private static IReadOnlyList<string> Addressed(IEnumerable<JsonElement> mentions, string id, string handle, string? subscriber) =>
        [.. mentions.SelectMany(m => new[] { Text(m, id), Text(m, handle) is { } name ? $"@{name}" : null }).Append(subscriber).OfType<string>().Distinct()];

    // GeoJSON: longitude first.
    private static (double? Latitude, double? Longitude) Point(JsonElement geometry) =>
        Items(geometry, "coordinates").ToArray() is [{ ValueKind: JsonValueKind.Number } east, { ValueKind: JsonValueKind.Number } north]
            && Math.Abs(north.GetDouble()) <= 90 && Math.Abs(east.GetDouble()) <= 180
            ? (north.GetDouble(), east.GetDouble()) : (null, null);

    private static string Decoded(string? text) => WebUtility.HtmlDecode(text ?? "");

    /// <summary>An id becomes part of a stream's name, so it must be what X's ids are.</summary>
    private static string Id(JsonElement from, string name) =>
        Text(from, name) is { Length: > 0 and <= 20 } id && id.All(char.IsAsciiDigit) ? id : throw new FormatException($"{name} is no id.");

    private static string? Text(JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static JsonElement Object(JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var value) ? value : default;

    private static IEnumerable<JsonElement> Items(JsonElement from, string name) =>
        Object(from, name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];
}
