using System.Text;
using System.Text.Json;
using SmartCity.Accountability.Contracts;

namespace SmartCity.Accountability.Auditing;

/// <summary>What came out of a verification.</summary>
/// <param name="IsRight">Whether everything is as it was signed.</param>
/// <param name="Text">Says so, or names the first event that is wrong, and how.</param>
internal sealed record Verdict(bool IsRight, string Text)
{
    public override string ToString() => $"{(IsRight ? "OK" : "WRONG")}: {Text}";
}

/// <summary>
/// Proves an archive (docs/audit-format.md) right or finds the first event in it that is not: from the archive, the checkpoints that an auditor
/// holds and the regency's public keys alone. Lines are parsed and hashed on all processors, and looked at in their order, a few blocks at a time.
/// </summary>
internal sealed class ArchiveVerifier
{
    /// <summary>What is written now; the one before it has nothing to restore a regency from.</summary>
    public const string Format = "smartcity-audit/2", OlderFormat = "smartcity-audit/1";

    private readonly IReadOnlyList<AuditKey> _keys;
    private readonly List<Checkpoint> _held = [];
    private readonly GrowingTree _tree = new();
    private string _tenant = "";
    private Checkpoint _head = new("", 0, []);
    private long _first, _end, _position, _agreedAt;
    private bool _isComplete;

    private ArchiveVerifier(IReadOnlyList<AuditKey> keys) => _keys = keys;

    /// <param name="archive">NDJSON.</param>
    /// <param name="held">What the auditor has kept.</param>
    /// <param name="keys">The regency's keys.</param>
    /// <param name="progress">Is told now and then how far it has come.</param>
    public static async Task<Verdict> Verify(Stream archive, IReadOnlyList<SignedNote> held, IReadOnlyList<AuditKey> keys, IProgress<HistoryProgress>? progress = null, CancellationToken cancel = default)
    {
        var verifier = new ArchiveVerifier(keys);
        if (verifier.Hold(held) is { } fault)
        {
            return new Verdict(false, fault);
        }

        var number = 0L;
        try
        {
            await foreach (var block in ArchiveLines.Read(archive, cancel))
            {
                using var lines = block;
                foreach (var line in lines.Lines)
                {
                    number++;
                    if (line.Hash is { } hash && !verifier._isComplete)
                    {
                        fault = verifier.TakeRecorded(line.Position, line.Index, hash);
                    }
                    else
                    {
                        using var json = CanonicalJson.Parse(line.Text);
                        fault = verifier._isComplete ? "archive: something follows after its last line" : number == 1 ? verifier.Begin(json.RootElement) : verifier.Take(json.RootElement);
                    }

                    if (fault is not null)
                    {
                        return new Verdict(false, fault);
                    }
                }

                progress?.Report(new HistoryProgress(verifier._tree.Size - verifier._first, verifier._end - verifier._first));
            }
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or DecoderFallbackException)
        {
            return new Verdict(false, $"archive: line {number} cannot be read: {failure.Message}");
        }

        return verifier._isComplete
            ? new Verdict(true, $"{verifier._end - verifier._first} events up to position {verifier._position}, leaves {verifier._first} to {verifier._end - 1} of {verifier._head.Size} of {verifier._head.Origin}; checkpoints held: {verifier._held.Count}")
            : new Verdict(false, $"archive: it breaks off after position {verifier._position}");
    }

    // The auditor's own checkpoints: signed, of one log, and of one history.
    private string? Hold(IReadOnlyList<SignedNote> notes)
    {
        foreach (var note in notes)
        {
            if (Checkpoint.Read(note.Text) is not { } checkpoint || !note.IsSignedBy(_keys))
            {
                return $"checkpoint: the one that begins '{note.Text.Split('\n')[0]}' is not signed by a key that was given";
            }

            if (Fork(checkpoint) is { } fork)
            {
                return fork;
            }

            _held.Add(checkpoint);
        }

        return null;
    }

