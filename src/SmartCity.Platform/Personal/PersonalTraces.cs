using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using JasperFx.Events;
using Marten;
using MediatR;
using Microsoft.Extensions.Logging;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;

namespace SmartCity.Platform.Personal;

/// <summary>A place where somebody's data stands.</summary>
/// <param name="Id">To name it in a request; says nothing about the person.</param>
/// <param name="Stream">A ticket, or a message.</param>
/// <param name="Since">When it came.</param>
/// <param name="Matches">By what it was found: <c>number</c>, <c>account</c>, <c>email</c>, <c>phone</c>.</param>
/// <param name="ErasedAt">When it was erased.</param>
/// <param name="Ground">Why it was erased.</param>
public sealed record PersonalTrace(string Id, string? Stream, DateTimeOffset? Since, IReadOnlyList<string> Matches, DateTimeOffset? ErasedAt, ErasureGround? Ground);

/// <summary>An erasure as the register has it.</summary>
/// <param name="Id">Of what was erased.</param>
/// <param name="Stream">Where the data stood.</param>
/// <param name="At">When.</param>
/// <param name="By">Id of who had it done.</param>
/// <param name="Ground">Why.</param>
public sealed record ErasureEntry(string Id, string? Stream, DateTimeOffset At, string? By, ErasureGround? Ground);

