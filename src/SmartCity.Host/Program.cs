using SmartCity.Accountability;
using SmartCity.Channels;
using SmartCity.Departments;
using SmartCity.Platform;
using SmartCity.Reports;
using SmartCity.Web;

var builder = WebApplication.CreateBuilder(args);
builder.AddSmartCity(
    new DepartmentsModule(),
    new ReportsModule(),
    new ChannelsModule(),
    new AccountabilityModule());
builder.Services.AddPages(builder.Configuration);

var app = builder.Build();
app.UseSmartCity();
app.MapPages();
await app.RunAsync();

/// <summary>The host, visible to tests.</summary>
public partial class Program;
