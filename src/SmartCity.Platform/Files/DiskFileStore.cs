using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SmartCity.Platform.Regencies;

namespace SmartCity.Platform.Files;

/// <summary>Files below a directory: <c>33_28/ab/ab12…</c>. A file appears whole or not at all, and is on disk when its hash is given.</summary>
internal sealed class DiskFileStore(string directory) : IFileStore
{
    public async Task<string> Save(string regency, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(content.Span));
        var path = PathOf(regency, hash);
        var folder = Path.GetDirectoryName(path)!;
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(folder);
            var partial = $"{path}.{Guid.NewGuid():N}";
            try
            {
                await using (var file = new FileStream(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None, 4096, FileOptions.Asynchronous))
                {
                    await file.WriteAsync(content, cancel);
                    file.Flush(flushToDisk: true);
                }

                File.Move(partial, path, overwrite: true);
            }
            catch
            {
                File.Delete(partial);
                throw;
            }
        }

        // Also for a file that was there: whoever put it may not have come so far yet.
        DirectoryEntries.Flush(folder);
        DirectoryEntries.Flush(Path.GetDirectoryName(folder)!);
        return hash;
    }

    public Task<Stream?> Open(string regency, string hash, CancellationToken cancel)
    {
        try
        {
            return Task.FromResult<Stream?>(!FileHash.IsOne(hash) ? null
                : new FileStream(PathOf(regency, hash), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 65536, FileOptions.Asynchronous));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    public Task Delete(string regency, string hash, CancellationToken cancel)
    {
        if (FileHash.IsOne(hash) && File.Exists(PathOf(regency, hash)))
        {
            File.Delete(PathOf(regency, hash));
        }

        return Task.CompletedTask;
    }

    private string PathOf(string regency, string hash) => Path.Combine(directory, RegencyCode.Parse(regency).TenantId, hash[..2], hash);
}

/// <summary>A new name in a directory survives a power cut only when the directory itself is flushed, which .NET has no word for.</summary>
internal static class DirectoryEntries
{
    public static void Flush(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var handle = open(directory, 0);
        if (handle < 0)
        {
            throw new IOException($"The directory {directory} cannot be opened to flush it ({Marshal.GetLastPInvokeErrorMessage()}).");
        }

        try
        {
            if (fsync(handle) != 0)
            {
                throw new IOException($"The directory {directory} cannot be flushed ({Marshal.GetLastPInvokeErrorMessage()}).");
            }
        }
        finally
        {
            _ = close(handle);
        }
    }

#pragma warning disable SYSLIB1054, CA2101 // Three calls are not worth unsafe code in the whole assembly; a path is UTF-8 here.
    [DllImport("libc", SetLastError = true)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int fsync(int handle);

    [DllImport("libc")]
    private static extern int close(int handle);
#pragma warning restore SYSLIB1054, CA2101
}
