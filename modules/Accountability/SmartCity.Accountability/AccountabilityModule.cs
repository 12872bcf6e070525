using JasperFx.Events.Projections;
using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Accountability.Auditing;
using SmartCity.Accountability.Calendars;
using SmartCity.Accountability.Cases;
using SmartCity.Accountability.Climbing;
using SmartCity.Accountability.Clocks;
using SmartCity.Accountability.Contracts;
using SmartCity.Accountability.Digests;
using SmartCity.Accountability.Findings;
using SmartCity.Accountability.Policies;
using SmartCity.Accountability.Repayments;
using SmartCity.Platform;

namespace SmartCity.Accountability;

/// <summary>The module's one door to the host.</summary>
public sealed class AccountabilityModule : IModule
{
    /// <inheritdoc/>
    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<WorkingCalendars>();
        services.AddScoped<OfficesHeld>();
        services.AddSingleton<ClimbByItself>();
        services.AddHostedService(provider => provider.GetRequiredService<ClimbByItself>());
        services.AddSingleton(AuditOptions.Read(configuration));
        services.AddSingleton<AuditKeys>();
        services.AddSingleton<CheckpointMail>();
        services.AddSingleton<CheckpointFiles>();
        services.AddScoped<AuditReads>();
        services.AddHttpClient(CheckpointFiles.Client, client => client.Timeout = TimeSpan.FromSeconds(10));
        services.AddHostedService<BuildAuditLog>();
        services.AddScoped<MoneyRoles>();
        services.AddScoped<MoneyReads>();
        services.AddScoped<ObligationStreams>();
        services.AddScoped<FindingReads>();
        services.AddSingleton<SendDigests>();
        services.AddHostedService(provider => provider.GetRequiredService<SendDigests>());
    }

    /// <inheritdoc/>
    public void ConfigureStore(StoreOptions store)
    {
        store.Events.MapEventType<HolidaysImported>("holidays.imported.v1");
        store.Events.MapEventType<DeadlinesSet>("deadlines.set.v1");
        store.Events.MapEventType<DeadlinesOwed>("deadlines.owed.v1");
        store.Events.MapEventType<DeadlineMet>("deadline.met.v1");
        store.Events.MapEventType<ClockStopped>("deadlines.stopped.v1");
        store.Events.MapEventType<ClockResumed>("deadlines.resumed.v1");
        store.Events.MapEventType<ClockEnded>("deadlines.ended.v1");
        store.Events.MapEventType<ClockRestarted>("deadlines.restarted.v1");
        store.Events.MapEventType<AnswerDueSet>("deadlines.answer-due-set.v1");
        store.Events.MapEventType<DeadlinesRecounted>("deadlines.recounted.v1");
        store.Events.MapEventType<DepartmentActed>("deadlines.department-acted.v1");
        store.Events.MapEventType<DeadlineExtended>("deadlines.extended.v1");
        store.Events.MapEventType<AnswerJudged>("deadlines.judged.v1");
        store.Events.MapEventType<LadderEntered>("ladder.entered.v1");
        store.Events.MapEventType<LadderWarned>(LadderEvents.Warned);
        store.Events.MapEventType<LadderClimbed>(LadderEvents.Climbed);
        store.Events.MapEventType<LadderTakenOver>("ladder.taken-over.v1");
        store.Events.MapEventType<DeadlineTermsSet>("deadline-policy.set.v1");
        store.Events.MapEventType<LadderTermsSet>("ladder-policy.set.v1");
        store.Events.MapEventType<CaseOpened>("case.opened.v1");
        store.Events.MapEventType<CaseReportAdded>("case.report-added.v1");
        store.Events.MapEventType<CaseStatementGiven>("case.statement-given.v1");
        store.Events.MapEventType<CaseDecided>("case.decided.v1");
        store.Events.MapEventType<CaseClosed>("case.closed.v1");
        store.Events.MapEventType<DigestMade>("digest.made.v1");
        store.Projections.Add(new CaseProjection(), ProjectionLifecycle.Inline);
        store.Schema.For<Case>().DatabaseSchemaName("accountability").Duplicate(c => c.Term).Duplicate(c => c.OpenedAt);
        store.Projections.Add(new PolicyProjection(), ProjectionLifecycle.Inline);
        store.Schema.For<PolicyRecord>().DatabaseSchemaName("accountability");
        store.Storage.ExtendedSchemaObjects.Add(new AuditSchema());
        store.Events.MapEventType<ClosureAnnounced>("closure.announced.v1");
        store.Events.MapEventType<ClosureWithdrawn>("closure.withdrawn.v1");
        store.Projections.Add(new LocalClosuresProjection(), ProjectionLifecycle.Inline);
        store.Schema.For<LocalClosures>().DatabaseSchemaName("accountability");
        store.Projections.Add(new ClosedYearProjection(), ProjectionLifecycle.Inline);
        store.Projections.Add(new ReportClockProjection(), ProjectionLifecycle.Inline);
        store.Schema.For<ClosedYear>().DatabaseSchemaName("accountability");
        store.Schema.For<ReportClock>().DatabaseSchemaName("accountability")
            .Duplicate(c => c.NextDueAt)
            .Duplicate(c => c.LookAt, configure: index => index.Predicate = "look_at is not null")
            .Duplicate(c => c.Office, configure: index => index.Predicate = "office is not null")
            .Duplicate(c => c.FiledAt);
        store.Events.MapEventType<AuditReportReceived>("audit-report.received.v1");
        store.Events.MapEventType<FindingRecorded>("audit-report.finding-recorded.v1");
        store.Events.MapEventType<FollowUpProposed>("audit-report.follow-up-proposed.v1");
        store.Events.MapEventType<FollowUpDecided>("audit-report.follow-up-decided.v1");
        store.Projections.Add(new AuditReportProjection(), ProjectionLifecycle.Inline);
        store.Schema.For<AuditReportRecord>().DatabaseSchemaName("accountability");
        store.Events.MapEventType<ObligationRegistered>("obligation.registered.v1");
        store.Events.MapEventType<InstalmentsAgreed>("obligation.instalments-agreed.v1");
        store.Events.MapEventType<DepositRecorded>("obligation.deposit-recorded.v1");
        store.Events.MapEventType<DepositConfirmed>("obligation.deposit-confirmed.v1");
        store.Events.MapEventType<EntryReversed>("obligation.entry-reversed.v1");
        store.Events.MapEventType<RepaymentPolicySet>("repayment-policy.set.v1");
        store.Events.MapEventType<LetterIssued>("repayment-letter.issued.v1");
        store.Projections.Add(new LettersProjection(), ProjectionLifecycle.Inline);
        store.Schema.For<LettersRecord>().DatabaseSchemaName("accountability");
        store.Projections.Add(new ObligationProjection(), ProjectionLifecycle.Inline);
        store.Schema.For<ObligationRecord>().DatabaseSchemaName("accountability")
            .Duplicate(o => o.Department)
            .Duplicate(o => o.Obligor);
    }
}
