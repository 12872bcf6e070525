using JasperFx.Events;
using Marten.Events.Aggregation;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.HandingOver;

// What a neighbour offers, in a stream of the regency that may take it over: handover-33.28-2026-000017-4. Names on the wire are given in the module.

/// <summary>A neighbour offers a report.</summary>
/// <param name="Person">Id of the key that seals what was written: a new one of this regency.</param>
/// <param name="Description">What was written, contacts masked, sealed.</param>
/// <param name="Place">Where; the words sealed.</param>
internal sealed record HandoverArrived(
    string Handover, ReportElsewhere From, string Person, string? Category, string? Class, string? Description, ReportPlace Place, DateTimeOffset FiledAt);

/// <summary>It is taken over.</summary>
internal sealed record HandoverAccepted(string Handover);

/// <summary>It is not taken over.</summary>
/// <param name="Reason">Sealed.</param>
internal sealed record HandoverRefused(string Handover, string? Reason);

/// <summary>The neighbour has decided otherwise.</summary>
internal sealed record HandoverWithdrawn(string Handover);

/// <summary>It is a report here.</summary>
internal sealed record HandoverFiled(string Handover, string Ticket);

internal enum HandoverState
{
    Pending,
    Accepted,
    Declined,
    Withdrawn,
}

/// <summary>A handover as its events make it.</summary>
internal sealed record Handover
{
    /// <summary>The stream.</summary>
    public required string Id { get; init; }

    public long Version { get; set; }

    public required HandoverArrived Arrived { get; init; }

    public HandoverState State { get; init; }

    /// <summary>The report that it became.</summary>
    public string? Ticket { get; init; }

    public string? Reason { get; init; }

    public required DateTimeOffset ArrivedAt { get; init; }

    public static string Stream(string handover) => $"handover-{handover}";

    public static Handover? After(Handover? known, string id, object @event, DateTimeOffset at) => (known, @event) switch
    {
        (null, HandoverArrived arrived) => new Handover { Id = id, Arrived = arrived, ArrivedAt = at.ToUniversalTime() },
        ({ State: HandoverState.Pending }, HandoverAccepted) => known with { State = HandoverState.Accepted },
        ({ State: HandoverState.Pending }, HandoverRefused refused) => known with { State = HandoverState.Declined, Reason = refused.Reason },
        ({ State: HandoverState.Pending }, HandoverWithdrawn) => known with { State = HandoverState.Withdrawn },
        ({ State: HandoverState.Accepted }, HandoverFiled filed) => known with { Ticket = filed.Ticket },
        _ => known,
    };
}

/// <summary>Keeps <see cref="Handover"/> in step with its stream, in the same transaction.</summary>
internal sealed class HandoverProjection : SingleStreamProjection<Handover, string>
{
    public HandoverProjection()
    {
        IncludeType<HandoverArrived>();
        IncludeType<HandoverAccepted>();
        IncludeType<HandoverRefused>();
        IncludeType<HandoverWithdrawn>();
        IncludeType<HandoverFiled>();
    }

    public override Handover? Evolve(Handover? snapshot, string id, IEvent e) => Handover.After(snapshot, id, e.Data, e.Timestamp);
}
