using System.Net;
using Microsoft.Extensions.Configuration;
using SmartCity.Platform.Files;
using SmartCity.Testing;

namespace SmartCity.Platform.Tests.Files;

public sealed class Fetching_from_elsewhere : IAsyncLifetime
{
    private LoopbackServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await LoopbackServer.Start(async http =>
    {
        var path = http.Request.Path.Value!;
        switch (path)
        {
            case "/foto.jpg":
                await http.Response.Body.WriteAsync(Pictures.Jpeg());
                break;
            case "/gone":
                http.Response.StatusCode = 410;
                break;
            case "/broken":
                http.Response.StatusCode = 503;
                break;
            case "/endless":
                // Without a length, and more than is taken.
                for (var i = 0; i < 100; i++)
                {
                    await http.Response.Body.WriteAsync(new byte[10_000]);
                }

                break;
            case "/slow":
                await http.Response.Body.FlushAsync();
                await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                break;
            case "/to":
                http.Response.Redirect(http.Request.Query["to"]!);
                break;
            default:
                var left = int.Parse(path.Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture);
                http.Response.Redirect(left == 1 ? "/foto.jpg" : $"/redirects/{left - 1}");
                break;
        }
    });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private RemoteFiles Files(bool loopback = true, long bytes = 500_000) => new(new FilesOptions
    {
        Photos = new PhotoLimits(Bytes: bytes),
        Fetch = new FetchOptions { Timeout = TimeSpan.FromSeconds(2), Ports = [80, 443, _server.Address.Port], Networks = loopback ? [IPNetwork.Parse("127.0.0.1/32")] : [] },
    });

    private async Task<RemoteFile> Get(string path, bool loopback = true)
    {
        using var files = Files(loopback);
        return await files.Get(new Uri(_server.Address, path).ToString(), default);
    }

    [Fact]
    public async Task gives_the_bytes() => (await Get("/foto.jpg")).Content.ShouldBe(Pictures.Jpeg());

    [Fact]
    public async Task follows_three_redirects_and_no_more()
    {
        (await Get("/redirects/3")).Content.ShouldNotBeNull();
        (await Get("/redirects/4")).ShouldBe(new RemoteFile(null, "link.too_many_redirects"));
    }

