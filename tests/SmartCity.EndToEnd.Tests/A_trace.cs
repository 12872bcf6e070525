using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using SmartCity.Testing;

namespace SmartCity.EndToEnd.Tests;

public sealed class A_trace(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    [Fact]
    public async Task joins_a_webhook_its_report_the_handlers_and_the_answer()
    {
        var spans = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "SmartCity" or "Microsoft.AspNetCore",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);

        (await host.Http.SendAsync(The_main_job.Mention("4242424242", "@dpu_tegalkab jalan berlubang di Talang"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        await SmartCityHost.Until(async () => (await SmartCityHost.Json(await host.Http.GetAsync("/dev/outbox.json?regency=33.28&channel=x"))).EnumerateArray()
            .Any(m => m.GetProperty("state").GetString() == "sent"), "the acknowledgement");
        await SmartCityHost.Until(() => Task.FromResult(spans.Any(s => s.OperationName.StartsWith("send", StringComparison.Ordinal))), "the span of the acknowledgement");

        var received = spans.First(s => s.OperationName == "publish message.received.v1");
        var names = spans.Where(s => s.TraceId == received.TraceId).Select(s => s.OperationName).ToArray();
        names.ShouldContain("Microsoft.AspNetCore.Hosting.HttpRequestIn");
        names.ShouldContain("publish report.filed.v1");
        names.ShouldContain("publish report.assigned.v1");
        names.ShouldContain(n => n.StartsWith("send", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("smartcity_reports_filed_total")]
    [InlineData("smartcity_messages_received_total")]
    [InlineData("smartcity_outbox_age")]
    [InlineData("smartcity_projection_lag")]
    public async Task is_not_all_there_are_numbers_too(string metric)
    {
        await host.FileReport();
        await host.Http.SendAsync(The_main_job.Mention($"77{metric.Length}", "@dpu_tegalkab jalan rusak"));

        await SmartCityHost.Until(async () => (await host.Http.GetStringAsync("/metrics")).Contains(metric, StringComparison.Ordinal), metric);
    }
}
