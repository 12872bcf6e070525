using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using SmartCity.Channels.WhatsApp;
using SmartCity.Channels.X;
using SmartCity.Testing;

namespace SmartCity.Channels.Tests;

/// <summary>
/// Messages flow in and out by providers that retry as X and Meta do, while the host is killed again and again at random moments.
/// <c>SMARTCITY_CRASH_MESSAGES</c> says how many; build/bench crash takes 1,000.
/// </summary>
public sealed class Losing_a_host
{
    private static readonly int Messages = int.Parse(Environment.GetEnvironmentVariable("SMARTCITY_CRASH_MESSAGES") ?? "40", CultureInfo.InvariantCulture);
    private static readonly int Kills = Math.Clamp(Messages / 50, 2, 12);

    [Fact]
    public async Task again_and_again_loses_no_message_and_sends_none_twice()
    {
        await using var x = new FakeX();
        await using var whatsApp = new FakeWhatsApp();
        // Long enough that the host dies before, during and after calls.
        x.Slowness = whatsApp.Slowness = () => TimeSpan.FromMilliseconds(Random.Shared.Next(0, 60));
        await using var database = await TestDatabase.CreateAsync();
        await using var host = new KilledHost(database.ConnectionString, x.Address);
        await host.Start();
        await host.SetWhatsApp(whatsApp.Address);
        using var stop = new CancellationTokenSource();
        var statuses = new ConcurrentBag<Task>();
        whatsApp.Taken = sent => statuses.Add(host.Bring("whatsapp", MetaSignature.Header, body => MetaSignature.Of("rahasia-app", body),
            WhatsAppHost.Status(sent.Id, "sent", sent.Body.GetProperty("biz_opaque_callback_data").GetString()), stop.Token));

        var posts = Enumerable.Range(0, Messages / 2).Select(_ => ChannelsHost.NewPost()).ToArray();
        var numbers = Enumerable.Range(0, Messages - posts.Length).Select(_ => WhatsAppHost.NewNumber()).ToArray();
        var flow = Task.WhenAll(
            Parallel.ForEachAsync(posts, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (post, cancel) =>
                await host.Bring("x", XSignature.Header, body => XSignature.Of(ChannelsHost.Secret, body), ChannelsHost.Mention(post, "@dpu_tegalkab jalan rusak parah di Balapulang", $"71{post}"), stop.Token)),
            Parallel.ForEachAsync(numbers, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, cancel) =>
                await host.Bring("whatsapp", MetaSignature.Header, body => MetaSignature.Of("rahasia-app", body), Written(number), stop.Token)));
        for (var kill = 0; kill < Kills; kill++)
        {
            // Not a wait for something: the moment of death is to be random.
            await Task.Delay(Random.Shared.Next(200, 2500));
            await host.Kill();
            await host.Start();
        }

        await flow;
        (int Lost, int Twice) Count() => (
            posts.Count(post => !x.RepliesTo(post).Any(r => r.IsTaken)) + numbers.Count(number => whatsApp.To(number).Count == 0),
            posts.Count(post => x.RepliesTo(post).Count(r => r.IsTaken) > 1) + numbers.Count(number => whatsApp.To(number).Count > 1));
        var byPeople = 0;
        try
        {
            await SmartCityHost.Until(async () =>
            {
                if (Count().Lost == 0)
                {
                    return true;
                }

                // WhatsApp has no list to search: what was never said to be taken stands in the queue of what a person must look at, who sends it again.
                await Task.WhenAll(statuses);
                byPeople += await host.SendsAgain();
                return false;
            }, "nothing is lost", TimeSpan.FromSeconds(240 + (Messages / 4)));
        }
        catch (TimeoutException)
        {
            // What is lost is counted below.
        }

