using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SmartCity.Testing;

namespace SmartCity.Channels.Tests;

/// <summary>Against bearerbox, smsbox and Kannel's own fake SMS centre, from Debian's packages kannel and kannel-extras.</summary>
public sealed class A_real_Kannel(SmsHost host) : IClassFixture<SmsHost>
{
    private const string Bearerbox = "/usr/sbin/bearerbox", Smsbox = "/usr/sbin/smsbox", FakeSmsc = "/usr/lib/kannel/test/fakesmsc";

    [Fact]
    public async Task brings_an_SMS_and_takes_the_answer_and_says_that_it_arrived()
    {
        Assert.SkipUnless(new[] { Bearerbox, Smsbox, FakeSmsc }.All(File.Exists),
            "Kannel is not installed: apt-get install kannel kannel-extras (bearerbox, smsbox, fakesmsc).");
        await using var door = await Door.Open(host.Http);
        await using var kannel = await Kannel.Start(door.Port);
        await SmsHost.Set(await host.Operator(), "33.28", "sms-kannel", new
        {
            sendUrl = $"http://127.0.0.1:{kannel.SendPort}/cgi-bin/sendsms",
            username = "smartcity",
            password = "rahasia-kannel",
            callbackUrl = $"http://127.0.0.1:{door.Port}",
        });

        (await Test()).GetProperty("works").GetBoolean().ShouldBeTrue();
        kannel.Brings("081234567890 9118 text jalan rusak & licin di Balamoa");

        var answer = await SmartCityHost.Until(() => Task.FromResult(kannel.Printed.FirstOrDefault(line => line.Contains("Got message", StringComparison.Ordinal))), $"the SMS centre gets the acknowledgement; {string.Join("; ", kannel.Printed.TakeLast(5))}");
        answer.ShouldContain("9118 +6281234567890");
        var ticket = SmsHost.Ticket(answer);
        (await host.Reaches(ticket, "assigned")).GetProperty("description").GetString().ShouldBe("jalan rusak & licin di Balamoa");
        await SmartCityHost.Until(async () => (await host.Outbox(channel: "sms", ticket: ticket)).Any(m => m.TryGetProperty("deliveredAt", out _)), "the delivery report");

        int Sent() => kannel.Printed.Count(line => line.Contains("Got message", StringComparison.Ordinal));
        var before = Sent();
        await SmsHost.Set(await host.Operator(), "33.28", "sms-kannel", new { password = "salah" });
        (await Test()).GetProperty("works").GetBoolean().ShouldBeFalse();
        Sent().ShouldBe(before);

        async Task<JsonElement> Test()
        {
            using var tested = await (await host.Operator()).PostAsync("/api/v1/regencies/33.28/channel-accounts/sms-kannel/tests", null);
            return await SmartCityHost.Json(tested);
        }
    }

    /// <summary>The host speaks in memory only; Kannel knocks here.</summary>
    private sealed class Door(WebApplication app) : IAsyncDisposable
    {
        public int Port => new Uri(app.Urls.Single()).Port;

        public static async Task<Door> Open(HttpClient host)
        {
            var builder = WebApplication.CreateBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            var app = builder.Build();
            app.MapGet("/{**path}", async (HttpContext http) =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, http.Request.Path + http.Request.QueryString);
                if (http.Request.Headers.Authorization.ToString() is { Length: > 0 } authorization)
                {
                    request.Headers.TryAddWithoutValidation("Authorization", authorization);
                }

                using var answer = await host.SendAsync(request);
                http.Response.StatusCode = (int)answer.StatusCode;
                await http.Response.Body.WriteAsync(await answer.Content.ReadAsByteArrayAsync());
            });
            await app.StartAsync();
            return new Door(app);
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }

    private sealed class Kannel : IAsyncDisposable
    {
        private readonly string _directory = Directory.CreateTempSubdirectory("smartcity-kannel-").FullName;
        private readonly List<Process> _processes = [];
        private int _smscPort;

        public int SendPort { get; private set; }

        /// <summary>What the SMS centre said.</summary>
        public ConcurrentQueue<string> Printed { get; } = new();

        public static async Task<Kannel> Start(int door)
        {
            var kannel = new Kannel();
            var ports = LoopbackPorts.Free(4);
            (kannel._smscPort, kannel.SendPort) = (ports[2], ports[3]);
            var configuration = Path.Combine(kannel._directory, "kannel.conf");
            await File.WriteAllTextAsync(configuration, $"""
                group = core
                admin-port = {ports[0]}
                admin-password = rahasia
                smsbox-port = {ports[1]}
                box-allow-ip = "127.0.0.1"
                dlr-storage = internal

                group = smsc
                smsc = fake
                smsc-id = fake1
                port = {kannel._smscPort}
                connect-allow-ip = "127.0.0.1"

                group = smsbox
                bearerbox-host = 127.0.0.1
                sendsms-port = {kannel.SendPort}
                mo-recode = true
                http-request-retry = 50
                http-queue-delay = 2

                group = sendsms-user
                username = smartcity
                password = rahasia-kannel
                concatenation = true
                max-messages = 4

                group = sms-service
                keyword = default
                catch-all = true
                get-url = "http://kannel:{SmsHost.KannelSecret}@127.0.0.1:{door}/channels/33.28/sms/kannel?from=%q&to=%P&text=%b&id=%I&t=%T&coding=%c&charset=%C&udh=%u&smsc=%i"
                max-messages = 0
                omit-empty = true

                """);
            kannel.Run(Bearerbox, configuration);
            await LoopbackPorts.Answers(ports[1]);
            kannel.Run(Smsbox, configuration);
            await LoopbackPorts.Answers(kannel.SendPort);
            return kannel;
        }

        /// <summary>An SMS comes from the SMS centre, which stays connected and prints what it gets.</summary>
        public void Brings(string message) => Run(FakeSmsc, "-H", "127.0.0.1", "-r", _smscPort.ToString(System.Globalization.CultureInfo.InvariantCulture), "-i", "1", "-m", "1", message);

        public async ValueTask DisposeAsync()
        {
            foreach (var process in Enumerable.Reverse(_processes))
            {
                if (!process.HasExited)
                {
                    process.Kill(entireProcessTree: true);
                    await process.WaitForExitAsync();
                }

                process.Dispose();
            }

            Directory.Delete(_directory, recursive: true);
        }

        private void Run(string program, params string[] arguments)
        {
            var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _directory })!;
            DataReceivedEventHandler keep = (_, line) =>
            {
                if (program == FakeSmsc && line.Data is { } text)
                {
                    Printed.Enqueue(text);
                }
            };
            process.OutputDataReceived += keep;
            process.ErrorDataReceived += keep;
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            _processes.Add(process);
        }
    }
}
