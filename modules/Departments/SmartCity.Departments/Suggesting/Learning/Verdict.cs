using MediatR;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Reports.Contracts;

namespace SmartCity.Departments.Suggesting.Learning;

/// <summary>
/// What people have decided about a report, beside what its words were taken for: the measure of the suggestions, and what a regency
/// learns from. The text stays sealed with its reporter's key: who is erased is not learnt from any more.
/// </summary>
[NotInEvents("Suggestions beside decisions, to measure and teach the classifier; the decisions themselves are in events.")]
internal sealed record Verdict
{
    /// <summary>The report's ticket.</summary>
    public required string Id { get; init; }

    /// <summary>As it stands in the report, sealed.</summary>
    public string? Text { get; init; }

    public string? SuggestedCategory { get; init; }

    public string? SuggestedDepartment { get; init; }

    /// <summary>Whether it was held back as spam or abuse.</summary>
    public bool WasHeld { get; init; }

    /// <summary>The category that a dispatcher gave it.</summary>
    public string? Category { get; init; }

    /// <summary>The department that a dispatcher gave it to, or that answered it.</summary>
    public string? Department { get; init; }

    /// <summary>What a dispatcher said of a report that was held back: <c>complaint</c> or <c>spam</c>.</summary>
    public string? Kind { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>Notes what people decide about reports, and has the regency learn from it.</summary>
internal sealed class KeepVerdicts(RegencySessions sessions, ISender sender, LearnSoon learning, CallContext call) :
    INotificationHandler<Committed<ReportAssigned>>, INotificationHandler<Committed<ReportHandedOver>>, INotificationHandler<Committed<ReportForwarded>>,
    INotificationHandler<Committed<ReportClassified>>, INotificationHandler<Committed<ReportAnswered>>,
    INotificationHandler<Committed<ReportReleased>>, INotificationHandler<Committed<ReportDiscarded>>
{
    private static readonly string[] ByPeople = ["dispatcher", "regent"];

    public Task Handle(Committed<ReportAssigned> committed, CancellationToken cancel) =>
        ByPeople.Contains(committed.Event.Ground) ? Keep(committed.Envelope, verdict => verdict with { Department = committed.Event.Department }, cancel) : Task.CompletedTask;

    public Task Handle(Committed<ReportHandedOver> committed, CancellationToken cancel) =>
        Keep(committed.Envelope, verdict => verdict with { Department = committed.Event.Department }, cancel);

    public Task Handle(Committed<ReportForwarded> committed, CancellationToken cancel) =>
        committed.Event.Code is { } partner ? Keep(committed.Envelope, verdict => verdict with { Department = partner }, cancel) : Task.CompletedTask;

    public Task Handle(Committed<ReportClassified> committed, CancellationToken cancel) =>
        committed.Event.Category is { } category ? Keep(committed.Envelope, verdict => verdict with { Category = category }, cancel) : Task.CompletedTask;

    // Whoever answers says that it was sent to the right place.
    public Task Handle(Committed<ReportAnswered> committed, CancellationToken cancel) =>
        Keep(committed.Envelope, verdict => verdict.Department is null ? verdict with { Department = committed.Event.Department } : verdict, cancel);

    public Task Handle(Committed<ReportReleased> committed, CancellationToken cancel) =>
        Keep(committed.Envelope, verdict => verdict with { Kind = TextKinds.Complaint }, cancel);

    public Task Handle(Committed<ReportDiscarded> committed, CancellationToken cancel) =>
        Keep(committed.Envelope, verdict => verdict with { Kind = TextKinds.Spam }, cancel);

    private async Task Keep(EventEnvelope envelope, Func<Verdict, Verdict> decide, CancellationToken cancel)
    {
        var (regency, ticket) = (envelope.Regency.Value, envelope.Stream);
        call.Actor = Actor.System("learning");
        await using var session = sessions.Open(regency);
        var known = await session.LoadAsync<Verdict>(ticket, cancel);
        if (known is null)
        {
            if (await sender.Send(new GetAssessed(regency, ticket), cancel) is not { Assessment: { } assessment, Description: { } text })
            {
                return;
            }

            known = new Verdict
            {
                Id = ticket,
                Text = text,
                SuggestedCategory = assessment.Category,
                SuggestedDepartment = assessment.Department,
                WasHeld = assessment.IsHeld,
                At = envelope.At,
            };
        }

        var decided = decide(known with { At = envelope.At });
        if (decided with { At = known.At } == known && known.Department is not null)
        {
            return;
        }

        session.Store(decided);
        await session.SaveChangesAsync(cancel);
        learning.Raise(regency);
    }
}
