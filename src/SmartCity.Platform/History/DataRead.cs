using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Marten;
using Npgsql;
using SmartCity.Platform.Access;

namespace SmartCity.Platform.History;

/// <summary>Somebody has seen what is personal, or a matter of oversight. Name on the wire: <c>data.read.v1</c>. Its stream is <c>reads-STREAM</c>.</summary>
/// <param name="Of">The stream that the data stands in, such as a ticket; <see cref="Regency"/>: what is of all of them.</param>
/// <param name="Version">How far that stream had come; of the regency: the last event that is no reading, or the day (20261128) where the same is asked again and again.</param>
/// <param name="What"><c>reporter</c>, <c>confidential</c>, <c>staff</c> (notes of staff, or what is hidden from the public), <c>photo-NUMBER</c>, <c>message</c>, <c>outbox</c>, <c>case</c>, <c>obligation</c>, <c>obligations</c>, <c>obligors</c>, <c>letter</c>, <c>findings</c>, <c>deadlines</c>, <c>history</c>, <c>replay</c>, <c>export</c>, <c>log</c>, <c>streams</c>, <c>rebuild</c>, <c>personal-search</c>.</param>
public sealed record DataRead(string Of, long Version, string What)
{
    /// <summary>Lists of obligations.</summary>
    public const string Obligations = "obligations";

    /// <summary>Of a list: what was asked for.</summary>
    public string? Filter { get; init; }

    /// <summary>Of a list: the streams that stood in it, and how far each had come.</summary>
    public IReadOnlyDictionary<string, long>? Shown { get; init; }

    /// <summary>A list of many things, as one reading. The same list again, unchanged, is known by what its version is made of.</summary>
    public static DataRead List(string of, string filter, IReadOnlyDictionary<string, long> shown) => new(of, Hash($"{filter}\n{string.Join('\n', shown.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key} {s.Value}"))}"), of)
    {
        Filter = filter,
        Shown = shown,
    };

    // 48 bits: exact in every reader of JSON.
    private static long Hash(string text) => BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text))) >>> 16;

    /// <summary>What is of the whole regency.</summary>
    public const string Regency = "regency";

    /// <summary>Something of the regency that may be read every minute: one reading a day.</summary>
    public static DataRead Today(string what, DateTimeOffset now) => new(Regency, long.Parse(now.ToString("yyyyMMdd", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture), what);

    /// <summary>The stream of those who read another one.</summary>
    public static string StreamOf(string stream) => $"reads-{stream}";
}

/// <summary>Writes down who has seen what.</summary>
public static class DataReads
{
    private const int MostTries = 10;

    // A page that is opened again tells its reader nothing new.
    private const string Known = """
        select r.of from unnest($3::text[], $4::bigint[], $5::text[]) r (of, version, what)
         where exists (select from history.mt_events e where e.tenant_id = $1 and e.stream_id = 'reads-' || r.of and e.user_name = $2
                         and (e.data ->> 'Version')::bigint = r.version and e.data ->> 'What' = r.what)
        """;

    /// <summary>
    /// Writes down what somebody is about to be shown, before it is; what he has seen as it is already is not written again.
    /// </summary>
    /// <param name="session">Of the regency.</param>
    /// <param name="call">Who reads, and why.</param>
    /// <param name="reads">At most one of a stream.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task Record(this IQuerySession session, CallContext call, IReadOnlyList<DataRead> reads, CancellationToken cancel)
    {
        if (reads.Count == 0 || call.Actor.Role is Role.Citizen)
        {
            return;
        }

        var origin = EventOrigin.Of(call);
        for (var tries = 1; await Unknown(session, call.Actor.Id, reads, cancel) is { Count: > 0 } left; tries++)
        {
            await using var writing = session.DocumentStore.LightweightSession(session.TenantId);
            writing.LastModifiedBy = origin.Actor;
            writing.CorrelationId = origin.CorrelationId;
            writing.CausationId = origin.CausationId;
            foreach (var (name, value) in origin.Headers)
            {
                writing.SetHeader(name, value);
            }

            foreach (var read in left)
            {
                writing.Events.Append(DataRead.StreamOf(read.Of), read);
            }

            try
            {
                await writing.SaveChangesAsync(cancel);
                return;
            }
            catch (Exception failure) when (tries < MostTries && LostRace.Is(failure))
            {
                // Others read the same at the same moment.
            }
        }
    }

    private static async Task<IReadOnlyList<DataRead>> Unknown(IQuerySession session, string actor, IReadOnlyList<DataRead> reads, CancellationToken cancel)
    {
        var known = new HashSet<string>();
        await using var connection = session.Database.CreateConnection();
        await connection.OpenAsync(cancel);
        await using var command = new NpgsqlCommand(Known, connection)
        {
            Parameters =
            {
                new() { Value = session.TenantId }, new() { Value = actor }, new() { Value = reads.Select(r => r.Of).ToArray() },
                new() { Value = reads.Select(r => r.Version).ToArray() }, new() { Value = reads.Select(r => r.What).ToArray() },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            known.Add(reader.GetString(0));
        }

        return [.. reads.Where(r => !known.Contains(r.Of))];
    }
}