    private string? Fork(Checkpoint other) =>
        _held.FirstOrDefault(h => h.Origin != other.Origin) is { } stranger ? $"checkpoint: {other.Origin} is not the log {stranger.Origin}" :
        _held.Any(h => h.Size == other.Size && !h.Root.AsSpan().SequenceEqual(other.Root))
            ? $"checkpoint: two different histories of {other.Size} events were signed by {other.Origin} (fork)"
            : null;

    private string? Begin(JsonElement manifest)
    {
        if (manifest.GetProperty("kind").GetString() != "manifest" || manifest.GetProperty("format").GetString() is not (Format or OlderFormat))
        {
            return $"archive: its first line is no manifest of {Format}";
        }

        _tenant = manifest.GetProperty("tenant").GetString()!;
        (_first, _end) = (manifest.GetProperty("first").GetInt64(), manifest.GetProperty("end").GetInt64());
        var note = SignedNote.Read(manifest.GetProperty("checkpoint").GetString());
        if (note is null || Checkpoint.Read(note.Text) is not { } head || !note.IsSignedBy(_keys))
        {
            return "checkpoint: that of the archive is not signed by a key that was given";
        }

        _head = head;
        var regency = manifest.GetProperty("regency").GetString()!;
        if (!head.Origin.EndsWith($"/{regency}", StringComparison.Ordinal) || _tenant != regency.Replace('.', '_'))
        {
            return $"checkpoint: {head.Origin} is not the log of {regency}";
        }

        if (Fork(head) is { } fork)
        {
            return fork;
        }

        if (_first < 0 || _end <= _first || _end > head.Size || manifest.GetProperty("size").GetInt64() != head.Size)
        {
            return $"archive: leaves {_first} to {_end} are not in a log of {head.Size}";
        }

        if (_held.FirstOrDefault(h => h.Size > head.Size) is { } newer)
        {
            return $"checkpoint: {newer.Size} events were signed and the archive knows of {head.Size}: the last {newer.Size - head.Size} were cut off, or the archive is older than the checkpoint";
        }

        if (_held.FirstOrDefault(h => h.Size != head.Size && (h.Size < _first || h.Size > _end || h.Size == 0)) is { } outside)
        {
            return $"checkpoint: the one of {outside.Size} events cannot be compared with leaves {_first} to {_end}: export a range that contains it";
        }

        return AddWhole(new LeafSpan(0, _first), manifest.GetProperty("left")) ?? Compare();
    }

    private string? Take(JsonElement line) => line.GetProperty("kind").GetString() switch
    {
        "event" => TakeEvent(line),
        "missing" => TakeMissing(line),
        "checkpoint" => TakeCheckpoint(line.GetProperty("note").GetString()),
        "proofs" => Finish(line),
        var other => $"archive: '{other}' is no kind of line",
    };

    // An event that is as it was recorded: only its place is left to be looked at.
    private string? TakeRecorded(long position, long index, byte[] hash)
    {
        if (!Follows(position, index))
        {
            return OutOfPlace(position);
        }

        _tree.Add(hash);
        _position = position;
        return Compare();
    }

    private bool Follows(long position, long index) => position > _position && index == _tree.Size && _tree.Size < _end;

    private string OutOfPlace(long position) =>
        $"position {position}: it does not follow position {_position} as leaf {_tree.Size} of the log (reordered, or something between them is gone)";

