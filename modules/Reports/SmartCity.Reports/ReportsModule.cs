using JasperFx.Events.Projections;
using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Platform;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Filing;
using SmartCity.Reports.Following;
using SmartCity.Reports.KeepingPhotos;
using SmartCity.Reports.Reading;
using SmartCity.Reports.Resembling;

namespace SmartCity.Reports;

/// <summary>The module's one door to the host.</summary>
public sealed class ReportsModule : IModule
{
    /// <inheritdoc/>
    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddScoped<ReportStreams>();
        services.AddScoped<PhotoEvidenceSeal>();
        services.AddSingleton<ReportViews>();
        services.AddSingleton<IntakeQueue>();
        services.AddHostedService(provider => provider.GetRequiredService<IntakeQueue>());
        services.AddSingleton<LinkSignal>();
        services.AddSingleton<SimilarReports>();
        services.AddHostedService<FetchLinks>();
    }

    /// <inheritdoc/>
    public void ConfigureStore(StoreOptions store)
    {
        store.Events.MapEventType<ReportFiled>("report.filed.v1");
        store.Events.MapEventType<ReportQueued>("report.queued.v1");
        store.Events.MapEventType<ReportAssigned>("report.assigned.v1");
        store.Events.MapEventType<ReportAnswered>("report.answered.v1");
        store.Events.MapEventType<ReportPhotoFetched>("report.photo-fetched.v1");
        store.Events.MapEventType<ReportPhotoMissed>("report.photo-missed.v1");
        store.Events.MapEventType<ReportFollowed>("report.followed.v1");
        store.Events.MapEventType<ReportUnfollowed>("report.unfollowed.v1");
        store.Projections.Add(new FollowProjection(), ProjectionLifecycle.Inline);
        store.Projections.Add(new ReportProjection(), ProjectionLifecycle.Inline);
        store.Schema.For<Report>().DatabaseSchemaName("reports")
            .Duplicate(r => r.Number)
            .Duplicate(r => r.FiledAt);
        store.Schema.For<FiledCause>().DatabaseSchemaName("reports");
        store.Schema.For<Follow>().DatabaseSchemaName("reports").Duplicate(f => f.Ticket);
        store.Schema.For<Clue>().DatabaseSchemaName("reports").Index([c => c.Key, c => c.Number]);
        store.Schema.For<SimilarPair>().DatabaseSchemaName("reports").Duplicate(p => p.Ticket);
        store.Schema.For<LinkFetch>().DatabaseSchemaName("reports")
            .Duplicate(f => f.DueAt, configure: index => index.Predicate = "due_at is not null");
    }
}
