using System.Security.Cryptography;
using System.Text;
using JasperFx.Events;
using Marten.Events.Aggregation;
using SmartCity.Departments.Contracts;

namespace SmartCity.Departments.Planning;

/// <summary>A planned work as its events make it.</summary>
internal sealed record PlannedWorkRecord
{
    /// <summary>The stream.</summary>
    public required string Id { get; init; }

    /// <summary>The stream's version.</summary>
    public long Version { get; set; }

    public required PlannedWorkTerms Terms { get; init; }

    public required PlannedWorkState State { get; init; }

    public required string Department { get; init; }

    public required int FiscalYear { get; init; }

    /// <summary>Department and name, for finding the same work again.</summary>
    public required string Title { get; init; }

    public string? Code { get; init; }

    public required DateTimeOffset PlannedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    public string? Reason { get; init; }

    /// <summary>Planned or under way.</summary>
    public bool IsOpen => State is PlannedWorkState.Planned or PlannedWorkState.Started;

    /// <summary>As others see it.</summary>
    public PlannedWork Shown(int reports = 0) => new(Id, Version, Terms, State, Code, PlannedAt, ChangedAt, Reason, reports);

    /// <summary>The work after one more event.</summary>
    public static PlannedWorkRecord? After(PlannedWorkRecord? work, string id, IEvent @event) => (work, @event.Data) switch
    {
        (null, PlannedWorkPlanned planned) => new PlannedWorkRecord
        {
            Id = id,
            Terms = planned.Terms,
            State = PlannedWorkState.Planned,
            Department = planned.Terms.Department,
            FiscalYear = planned.Terms.FiscalYear,
            Title = TitleOf(planned.Terms),
            Code = planned.Code,
            PlannedAt = @event.Timestamp,
            ChangedAt = @event.Timestamp,
        },
        ({ } known, PlannedWorkChanged changed) => known with
        {
            Terms = changed.Terms,
            State = known.State == PlannedWorkState.Cancelled ? PlannedWorkState.Planned : known.State,
            Department = changed.Terms.Department,
            FiscalYear = changed.Terms.FiscalYear,
            Title = TitleOf(changed.Terms),
            ChangedAt = @event.Timestamp,
            Reason = changed.Reason,
        },
        ({ } known, PlannedWorkStarted started) => known with { State = PlannedWorkState.Started, ChangedAt = @event.Timestamp, Reason = started.Reason },
        ({ } known, PlannedWorkFinished finished) => known with { State = PlannedWorkState.Done, ChangedAt = @event.Timestamp, Reason = finished.Reason },
        ({ } known, PlannedWorkCancelled cancelled) => known with { State = PlannedWorkState.Cancelled, ChangedAt = @event.Timestamp, Reason = cancelled.Reason },
        _ => work,
    };

    /// <summary>Department and name, however the name is spaced and capitalised.</summary>
    public static string TitleOf(PlannedWorkTerms terms) => $"{terms.Department} {string.Join(' ', terms.Name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant()}";

    /// <summary>The id of a work that is not there yet: made from what it is, so that planning it twice makes one.</summary>
    public static string IdOf(PlannedWorkTerms terms, string? code) =>
        $"pw-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code is null ? $"title {TitleOf(terms)} {terms.FiscalYear}" : $"code {code} {terms.FiscalYear}")))[..16]}";
}

/// <summary>Keeps <see cref="PlannedWorkRecord"/> in step with its stream, in the same transaction.</summary>
internal sealed class PlannedWorkProjection : SingleStreamProjection<PlannedWorkRecord, string>
{
    public PlannedWorkProjection()
    {
        IncludeType<PlannedWorkPlanned>();
        IncludeType<PlannedWorkChanged>();
        IncludeType<PlannedWorkStarted>();
        IncludeType<PlannedWorkFinished>();
        IncludeType<PlannedWorkCancelled>();
    }

    public override PlannedWorkRecord? Evolve(PlannedWorkRecord? snapshot, string id, IEvent e) => PlannedWorkRecord.After(snapshot, id, e);
}