    private string? TakeEvent(JsonElement line)
    {
        string? Text(string name) => line.GetProperty(name).GetString();
        var leaf = new AuditLeaf(
            _tenant, line.GetProperty("position").GetInt64(), Text("stream")!, line.GetProperty("version").GetInt64(), Text("id")!, Text("type")!, Text("time")!, Text("actor"),
            Text("correlation"), Text("causation"), AuditLeaf.HashOf(line.GetProperty("data")), AuditLeaf.HashOf(line.GetProperty("headers")));
        var where = $"position {leaf.Position}";
        if (!line.TryGetProperty("leaf", out var recorded))
        {
            return $"{where}: {leaf.Type} of stream {leaf.Stream}, version {leaf.Version}, is not in the log: it was inserted after the log had passed its place (back-dated)";
        }

        if (!Follows(leaf.Position, line.GetProperty("index").GetInt64()))
        {
            return OutOfPlace(leaf.Position);
        }

        var hash = Merkle.Leaf(leaf.Content());
        if (!hash.AsSpan().SequenceEqual(recorded.GetBytesFromBase64()))
        {
            return $"{where}: {Recorded(line) switch
            {
                { } then => leaf.DifferenceFrom(then),
                null => $"{leaf.Type} of stream {leaf.Stream}, version {leaf.Version}, is not what was recorded",
            }}";
        }

        _tree.Add(hash);
        _position = leaf.Position;
        return Compare();
    }

    private static AuditLeaf? Recorded(JsonElement line) =>
        line.TryGetProperty("recorded", out var text) && text.GetString() is { } content
        && Merkle.Leaf(Encoding.UTF8.GetBytes(content)).AsSpan().SequenceEqual(line.GetProperty("leaf").GetBytesFromBase64())
            ? AuditLeaf.Read(content)
            : null;

    private static string TakeMissing(JsonElement line)
    {
        var what = Recorded(line) is { } then ? $"{then.Type} of stream {then.Stream}, version {then.Version}, of {then.Time}" : "an event";
        return $"position {line.GetProperty("position").GetInt64()}: {what} was recorded and is gone (deleted)";
    }

    // Checkpoints on the way narrow down where a history was rewritten together with the stored tree.
    private string? TakeCheckpoint(string? text) =>
        SignedNote.Read(text) is not { } note || Checkpoint.Read(note.Text) is not { } passed || passed.Origin != _head.Origin ? "checkpoint: a stored one cannot be read" :
        passed.Size != _tree.Size ? $"position {_position}: the log went on to {passed.Size} events when a checkpoint was signed, and the archive has {_tree.Size} here (deleted)" :
        passed.Root.AsSpan().SequenceEqual(_tree.Root) ? Agree() :
        note.IsSignedBy(_keys) ? Rewritten(passed.Size) : $"checkpoint: the stored one of {passed.Size} events is not signed by a key that was given";

    private string? Compare() => _held.Count == 0 ? null : _held.Any(h => h.Size == _tree.Size && !h.Root.AsSpan().SequenceEqual(_tree.Root)) ? Rewritten(_tree.Size)
        : _held.Any(h => h.Size == _tree.Size) ? Agree() : null;

    private string? Agree()
    {
        _agreedAt = _position;
        return null;
    }

    private string Rewritten(long size) =>
        $"positions {_agreedAt + 1}-{_position}: these events are not those that were signed when the log had {size}: one or more were changed, inserted or deleted, and the stored tree was made to fit";

    private string? Finish(JsonElement line)
    {
        if (_tree.Size < _end)
        {
            return $"position {_position}: {_end - _tree.Size} events that were signed are missing after it (the tail was cut)";
        }

        if (line.GetProperty("events").GetInt64() != _tree.Size - _first)
        {
            return "archive: it says another number of events than it has";
        }

        _isComplete = true;
        return AddWhole(new LeafSpan(_end, _head.Size), line.GetProperty("right"))
            ?? (_tree.Root.AsSpan().SequenceEqual(_head.Root) ? null : Rewritten(_head.Size));
    }

    private string? AddWhole(LeafSpan span, JsonElement hashes)
    {
        var subtrees = Merkle.Cover(span).ToArray();
        var values = hashes.EnumerateArray().Select(h => h.GetBytesFromBase64()).ToArray();
        if (values.Length != subtrees.Length || values.Any(v => v.Length != 32))
        {
            return $"archive: the hashes of leaves {span.From} to {span.To} are not complete";
        }

        foreach (var (subtree, hash) in subtrees.Zip(values))
        {
            _tree.Add(hash, subtree.Level);
        }

        return null;
    }
}
