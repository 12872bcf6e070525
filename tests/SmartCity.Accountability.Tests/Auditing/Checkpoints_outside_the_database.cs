using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SmartCity.Accountability.Auditing;
using SmartCity.Testing;

namespace SmartCity.Accountability.Tests.Auditing;

public class Checkpoints_outside_the_database
{
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
            var files = new CheckpointFiles(
                new AuditOptions(folder, "smartcity", TimeSpan.FromSeconds(1), elsewhere, server.Address), http.GetRequiredService<IHttpClientFactory>(), NullLogger<CheckpointFiles>.Instance);
            using var secret = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var notes = Enumerable.Range(1, 100).Select(size => SignedNote.Sign(
                new Checkpoint("smartcity/33.28", size, Merkle.Leaf([(byte)size])).Text, new AuditKey("smartcity/33.28", secret.ExportSubjectPublicKeyInfo()), secret)).ToArray();

            files.Last("33.28").ShouldBeNull();
            foreach (var note in notes)
            {
                await files.Publish("33.28", note, TestContext.Current.CancellationToken);
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
}
