using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Accountability.Contracts;
using SmartCity.Accountability.Replaying;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Problems;

namespace SmartCity.Accountability.Auditing;

/// <summary>Proof for auditors: signed checkpoints, proofs, archives; and the public keys for everybody.</summary>
internal sealed class AuditEndpoints : ICarterModule
{
    private const string Note = "text/plain; charset=utf-8";

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var audit = app.MapRegencyApi("/audit").RequireRole(Role.Auditor).WithTags("Accountability");
        audit.MapGet("checkpoints/latest", Latest).WithSummary("The latest signed checkpoint of the regency's history, a C2SP signed note");
        audit.MapGet("checkpoints", List).WithSummary("Checkpoints, the newest first; ?before=SIZE, limit=");
        audit.MapGet("proofs/inclusion", Inclusion).WithSummary("Proves that the event at a position is in the latest checkpoint (RFC 9162); ?position=");
        audit.MapGet("proofs/consistency", Consistency).WithSummary("Proves that the history of one checkpoint continues that of another (RFC 9162); ?from=SIZE, to=SIZE");
        audit.MapGet("export", Export).WithSummary("Events with all that is needed to verify them offline, NDJSON (docs/audit-format.md); ?from=, to=, each a position, a date or an instant");
        app.MapGet("/.well-known/smartcity-audit-keys/{code}", (HttpContext http, AuditKeys keys) =>
                Results.Text(string.Concat(keys.Published(http.Regency().Id).Select(k => $"{k}\n")), Note))
            .InRegency().WithTags("Accountability").WithSummary("Public keys that verify the regency's checkpoints, the oldest first");
    }

    private static IResult None => Problem.NotFound("audit.no-checkpoint", "No checkpoint was signed here yet; it takes a few seconds after the first event.");

    private static IResult Broken => Problem.Conflict("audit.tree-broken", "The stored tree has not all of its nodes: it was tampered with. Export an archive and verify it.");

    private static async Task<IResult> Latest(HttpContext http, AuditReads reads, CancellationToken cancel)
    {
        await using var audit = await reads.Open(http.Regency().Id, cancel);
        return await audit.Latest(cancel) is { } latest ? Results.Text(latest.Note, Note) : None;
    }

    private static async Task<IResult> List(long? before, int? limit, HttpContext http, AuditReads reads, CancellationToken cancel)
    {
        if (limit is < 1 or > 1000)
        {
            return Problem.BadRequest(new Fault("limit.invalid", "Between 1 and 1000.", "limit"));
        }

        await using var audit = await reads.Open(http.Regency().Id, cancel);
        return Results.Ok(await audit.Checkpoints(before ?? long.MaxValue, limit ?? 100, cancel));
    }

    private static async Task<IResult> Inclusion(long? position, HttpContext http, AuditReads reads, CancellationToken cancel)
    {
        if (position is null or < 1)
        {
            return Problem.BadRequest(new Fault("position.invalid", "Send the position of an event, from 1.", "position"));
        }

        await using var audit = await reads.Open(http.Regency().Id, cancel);
        if (await audit.Latest(cancel) is not { } latest)
        {
            return None;
        }

        long index;
        string content;
        await using (var command = audit.Command("select leaf_index, content from accountability.audit_leaf where tenant_id = $1 and position = $2", position))
        await using (var reader = await command.ExecuteReaderAsync(cancel))
        {
            if (!await reader.ReadAsync(cancel) || reader.GetInt64(0) >= latest.Size)
            {
                return Problem.NotFound("audit.position-unknown", $"No event at position {position} is in the latest checkpoint; a position may be empty for ever.", "position");
            }

            (index, content) = (reader.GetInt64(0), reader.GetString(1));
        }

        return await audit.Hashes(Merkle.InclusionPath(index, latest.Size), cancel) is { } proof
            ? Results.Ok(new { position, index, size = latest.Size, leaf = content, proof, checkpoint = latest.Note })
            : Broken;
    }

    private static async Task<IResult> Consistency(long? from, long? to, HttpContext http, AuditReads reads, CancellationToken cancel)
    {
        await using var audit = await reads.Open(http.Regency().Id, cancel);
        if (await audit.Latest(cancel) is not { } latest)
        {
            return None;
        }

        var until = to ?? latest.Size;
        if (from is null or < 1 || from > until || until > latest.Size)
        {
            return Problem.BadRequest(new Fault("from.invalid", $"Send sizes of two checkpoints, from at least 1 and not above to, to at most {latest.Size}.", "from"));
        }

        return await audit.Hashes(Merkle.ConsistencyPath(from.Value, until), cancel) is { } proof ? Results.Ok(new { from, to = until, proof }) : Broken;
    }

    private static async Task<IResult> Export(string? from, string? to, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var (regency, faults) = (http.Regency().Id, new List<Fault>());
        var (first, last) = (Moments.ReadBound(from, http.Regency().Zone, "from", isStart: true, faults), Moments.ReadBound(to, http.Regency().Zone, "to", isStart: false, faults));
        if (faults.Count == 0 && (last.Position < first.Position || last.Instant < first.Instant))
        {
            faults.Add(new Fault("to.before_from", "The period ends before it begins: to must not be earlier than from.", "to"));
        }

        if (faults.Count > 0)
        {
            return Problem.BadRequest(faults);
        }

        var written = await sender.Send(new ExportArchive(regency, first.Position, last.Position, () =>
        {
            // Only now is it known that there is something to send.
            http.Response.ContentType = "application/x-ndjson";
            http.Response.Headers.CacheControl = "no-store";
            http.Response.Headers.ContentDisposition = $"attachment; filename={ExportArchiveHandler.FileName(regency)}";
            return Task.FromResult(http.Response.Body);
        }, Since: first.Instant, Until: last.Instant), cancel);
        return written is null ? Problem.NotFound("audit.nothing", "No signed event is in this range yet.", "from") : Results.Empty;
    }
}

/// <summary>Opens the log for an auditor, and writes down that he looked at it: once a day, for some ask every minute.</summary>
internal sealed class AuditReads(RegencySessions sessions, CallContext call, TimeProvider time)
{
    public async Task<AuditLog> Open(string regency, CancellationToken cancel)
    {
        await using var session = sessions.Query(regency);
        await session.Record(call, [DataRead.Today("log", time.GetUtcNow())], cancel);
        return await AuditLog.Open(sessions, regency, cancel);
    }
}
