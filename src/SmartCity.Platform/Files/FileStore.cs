using System.Security.Cryptography;
using SmartCity.Platform.Regencies;

namespace SmartCity.Platform.Files;

/// <summary>Files by the hash of their content, on disk, apart for each regency. The same content is kept once.</summary>
public sealed class FileStore(string directory)
{
    /// <summary>Keeps the content; returns only when it is on disk.</summary>
    /// <returns>SHA-256 of the content, hexadecimal.</returns>
    public async Task<string> Save(string regency, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(content.Span));
        var path = PathOf(regency, hash);
        if (File.Exists(path))
        {
            return hash;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var partial = $"{path}.{Guid.NewGuid():N}";
        await using (var file = new FileStream(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None, 4096, FileOptions.Asynchronous))
        {
            await file.WriteAsync(content, cancel);
            file.Flush(flushToDisk: true);
        }

        File.Move(partial, path, overwrite: true);
        return hash;
    }

    /// <summary>Opens a file, or null when there is none of that hash in the regency.</summary>
    public Stream? Open(string regency, string hash) =>
        hash.Length == 64 && hash.All(char.IsAsciiHexDigitLower) && File.Exists(PathOf(regency, hash))
            ? new FileStream(PathOf(regency, hash), FileMode.Open, FileAccess.Read, FileShare.Read, 65536, FileOptions.Asynchronous)
            : null;

    private string PathOf(string regency, string hash) => Path.Combine(directory, RegencyCode.Parse(regency).TenantId, hash[..2], hash);
}
