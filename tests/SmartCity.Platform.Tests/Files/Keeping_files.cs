using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Platform.Files;
using SmartCity.Testing;

namespace SmartCity.Platform.Tests.Files;

public abstract class Keeping_files
{
    private static readonly byte[] Content = Encoding.UTF8.GetBytes("isi berkas");

    internal abstract IFileStore Files { get; }

    private async Task<string?> Text(string regency, string hash)
    {
        await using var stream = await Files.Open(regency, hash, default);
        return stream is null ? null : await new StreamReader(stream).ReadToEndAsync();
    }

    [Fact]
    public async Task names_them_by_their_content()
    {
        var hash = await Files.Save("33.28", Content, default);

        hash.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(Content)));
        (await Files.Save("33.28", Content, default)).ShouldBe(hash);
        (await Text("33.28", hash)).ShouldBe("isi berkas");
    }

    [Fact]
    public async Task keeps_each_regencys_apart()
    {
        var hash = await Files.Save("33.28", Encoding.UTF8.GetBytes("hanya di sini"), default);

        (await Text("33.76", hash)).ShouldBeNull();
        await Files.Delete("33.76", hash, default);
        (await Text("33.28", hash)).ShouldBe("hanya di sini");
    }

    [Fact]
    public async Task deletes_them()
    {
        var hash = await Files.Save("33.28", Encoding.UTF8.GetBytes("hapus saya"), default);

        await Files.Delete("33.28", hash, default);
        await Files.Delete("33.28", hash, default);

        (await Text("33.28", hash)).ShouldBeNull();
    }

    [Theory]
    [InlineData("../33_76/aa"), InlineData(""), InlineData("ABCDEF"), InlineData("../../../../../../../../../../../../../../../../../../../etc/passwd")]
    public async Task opens_nothing_that_is_no_hash(string hash) => (await Text("33.28", hash)).ShouldBeNull();

    [Fact]
    public async Task takes_the_same_from_many_at_once()
    {
        var content = RandomNumberGenerator.GetBytes(100_000);

        var hashes = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Files.Save("33.28", content, default)));

        hashes.Distinct().ShouldHaveSingleItem();
        await using var stream = (await Files.Open("33.28", hashes[0], default))!;
        SHA256.HashData(await Read(stream)).ShouldBe(SHA256.HashData(content));
    }

    private static async Task<byte[]> Read(Stream stream)
    {
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }
}

public sealed class Keeping_files_on_disk : Keeping_files, IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("smartcity-files-").FullName;

    internal override IFileStore Files => new DiskFileStore(_directory);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task leaves_no_part_of_one_that_could_not_be_written()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => Files.Save("33.28", new byte[1000], cancelled.Token));

        Directory.EnumerateFiles(_directory, "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }
}

public sealed class Keeping_files_in_S3 : Keeping_files, IAsyncLifetime
{
    private FakeS3 _s3 = null!;

    internal override IFileStore Files => Store("rahasia/s3+kunci");

    public async ValueTask InitializeAsync() => _s3 = await FakeS3.Start("AKIDUJI", "rahasia/s3+kunci", "ap-southeast-3", "berkas");

    public ValueTask DisposeAsync() => _s3.DisposeAsync();

    private IFileStore Store(string secret)
    {
        var services = new ServiceCollection();
        services.AddFiles(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["SmartCity:Files:S3:Endpoint"] = _s3.Address.ToString(),
            ["SmartCity:Files:S3:Bucket"] = "berkas",
            ["SmartCity:Files:S3:Region"] = "ap-southeast-3",
            ["SmartCity:Files:S3:AccessKey"] = "AKIDUJI",
            ["SmartCity:Files:S3:SecretKey"] = secret,
            ["SmartCity:Files:S3:Prefix"] = "smartcity/uji",
        }).Build(), "unused");
        services.AddLogging();
        return services.BuildServiceProvider().GetRequiredService<IFileStore>();
    }

    [Fact]
    public async Task puts_each_below_its_regency_once()
    {
        var hash = await Files.Save("33.28", new byte[] { 1, 2, 3 }, default);
        await Files.Save("33.28", new byte[] { 1, 2, 3 }, default);

        _s3.Objects.Keys.ShouldBe([$"smartcity/uji/33_28/{hash[..2]}/{hash}"]);
        _s3.Puts.ShouldBe(1);
    }

    [Fact]
    public async Task with_a_wrong_secret_fails_and_says_no_secret()
    {
        var failure = await Should.ThrowAsync<HttpRequestException>(() => Store("salah").Save("33.28", new byte[] { 1 }, default));

        failure.Message.ShouldContain("403");
        failure.ToString().ShouldNotContain("salah");
        _s3.Objects.ShouldBeEmpty();
    }

    [Fact]
    public void signs_as_the_store_works_it_out()
    {
        // Fixed inputs, and the same arithmetic done by other code.
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://examplebucket.s3.amazonaws.com/test.txt");
        var options = new S3Options(new Uri("https://s3.amazonaws.com"), "examplebucket", "us-east-1", "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", null, "", true);

        S3Signature.Sign(request, S3Signature.EmptyHash, options, new DateTimeOffset(2013, 5, 24, 0, 0, 0, TimeSpan.Zero));

        FakeS3.Signature("GET", "/test.txt", request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.Single()).Append(new("host", "examplebucket.s3.amazonaws.com")),
            ["host", "x-amz-content-sha256", "x-amz-date"], S3Signature.EmptyHash, "20130524T000000Z", "us-east-1", options.SecretKey)
            .ShouldBe(request.Headers.GetValues("Authorization").Single().Split("Signature=")[1]);
        options.ToString().ShouldNotContain("wJalr");
    }
}

