using System.Globalization;
using System.Text.Json;
using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using SmartCity.Accountability.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.Problems;

namespace SmartCity.Accountability.Replaying;

/// <summary>Time travel for auditors.</summary>
internal sealed class ReplayEndpoints : ICarterModule
{
    public const string Lines = "application/x-ndjson";

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var audit = app.MapRegencyApi("/audit").RequireRole(Role.Auditor).WithTags("Accountability");
        audit.MapGet("replay", Replay).WithSummary(
            "How a thing (?report=, case=, finding=, department= or stream=), a conversation with its messages (?conversation=, by itself, a message or a report), or the whole regency, stood: ?asOf=INSTANT or DATE, position=; since=, sincePosition= tells the difference in words. With Accept: application/x-ndjson a whole regency tells its progress line by line");
        audit.MapGet("streams", Find).WithSummary("What can be replayed, by name; ?begins=TEXT, after=STREAM, limit=");
    }

    private static async Task<IResult> Replay(
        string? stream, string? report, [FromQuery(Name = "case")] string? caseId, string? finding, string? department, string? conversation, string? asOf, long? position, string? since, long? sincePosition, HttpContext http, ISender sender, IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions> json, CancellationToken cancel)
    {
        var (regency, faults) = (http.Regency(), new List<Fault>());
        var (at, from) = (new Moment(Moments.Read(asOf, regency.Zone, "asOf", faults), position), new Moment(Moments.Read(since, regency.Zone, "since", faults), sincePosition));
        if (position < 1 || sincePosition < 1)
        {
            faults.Add(new Fault("position.invalid", "Positions of events, from 1.", position < 1 ? "position" : "sincePosition"));
        }

        if (faults.Count > 0)
        {
            return Problem.BadRequest(faults);
        }

        var earlier = from == new Moment() ? null : from;
        (string Field, string? Name)[] things =
            [("stream", stream), ("report", report), ("case", caseId), ("finding", finding), ("department", department is null ? null : $"department-{department.Trim()}"), ("conversation", conversation)];
        if (things.FirstOrDefault(t => t.Name?.Trim() is { Length: > 0 }) is (var field, { } name))
        {
            return await sender.Send(new ReplayStream(regency.Id, name, at, earlier, field == "conversation"), cancel) is { } replay ? Results.Ok(replay)
                : Problem.NotFound("stream.unknown", $"There was nothing named {name.Trim()} here at that moment; /audit/streams lists what there is.", field);
        }

        if (!http.Request.Headers.Accept.ToString().Contains(Lines, StringComparison.Ordinal))
        {
            return Results.Ok(await sender.Send(new ReplayRegency(regency.Id, at, earlier), cancel));
        }

        http.Response.ContentType = Lines;
        http.Response.Headers.CacheControl = "no-store";
        await WithProgress(http, progress => sender.Send(new ReplayRegency(regency.Id, at, earlier, progress), cancel), json.Value.SerializerOptions, cancel);
        return Results.Empty;
    }

    // One line at a time, and never two writers: whoever asks goes away by closing the connection, which stops the replay.
    private static async Task WithProgress(HttpContext http, Func<IProgress<HistoryProgress>, Task<RegencyReplay?>> replay, JsonSerializerOptions json, CancellationToken cancel)
    {
        var progress = new Latest();
        var running = replay(progress);
        for (var told = -1L; !running.IsCompleted;)
        {
            await Task.WhenAny(running, Task.Delay(200, cancel));
            if (!running.IsCompleted && progress.Value is { } now && now.Done != told)
            {
                told = now.Done;
                await Write(new { progress = now });
            }
        }

        await Write(new { replay = await running });

        async Task Write(object line)
        {
            await JsonSerializer.SerializeAsync(http.Response.Body, line, json, cancel);
            await http.Response.WriteAsync("\n", cancel);
            await http.Response.Body.FlushAsync(cancel);
        }
    }

    private static async Task<IResult> Find(string? begins, string? after, int? limit, HttpContext http, ISender sender, CancellationToken cancel) =>
        limit is < 1 or > 1000 ? Problem.BadRequest(new Fault("limit.invalid", "Between 1 and 1000.", "limit"))
            : Results.Ok(await sender.Send(new FindStreams(http.Regency().Id, begins ?? "", after, limit ?? 50), cancel));

    private sealed class Latest : IProgress<HistoryProgress>
    {
        private HistoryProgress? _value;

        public HistoryProgress? Value => Volatile.Read(ref _value);

        public void Report(HistoryProgress value) => Volatile.Write(ref _value, value);
    }
}

/// <summary>Moments as people write them.</summary>
internal static class Moments
{
    /// <summary>Where a period begins or ends: a position, an instant, or a date on the clock of the place, which is all of that day.</summary>
    public static Moment ReadBound(string? text, TimeZoneInfo zone, string field, bool isStart, List<Fault> faults)
    {
        if (!long.TryParse(text?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var position))
        {
            return new Moment(Read(text, zone, field, faults, isStart));
        }

        if (position < 1)
        {
            faults.Add(new Fault($"{field}.invalid", "Positions of events begin at 1.", field));
        }

        return new Moment(Position: position);
    }

    /// <summary>An instant, or a date, which is its end on the clock of the place.</summary>
    /// <param name="isStart">A date is its beginning.</param>
    public static DateTimeOffset? Read(string? text, TimeZoneInfo zone, string field, List<Fault> faults, bool isStart = false)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (DateOnly.TryParseExact(text.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day < DateOnly.MaxValue)
        {
            var edge = day.AddDays(isStart ? 0 : 1).ToDateTime(TimeOnly.MinValue);
            return new DateTimeOffset(edge, zone.GetUtcOffset(edge)).AddTicks(isStart ? 0 : -10);
        }

        // A '+' in a query string arrives as a space when the caller does not encode it.
        if (DateTimeOffset.TryParse(text.Trim().Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
        {
            return instant;
        }

        faults.Add(new Fault($"{field}.invalid", "Send an instant such as 2026-10-31T09:00:00+07:00, or a date such as 2026-10-31.", field));
        return null;
    }
}
