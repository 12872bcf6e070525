using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using Carter;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using SmartCity.Platform;
using SmartCity.Platform.Access;
using SmartCity.Platform.Problems;
using SmartCity.Platform.Telemetry;
using SmartCity.Reports.Publishing;

namespace SmartCity.Reports.Streaming;

/// <summary>What happens to public reports, as it happens (server-sent events) or page by page; from now on or from any earlier event.</summary>
internal sealed class EventStreamEndpoint : ICarterModule
{
    private const string StreamType = "text/event-stream";

    // Of the machine's clock: how often one looks, and how long a connection may be silent before something on the way cuts it.
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500), Heartbeat = TimeSpan.FromSeconds(15);

    public void AddRoutes(IEndpointRouteBuilder app) => app.MapRegencyApi("/reports/events").MapGet("", Get).WithTags("Integrations")
        .Produces<CloudEvent[]>(StatusCodes.Status200OK, CloudEvent.BatchMediaType, StreamType).ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status503ServiceUnavailable)
        .WithSummary("What happens to public reports, as CloudEvents: with Accept: text/event-stream live (Last-Event-ID resumes), else a page; ?after=SEQUENCE, type=report.filed.v1");

    private static async Task<IResult> Get(
        string? after, [FromQuery(Name = "type")] string[]? type, HttpContext http, PublicFeed feed, PlatformOptions options, Listeners listeners, IHostApplicationLifetime life, CancellationToken cancel)
    {
        var faults = new List<Fault>();
        var types = type ?? [];
        EventTypeFaults.Add(types, "type", faults);
        var isStream = http.Request.Headers.Accept.ToString().Contains(StreamType, StringComparison.OrdinalIgnoreCase);
        var lastHeard = http.Request.Headers["Last-Event-ID"].FirstOrDefault();
        var position = Position(isStream && lastHeard is { Length: > 0 } ? lastHeard : after, isStream && lastHeard is { Length: > 0 } ? "Last-Event-ID" : "after", faults);
        if (faults.Count > 0)
        {
            return Problem.BadRequest(faults);
        }

        var regency = http.Regency().Id;
        if (!isStream)
        {
            return await Page(regency, position ?? 0, types, feed, options, cancel);
        }

        using var place = listeners.Take(isKnown: http.Actor().Role != Role.Citizen);
        if (place is null)
        {
            http.Response.Headers.RetryAfter = "30";
            return Problem.From(StatusCodes.Status503ServiceUnavailable, new Fault("listeners.too_many", "As many listen as this host serves at once. Try again in 30 seconds; nothing is missed with Last-Event-ID or after."));
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, life.ApplicationStopping);
        await Stream(http, regency, position, types, feed, options, stop.Token);
        return Results.Empty;
    }

    private static async Task<IResult> Page(string regency, long position, string[] types, PublicFeed feed, PlatformOptions options, CancellationToken cancel)
    {
        while (true)
        {
            var page = await feed.After(regency, position, cancel);
            var events = page.Events.Where(e => types.Ask(e.Type)).Select(e => CloudEvent.Of(e, regency, options)).ToArray();
            if (events.Length > 0 || page.IsAtEnd)
            {
                return Results.Json(events, CloudEvent.Json, CloudEvent.BatchMediaType);
            }

            position = page.Position;
        }
    }

    private static async Task Stream(HttpContext http, string regency, long? after, string[] types, PublicFeed feed, PlatformOptions options, CancellationToken stop)
    {
        try
        {
            // Who names no place hears what happens from now on.
            var position = after ?? await feed.Head(regency, stop);
            http.Response.ContentType = StreamType;
            http.Response.Headers.CacheControl = "no-cache, no-transform";
            http.Response.Headers["X-Accel-Buffering"] = "no";
            http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            await Write("retry: 3000\n\n");
            var saidAt = TimeProvider.System.GetTimestamp();
            while (true)
            {
                var page = await feed.After(regency, position, stop);
                foreach (var @event in page.Events.Where(e => types.Ask(e.Type)))
                {
                    // Waits for a listener that reads slowly; nothing piles up here.
                    await Write($"id: {@event.Position.ToString(CultureInfo.InvariantCulture)}\ndata: {JsonSerializer.Serialize(CloudEvent.Of(@event, regency, options), CloudEvent.Json)}\n\n");
                    saidAt = TimeProvider.System.GetTimestamp();
                }

                position = page.Position;
                if (page.IsAtEnd)
                {
                    if (TimeProvider.System.GetElapsedTime(saidAt) > Heartbeat)
                    {
                        await Write(": .\n\n");
                        saidAt = TimeProvider.System.GetTimestamp();
                    }

                    await Task.Delay(Look, stop);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The listener has gone, or the host stops: the answer ends here, and a listener comes back with the last id.
        }

        async Task Write(string text)
        {
            await http.Response.WriteAsync(text, stop);
            await http.Response.Body.FlushAsync(stop);
        }
    }

    private static long? Position(string? text, string field, List<Fault> faults)
    {
        if (text is null or "")
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position))
        {
            return position;
        }

        faults.Add(new Fault("after.invalid", "Send the 'sequence' (or the id) of the last event you have, or 0 for the beginning.", field));
        return null;
    }
}

/// <summary>How many listen to this host; <c>SmartCity:Streaming:Listeners</c> bounds them.</summary>
internal sealed class Listeners
{
    private readonly int _most;
    private int _count;

    public Listeners(int most)
    {
        _most = most;
        Meters.Meter.CreateObservableGauge("smartcity.streams.listeners", () => new Measurement<int>(Volatile.Read(ref _count)), unit: "{listener}", description: "Who listens to the events of public reports.");
    }

    /// <exception cref="InvalidOperationException">The configured number is none.</exception>
    public static Listeners Read(IConfiguration configuration) => configuration["SmartCity:Streaming:Listeners"] is not { Length: > 0 } text ? new Listeners(1000)
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var most) && most is >= 1 and <= 100_000 ? new Listeners(most)
        : throw new InvalidOperationException("Configuration SmartCity:Streaming:Listeners must be a number from 1 to 100000.");

    /// <summary>A place until it is disposed, or null: all are taken.</summary>
    /// <param name="isKnown">Who has a key or an account: a fifth is theirs, however many others listen.</param>
    public IDisposable? Take(bool isKnown)
    {
        if (Interlocked.Increment(ref _count) <= (isKnown ? _most : _most - (_most / 5)))
        {
            return new Place(this);
        }

        Interlocked.Decrement(ref _count);
        return null;
    }

    private sealed class Place(Listeners listeners) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                Interlocked.Decrement(ref listeners._count);
            }
        }
    }
}
