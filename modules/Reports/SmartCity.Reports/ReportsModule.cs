using JasperFx.Events.Projections;
using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Platform;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Filing;
using SmartCity.Reports.KeepingPhotos;
using SmartCity.Reports.Reading;
using SmartCity.Reports.Retaining;

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
        services.AddScoped<Retention>();
        services.AddHostedService<RunRetention>();
        services.AddHostedService(provider => provider.GetRequiredService<IntakeQueue>());
        services.AddSingleton<LinkSignal>();
        services.AddHostedService<FetchLinks>();
    }

    /// <inheritdoc/>
    public void ConfigureStore(StoreOptions store)
    {
        store.Events.MapEventType<ReportFiled>("report.filed.v1");
        store.Events.MapEventType<ReportQueued>("report.queued.v1");
        store.Events.MapEventType<ReportAssigned>("report.assigned.v1");
        store.Events.MapEventType<ReportAnswered>("report.answered.v1");
        store.Events.MapEventType<ReportUpdateReceived>("report.update-received.v1");
        store.Events.MapEventType<RetentionDefined>("retention.defined.v1");
        store.Projections.Add(new RetentionProjection(), ProjectionLifecycle.Inline);
        store.Schema.For<RetentionPolicy>().DatabaseSchemaName("reports");
        store.Schema.For<RetentionRun>().DatabaseSchemaName("reports");
        store.Events.MapEventType<ReportPhotoFetched>("report.photo-fetched.v1");
        store.Events.MapEventType<ReportPhotoMissed>("report.photo-missed.v1");
        store.Projections.Add(new ReportProjection(), ProjectionLifecycle.Inline);
        store.Schema.For<Report>().DatabaseSchemaName("reports")
            .Duplicate(r => r.Number)
            .Duplicate(r => r.FiledAt);
        store.Schema.For<FiledCause>().DatabaseSchemaName("reports");
        store.Schema.For<LinkFetch>().DatabaseSchemaName("reports")
            .Duplicate(f => f.DueAt, configure: index => index.Predicate = "due_at is not null");
    }
}
