// The least that Marten does for a filed report: a stream with one event, and a document to read. build/bench measures SmartCity beside it.
// Left out: who may file and what is valid, personal data sealed, one report for two deliveries, the words a person reads, the trace.
using System.Globalization;
using JasperFx.Events;
using Marten;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddMarten(store =>
{
    store.Connection(builder.Configuration.GetConnectionString("SmartCity")!);
    store.UseSystemTextJsonForSerialization();
    store.Events.StreamIdentity = StreamIdentity.AsString;
    store.Events.AppendMode = EventAppendMode.QuickWithServerTimestamps; // as SmartCity has it, and its fastest
    store.Events.AddEventType<ReportFiled>();
    store.Schema.For<Report>();
}).UseLightweightSessions().ApplyAllDatabaseChangesOnStartup();

var app = builder.Build();
app.MapGet("/health/ready", () => "ready");
app.MapPost("/open311/v2/requests.json", async (HttpRequest request, IDocumentSession session, CancellationToken cancel) =>
{
    var form = await request.ReadFormAsync(cancel);
    var id = Guid.CreateVersion7().ToString("N");
    double Degrees(string field) => double.Parse(form[field].ToString(), CultureInfo.InvariantCulture);
    var filed = new ReportFiled(form["service_code"].ToString(), form["description"].ToString(), Degrees("lat"), Degrees("long"));
    session.Events.StartStream(id, filed);
    session.Store(new Report(id, "filed", filed));
    await session.SaveChangesAsync(cancel);
    return Results.Json(new[] { new { service_request_id = id } }, statusCode: StatusCodes.Status201Created);
});
app.Run();

internal sealed record ReportFiled(string Category, string Description, double Latitude, double Longitude);

internal sealed record Report(string Id, string State, ReportFiled Filed);
