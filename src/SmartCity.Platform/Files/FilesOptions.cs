using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;

namespace SmartCity.Platform.Files;

/// <summary>Where files are kept and what is taken, from configuration section <c>SmartCity:Files</c>. A wrong value stops the start with its name and the fix.</summary>
public sealed record FilesOptions
{
    /// <summary>What is taken as a photo.</summary>
    public PhotoLimits Photos { get; init; } = new();

    /// <summary>How pictures elsewhere are fetched.</summary>
    internal FetchOptions Fetch { get; init; } = new();

    /// <summary>An S3-compatible store; null: files are below the data directory.</summary>
    internal S3Options? S3 { get; init; }

    /// <summary>Reads and checks the configuration.</summary>
    /// <exception cref="InvalidOperationException">A value is wrong.</exception>
    public static FilesOptions Read(IConfiguration configuration)
    {
        var section = configuration.GetSection("SmartCity:Files");
        var limits = new PhotoLimits();
        return new FilesOptions
        {
            Photos = new PhotoLimits(
                (int)Number(section, "MaxPhotos", limits.Count, 1, 100, "photos of one report or answer"),
                Number(section, "MaxBytes", limits.Bytes, 100_000, 100_000_000, "bytes of one file"),
                Number(section, "MaxPixels", limits.Pixels, 1_000_000, 250_000_000, "pixels of one picture")),
            Fetch = ReadFetch(section.GetSection("Fetch")),
            S3 = section.GetSection("S3") is { } s3 && s3.GetChildren().Any() ? ReadS3(s3) : null,
        };
    }

    private static FetchOptions ReadFetch(IConfigurationSection section)
    {
        var fetch = new FetchOptions();
        return new FetchOptions
        {
            Timeout = section["Timeout"] is not { Length: > 0 } text ? fetch.Timeout
                : TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var timeout) && timeout > TimeSpan.Zero && timeout <= TimeSpan.FromMinutes(2) ? timeout
                : throw Wrong(section, "Timeout", "a time of at most two minutes such as 00:00:20"),
            Ports = section.GetSection("Ports").GetChildren().Any() ? [.. section.GetSection("Ports").GetChildren().Select(port =>
                int.TryParse(port.Value, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 65536 ? number : throw Wrong(section, "Ports", "a list of port numbers"))] : fetch.Ports,
            Networks = [.. section.GetSection("Networks").GetChildren().Select(network =>
                IPNetwork.TryParse(network.Value, out var parsed) ? parsed : throw Wrong(section, "Networks", "a list of networks such as 10.1.2.0/24 that may be fetched from although they are not public"))],
        };
    }

    private static S3Options ReadS3(IConfigurationSection section) => new(
        Uri.TryCreate(section["Endpoint"], UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https" && endpoint.AbsolutePath == "/"
            ? endpoint : throw Wrong(section, "Endpoint", "the address of the store without a path, such as https://s3.ap-southeast-3.amazonaws.com"),
        Text(section, "Bucket", "the name of a bucket"), Text(section, "Region", "the store's region, such as ap-southeast-3"),
        Text(section, "AccessKey", "an access key"), Text(section, "SecretKey", "the access key's secret"),
        section["SessionToken"] is { Length: > 0 } token ? token : null,
        section["Prefix"]?.Trim('/') is not { Length: > 0 } prefix ? ""
            : prefix.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '/') ? $"{prefix}/" : throw Wrong(section, "Prefix", "letters, digits, dashes and slashes"),
        section["BucketInHost"] is { Length: > 0 } inHost && (bool.TryParse(inHost, out var yes) ? yes : throw Wrong(section, "BucketInHost", "true or false")));

    private static string Text(IConfigurationSection section, string name, string expected) =>
        section[name] is { Length: > 0 } text && !text.Any(char.IsWhiteSpace) ? text : throw Wrong(section, name, expected);

    private static long Number(IConfigurationSection section, string name, long otherwise, long least, long most, string of) =>
        section[name] is not { Length: > 0 } text ? otherwise
        : long.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw Wrong(section, name, string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}: {of}"));

    private static InvalidOperationException Wrong(IConfigurationSection section, string name, string expected) => new($"Configuration {section.Path}:{name} must be {expected}.");
}

/// <summary>What is taken as a photo.</summary>
/// <param name="Count">Most photos of one report or answer.</param>
/// <param name="Bytes">Largest file.</param>
/// <param name="Pixels">Largest picture: width times height.</param>
public sealed record PhotoLimits(int Count = 10, long Bytes = 10 * 1024 * 1024, long Pixels = 50_000_000)
{
    /// <summary>Largest request with photos.</summary>
    public long Request => (Count + 1) * Bytes;

    /// <summary>The largest file in words: <c>10 MB</c>.</summary>
    public string Size => string.Create(CultureInfo.InvariantCulture, $"{Bytes / (1024.0 * 1024):0.#} MB");
}

/// <summary>How pictures elsewhere are fetched.</summary>
internal sealed record FetchOptions
{
    /// <summary>For one picture, redirects included.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Ports that may be asked.</summary>
    public IReadOnlyList<int> Ports { get; init; } = [80, 443];

    /// <summary>Networks that may be asked although they are not public.</summary>
    public IReadOnlyList<IPNetwork> Networks { get; init; } = [];
}

/// <summary>An S3-compatible store.</summary>
/// <param name="Prefix">Begins every key; empty, or with a slash at its end.</param>
/// <param name="BucketInHost">The bucket is a part of the host's name, else the first part of the path.</param>
internal sealed record S3Options(
    Uri Endpoint, string Bucket, string Region, string AccessKey, string SecretKey, string? SessionToken, string Prefix, bool BucketInHost)
{
    // Keys stay out of logs.
    private bool PrintMembers(System.Text.StringBuilder text)
    {
        text.Append($"{Endpoint} {Bucket}");
        return true;
    }
}
