using JasperFx.Events;
using Marten.Events.Aggregation;
using SmartCity.Departments.Contracts;

namespace SmartCity.Accountability.Policies;

// The policy of a regency, one stream: deadline-policy. Names on the wire are given in the module.

/// <summary>From a day on, other deadlines hold for new reports of a class, or of one category.</summary>
internal sealed record DeadlineTermsSet(DeadlineTerms Terms);

/// <summary>From now on the ladder moves by these numbers.</summary>
internal sealed record LadderTermsSet(LadderTerms Terms);

/// <summary>Working days from receipt by which a step must be done. A report keeps those that held on the day it was filed.</summary>
/// <param name="Class">For this class; null: for the category.</param>
/// <param name="Category">For this category; null: for the class.</param>
/// <param name="From">For reports filed on this day or later.</param>
/// <param name="Acknowledge">The reporter knows that it arrived.</param>
/// <param name="Verify">Verified and with a department.</param>
/// <param name="Answer">First answer.</param>
/// <param name="Settle">Settled.</param>
/// <param name="Rule">The regulation that says so, as every deadline shows it.</param>
internal sealed record DeadlineTerms(ReportClass? Class, string? Category, DateOnly From, int Acknowledge, int Verify, int Answer, int Settle, string Rule);

/// <summary>How the ladder moves.</summary>
/// <param name="WarnWorkingDays">So many working days before a step is due it is warned of it; 1: in the morning of the last day.</param>
/// <param name="SilenceWorkingDays">After so many working days of silence a report goes one rung up.</param>
/// <param name="ExtendAtMost">A deadline is put off by at most so many working days.</param>
internal sealed record LadderTerms(int WarnWorkingDays = 1, int SilenceWorkingDays = 3, int ExtendAtMost = 10);

/// <summary>How many working days there are for what, and when the ladder moves.</summary>
/// <param name="Terms">All that were ever set, as they were set: what holds for an old report is among them.</param>
internal sealed record DeadlinePolicy(IReadOnlyList<DeadlineTerms> Terms, LadderTerms Ladder)
{
    /// <summary>Where a regency has decided nothing.</summary>
    public static DeadlinePolicy Usual { get; } = new([], new LadderTerms());

    /// <summary>What was decided for a report filed on a day; null: the usual. Its category's own terms come before those of its class, and of several the latest.</summary>
    public DeadlineTerms? For(ReportClass @class, string? category, DateOnly filedOn) =>
        Latest(t => category is not null && t.Category == category, filedOn) ?? Latest(t => t.Class == @class, filedOn);

    private DeadlineTerms? Latest(Func<DeadlineTerms, bool> matches, DateOnly filedOn) =>
        Terms.Select((terms, place) => (terms, place)).Where(t => matches(t.terms) && t.terms.From <= filedOn).OrderBy(t => t.terms.From).ThenBy(t => t.place).LastOrDefault().terms;
}

/// <summary>The policy as its events make it.</summary>
internal sealed record PolicyRecord
{
    public const string Stream = "deadline-policy";

    /// <summary>The stream.</summary>
    public required string Id { get; init; }

    public required DeadlinePolicy Policy { get; init; }

    public static PolicyRecord? After(PolicyRecord? known, string id, object @event)
    {
        var policy = known?.Policy ?? DeadlinePolicy.Usual;
        return @event switch
        {
            DeadlineTermsSet set => new PolicyRecord { Id = id, Policy = policy with { Terms = [.. policy.Terms, set.Terms] } },
            LadderTermsSet set => new PolicyRecord { Id = id, Policy = policy with { Ladder = set.Terms } },
            _ => known,
        };
    }
}

/// <summary>Keeps <see cref="PolicyRecord"/> in step with its stream, in the same transaction.</summary>
internal sealed class PolicyProjection : SingleStreamProjection<PolicyRecord, string>
{
    public PolicyProjection()
    {
        IncludeType<DeadlineTermsSet>();
        IncludeType<LadderTermsSet>();
    }

    public override PolicyRecord? Evolve(PolicyRecord? snapshot, string id, IEvent e) => PolicyRecord.After(snapshot, id, e.Data);
}
