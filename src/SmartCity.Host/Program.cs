using SmartCity.Accountability;
using SmartCity.Channels;
using SmartCity.Departments;
using SmartCity.Platform;
using SmartCity.Reports;

var builder = WebApplication.CreateBuilder(args);
builder.AddSmartCity(
    new DepartmentsModule(),
    new ReportsModule(),
    new ChannelsModule(),
    new AccountabilityModule());

var app = builder.Build();
app.UseSmartCity();
await app.RunAsync();

/// <summary>The host, visible to tests.</summary>
public partial class Program;
