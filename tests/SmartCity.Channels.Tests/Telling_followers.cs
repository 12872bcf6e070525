using System.Net.Http.Json;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Reports.Contracts;
using SmartCity.Testing;

namespace SmartCity.Channels.Tests;

public sealed class Telling_followers(ChannelsHost host) : IClassFixture<ChannelsHost>
{
    [Fact]
    public async Task of_an_answer_is_done_once_for_each_and_says_what_everybody_may_know()
    {
        var ticket = await host.FileReport();
        await host.Reaches(ticket, "assigned");
        foreach (var (identity, conversation) in new[] { ("x:6001", "message-x-8000001"), ("x:6002", "message-x-8000002"), ("web:abc", null) })
        {
            var outcome = await host.Use<ISender, Outcome<FollowedReport>>(sender => sender.Send(new FollowReport("33.28", ticket, new ReporterDetails(identity), conversation is null ? "web" : "x", conversation)));
            outcome.IsDone.ShouldBeTrue();
        }

        (await (await host.SignIn("33.28", "officer.dpu")).PostAsJsonAsync($"/api/v1/regencies/33.28/reports/{ticket}/answers", new { text = "Besok ditambal, Bu Siti 0812-3456-7890.", isSettled = false })).EnsureSuccessStatusCode();
        await SmartCityHost.Until(async () => (await host.Outbox(ticket: ticket)).Count(m => m.GetProperty("state").GetString() == "sent") == 2, "both are told");
        await host.Use<RegencySessions, bool>(async sessions =>
        {
            await using var scope = host.Services.CreateAsyncScope();
            await using var session = sessions.Query("33.28");
            var answered = (await session.Events.FetchStreamAsync(ticket)).Single(e => e.Data is ReportAnswered);
            await scope.ServiceProvider.GetRequiredService<IPublisher>().Publish(new Committed<ReportAnswered>((ReportAnswered)answered.Data, answered.Envelope()));
            return true;
        });

        var told = await host.Outbox(ticket: ticket);
        told.Length.ShouldBe(2);
        told.ShouldAllBe(m => m.GetProperty("kind").GetString() == "followed-answer");
        told.ShouldAllBe(m => m.GetProperty("text").GetString()!.Contains(ticket) && m.GetProperty("text").GetString()!.Contains("[telepon]") && !m.GetProperty("text").GetString()!.Contains("0812"));
    }

    [Fact]
    public async Task is_not_for_those_who_only_ask_who_follows()
    {
        var ticket = await host.FileReport();
        await host.Use<ISender, Outcome<FollowedReport>>(sender => sender.Send(new FollowReport("33.28", ticket, new ReporterDetails("x:6003"), "x", "message-x-8000003")));

        (await host.Use<ISender, IReadOnlyList<Follower>>(sender => sender.Send(new GetFollowers("33.28", ticket)))).ShouldBeEmpty();
        await using var scope = host.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallContext>().Actor = new Actor("staff:operator", Role.Regent, "33.28");
        (await scope.ServiceProvider.GetRequiredService<ISender>().Send(new GetFollowers("33.28", ticket))).ShouldBeEmpty();
    }
}
