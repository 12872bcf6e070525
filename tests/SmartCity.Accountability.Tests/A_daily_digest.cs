using Microsoft.Extensions.DependencyInjection;
using SmartCity.Accountability.Calendars;
using SmartCity.Accountability.Clocks;
using SmartCity.Accountability.Digests;
using SmartCity.Accountability.Tests.Climbing;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.History;
using SmartCity.Platform.Time;
using SmartCity.Testing;

namespace SmartCity.Accountability.Tests;

public sealed class A_daily_digest(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private static readonly TimeZoneInfo Wib = TimeZoneInfo.FindSystemTimeZoneById("Asia/Jakarta");

    [Fact]
    public void says_what_is_open_due_today_and_late()
    {
        var calendar = RegencyCalendar.Of(Wib, [new ClosedYear { Id = "calendar-2026", Year = 2026, Dates = [], Source = "SKB" }]);
        var monday = new DateTimeOffset(2026, 9, 7, 9, 0, 0, TimeSpan.FromHours(7));
        ReportClock Clock(string ticket, string department) => new object[] { Rules.Set(ticket, ReportClass.Complaint, monday, calendar), new DeadlinesOwed(department) }
            .Aggregate((ReportClock?)null, (clock, e) => ReportClock.After(clock, $"deadlines-{ticket}", e))!;
        Department[] departments = [new("DPU", "", "", DepartmentKind.Regency, true, null, null, []), new("PLN", "", "", DepartmentKind.Outside, true, null, null, [])];
        ReportClock[] owed = [Clock("2026-000001", "DPU"), Clock("2026-000002", "DPU"), Clock("2026-000003", "PLN")];

        // Assigned within three working days: Thursday is the last day.
        var thursday = SendDigests.Make(new(2026, 9, 10), departments, owed, calendar, monday.AddDays(3));
        thursday.Departments.Select(d => (d.Department, d.Open, d.DueToday, d.Overdue.Count, d.HasHead)).ShouldBe([("DPU", 2, 2, 0, true), ("PLN", 1, 1, 0, false)]);
        var friday = SendDigests.Make(new(2026, 9, 11), departments, owed, calendar, monday.AddDays(4));
        friday.Departments[0].Overdue.ShouldBe(["2026-000001", "2026-000002"]);
        SendDigests.Make(new(2026, 9, 11), departments, [], calendar, monday).Departments.ShouldBeEmpty();
    }

    [Fact]
    public async Task is_sent_once_in_the_morning_of_a_working_day_to_departments_and_heads()
    {
        _ = host.Another();
        await host.Owed();
        var clock = host.Services.GetRequiredService<DemoClock>();
        await using var scope = host.Services.CreateAsyncScope();
        var sessions = scope.ServiceProvider.GetRequiredService<RegencySessions>();
        var calendar = await host.Services.GetRequiredService<WorkingCalendars>().Of("33.28", sessions, CancellationToken.None);
        DateTimeOffset Now() => TimeZoneInfo.ConvertTime(clock.GetUtcNow(), Wib);
        // Past the day on which the other host is, and into the morning of a working day.
        for (clock.Advance(TimeSpan.FromDays(1)); !calendar.Days.IsWorkingDay(DateOnly.FromDateTime(Now().Date)) || Now().Hour != 8; clock.Advance(TimeSpan.FromHours(1)))
        {
        }

        var day = $"digest-{Now():yyyy-MM-dd}";
        var sent = await SmartCityHost.Until(async () => (await host.Outbox("digest")).Where(m => m.GetProperty("ticket").GetString() == day && m.GetProperty("text").GetString()!.StartsWith("DPU", StringComparison.Ordinal)).ToArray()
            is { Length: >= 2 } two ? two : null, "a digest for the department and for its head");

        sent!.Length.ShouldBe(2);
        sent.ShouldAllBe(m => m.GetProperty("text").GetString()!.Contains("terbuka"));
        await using var session = sessions.Query("33.28");
        (await session.Events.FetchStreamAsync(day)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task is_made_once_by_hosts_that_make_it_at_the_same_moment()
    {
        await host.Owed();
        SendDigests[] hosts = [host.Services.GetRequiredService<SendDigests>(), host.Another().GetRequiredService<SendDigests>()];
        await using var scope = host.Services.CreateAsyncScope();
        await using var session = scope.ServiceProvider.GetRequiredService<RegencySessions>().Query("33.28");
        foreach (var day in new DateOnly[] { new(2031, 3, 3), new(2031, 3, 4), new(2031, 3, 5), new(2031, 3, 6), new(2031, 3, 7) })
        {
            await Task.WhenAll(hosts.Concat(hosts).Concat(hosts).Select(h => h.Send("33.28", day, CancellationToken.None)));

            (await session.Events.FetchStreamAsync($"digest-{day:yyyy-MM-dd}")).Count.ShouldBe(1);
        }
    }
}
