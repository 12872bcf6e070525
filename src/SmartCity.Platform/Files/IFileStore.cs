namespace SmartCity.Platform.Files;

/// <summary>
/// Files by the hash of their content, apart for each regency: the same content is kept once, what a hash names never changes, and a
/// hash of another regency names nothing here.
/// </summary>
public interface IFileStore
{
    /// <summary>Keeps the content; returns only when it is durable.</summary>
    /// <returns>SHA-256 of the content, hexadecimal.</returns>
    Task<string> Save(string regency, ReadOnlyMemory<byte> content, CancellationToken cancel);

    /// <summary>Opens a file, or null when there is none of that hash in the regency.</summary>
    Task<Stream?> Open(string regency, string hash, CancellationToken cancel);

    /// <summary>Removes a file; one that is not there is no fault. Several reports may hold the same file: the caller knows whether it is the last.</summary>
    Task Delete(string regency, string hash, CancellationToken cancel);
}

/// <summary>What names a file.</summary>
internal static class FileHash
{
    /// <summary>Whether a text is a hash as the stores give it, and so safe as a part of a path.</summary>
    public static bool IsOne(string hash) => hash.Length == 64 && hash.All(char.IsAsciiHexDigitLower);
}
