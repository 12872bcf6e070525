using System.Net.Sockets;

namespace SmartCity.Platform.Files;

/// <summary>What came of fetching something.</summary>
/// <param name="Content">The bytes, whatever they are.</param>
/// <param name="Problem">Why there are none: a code for programs.</param>
/// <param name="MayComeLater">Another try may help.</param>
public sealed record RemoteFile(byte[]? Content, string? Problem = null, bool MayComeLater = false);

/// <summary>
/// Fetches what a stranger's link names, and never lets the link reach what only we can reach: the address that is connected to must be
/// public, whatever name led there and after every redirect (<see cref="PublicConnections"/>).
/// </summary>
public sealed class RemoteFiles : IDisposable
{
    private const int Redirects = 3;
    private readonly FilesOptions _options;
    private readonly HttpMessageInvoker _http;

    /// <summary>Fetches under the options' limits.</summary>
    public RemoteFiles(FilesOptions options)
    {
        _options = options;
        _http = new HttpMessageInvoker(new PublicConnections(options).Handler());
    }

    /// <summary>Fetches a file. Fails only when cancelled.</summary>
    public async Task<RemoteFile> Get(string link, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(_options.Fetch.Timeout);
        try
        {
            return await Follow(link, patience.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new RemoteFile(null, "link.too_slow", MayComeLater: true);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or SocketException)
        {
            return PublicConnections.WasRefused(failure)
                ? new RemoteFile(null, "link.not_public") : new RemoteFile(null, "link.unreachable", MayComeLater: true);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<RemoteFile> Follow(string link, CancellationToken cancel)
    {
        if (!Uri.TryCreate(link, UriKind.Absolute, out var address))
        {
            return new RemoteFile(null, "link.not_allowed");
        }

        for (var redirects = 0; ; redirects++)
        {
            if (address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0 || !_options.Fetch.Ports.Contains(address.Port))
            {
                return new RemoteFile(null, "link.not_allowed");
            }

            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Accept.ParseAdd("image/jpeg, image/png, image/webp");
            request.Headers.AcceptEncoding.ParseAdd("identity");
            request.Headers.UserAgent.ParseAdd("SmartCity/1.0");
            using var answer = await _http.SendAsync(request, cancel);
            if ((int)answer.StatusCode is 301 or 302 or 303 or 307 or 308 && answer.Headers.Location is { } next)
            {
                if (redirects == Redirects)
                {
                    return new RemoteFile(null, "link.too_many_redirects");
                }

                if (!Uri.TryCreate(address, next, out address))
                {
                    return new RemoteFile(null, "link.not_allowed");
                }

                continue;
            }

            return !answer.IsSuccessStatusCode
                ? new RemoteFile(null, $"link.answered_{(int)answer.StatusCode}", MayComeLater: (int)answer.StatusCode is >= 500 or 408 or 425 or 429)
                : await Read(answer, cancel);
        }
    }

    // Counted as it comes: what a header says of the length may be wrong.
    private async Task<RemoteFile> Read(HttpResponseMessage answer, CancellationToken cancel)
    {
        var most = _options.Photos.Bytes;
        if (answer.Content.Headers.ContentLength > most)
        {
            return new RemoteFile(null, "photo.too_large");
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
