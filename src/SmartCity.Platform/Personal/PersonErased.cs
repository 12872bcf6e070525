using MediatR;
using SmartCity.Platform.History;

namespace SmartCity.Platform.Personal;

// What happens to somebody's data, in a stream of its own for each key. Holds nothing of the person: grounds and proofs are chosen from
// lists, a reference is a number.

/// <summary>Somebody's data in one place was erased: the key is destroyed, and what was sealed with it cannot be read again.</summary>
/// <param name="Stream">Where the data stood: a ticket, or a message.</param>
/// <param name="Ground">Why.</param>
/// <param name="Proof">How it was made sure who asked; null when nobody asked.</param>
/// <param name="Reference">Number of the letter or form.</param>
public sealed record PersonErased(string? Stream, ErasureGround Ground, IdentityProof? Proof, string? Reference)
{
    /// <summary>The stream of a key.</summary>
    public static string StreamOf(string key) => $"person-{key}";
}

/// <summary>Somebody was given a copy of his data.</summary>
/// <param name="Stream">Where the data stands: a ticket, or a message.</param>
/// <param name="Proof">How it was made sure who asked.</param>
/// <param name="Reference">Number of the letter or form.</param>
public sealed record PersonalDataExported(string? Stream, IdentityProof Proof, string? Reference);

/// <summary>How it was made sure who asks.</summary>
public enum IdentityProof
{
    /// <summary>An identity card was shown.</summary>
    IdentityCard,

    /// <summary>A signed letter with a copy of an identity card, or of an attorney.</summary>
    Letter,

    /// <summary>The request came from, or was confirmed by, the telephone, address or account that the data has.</summary>
    Contact,

    /// <summary>The report's number and the secret that its reporter was given.</summary>
    Secret,
}

/// <summary>
/// Keys were destroyed. Every module removes what it holds of these people outside the sealed history: files, indexes, copies in the
/// clear. Published at once, and again from the committed event: a handler must do nothing the second time.
/// </summary>
/// <param name="Regency">Where.</param>
/// <param name="Keys">What is left of the keys.</param>
public sealed record PersonForgotten(string Regency, IReadOnlyList<PersonalKey> Keys) : INotification;

/// <summary>Somebody gets a copy of all there is: every module adds what it holds besides the events.</summary>
public sealed class PersonalDataCopy(string regency, IReadOnlyList<PersonalKey> keys, PersonalReader reader) : INotification
{
    private readonly Dictionary<string, Func<CancellationToken, Task<object>>> _sections = [];
    private readonly HashSet<string> _streams = [.. keys.Select(k => k.Stream).OfType<string>()];
    private readonly List<(string Name, Func<CancellationToken, Task<Stream?>> Open)> _files = [];

    /// <summary>Where.</summary>
    public string Regency => regency;

    /// <summary>The keys of the data.</summary>
    public IReadOnlyList<PersonalKey> Keys { get; } = keys;

    /// <summary>Opens what these keys seal, and nothing else.</summary>
    public PersonalReader Reader => reader;

    /// <summary>Streams in which these keys seal something; all of them once every module was asked.</summary>
    public IReadOnlyCollection<string> Streams => _streams;

    internal IReadOnlyDictionary<string, Func<CancellationToken, Task<object>>> Sections => _sections;

    internal IReadOnlyList<(string Name, Func<CancellationToken, Task<Stream?>> Open)> Files => _files;

    /// <summary>Adds another stream in which these keys seal something.</summary>
    public void AddStream(string stream) => _streams.Add(stream);

    /// <summary>Adds a part, to be written as JSON; made when every module was asked.</summary>
    public void Add(string section, Func<CancellationToken, Task<object>> content) => _sections.Add(section, content);

    /// <summary>Adds a file.</summary>
    public void AddFile(string name, Func<CancellationToken, Task<Stream?>> open) => _files.Add((name, open));
}

/// <summary>Makes sure that what was begun at an erasure is finished, whatever happened in between.</summary>
internal sealed class FinishErasure(RegencySessions sessions, IPublisher publisher) : INotificationHandler<Committed<PersonErased>>
{
    public async Task Handle(Committed<PersonErased> committed, CancellationToken cancel)
    {
        var regency = committed.Envelope.Regency.Value;
        await using var session = sessions.Query(regency);
        if (await session.LoadAsync<PersonalKey>(committed.Envelope.Stream[PersonErased.StreamOf("").Length..], cancel) is { } key)
        {
            await publisher.Publish(new PersonForgotten(regency, [key]), cancel);
        }
    }
}
