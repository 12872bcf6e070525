using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace SmartCity.Platform.Telemetry;

/// <summary>The platform's spans.</summary>
public static class Traces
{
    /// <summary>Name of the source.</summary>
    public const string Name = "SmartCity";

    /// <summary>Where spans begin.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>The current span as a W3C <c>traceparent</c>, to be continued later.</summary>
    public static string? TraceParent => Activity.Current is { IdFormat: ActivityIdFormat.W3C } current ? current.Id : null;

    /// <summary>Continues a trace that was interrupted by a queue or a restart.</summary>
    public static Activity? Continue(string name, ActivityKind kind, string? traceParent)
    {
        ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent);
        return Source.StartActivity(name, kind, parent);
    }
}

/// <summary>The platform's metrics.</summary>
public static class Meters
{
    /// <summary>Where instruments are made.</summary>
    public static Meter Meter { get; } = new(Traces.Name);

    internal static Counter<long> NotificationsSetAside { get; } =
        Meter.CreateCounter<long>("smartcity.notifications.set_aside", description: "Committed events that a handler could not take after all tries.");
}
