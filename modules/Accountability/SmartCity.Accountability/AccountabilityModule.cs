using JasperFx.Events.Projections;
using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Accountability.Auditing;
using SmartCity.Accountability.Calendars;
using SmartCity.Accountability.Clocks;
using SmartCity.Platform;

namespace SmartCity.Accountability;

/// <summary>The module's one door to the host.</summary>
public sealed class AccountabilityModule : IModule
{
    /// <inheritdoc/>
    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<WorkingCalendars>();
        services.AddSingleton(AuditOptions.Read(configuration));
        services.AddSingleton<AuditKeys>();
        services.AddSingleton<CheckpointMail>();
        services.AddSingleton<CheckpointFiles>();
        services.AddScoped<AuditReads>();
        services.AddHttpClient(CheckpointFiles.Client, client => client.Timeout = TimeSpan.FromSeconds(10));
        services.AddHostedService<BuildAuditLog>();
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
        store.Storage.ExtendedSchemaObjects.Add(new AuditSchema());
        store.Projections.Add(new ClosedYearProjection(), ProjectionLifecycle.Inline);
        store.Projections.Add(new ReportClockProjection(), ProjectionLifecycle.Inline);
        store.Schema.For<ClosedYear>().DatabaseSchemaName("accountability");
        store.Schema.For<ReportClock>().DatabaseSchemaName("accountability")
            .Duplicate(c => c.NextDueAt);
    }
}
