using System.Text;
using Microsoft.Extensions.Logging;

namespace SmartCity.Accountability.Auditing;

/// <summary>Where checkpoints go besides the database: a file beside the keys, which is also what the next one is compared with, a file elsewhere, a webhook, e-mail.</summary>
internal sealed partial class CheckpointFiles(AuditOptions options, CheckpointMail mail, IHttpClientFactory http, ILogger<CheckpointFiles> log)
{
    // A note is far shorter.
    private const int Tail = 8192;

    /// <summary>Name of the HTTP client.</summary>
    public const string Client = "SmartCity.Audit";

    /// <summary>The last checkpoint that was signed for a regency, as it is known outside the database.</summary>
    public Checkpoint? Last(string regency)
    {
        if (!File.Exists(Main(regency)))
        {
            return null;
        }

        using var file = new FileStream(Main(regency), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Seek(-Math.Min(file.Length, Tail), SeekOrigin.End);
        using var reader = new StreamReader(file, Encoding.UTF8);
        // Notes are apart by two empty lines; the first piece may be cut, and the last one was when the machine stopped while it was written.
        return reader.ReadToEnd().Split("\n\n\n", StringSplitOptions.RemoveEmptyEntries).Reverse()
            .Select(SignedNote.Read).OfType<SignedNote>().Select(note => Checkpoint.Read(note.Text)).FirstOrDefault(checkpoint => checkpoint is not null);
    }

    /// <summary>Hands a checkpoint on. What fails elsewhere is logged; the next one goes there again.</summary>
    public async Task Publish(string regency, SignedNote note, CancellationToken cancel)
    {
        await Append(Main(regency), note, cancel);
        mail.Offer(regency, note);
        if (options.CopyTo is not null)
        {
            try
            {
                await Append(Path.Combine(options.CopyTo, $"{regency}.checkpoints"), note, cancel);
            }
            catch (IOException failure)
            {
                LogNotCopied(failure, regency);
            }
        }

        if (options.Webhook is not null)
        {
            try
            {
                using var client = http.CreateClient(Client);
                using var answer = await client.PostAsync(options.Webhook, new StringContent(note.ToString(), Encoding.UTF8, "text/plain"), cancel);
                answer.EnsureSuccessStatusCode();
            }
            catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
            {
                LogNotCopied(failure, regency);
            }
        }
    }

    private static async Task Append(string file, SignedNote note, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.AppendAllTextAsync(file, $"{note}\n\n", cancel);
    }

    private string Main(string regency) => Path.Combine(options.Folder, regency, "checkpoints");

    [LoggerMessage(Level = LogLevel.Warning, Message = "A checkpoint of {Regency} did not reach a place outside.")]
    private partial void LogNotCopied(Exception failure, string regency);
}
