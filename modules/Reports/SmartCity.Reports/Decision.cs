using SmartCity.Reports.Contracts;

namespace SmartCity.Reports;

/// <summary>What a rule decides: an event that happens, nothing, or a refusal.</summary>
internal readonly record struct Decision(object? Event, Refusal? Refusal)
{
    /// <summary>It is so already.</summary>
    public static Decision Nothing => default;

    public static Decision Happens(object @event) => new(@event, null);

    public static Decision Refused(string code, string english, string indonesian, string? field = null, RefusalKind kind = RefusalKind.Invalid) =>
        new(null, new Refusal(code, english, indonesian, field, kind));
}
