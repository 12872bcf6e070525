using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SmartCity.Accountability.Auditing;
using SmartCity.Testing;

namespace SmartCity.Accountability.Tests.Auditing;

public class Checkpoints_outside_the_database
{
    private static async Task Signed(CheckpointFiles files, SignedNote note)
    {
        await files.Keep("33.28", note, TestContext.Current.CancellationToken);
        files.Offer("33.28", note);
        await files.HandOn(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task are_in_a_file_in_a_copy_elsewhere_and_at_the_webhook()
    {
        var posted = new List<string>();
        await using var server = await LoopbackServer.Start(async http =>
        {
            using var reader = new StreamReader(http.Request.Body);
            posted.Add(await reader.ReadToEndAsync());
        });
        using var http = new ServiceCollection().AddHttpClient().BuildServiceProvider();
        var folder = Directory.CreateTempSubdirectory("smartcity-checkpoints-").FullName;
        try
        {
            var elsewhere = Path.Combine(folder, "elsewhere");
            var options = new AuditOptions(folder, "smartcity", TimeSpan.FromSeconds(1), elsewhere, server.Address);
            var files = new CheckpointFiles(
                options, new CheckpointMail(options, NullLogger<CheckpointMail>.Instance), http.GetRequiredService<IHttpClientFactory>(), NullLogger<CheckpointFiles>.Instance);
            using var secret = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var notes = Enumerable.Range(1, 100).Select(size => SignedNote.Sign(
                new Checkpoint("smartcity/33.28", size, Merkle.Leaf([(byte)size])).Text, new AuditKey("smartcity/33.28", secret.ExportSubjectPublicKeyInfo()), secret)).ToArray();

            files.Last("33.28").ShouldBeNull();
            foreach (var note in notes)
            {
                await Signed(files, note);
                files.Last("33.28")!.Text.ShouldBe(note.Text);
            }

            string[] texts = [.. notes.Select(n => n.ToString())];
            posted.ShouldBe(texts);
            foreach (var file in new[] { Path.Combine(folder, "33.28", "checkpoints"), Path.Combine(elsewhere, "33.28.checkpoints") })
            {
                SignedNote.ReadAll(await File.ReadAllTextAsync(file)).Select(n => n.ToString()).ShouldBe(texts);
            }

            // The machine stopped while the last was written: the one before counts.
            var main = Path.Combine(folder, "33.28", "checkpoints");
            await using (var torn = new FileStream(main, FileMode.Open))
            {
                torn.SetLength(torn.Length - 60);
            }

            files.Last("33.28")!.Size.ShouldBe(99);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task reach_a_place_that_was_away_in_order_though_no_other_follows_and_again_after_a_restart()
    {
        var (posted, isAway) = (new List<string>(), true);
        await using var server = await LoopbackServer.Start(async http =>
        {
            using var reader = new StreamReader(http.Request.Body);
            var note = await reader.ReadToEndAsync();
            if (isAway)
            {
                http.Response.StatusCode = 503;
            }
            else
            {
                posted.Add(note);
            }
        });
        using var http = new ServiceCollection().AddHttpClient().BuildServiceProvider();
        var folder = Directory.CreateTempSubdirectory("smartcity-checkpoints-").FullName;
        try
        {
            // Where a folder should be is a file: nothing can be written below it.
            var elsewhere = Path.Combine(folder, "elsewhere");
            await File.WriteAllTextAsync(elsewhere, "");
            var options = new AuditOptions(folder, "smartcity", TimeSpan.FromSeconds(1), elsewhere, server.Address);
            CheckpointFiles Host() => new(options, new CheckpointMail(options, NullLogger<CheckpointMail>.Instance), http.GetRequiredService<IHttpClientFactory>(), NullLogger<CheckpointFiles>.Instance);
            using var secret = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var notes = Enumerable.Range(1, 3).Select(size => SignedNote.Sign(
                new Checkpoint("smartcity/33.28", size, Merkle.Leaf([(byte)size])).Text, new AuditKey("smartcity/33.28", secret.ExportSubjectPublicKeyInfo()), secret)).ToArray();
            var files = Host();
            await Signed(files, notes[0]);
            await Signed(files, notes[1]);
            posted.ShouldBeEmpty();

            File.Delete(elsewhere);
            isAway = false;
            await SmartCityHost.Until(async () =>
            {
                await files.HandOn(TestContext.Current.CancellationToken);
                return posted.Count == 2;
            }, "the checkpoints that waited");
            posted.ShouldBe([notes[0].ToString(), notes[1].ToString()]);
            SignedNote.ReadAll(await File.ReadAllTextAsync(Path.Combine(elsewhere, "33.28.checkpoints"))).Select(n => n.ToString()).ShouldBe(posted);

            // The host ends when a checkpoint is signed and not handed on; the next one does it, and no copy has it twice.
            await files.Keep("33.28", notes[2], TestContext.Current.CancellationToken);
            var next = Host();
            await next.OfferLast("33.28", TestContext.Current.CancellationToken);
            await next.HandOn(TestContext.Current.CancellationToken);
            posted[^1].ShouldBe(notes[2].ToString());
            var third = Host();
            await third.OfferLast("33.28", TestContext.Current.CancellationToken);
            await third.HandOn(TestContext.Current.CancellationToken);
            SignedNote.ReadAll(await File.ReadAllTextAsync(Path.Combine(elsewhere, "33.28.checkpoints"))).Count.ShouldBe(3);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task are_sent_by_e_mail_the_latest_at_most_once_in_a_while()
    {
        await using var server = new MailServer();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["SmartCity:Audit:Mail:Host"] = "127.0.0.1",
            ["SmartCity:Audit:Mail:Port"] = server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["SmartCity:Audit:Mail:Security"] = "none",
            ["SmartCity:Audit:Mail:From"] = "smartcity@example.go.id",
            ["SmartCity:Audit:Mail:To:33.28"] = "auditor@example.go.id, bpk@example.go.id",
        }).Build();
        var mail = new CheckpointMail(AuditOptions.Read(configuration), NullLogger<CheckpointMail>.Instance);
        using var secret = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        SignedNote Note(string regency, int size) => SignedNote.Sign(
            new Checkpoint($"smartcity/{regency}", size, Merkle.Leaf([(byte)size])).Text, new AuditKey($"smartcity/{regency}", secret.ExportSubjectPublicKeyInfo()), secret);

        mail.Offer("33.76", Note("33.76", 5)); // nobody wants it
        mail.Offer("33.28", Note("33.28", 6));
        mail.Offer("33.28", Note("33.28", 7));
        await mail.SendDue(TestContext.Current.CancellationToken);
        mail.Offer("33.28", Note("33.28", 8));
        await mail.SendDue(TestContext.Current.CancellationToken);

        var message = server.Messages.ShouldHaveSingleItem();
        message.ShouldContain("RCPT TO:<auditor@example.go.id>");
        message.ShouldContain("RCPT TO:<bpk@example.go.id>");
        message.ShouldContain("Subject: smartcity/33.28: 7");
        message.ShouldContain("filename=33.28.checkpoint");
        message.ReplaceLineEndings("").ShouldContain(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Note("33.28", 7).Text))[..40]);
    }

    [Fact]
    public void are_not_sent_where_the_settings_are_wrong()
    {
        AuditOptions With(string name, string value) => AuditOptions.Read(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["SmartCity:Audit:Mail:Host"] = "mail.example.go.id",
            ["SmartCity:Audit:Mail:From"] = "smartcity@example.go.id",
            ["SmartCity:Audit:Mail:To"] = "auditor@example.go.id",
            [$"SmartCity:Audit:Mail:{name}"] = value,
        }).Build());
        With("Port", "25").Mail.ShouldNotBeNull();
        foreach (var (name, value) in new[] { ("Port", "0"), ("Security", "perhaps"), ("From", "nobody"), ("To", ""), ("Minutes", "-1") })
        {
            Should.Throw<InvalidOperationException>(() => With(name, value)).Message.ShouldContain($"SmartCity:Audit:Mail:{name} must be");
        }
    }

    /// <summary>Takes mail and keeps it.</summary>
    private sealed class MailServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task _serving;

        public MailServer()
        {
            _listener.Start();
            _serving = Serve();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public List<string> Messages { get; } = [];

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _serving;
        }

        private async Task Serve()
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    using var reader = new StreamReader(client.GetStream());
                    await using var writer = new StreamWriter(client.GetStream()) { NewLine = "\r\n", AutoFlush = true };
                    await writer.WriteLineAsync("220 here");
                    var said = new System.Text.StringBuilder();
                    for (var isData = false; await reader.ReadLineAsync() is { } line && line != "QUIT";)
                    {
                        said.AppendLine(line);
                        if (isData && line != ".")
                        {
                            continue;
                        }

                        isData = line == "DATA";
                        await writer.WriteLineAsync(isData ? "354 go on" : "250 yes");
                    }

                    Messages.Add(said.ToString());
                    await writer.WriteLineAsync("221 bye");
                }
            }
            catch (Exception failure) when (failure is SocketException or ObjectDisposedException or IOException)
            {
                // The test is over.
            }
        }
    }
}
