using System.Net.Http.Json;
using MediatR;
using SmartCity.Channels.Outbox;
using SmartCity.Platform.History;
using SmartCity.Reports.Contracts;
using SmartCity.Testing;

namespace SmartCity.Channels.Tests;

public sealed class Telling_of_planned_works(ChannelsHost host) : IClassFixture<ChannelsHost>
{
    [Fact]
    public async Task is_done_on_each_ones_own_channel_once()
    {
        var post = ChannelsHost.NewPost();
        (await host.Deliver(ChannelsHost.Mention(post, $"@dpu_tegalkab jalan rusak parah di Balamoa {post}"))).EnsureSuccessStatusCode();
        var onX = (await host.Message(post, "acknowledgement", "sent")).GetProperty("ticket").GetString()!;
        var filed = await host.Use<ISender, Outcome<FiledReport>>(sender => sender.Send(new FileReport("33.28", "web", null, null, "jalan-rusak", "Jalan rusak", new ReportPlace(null, null, "Balamoa"), new(), [])));
        var onWeb = filed.Value!.Ticket;
        (await host.Use<ISender, Outcome<FollowedReport>>(sender => sender.Send(new FollowReport("33.28", onWeb, new ReporterDetails("x:7001"), "x", "message-x-9000001")))).IsDone.ShouldBeTrue();
        var officer = await host.SignIn("33.28", "officer.dpu");
        foreach (var ticket in new[] { onX, onWeb })
        {
            await host.Reaches(ticket, "assigned");
            (await officer.PostAsJsonAsync($"/api/v1/regencies/33.28/reports/{ticket}/answers", new
            {
                text = "Perlu anggaran.",
                outcome = new { kind = "needsBudget", cost = 1_250_000, source = "apbd", fiscalYear = 2030, work = "Jalan Balamoa" },
            })).EnsureSuccessStatusCode();
        }

        var works = await SmartCityHost.Json(await host.Http.GetAsync("/api/v1/regencies/33.28/planned-works?fiscalYear=2030"));
        var work = works.GetProperty("works").EnumerateArray().Single().GetProperty("id").GetString()!;
        (await officer.PatchAsJsonAsync($"/api/v1/regencies/33.28/planned-works/{work}", new { fiscalYear = 2029, reason = "Mendesak" })).EnsureSuccessStatusCode();

        async Task<int> Count(string ticket, string channel, string kind) => (await host.Outbox(channel: channel, ticket: ticket)).Count(m => m.GetProperty("kind").GetString() == kind && m.GetProperty("text").GetString()!.Contains("dimajukan ke 2029"));
        var told = new[] { (onX, "x", "plan"), (onWeb, "web", "plan"), (onWeb, "x", "followed-plan") };
        await SmartCityHost.Until(async () =>
        {
            foreach (var (ticket, channel, kind) in told)
            {
                if (await Count(ticket, channel, kind) == 0)
                {
                    return false;
                }
            }

            return true;
        }, "all three are told");

        // The report's own event again.
        foreach (var ticket in new[] { onX, onWeb })
        {
            await host.Use<RegencySessions, bool>(async sessions =>
            {
                await using var session = sessions.Query("33.28");
                var changed = (await session.Events.FetchStreamAsync(ticket)).Single(e => e.Data is ReportPlanChanged);
                return await host.Use<IPublisher, bool>(async publisher =>
                {
                    await publisher.Publish(new Committed<ReportPlanChanged>((ReportPlanChanged)changed.Data, changed.Envelope()));
                    return true;
                });
            });
        }

        foreach (var (ticket, channel, kind) in told)
        {
            (await Count(ticket, channel, kind)).ShouldBe(1);
        }
    }
}

public class The_words_about_planned_works
{
    private static readonly ReportPlan Plan = new("pw-1", 2, "Jalan Balamoa", 2027, 1_250_000m, "apbd", "planned");

    private static string Say(ReportPlan? former, ReportPlan? plan = null, string? reason = null) => PlanWording.News("2026-000017", plan ?? Plan, former, reason);

    [Fact]
    public void say_what_is_new_and_what_it_was()
    {
        Say(Plan with { FiscalYear = 2028 }).ShouldBe(
            "Kabar laporan 2026-000017: “Jalan Balamoa” dimajukan ke 2027 (semula 2028), Rp 1.250.000 dari APBD. / News of report 2026-000017: “Jalan Balamoa” is brought forward to 2027 (was 2028), Rp 1.250.000 from the regency budget (APBD).");
        Say(Plan with { FiscalYear = 2026, Cost = 1_000_000, Source = "village" }).ShouldStartWith(
            "Kabar laporan 2026-000017: “Jalan Balamoa” diundur ke 2027 (semula 2026), Rp 1.250.000 (semula Rp 1.000.000) dari APBD (semula APBDes (dana desa)). / ");
        Say(null).ShouldContain("direncanakan tahun 2027, Rp 1.250.000 dari APBD");
        Say(Plan, Plan with { State = "started" }).ShouldContain("mulai dikerjakan, Rp 1.250.000");
        Say(Plan, Plan with { State = "cancelled" }, "Dana dialihkan").ShouldContain("“Jalan Balamoa” dibatalkan (Dana dialihkan). /");
        Say(Plan with { State = "cancelled" }).ShouldContain("direncanakan lagi untuk 2027");
    }
}
