using Microsoft.AspNetCore.Http;

namespace SmartCity.Channels.Receiving;

/// <summary>A request's body as it came, which is what signatures are of.</summary>
internal static class RawBody
{
    /// <summary>The raw body, or null when it is too large.</summary>
    public static async Task<byte[]?> Read(HttpRequest request, int most, CancellationToken cancel)
    {
        if (request.ContentLength > most)
        {
            return null;
        }

        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await request.Body.ReadAsync(buffer, cancel) is > 0 and var read)
        {
            if (body.Length + read > most)
            {
                return null;
            }

            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }
}
