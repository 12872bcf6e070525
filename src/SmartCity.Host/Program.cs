using Scalar.AspNetCore;
using SmartCity.Accountability;
using SmartCity.Channels;
using SmartCity.Departments;
using SmartCity.Host.SampleData;
using SmartCity.Platform;
using SmartCity.Platform.Access;
using SmartCity.Reports;
using SmartCity.Web;

var builder = WebApplication.CreateBuilder(args);
builder.AddSmartCity(
    new DepartmentsModule(),
    new ReportsModule(),
    new ChannelsModule(),
    new AccountabilityModule());
builder.Services.AddOpenApi("v1");
builder.AddSampleData();
builder.Services.AddPages(builder.Configuration);

var app = builder.Build();
app.UseSmartCity();
app.MapOpenApi("/openapi/{documentName}.json").OutsideRegencies("Describes the API.");
app.MapScalarApiReference("/docs", docs => docs.WithTitle("SmartCity API")).OutsideRegencies("Describes the API.");
app.MapPages();
await app.RunAsync();

/// <summary>The host, visible to tests.</summary>
public partial class Program;