/// <summary>An S3 store of one bucket that works out each signature itself, from what arrived.</summary>
internal sealed class FakeS3 : IAsyncDisposable
{
    private readonly string _accessKey, _secret, _region, _bucket;
    private LoopbackServer _server = null!;

    private FakeS3(string accessKey, string secret, string region, string bucket) => (_accessKey, _secret, _region, _bucket) = (accessKey, secret, region, bucket);

    public Uri Address => _server.Address;

    public System.Collections.Concurrent.ConcurrentDictionary<string, byte[]> Objects { get; } = new();

    public int Puts { get; private set; }

    public static async Task<FakeS3> Start(string accessKey, string secret, string region, string bucket)
    {
        var fake = new FakeS3(accessKey, secret, region, bucket);
        fake._server = await LoopbackServer.Start(fake.Answer);
        return fake;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task Answer(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var hash = Convert.ToHexStringLower(SHA256.HashData(body.ToArray()));
        var path = http.Request.Path.Value!;
        if (!IsSigned(http.Request, path, hash))
        {
            http.Response.StatusCode = 403;
            return;
        }

        if (!path.StartsWith($"/{_bucket}/", StringComparison.Ordinal))
        {
            http.Response.StatusCode = 404;
            return;
        }

        var key = path[(_bucket.Length + 2)..];
        switch (http.Request.Method)
        {
            case "PUT":
                Puts++;
                Objects[key] = body.ToArray();
                break;
            case "DELETE":
                Objects.TryRemove(key, out _);
                http.Response.StatusCode = 204;
                break;
            default:
                http.Response.StatusCode = Objects.ContainsKey(key) ? 200 : 404;
                if (http.Request.Method == "GET" && Objects.TryGetValue(key, out var content))
                {
                    await http.Response.Body.WriteAsync(content);
                }

                break;
        }
    }

    private bool IsSigned(HttpRequest request, string path, string hash)
    {
        var authorization = request.Headers.Authorization.ToString();
        var parts = authorization.Replace("AWS4-HMAC-SHA256 ", "").Split(", ").Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);
        var date = request.Headers["x-amz-date"].ToString();
        var signed = parts["SignedHeaders"].Split(';');
        return authorization.StartsWith("AWS4-HMAC-SHA256 ", StringComparison.Ordinal)
            && parts["Credential"] == $"{_accessKey}/{date[..8]}/{_region}/s3/aws4_request"
            && Math.Abs((DateTime.ParseExact(date, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal) - TimeProvider.System.GetUtcNow().UtcDateTime).TotalMinutes) < 15
            && signed.Contains("host") && signed.Contains("x-amz-date") && request.Headers["x-amz-content-sha256"] == hash
            && Signature(request.Method, path, request.Headers.Select(h => new KeyValuePair<string, string>(h.Key.ToLowerInvariant(), h.Value.ToString())), signed, hash, date, _region, _secret) == parts["Signature"];
    }

    public static string Signature(
        string method, string path, IEnumerable<KeyValuePair<string, string>> headers, string[] signed, string hash, string date, string region, string secret)
    {
        var text = new StringBuilder().Append(method).Append('\n').Append(path).Append("\n\n");
        foreach (var name in signed.Order(StringComparer.Ordinal))
        {
            text.Append(name).Append(':').Append(headers.Single(h => h.Key == name).Value.Trim()).Append('\n');
        }

        text.Append('\n').Append(string.Join(";", signed)).Append('\n').Append(hash);
        byte[] Mac(byte[] key, string value)
        {
            using var mac = new HMACSHA256(key);
            return mac.ComputeHash(Encoding.UTF8.GetBytes(value));
        }

        var key = Mac(Mac(Mac(Mac(Encoding.UTF8.GetBytes("AWS4" + secret), date[..8]), region), "s3"), "aws4_request");
        var canonical = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()))).ToLowerInvariant();
        return Convert.ToHexString(Mac(key, $"AWS4-HMAC-SHA256\n{date}\n{date[..8]}/{region}/s3/aws4_request\n{canonical}")).ToLowerInvariant();
    }
}