        var (lost, twice) = Count();
        Console.WriteLine($"{Messages} messages, the host killed {Kills} times: {lost} lost, {twice} sent twice; {byPeople} were left to a person.");
        await stop.CancelAsync();
        lost.ShouldBe(0, host.Log);
        twice.ShouldBe(0, host.Log);
    }

    private static string Written(string number) => System.Text.Json.JsonSerializer.Serialize(new
    {
        @object = "whatsapp_business_account",
        entry = new[]
        {
            new
            {
                id = "WABA1",
                changes = new[]
                {
                    new
                    {
                        field = "messages",
                        value = new
                        {
                            metadata = new { phone_number_id = "1001" },
                            contacts = new[] { new { profile = new { name = "Warga" }, wa_id = number } },
                            messages = new[] { new { from = number, id = $"wamid.C{number}", timestamp = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), type = "text", text = new { body = "lampu jalan mati di Balapulang depan pasar" } } },
                        },
                    },
                },
            },
        },
    });

    /// <summary>The host as a process of its own that can be killed.</summary>
    private sealed class KilledHost(string connection, Uri x) : IAsyncDisposable
    {
        private readonly string _data = Directory.CreateTempSubdirectory("smartcity-crash-").FullName;
        private readonly Uri _address = new($"http://127.0.0.1:{FreePort()}");
        private readonly ConcurrentQueue<string> _log = new();
        private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(20) };
        private Process? _process;

        public string Log => string.Join('\n', _log.TakeLast(60));

        public async Task Start()
        {
            var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "SmartCity.Host.dll")])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment =
                {
                    ["ConnectionStrings__SmartCity"] = connection,
                    ["SmartCity__DataDirectory"] = _data,
                    ["SmartCity__SampleData"] = "reference",
                    ["SmartCity__Channels__Lease"] = "00:00:05",
                    ["SmartCity__Channels__WhatsApp__Patience"] = "00:00:10",
                    ["SmartCity__Channels__X__33.28__ConsumerSecret"] = ChannelsHost.Secret,
                    ["SmartCity__Channels__X__33.28__ConsumerKey"] = "ck",
                    ["SmartCity__Channels__X__33.28__AccessToken"] = "4242-token",
                    ["SmartCity__Channels__X__33.28__AccessTokenSecret"] = "ats",
                    ["SmartCity__Channels__X__33.28__BaseAddress"] = x.ToString(),
                    ["Logging__LogLevel__Default"] = "Warning",
                    ["ASPNETCORE_ENVIRONMENT"] = "Development",
                    ["ASPNETCORE_URLS"] = _address.ToString(),
                    ["ASPNETCORE_CONTENTROOT"] = Path.Combine(Repository.Root, "src", "SmartCity.Host"),
                },
            };
            _process = Process.Start(start)!;
            _process.OutputDataReceived += Keep;
            _process.ErrorDataReceived += Keep;
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
            // A busy machine takes its time to start a process.
            await SmartCityHost.Until(async () =>
            {
                _process.HasExited.ShouldBeFalse(Log);
                return await IsReady();
            }, "the host is ready", TimeSpan.FromMinutes(5));
        }

        private async Task<bool> IsReady()
        {
            try
            {
                using var answer = await _client.GetAsync(new Uri(_address, "/health/ready"));
                return answer.IsSuccessStatusCode;
            }
            catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
            {
                return false;
            }
        }

        public async Task Kill()
        {
            _process!.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        public async Task SetWhatsApp(string address)
        {
            using var client = new HttpClient(new HttpClientHandler { UseCookies = true }) { BaseAddress = _address };
            (await client.PostAsJsonAsync("/api/v1/regencies/33.28/session", new { name = "operator", password = SmartCityHost.Password })).EnsureSuccessStatusCode();
            await SmsHost.Set(client, "33.28", "whatsapp", new { appSecret = "rahasia-app", verifyToken = "v", token = FakeWhatsApp.Token, phoneNumberId = "1001", baseUrl = $"{address}/v25.0" });
        }

        /// <summary>A dispatcher looks at what was given up, and has it sent again.</summary>
        public async Task<int> SendsAgain()
        {
            using var client = new HttpClient(new HttpClientHandler { UseCookies = true }) { BaseAddress = _address };
            (await client.PostAsJsonAsync("/api/v1/regencies/33.28/session", new { name = "dispatcher", password = SmartCityHost.Password })).EnsureSuccessStatusCode();
            var failed = (await SmartCityHost.Json(await client.GetAsync("/api/v1/regencies/33.28/outbox?state=failed&limit=1000"))).EnumerateArray().ToArray();
            var again = 0;
            foreach (var message in failed.Where(m => m.GetProperty("channel").GetString() == "whatsapp"))
            {
                using var answer = await client.PostAsync($"/api/v1/regencies/33.28/outbox/{message.GetProperty("id").GetString()}/retries", null);
                again += answer.IsSuccessStatusCode ? 1 : 0;
            }

            return again;
        }

        /// <summary>Delivers as providers do: again and again until it is answered 200.</summary>
        public async Task Bring(string channel, string header, Func<byte[], string> sign, string text, CancellationToken stop)
        {
            var body = Encoding.UTF8.GetBytes(text);
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_address, $"/channels/33.28/{channel}/webhook")) { Content = new ByteArrayContent(body) };
                    request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                    request.Headers.Add(header, sign(body));
                    using var answer = await _client.SendAsync(request, stop);
                    if (answer.IsSuccessStatusCode)
                    {
                        return;
                    }

                    answer.StatusCode.ShouldNotBe(HttpStatusCode.BadRequest);
                }
                catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or IOException)
                {
                    // It is down.
                }

                await Task.Delay(200, CancellationToken.None);
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (_process is { HasExited: false })
            {
                await Kill();
            }

            _client.Dispose();
            Directory.Delete(_data, recursive: true);
        }

        private void Keep(object sender, DataReceivedEventArgs line) => _log.Enqueue(line.Data ?? "");

        private static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
    }
}