/// <summary>Finds, copies and erases what is known of a person in a regency.</summary>
public sealed partial class PersonalTraces(
    RegencySessions sessions, PersonalData personal, CallContext call, IPublisher publisher, TimeProvider time, ILogger<PersonalTraces> log)
{
    private const int Most = 1000;
    private const string NotYours = "[bukan data Anda / not yours]";
    private static readonly JsonSerializerOptions Json = JsonOptions();

    /// <summary>
    /// Places where somebody's data stands: those with a number (a ticket), and those whose sender was known in one of these ways or in
    /// one that the found ones have too. Who typed somebody else's telephone is among them: a person must choose.
    /// </summary>
    public async Task<IReadOnlyList<PersonalTrace>> Find(string regency, string? stream, PersonIdentity who, CancellationToken cancel)
    {
        await using var session = sessions.Query(regency);
        var named = personal.Named(new PersonalKey { Id = "" }, regency, who);
        var (accounts, emails, phones) = (Set(named.Account), Set(named.Email), Set(named.Phone));
        var found = new Dictionary<string, PersonalKey>();
        if (stream is not null)
        {
            Add(await session.Query<PersonalKey>().Where(k => k.Stream == stream).Take(Most).ToListAsync(cancel));
        }

        for (var before = -1; before < found.Count && found.Count < Most;)
        {
            before = found.Count;
            var (a, e, p) = (accounts.ToArray(), emails.ToArray(), phones.ToArray());
            if (a.Length + e.Length + p.Length == 0)
            {
                break;
            }

            Add(await session.Query<PersonalKey>().Where(k => k.Account.IsOneOf(a)).Take(Most).ToListAsync(cancel));
            Add(await session.Query<PersonalKey>().Where(k => k.Email.IsOneOf(e)).Take(Most).ToListAsync(cancel));
            Add(await session.Query<PersonalKey>().Where(k => k.Phone.IsOneOf(p)).Take(Most).ToListAsync(cancel));
        }

        // Who wrote where is personal by itself.
        await session.Record(call, [.. found.Values.Where(k => k.Stream is not null).Select(k => new DataRead(k.Stream!, 0, "personal-search")).DistinctBy(read => read.Of)], cancel);
        return [.. found.Values.OrderByDescending(k => k.CreatedAt).Select(key => new PersonalTrace(key.Id, key.Stream, key.CreatedAt,
            [.. Matches(key)], key.DestroyedAt, key.Ground))];

        void Add(IReadOnlyList<PersonalKey> keys)
        {
            foreach (var key in keys)
            {
                found[key.Id] = key;
                AddTo(accounts, key.Account);
                AddTo(emails, key.Email);
                AddTo(phones, key.Phone);
            }
        }

        IEnumerable<string> Matches(PersonalKey key)
        {
            if (stream is not null && key.Stream == stream)
            {
                yield return "number";
            }

            foreach (var (name, hash, known) in new[] { ("account", key.Account, named.Account), ("email", key.Email, named.Email), ("phone", key.Phone, named.Phone) })
            {
                if (hash is not null && (known is null || known == hash))
                {
                    yield return name;
                }
            }
        }
    }

    /// <summary>
    /// A copy of all that stands in these places, as a ZIP file: <c>data.json</c> with every event and what the modules add, and the files.
    /// That it was given is written down.
    /// </summary>
    public async Task<byte[]> Copy(string regency, IReadOnlyList<string> traces, IdentityProof proof, string? reference, CancellationToken cancel)
    {
        await using var session = sessions.Open(regency);
        var keys = (await session.LoadManyAsync<PersonalKey>(cancel, traces)).Where(k => k.Wrapped is not null).OrderBy(k => k.CreatedAt).ToArray();
        var copy = new PersonalDataCopy(regency, keys, personal.ReaderOf(keys));
        await publisher.Publish(copy, cancel);
        var document = new JsonObject
        {
            ["regency"] = regency,
            ["copiedAt"] = time.GetUtcNow(),
            ["ground"] = "UU 27/2022 art. 7",
        };
        foreach (var (section, content) in copy.Sections)
        {
            document[section] = JsonSerializer.SerializeToNode(await content(cancel), Json);
        }

        document["history"] = new JsonArray([.. await Histories(session, copy, cancel)]);
        foreach (var key in keys)
        {
            session.Events.Append(PersonErased.StreamOf(key.Id), new PersonalDataExported(key.Stream, proof, reference));
        }

        // Written down first: no copy leaves without it.
        await session.SaveChangesAsync(cancel);
        return await Zip(document, copy, cancel);
    }

    /// <summary>
    /// Destroys the keys of these places, and of the messages that reports among them were made of; then has every module remove what else it
    /// holds. What was erased before stays as it was.
    /// </summary>
    public async Task<IReadOnlyList<PersonalKey>> Erase(
        string regency, IReadOnlyList<string> traces, ErasureGround ground, IdentityProof? proof, string? reference, CancellationToken cancel)
    {
        await using var session = sessions.Open(regency);
        await session.BeginTransactionAsync(cancel);
        var wanted = await session.LoadManyAsync<PersonalKey>(cancel, traces);
        var origins = wanted.Select(k => k.Origin).OfType<string>().Distinct().ToArray();
        var messages = origins.Length == 0 ? [] : await session.Query<PersonalKey>().Where(k => k.Stream.IsOneOf(origins)).ToListAsync(cancel);
        var ids = wanted.Concat(messages).Where(k => k.Wrapped is not null).Select(k => k.Id).Distinct().Order(StringComparer.Ordinal).ToArray();
        // Held until the end, so that two who erase at the same moment write it down once.
        var held = ids.Length == 0 ? [] : await session.QueryAsync<PersonalKey>("where d.tenant_id = ? and d.id = any(?) order by d.id for update", cancel, session.TenantId, ids);
        var now = time.GetUtcNow().ToUniversalTime();
        var destroyed = held.Where(k => k.Wrapped is not null).Select(key => new PersonalKey
        {
            Id = key.Id,
            Stream = key.Stream,
            Origin = key.Origin,
            CreatedAt = key.CreatedAt,
            DestroyedAt = now,
            DestroyedBy = call.Actor.Id,
            Ground = ground,
        }).ToArray();
        foreach (var key in destroyed)
        {
            session.Update(key);
            session.Events.Append(PersonErased.StreamOf(key.Id), new PersonErased(key.Stream, ground, proof, reference));
        }

        await session.SaveChangesAsync(cancel);
        try
        {
            if (destroyed.Length > 0)
            {
                await publisher.Publish(new PersonForgotten(regency, destroyed), cancel);
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The keys are gone; the rest is done from the committed events.
            LogLater(failure, regency);
        }

        return destroyed;
    }

    /// <summary>The keys of places, as they are now.</summary>
    public async Task<IReadOnlyList<PersonalKey>> Of(string regency, IReadOnlyList<string> traces, CancellationToken cancel)
    {
        await using var session = sessions.Query(regency);
        return await session.LoadManyAsync<PersonalKey>(cancel, traces);
    }

    /// <summary>What was erased, the latest first.</summary>
    public async Task<IReadOnlyList<ErasureEntry>> Register(string regency, DateTimeOffset? before, int limit, CancellationToken cancel)
    {
        await using var session = sessions.Query(regency);
        var until = (before ?? DateTimeOffset.MaxValue).ToUniversalTime();
        var erased = await session.Query<PersonalKey>().Where(k => k.DestroyedAt != null && k.DestroyedAt < until)
            .OrderByDescending(k => k.DestroyedAt).ThenBy(k => k.Id).Take(Math.Clamp(limit, 1, Most)).ToListAsync(cancel);
        return [.. erased.Select(k => new ErasureEntry(k.Id, k.Stream, k.DestroyedAt!.Value, k.DestroyedBy, k.Ground))];
    }

    private static HashSet<string> Set(string? hash) => hash is null ? [] : [hash];

    private static void AddTo(HashSet<string> hashes, string? hash)
    {
        if (hash is not null)
        {
            hashes.Add(hash);
        }
    }

    private static async Task<IReadOnlyList<JsonNode>> Histories(IQuerySession session, PersonalDataCopy copy, CancellationToken cancel)
    {
        var histories = new List<JsonNode>();
        foreach (var stream in copy.Streams)
        {
            var events = await session.Events.FetchStreamAsync(stream, token: cancel);
            histories.Add(new JsonObject { ["of"] = stream, ["events"] = new JsonArray([.. events.Select(e => Event(e, copy.Reader))]) });
        }

        return histories;
    }

    // Who of the staff did it is the staff's own data: the role is enough here.
    private static JsonObject Event(IEvent e, PersonalReader reader) => new()
    {
        ["at"] = e.Timestamp,
        ["what"] = e.EventTypeName,
        ["role"] = e.GetHeader(EventHeaders.Role)?.ToString(),
        ["data"] = SealedJson.Open(JsonSerializer.SerializeToNode(e.Data, e.EventType, Json)!, reader, NotYours),
    };

    private static async Task<byte[]> Zip(JsonObject document, PersonalDataCopy copy, CancellationToken cancel)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            await Write(zip, "BACA-SAYA.txt", new MemoryStream(Encoding.UTF8.GetBytes(ReadMe)), cancel);
            await Write(zip, "data.json", new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(document, new JsonSerializerOptions(Json) { WriteIndented = true })), cancel);
            foreach (var (name, open) in copy.Files)
            {
                if (await open(cancel) is { } file)
                {
                    await Write(zip, name, file, cancel);
                }
            }
        }

        return bytes.ToArray();
    }

    private static async Task Write(ZipArchive zip, string name, Stream content, CancellationToken cancel)
    {
        await using var from = content;
        await using var to = zip.CreateEntry(name).Open();
        await from.CopyToAsync(to, cancel);
    }

    private static JsonSerializerOptions JsonOptions()
    {
        var json = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        PlatformSetup.ConfigureJson(json);
        return json;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Not all that belongs to erased keys of {Regency} could be removed at once; it is tried again.")]
    private partial void LogLater(Exception failure, string regency);

    private const string ReadMe = """
        Salinan data pribadi Anda (UU 27/2022 tentang Pelindungan Data Pribadi, pasal 7).
        data.json: laporan dan pesan Anda, dan semua yang terjadi padanya. Folder foto: foto yang Anda kirim.
        Simpan baik-baik: isinya pribadi.

        A copy of your personal data (Indonesian law 27/2022 on personal data protection, article 7).
        data.json: your reports and messages, and all that happened to them. Folder foto: the photos that you sent.
        Keep it safe: it is private.
        """;
}
