using System.Text.Json;
using System.Text.Json.Nodes;
using Carter;
using JasperFx.Events;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Accountability.Contracts;
using SmartCity.Platform;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Problems;
using SmartCity.Platform.Regencies;
using SmartCity.Reports.Contracts;

namespace SmartCity.Accountability.Replaying;

/// <summary>Every event of a report, for auditors.</summary>
internal sealed class ReportHistoryEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapRegencyApi("/reports/{id}")
        .MapGet("history", async (string id, HttpContext http, ISender sender, CancellationToken cancel) =>
            await sender.Send(new GetReportHistory(http.Regency().Id, id), cancel) is { Count: > 0 } history
                ? Results.Ok(history)
                : Problem.NotFound("report.unknown", $"There is no report {id} here.", "id"))
        .RequireRole(Role.Auditor)
        .WithTags("Accountability").WithSummary("Every event of a report: who, when, for whom and why");
}

internal sealed class GetReportHistoryHandler(RegencySessions sessions, RegencyRegistry regencies, PersonalData personal, CallContext call)
    : IRequestHandler<GetReportHistory, IReadOnlyList<HistoryEntry>>
{
    private static readonly JsonSerializerOptions Json = Options();

    public async Task<IReadOnlyList<HistoryEntry>> Handle(GetReportHistory query, CancellationToken cancel)
    {
        if (!call.Actor.Is(query.Regency, Role.Auditor))
        {
            return [];
        }

        await using var session = sessions.Query(query.Regency);
        var events = await session.Events.FetchStreamAsync(query.Ticket.Trim(), token: cancel);
        // Other streams than reports have other readers.
        if (events.Count == 0 || events[0].Data is not ReportFiled)
        {
            return [];
        }

        await session.Record(call, [new DataRead(query.Ticket.Trim(), events[^1].Version, "history")], cancel);
        var zone = (await regencies.Find(RegencyCode.Parse(query.Regency), cancel))?.Zone ?? TimeZoneInfo.Utc;
        var data = events.Select(e => JsonSerializer.SerializeToNode(e.Data, e.EventType, Json)!).ToArray();
        var reader = await personal.Reader(session, data.SelectMany(SealedJson.In), cancel);
        var entries = events.Zip(data, (e, node) => Entry(e, SealedJson.Open(node, reader, erased: key => ReplayWords.Shown(key, zone)))).ToList();
        // What became of the people's data is a part of the report's story too, and holds nothing of them.
        foreach (var key in data.SelectMany(SealedJson.KeysIn).Distinct().Where(reader.Knows))
        {
            var more = await session.Events.FetchStreamAsync(PersonErased.StreamOf(key), token: cancel);
            entries.AddRange(more.Select(e => Entry(e, JsonSerializer.SerializeToNode(e.Data, e.EventType, Json)!)));
        }

        return [.. entries.OrderBy(entry => entry.Position)];
    }

    private static HistoryEntry Entry(IEvent e, JsonNode data) => new(
        e.Sequence, e.Version, e.Id, e.EventTypeName, e.Timestamp, e.UserName, e.GetHeader(EventHeaders.Role)?.ToString(),
        e.GetHeader(EventHeaders.OnBehalfOf)?.ToString(), e.CorrelationId, e.CausationId, data);

    private static JsonSerializerOptions Options()
    {
        var json = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        PlatformSetup.ConfigureJson(json);
        return json;
    }
}
