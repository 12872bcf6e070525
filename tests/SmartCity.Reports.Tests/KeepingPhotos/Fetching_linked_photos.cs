using MediatR;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Platform.History;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.KeepingPhotos;
using SmartCity.Testing;
using static SmartCity.Reports.Tests.KeepingPhotos.PhotosHost;

namespace SmartCity.Reports.Tests.KeepingPhotos;

public sealed class Fetching_linked_photos(PhotosHost host)
{
    private async Task<string> Tried(string ticket, int links)
    {
        await SmartCityHost.Until(async () => (await host.History(ticket)).Count(e => e.StartsWith("report.photo-", StringComparison.Ordinal)) == links, $"the links of {ticket}");
        return ticket;
    }

    [Fact]
    public async Task keeps_them_with_the_report()
    {
        var ticket = await Tried(await host.FileWith(Report(mediaUrls: new[] { Elsewhere("/photo/20"), Elsewhere("/photo/21") }), Pictures.Jpeg(19)), 2);

        var report = await host.Read(ticket);
        report.GetProperty("photos").EnumerateArray().Select(p => p.GetProperty("number").GetInt32()).ShouldBe([1, 2, 3]);
        report.GetProperty("mediaUrls").GetArrayLength().ShouldBe(0);
        (await host.Http.GetAsync($"{Base}/{ticket}/photos/3")).Content.Headers.ContentType!.MediaType.ShouldBe("image/jpeg");
        (await host.Read(ticket, await host.SignIn("33.28", "auditor"))).GetProperty("photos")[2].GetProperty("evidence").GetProperty("at").GetString().ShouldBe("2026-10-31T09:15:00");
    }

    [Theory]
    [InlineData("/inwards", "link.not_public", "bukan internet umum")]
    [InlineData("/page", "photo.unreadable", "bukan foto")]
    [InlineData("/gone", "link.answered_404", "404")]
    public async Task notes_for_staff_why_one_could_not_be_had(string path, string reason, string words)
    {
        var ticket = await Tried(await host.FileWith(Report(mediaUrls: new[] { Elsewhere(path) })), 1);

        var forStaff = await host.Read(ticket, await host.SignIn("33.28", "dispatcher"));
        forStaff.GetProperty("timeline").EnumerateArray().Single(e => e.GetProperty("what").GetString() == "photo-missed").GetProperty("text").GetString()!.ShouldContain(words);
        var forAll = await host.Read(ticket);
        forAll.GetProperty("timeline").EnumerateArray().ShouldAllBe(e => e.GetProperty("what").GetString() != "photo-missed");
        forAll.GetProperty("mediaUrls")[0].GetString().ShouldBe(Elsewhere(path));
        FetchReasons.Words(reason).ShouldContain(" / ");
    }

    [Fact]
    public async Task takes_no_more_than_a_report_may_have()
    {
        var ticket = await Tried(await host.FileWith(Report(mediaUrls: new[] { Elsewhere("/photo/30") }), [.. Enumerable.Range(1, 10).Select(n => Pictures.Jpeg(n, 64, 48))]), 1);

        (await host.History(ticket)).ShouldContain("report.photo-missed.v1");
        (await host.Read(ticket)).GetProperty("photos").GetArrayLength().ShouldBe(10);
    }

    [Fact]
    public async Task again_published_fetches_nothing_again()
    {
        var ticket = await Tried(await host.FileWith(Report(mediaUrls: new[] { Elsewhere("/photo/40") })), 1);
        await using var scope = host.Services.CreateAsyncScope();
        await using var session = scope.ServiceProvider.GetRequiredService<RegencySessions>().Query("33.28");
        var filed = (await session.Events.FetchStreamAsync(ticket))[0];

        await scope.ServiceProvider.GetRequiredService<IPublisher>().Publish(new Committed<ReportFiled>((ReportFiled)filed.Data, filed.Envelope()));

        var fetch = await session.LoadAsync<LinkFetch>(LinkFetch.IdOf(ticket, 1));
        fetch!.DueAt.ShouldBeNull();
        fetch.Attempts.ShouldBe(1);
        (await host.History(ticket)).Count(e => e == "report.photo-fetched.v1").ShouldBe(1);
    }

    [Fact]
    public void tries_four_times_over_hours_and_then_no_more()
    {
        var now = new DateTimeOffset(2026, 10, 31, 9, 0, 0, TimeSpan.Zero);
        var fetch = new LinkFetch { Id = "a/1", Ticket = "a", Link = 1, Cause = Guid.NewGuid(), DueAt = now };
        var pauses = new List<TimeSpan>();
        while (fetch.Claimed(now).Again(now) is { } again)
        {
            pauses.Add(again.DueAt!.Value - now);
            fetch = again;
        }

        pauses.ShouldBe([TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(10), TimeSpan.FromHours(2)]);
    }

    [Fact]
    public void of_erased_reporters_finds_none() => FetchLinks.Links(Platform.Personal.PersonalReader.Erased).ShouldBeEmpty();
}
