using SmartCity.Platform.Files;

namespace SmartCity.Channels.Media;

/// <summary>Reads a file that a provider keeps for us.</summary>
internal static class ProviderFile
{
    /// <summary>The content, counted as it comes: what a header says of its length may be wrong.</summary>
    public static async Task<RemoteFile> Read(HttpResponseMessage answer, long most, CancellationToken cancel)
    {
        if (!answer.IsSuccessStatusCode)
        {
            return new RemoteFile(null, $"link.answered_{(int)answer.StatusCode}", MayComeLater: (int)answer.StatusCode is >= 500 or 408 or 429);
        }

        await using var stream = await answer.Content.ReadAsStreamAsync(cancel);
        using var content = new MemoryStream();
        var chunk = new byte[81920];
        for (int read; (read = await stream.ReadAsync(chunk, cancel)) > 0;)
        {
            if (content.Length + read > most)
            {
                return new RemoteFile(null, "photo.too_large");
            }

            content.Write(chunk, 0, read);
        }

        return new RemoteFile(content.ToArray());
    }
}
