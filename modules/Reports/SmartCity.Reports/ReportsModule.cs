using JasperFx.Events.Projections;
using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Platform;
using SmartCity.Reports.Closing;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Filing;
using SmartCity.Reports.Following;
using SmartCity.Reports.HandingOver;
using SmartCity.Reports.Incidents;
using SmartCity.Reports.KeepingPhotos;
using SmartCity.Reports.Life;
using SmartCity.Reports.Placing;
using SmartCity.Reports.Planning;
using SmartCity.Reports.Proposals;
using SmartCity.Reports.Publishing;
using SmartCity.Reports.Reading;
using SmartCity.Reports.ReadyAnswers;
using SmartCity.Reports.Resembling;
using SmartCity.Reports.Retaining;
using SmartCity.Reports.Routing;
using SmartCity.Reports.Searching;
using SmartCity.Reports.Streaming;
using SmartCity.Reports.Subscribing;

namespace SmartCity.Reports;

/// <summary>The module's one door to the host.</summary>
public sealed class ReportsModule : IModule
{
    /// <inheritdoc/>
    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddScoped<ReportStreams>();
        services.AddScoped<Viewers>();
        services.AddScoped<PlacingFactsReader>();
        services.AddScoped<HandoverStreams>();
        services.AddScoped<HandoverViews>();
        services.AddScoped<CarryPhotos>();
        services.AddScoped<EraseElsewhere>();
        services.AddScoped<Responsible>();
        services.AddSingleton<ReporterSecrets>();
        services.AddScoped<ReportViews>();
        services.AddSingleton<CloseByItself>();
        services.AddHostedService(provider => provider.GetRequiredService<CloseByItself>());
        services.AddSingleton(new TicketSerials(TimeProvider.System));
        services.AddSingleton<IntakeQueue>();
        services.AddScoped<Retention>();
        services.AddHostedService<RunRetention>();
        services.AddHostedService(provider => provider.GetRequiredService<IntakeQueue>());
        services.AddSingleton<LinkSignal>();
        services.AddSingleton<SimilarReports>();
        services.AddHostedService<FetchLinks>();
        services.AddSingleton<PlanSignal>();
        services.AddHostedService<TellOfPlans>();
        services.AddSingleton<SearchRows>();
        services.AddScoped<SearchReports>();
        services.AddHostedService<FillSearch>();
        services.AddSingleton<PublicFeed>();
        services.AddSingleton(Listeners.Read(configuration));
        services.AddSingleton<WebhookSecrets>();
        services.AddSingleton<WebhookSignal>();
        services.AddSingleton<WebhookSender>();
        services.AddScoped<WebhookStore>();
        services.AddHostedService<SendWebhooks>();
    }

    /// <inheritdoc/>
    public void ConfigureStore(StoreOptions store)
    {
        store.Events.MapEventType<ReportFiled>("report.filed.v1");
        store.Events.MapEventType<ReportQueued>("report.queued.v1");
        store.Events.MapEventType<ReportAssigned>("report.assigned.v1");
        store.Events.MapEventType<ReportAnswered>("report.answered.v1");
        store.Events.MapEventType<ReportVerified>("report.verified.v1");
        store.Events.MapEventType<ReportRejected>("report.rejected.v1");
        store.Events.MapEventType<ReportReleased>("report.released.v1");
        store.Events.MapEventType<ReportDiscarded>("report.discarded.v1");
        store.Events.MapEventType<WorkStarted>("report.work-started.v1");
        store.Events.MapEventType<ReportClosed>("report.closed.v1");
        store.Events.MapEventType<ReportJudged>("report.judged.v1");
        store.Events.MapEventType<ReportReopened>("report.reopened.v1");
        store.Events.MapEventType<ReportReturned>("report.returned.v1");
        store.Events.MapEventType<ReportHandedOver>("report.handed-over.v1");
        store.Events.MapEventType<ReportMerged>("report.merged.v1");
        store.Events.MapEventType<ReportJoined>("report.joined.v1");
        store.Events.MapEventType<ReportLeft>("report.left.v1");
        store.Events.MapEventType<MainReportAnswered>("report.main-answered.v1");
        store.Events.MapEventType<ReportSplit>("report.split.v1");
        store.Events.MapEventType<PartsSettled>("report.parts-settled.v1");
        store.Events.MapEventType<ReportForwarded>("report.forwarded.v1");
        store.Events.MapEventType<ReporterAsked>("report.reporter-asked.v1");
        store.Events.MapEventType<ReportSupplemented>("report.supplemented.v1");
        store.Events.MapEventType<ReportWithdrawn>("report.withdrawn.v1");
        store.Events.MapEventType<ReportClassified>("report.classified.v1");
        store.Events.MapEventType<ReportProtected>("report.protected.v1");
        store.Events.MapEventType<ProposalStaged>("proposal.staged.v1");
        store.Events.MapEventType<ReportPlanned>("report.planned.v1");
        store.Events.MapEventType<ReportUnplanned>("report.unplanned.v1");
        store.Events.MapEventType<ReportPlanChanged>("report.plan-changed.v1");
        store.Events.MapEventType<ReportJurisdictionDecided>("report.jurisdiction-decided.v1");
        store.Events.MapEventType<ForwardFollowedUp>("report.forward-followed-up.v1");
        store.Events.MapEventType<HandoverOffered>("report.handover-offered.v1");
        store.Events.MapEventType<HandoverDeclined>("report.handover-declined.v1");
        store.Events.MapEventType<ReportReceived>("report.received.v1");
        store.Events.MapEventType<NeighbourSaid>("report.neighbour-said.v1");
        store.Events.MapEventType<StaffNoted>("report.staff-noted.v1");
        store.Events.MapEventType<HandlerChanged>("report.handler-changed.v1");
        store.Events.MapEventType<PhotoHidden>("report.photo-hidden.v1");
        store.Events.MapEventType<PhotoShown>("report.photo-shown.v1");
        store.Events.MapEventType<WordsHidden>("report.words-hidden.v1");
        store.Events.MapEventType<WordsShown>("report.words-shown.v1");
        store.Events.MapEventType<ReadyAnswerWritten>("ready-answer.written.v1");
        store.Events.MapEventType<ReadyAnswerRemoved>("ready-answer.removed.v1");
        store.Projections.Add(new ReadyAnswerProjection(), ProjectionLifecycle.Inline);
        store.Schema.For<ReadyAnswerRecord>().DatabaseSchemaName("reports");
        store.Events.MapEventType<HandoverArrived>("handover.arrived.v1");
        store.Events.MapEventType<HandoverAccepted>("handover.accepted.v1");
        store.Events.MapEventType<HandoverRefused>("handover.declined.v1");
        store.Events.MapEventType<HandoverWithdrawn>("handover.withdrawn.v1");
        store.Events.MapEventType<HandoverFiled>("handover.filed.v1");
        store.Projections.Add(new HandoverProjection(), ProjectionLifecycle.Inline);
        store.Schema.For<Handover>().DatabaseSchemaName("reports").Duplicate(h => h.ArrivedAt);
        store.Events.MapEventType<ReportPolicySet>("report-policy.set.v1");
        store.Events.MapEventType<ReportUpdateReceived>("report.update-received.v1");
        store.Events.MapEventType<RetentionDefined>("retention.defined.v1");
        store.Projections.Add(new RetentionProjection(), ProjectionLifecycle.Inline);
        store.Schema.For<RetentionPolicy>().DatabaseSchemaName("reports");
        store.Schema.For<RetentionRun>().DatabaseSchemaName("reports");
        store.Events.MapEventType<ReportPhotoFetched>("report.photo-fetched.v1");
        store.Events.MapEventType<ReportPhotoMissed>("report.photo-missed.v1");
        store.Events.MapEventType<ReportFollowed>("report.followed.v1");
        store.Events.MapEventType<ReportUnfollowed>("report.unfollowed.v1");
        store.Projections.Add(new FollowProjection(), ProjectionLifecycle.Inline);
        store.Projections.Add(new ReportProjection(), ProjectionLifecycle.Inline);
        store.Projections.Add(new ReportPolicyProjection(), ProjectionLifecycle.Inline);
        store.Schema.For<Report>().DatabaseSchemaName("reports")
            .Duplicate(r => r.Number)
            .Duplicate(r => r.FiledAt)
            .Duplicate(r => r.DueAt, configure: index => index.Predicate = "due_at is not null")
            .Duplicate(r => r.PlannedWork, configure: index => index.Predicate = "planned_work is not null")
            .Duplicate(r => r.AskAgainAt, configure: index => index.Predicate = "ask_again_at is not null")
            .Duplicate(r => r.Handler, configure: index => index.Predicate = "handler is not null")
            .Duplicate(r => r.OfferedTo, configure: index => index.Predicate = "offered_to is not null")
            .Index(r => r.Number, index => (index.Name, index.Predicate) = ("mt_doc_report_idx_emergencies", ReportIndexes.Of(ReportIndexes.IsEmergency)))
            .Index(r => r.Number, index => (index.Name, index.Predicate) = ("mt_doc_report_idx_held", ReportIndexes.Of(ReportIndexes.IsHeld)));
        store.Events.MapEventType<IncidentOpened>("incident.opened.v1");
        store.Events.MapEventType<ReportsGathered>("incident.reports-gathered.v1");
        store.Events.MapEventType<ReportReleasedFromIncident>("incident.report-released.v1");
        store.Events.MapEventType<IncidentNoted>("incident.noted.v1");
        store.Events.MapEventType<IncidentBroadcast>("incident.broadcast.v1");
        store.Events.MapEventType<IncidentClosed>("incident.closed.v1");
        store.Projections.Add(new IncidentProjection(), ProjectionLifecycle.Inline);
        store.Schema.For<Incident>().DatabaseSchemaName("reports");
        store.Schema.For<PlanNews>().DatabaseSchemaName("reports");
        store.Storage.ExtendedSchemaObjects.Add(new SearchSchema());
        store.Schema.For<FiledCause>().DatabaseSchemaName("reports");
        store.Schema.For<ReportPolicyRecord>().DatabaseSchemaName("reports");
        store.Schema.For<Supporter>().DatabaseSchemaName("reports")
            .Duplicate(s => s.Ticket);
        store.Schema.For<Follow>().DatabaseSchemaName("reports").Duplicate(f => f.Ticket);
        store.Schema.For<Clue>().DatabaseSchemaName("reports").Index([c => c.Key, c => c.Number]);
        store.Events.MapEventType<ReportResembles>("report.resembles.v1");
        store.Schema.For<SimilarPair>().DatabaseSchemaName("reports").Duplicate(p => p.Ticket).Duplicate(p => p.Other);
        store.Events.MapEventType<WebhookChanged>("webhook.changed.v1");
        store.Schema.For<Webhook>().DatabaseSchemaName("reports");
        store.Schema.For<WebhookDelivery>().DatabaseSchemaName("reports")
            .Duplicate(d => d.Webhook)
            .Duplicate(d => d.Position)
            .Duplicate(d => d.QueuedAt)
            .Duplicate(d => d.DueAt, configure: index => index.Predicate = "due_at is not null");
        store.Schema.For<LinkFetch>().DatabaseSchemaName("reports")
            .Duplicate(f => f.DueAt, configure: index => index.Predicate = "due_at is not null");
    }
}
