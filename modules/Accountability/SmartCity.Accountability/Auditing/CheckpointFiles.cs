using System.Text;
using Microsoft.Extensions.Logging;

namespace SmartCity.Accountability.Auditing;

/// <summary>Where checkpoints go besides the database: a file beside the keys, which is also what the next one is compared with, a file elsewhere, a webhook, e-mail.</summary>
internal sealed partial class CheckpointFiles(AuditOptions options, CheckpointMail mail, IHttpClientFactory http, ILogger<CheckpointFiles> log)
{
    // A note is far shorter.
    private const int Tail = 8192;

    private readonly Waiting _copies = new(), _posts = new();

    /// <summary>Name of the HTTP client.</summary>
    public const string Client = "SmartCity.Audit";

    /// <summary>The last checkpoint that was signed for a regency, as it is known outside the database.</summary>
    public Checkpoint? Last(string regency) => LastNote(regency) is { } note ? Checkpoint.Read(note.Text) : null;

    private SignedNote? LastNote(string regency)
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
            .Select(SignedNote.Read).OfType<SignedNote>().FirstOrDefault(note => Checkpoint.Read(note.Text) is not null);
    }

    /// <summary>Keeps a checkpoint beside the keys, where the next one is compared with it.</summary>
    public Task Keep(string regency, SignedNote note, CancellationToken cancel) => Append(Main(regency), note, cancel);

    /// <summary>Hands on what was signed last before this host began: it may have ended before that had left.</summary>
    public async Task OfferLast(string regency, CancellationToken cancel)
    {
        if (LastNote(regency) is not { } last)
        {
            return;
        }

        Offer(regency, last);
        // A copy says itself whether it has it.
        if (options.CopyTo is not null && File.Exists(Copy(regency)) && (await File.ReadAllTextAsync(Copy(regency), cancel)).Contains(last.ToString(), StringComparison.Ordinal))
        {
            _copies.Clear(regency);
        }
    }

    /// <summary>Keeps in mind to hand a checkpoint on.</summary>
    public void Offer(string regency, SignedNote note)
    {
        mail.Offer(regency, note);
        if (options.CopyTo is not null)
        {
            _copies.Add(regency, note);
        }

        if (options.Webhook is not null)
        {
            _posts.Add(regency, note);
        }
    }

    /// <summary>Hands on what waits, each place's in order. What fails is logged and tried again a little later, also when no other checkpoint follows.</summary>
    public async Task HandOn(CancellationToken cancel)
    {
        await _copies.Send(async (regency, note) =>
        {
            try
            {
                await Append(Copy(regency), note, cancel);
                return true;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                LogNotCopied(failure, regency);
                return false;
            }
        });
        await _posts.Send(async (regency, note) =>
        {
            try
            {
                using var client = http.CreateClient(Client);
                using var answer = await client.PostAsync(options.Webhook, new StringContent(note.ToString(), Encoding.UTF8, "text/plain"), cancel);
                answer.EnsureSuccessStatusCode();
                return true;
            }
            catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
            {
                LogNotCopied(failure, regency);
                return false;
            }
        });
    }

    private string Copy(string regency) => Path.Combine(options.CopyTo!, $"{regency}.checkpoints");

    private static async Task Append(string file, SignedNote note, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.AppendAllTextAsync(file, $"{note}\n\n", cancel);
    }

    private string Main(string regency) => Path.Combine(options.Folder, regency, "checkpoints");

    [LoggerMessage(Level = LogLevel.Warning, Message = "A checkpoint of {Regency} did not reach a place outside; it is tried again.")]
    private partial void LogNotCopied(Exception failure, string regency);

    /// <summary>Checkpoints that wait to go to one place, in order. One thread at a time.</summary>
    private sealed class Waiting
    {
        // A place that is away for longer gets the newest of them: each proves all before it.
        private const int Most = 1000;

        private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);
        private readonly Dictionary<string, Queue<SignedNote>> _notes = [];
        private long? _failedAt;

        public void Add(string regency, SignedNote note)
        {
            var queue = _notes.TryGetValue(regency, out var known) ? known : _notes[regency] = [];
            queue.Enqueue(note);
            if (queue.Count > Most)
            {
                queue.Dequeue();
            }
        }

        public void Clear(string regency) => _notes.Remove(regency);

        public async Task Send(Func<string, SignedNote, Task<bool>> send)
        {
            if (_failedAt is { } at && TimeProvider.System.GetElapsedTime(at) < Rest)
            {
                return;
            }

            _failedAt = null;
            foreach (var (regency, queue) in _notes)
            {
                while (queue.TryPeek(out var note))
                {
                    if (!await send(regency, note))
                    {
                        _failedAt = TimeProvider.System.GetTimestamp();
                        return;
                    }

                    queue.Dequeue();
                }
            }
        }
    }
}