    [Fact]
    public async Task never_reaches_this_machine_unless_it_is_allowed()
    {
        foreach (var host in new[] { "127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "127.1", "0" })
        {
            using var files = Files(loopback: false);
            (await files.Get($"http://{host}:{_server.Address.Port}/foto.jpg", default)).ShouldBe(new RemoteFile(null, "link.not_public"), host);
        }

        _server.Requests.ShouldBe(0);
    }

    [Theory]
    [InlineData("http://127.0.0.2/"), InlineData("http://10.0.0.1/"), InlineData("http://169.254.169.254/latest/meta-data/"), InlineData("http://[::1]/"), InlineData("http://[fe80::1]/")]
    public async Task checks_where_a_redirect_leads(string target)
    {
        (await Get($"/to?to={Uri.EscapeDataString(target)}")).ShouldBe(new RemoteFile(null, "link.not_public"));
    }

    [Theory]
    [InlineData("file:///etc/passwd"), InlineData("ftp://127.0.0.1/x"), InlineData("gopher://127.0.0.1/"), InlineData("http://127.0.0.1:22/"), InlineData("http://user:word@127.0.0.1/")]
    public async Task asks_nothing_but_the_web(string target)
    {
        using var files = Files();
        (await files.Get(target, default)).ShouldBe(new RemoteFile(null, "link.not_allowed"));
        (await Get($"/to?to={Uri.EscapeDataString(target)}")).ShouldBe(new RemoteFile(null, "link.not_allowed"));
    }

    [Fact]
    public async Task stops_at_the_largest_size() => (await Get("/endless")).ShouldBe(new RemoteFile(null, "photo.too_large"));

    [Fact]
    public async Task stops_when_it_takes_too_long() => (await Get("/slow")).ShouldBe(new RemoteFile(null, "link.too_slow", MayComeLater: true));

    [Fact]
    public async Task says_what_may_come_later()
    {
        (await Get("/gone")).ShouldBe(new RemoteFile(null, "link.answered_410"));
        (await Get("/broken")).ShouldBe(new RemoteFile(null, "link.answered_503", MayComeLater: true));
        using var files = Files();
        (await files.Get("http://tidak-ada.invalid/foto.jpg", default)).MayComeLater.ShouldBeTrue();
    }

    [Theory]
    [InlineData("8.8.8.8", true), InlineData("103.10.60.1", true), InlineData("2404:6800:4003::1", true), InlineData("64:ff9b::8.8.8.8", true), InlineData("::ffff:8.8.8.8", true)]
    [InlineData("0.0.0.0", false), InlineData("10.1.2.3", false), InlineData("100.64.0.1", false), InlineData("100.100.100.200", false), InlineData("127.0.0.1", false)]
    [InlineData("169.254.169.254", false), InlineData("168.63.129.16", false), InlineData("172.16.0.1", false), InlineData("172.31.255.255", false), InlineData("172.32.0.1", true)]
    [InlineData("192.168.1.1", false), InlineData("192.0.2.1", false), InlineData("198.18.0.1", false), InlineData("224.0.0.1", false), InlineData("255.255.255.255", false)]
    [InlineData("::", false), InlineData("::1", false), InlineData("fe80::1", false), InlineData("fc00::1", false), InlineData("fd00:ec2::254", false), InlineData("ff02::1", false)]
    [InlineData("::ffff:127.0.0.1", false), InlineData("::ffff:10.0.0.1", false), InlineData("::127.0.0.1", false), InlineData("64:ff9b::7f00:1", false), InlineData("64:ff9b:1::a00:1", false)]
    [InlineData("2001::1", false), InlineData("2001:db8::1", false), InlineData("2002:7f00:1::", false), InlineData("3fff::1", false)]
    public void knows_which_addresses_are_public(string address, bool isPublic) => PublicAddress.Is(IPAddress.Parse(address)).ShouldBe(isPublic);
}

public sealed class Configuring_files
{
    private static FilesOptions Read(params (string Name, string Value)[] settings) => FilesOptions.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => new KeyValuePair<string, string?>($"SmartCity:Files:{s.Name}", s.Value))).Build());

    [Fact]
    public void needs_nothing()
    {
        var options = Read();

        options.Photos.ShouldBe(new PhotoLimits(10, 10 * 1024 * 1024, 50_000_000));
        options.S3.ShouldBeNull();
        options.Fetch.Ports.ShouldBe([80, 443]);
        options.Fetch.Networks.ShouldBeEmpty();
    }

    [Fact]
    public void takes_other_limits() => Read(("MaxPhotos", "4"), ("MaxBytes", "2000000"), ("MaxPixels", "12000000")).Photos.ShouldBe(new PhotoLimits(4, 2_000_000, 12_000_000));

    [Theory]
    [InlineData("MaxPhotos", "0"), InlineData("MaxPhotos", "banyak"), InlineData("MaxBytes", "10"), InlineData("MaxPixels", "-1")]
    [InlineData("Fetch:Timeout", "sebentar"), InlineData("Fetch:Ports:0", "http"), InlineData("Fetch:Networks:0", "rumah"), InlineData("S3:Endpoint", "s3.example.org")]
    public void that_is_wrong_stops_the_start_with_its_name(string name, string value) =>
        Should.Throw<InvalidOperationException>(() => Read((name, value))).Message.ShouldContain($"SmartCity:Files:{name.Replace(":0", "")} must be");

    [Fact]
    public void of_s3_must_be_whole() => Should.Throw<InvalidOperationException>(() => Read(("S3:Endpoint", "https://s3.example.org"))).Message.ShouldContain("SmartCity:Files:S3:Bucket");
}
