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

        string[] expected = ["Microsoft.AspNetCore.Hosting.HttpRequestIn", "publish message.received.v1", "publish report.filed.v1", "publish report.assigned.v1", "send x"];
        await SmartCityHost.Until(() =>
        {
            var received = spans.Where(s => s.OperationName == "publish message.received.v1" && s.GetTagItem("smartcity.stream") is string stream && stream.StartsWith("message-x-", StringComparison.Ordinal));
            return Task.FromResult(received.Any(r => expected.All(name => spans.Any(s => s.TraceId == r.TraceId && s.OperationName == name))));
        }, "one trace with all its spans");
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
