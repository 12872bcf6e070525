using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using SmartCity.Platform.Regencies;

namespace SmartCity.Platform.Files;

/// <summary>Files in an S3-compatible store, below the same paths as on disk.</summary>
internal sealed class S3FileStore(IHttpClientFactory clients, S3Options options) : IFileStore
{
    public const string Client = "s3";

    public async Task<string> Save(string regency, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(content.Span));
        using var head = await Send(HttpMethod.Head, regency, hash, null, cancel);
        if (head.StatusCode == HttpStatusCode.NotFound)
        {
            using var put = await Send(HttpMethod.Put, regency, hash, content, cancel);
            Check(put);
        }
        else
        {
            Check(head);
        }

        return hash;
    }

    public async Task<Stream?> Open(string regency, string hash, CancellationToken cancel)
    {
        if (!FileHash.IsOne(hash))
        {
            return null;
        }

        var answer = await Send(HttpMethod.Get, regency, hash, null, cancel);
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            answer.Dispose();
            return null;
        }

        Check(answer);
        return await answer.Content.ReadAsStreamAsync(cancel);
    }

    public async Task Delete(string regency, string hash, CancellationToken cancel)
    {
        if (FileHash.IsOne(hash))
        {
            using var answer = await Send(HttpMethod.Delete, regency, hash, null, cancel);
            if (answer.StatusCode != HttpStatusCode.NotFound)
            {
                Check(answer);
            }
        }
    }

    private async Task<HttpResponseMessage> Send(HttpMethod method, string regency, string hash, ReadOnlyMemory<byte>? content, CancellationToken cancel)
    {
        var key = $"{options.Prefix}{RegencyCode.Parse(regency).TenantId}/{hash[..2]}/{hash}";
        var address = options.BucketInHost
            ? new UriBuilder(options.Endpoint) { Host = $"{options.Bucket}.{options.Endpoint.Host}", Path = key }.Uri
            : new Uri(options.Endpoint, $"/{options.Bucket}/{key}");
        using var request = new HttpRequestMessage(method, address);
        if (content is { } bytes)
        {
            request.Content = new ReadOnlyMemoryContent(bytes) { Headers = { ContentType = new("image/jpeg") } };
        }

        // The machine's clock: the store refuses a time that is minutes off, and the demo clock may be days off.
        S3Signature.Sign(request, content is null ? S3Signature.EmptyHash : hash, options, TimeProvider.System.GetUtcNow());
        return await clients.CreateClient(Client).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
    }

    // The answer's body may repeat parts of the request; it stays out of logs.
    private static void Check(HttpResponseMessage answer)
    {
        if (!answer.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"The file store answered {(int)answer.StatusCode} to {answer.RequestMessage?.Method}.", null, answer.StatusCode);
        }
    }
}

/// <summary>AWS Signature Version 4 in a header, for requests without a query and with keys that need no escaping.</summary>
internal static class S3Signature
{
    public const string EmptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <param name="contentHash">SHA-256 of the content, hexadecimal: the store refuses any other content.</param>
    public static void Sign(HttpRequestMessage request, string contentHash, S3Options options, DateTimeOffset now)
    {
        var (time, day) = (now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture), now.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture));
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["host"] = request.RequestUri!.Authority,
            ["x-amz-content-sha256"] = contentHash,
            ["x-amz-date"] = time,
        };
        if (options.SessionToken is { } token)
        {
            headers["x-amz-security-token"] = token;
        }

        var signed = string.Join(';', headers.Keys);
        var canonical = string.Join('\n',
            request.Method.Method, request.RequestUri.AbsolutePath, "", string.Concat(headers.Select(h => $"{h.Key}:{h.Value}\n")), signed, contentHash);
        var scope = $"{day}/{options.Region}/s3/aws4_request";
        var text = string.Join('\n', Algorithm, time, scope, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))));
        var key = new[] { day, options.Region, "s3", "aws4_request" }.Aggregate(Encoding.UTF8.GetBytes($"AWS4{options.SecretKey}"), Hmac);
        foreach (var (name, value) in headers.Where(h => h.Key != "host"))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        request.Headers.TryAddWithoutValidation("Authorization",
            $"{Algorithm} Credential={options.AccessKey}/{scope}, SignedHeaders={signed}, Signature={Convert.ToHexStringLower(Hmac(key, text))}");
    }

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
