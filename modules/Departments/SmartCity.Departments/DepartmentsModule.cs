using JasperFx.Events.Projections;
using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Departments.Boundaries;
using SmartCity.Departments.Contracts;
using SmartCity.Departments.Defining;
using SmartCity.Departments.Importing;
using SmartCity.Departments.Merging;
using SmartCity.Departments.Planning;
using SmartCity.Departments.Registering;
using SmartCity.Departments.Suggesting.Learning;
using SmartCity.Departments.Terms;
using SmartCity.Platform;

namespace SmartCity.Departments;

/// <summary>The module's one door to the host.</summary>
public sealed class DepartmentsModule : IModule
{
    /// <inheritdoc/>
    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<RegencyDirectories>();
        services.AddSingleton<RegencyBoundaries>();
        services.AddScoped<DirectoryStreams>();
        services.AddScoped<OfficeStreams>();
        services.AddScoped<DepartmentFiles>();
        services.AddScoped<PlannedWorkStreams>();
        services.AddSingleton(LearningOptions.Read(configuration));
        services.AddSingleton<LearnSoon>();
        services.AddSingleton<LearnedModels>();
        services.AddScoped<LearnRegency>();
        services.AddHostedService<LearnFromVerdicts>();
    }

    /// <inheritdoc/>
    public void ConfigureStore(StoreOptions store)
    {
        store.Events.MapEventType<DepartmentRegistered>("department.registered.v1");
        store.Events.MapEventType<DepartmentChanged>("department.changed.v1");
        store.Events.MapEventType<DepartmentRenamed>("department.renamed.v1");
        store.Events.MapEventType<DepartmentMerged>("department.merged.v1");
        store.Events.MapEventType<DepartmentAccountsMoved>("department.accounts-moved.v1");
        store.Events.MapEventType<CategoryDefined>("category.defined.v1");
        store.Events.MapEventType<DistrictsImported>("districts.imported.v1");
        store.Events.MapEventType<BoundariesImported>("boundaries.imported.v1");
        store.Events.MapEventType<OfficeTaken>("office.taken.v1");
        store.Events.MapEventType<OfficeLeft>("office.left.v1");
        store.Projections.Add(new OfficeProjection(), ProjectionLifecycle.Inline);
        store.Schema.For<OfficeRecord>().DatabaseSchemaName("departments");
        store.Projections.Add(new BoundaryProjection(), ProjectionLifecycle.Inline);
        store.Schema.For<BoundarySet>().DatabaseSchemaName("departments");
        store.Projections.Add(new DepartmentProjection(), ProjectionLifecycle.Inline);
        store.Projections.Add(new CategoryProjection(), ProjectionLifecycle.Inline);
        store.Projections.Add(new DistrictsProjection(), ProjectionLifecycle.Inline);
        store.Schema.For<DepartmentRecord>().DatabaseSchemaName("departments");
        store.Schema.For<CategoryRecord>().DatabaseSchemaName("departments");
        store.Schema.For<DistrictsRecord>().DatabaseSchemaName("departments");
        store.Events.MapEventType<PlannedWorkPlanned>("planned-work.planned.v1");
        store.Events.MapEventType<PlannedWorkChanged>("planned-work.changed.v1");
        store.Events.MapEventType<PlannedWorkStarted>("planned-work.started.v1");
        store.Events.MapEventType<PlannedWorkFinished>("planned-work.finished.v1");
        store.Events.MapEventType<PlannedWorkCancelled>("planned-work.cancelled.v1");
        store.Projections.Add(new PlannedWorkProjection(), ProjectionLifecycle.Inline);
        store.Schema.For<PlannedWorkRecord>().DatabaseSchemaName("departments")
            .Duplicate(w => w.FiscalYear)
            .Duplicate(w => w.Title);
        store.Schema.For<Verdict>().DatabaseSchemaName("departments").Duplicate(v => v.At);
        store.Schema.For<StoredModel>().DatabaseSchemaName("departments");
    }
}
