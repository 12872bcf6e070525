using Microsoft.Extensions.Configuration;
using MimeKit;
using SmartCity.Channels.Contracts;
using SmartCity.Channels.Email;
using SmartCity.Channels.Outbox;
using SmartCity.Channels.Quiet;
using SmartCity.Channels.Subscribing;

namespace SmartCity.Channels.Tests.Subscribing;

public sealed class A_subscription
{
    private static readonly DateTimeOffset Confirmed = new(2026, 11, 2, 3, 0, 0, TimeSpan.Zero), Later = Confirmed.AddDays(1);
    private static readonly TimeZoneInfo Jakarta = TimeZoneInfo.FindSystemTimeZoneById("Asia/Jakarta");

    [Fact]
    public void is_for_reports_of_its_district_category_and_surroundings_that_came_after_it()
    {
        bool Wants(SubscriptionWish wish, DateTimeOffset? filed = null) => Matching.Wants(wish, Confirmed, "33.28.10", "pju", -6.98, 109.13, filed ?? Later);

        Wants(new()).ShouldBeTrue();
        Wants(new(District: "33.28.10", Category: "pju")).ShouldBeTrue();
        Wants(new(District: "33.28.11")).ShouldBeFalse();
        Wants(new(Category: "sampah")).ShouldBeFalse();
        // A thousandth of a degree of latitude is 111 m.
        Wants(new(Latitude: -6.981, Longitude: 109.13, Metres: 112)).ShouldBeTrue();
        Wants(new(Latitude: -6.981, Longitude: 109.13, Metres: 110)).ShouldBeFalse();
        Wants(new(Reports: false, Works: true)).ShouldBeFalse();
        Wants(new(), Confirmed.AddMinutes(-1)).ShouldBeFalse();
        Matching.Wants(new(Latitude: -6.981, Longitude: 109.13, Metres: 1000), Confirmed, null, null, null, null, Later).ShouldBeFalse();
    }

    [Theory]
    [InlineData(null, null, null, "33.28.10", true), InlineData("33.28.10", null, null, "33.28.10", true), InlineData("33.28.11", null, null, "33.28.10", false)]
    [InlineData("33.28.11", null, null, "", true), InlineData(null, 500, "33.28.10", "33.28.10", true), InlineData(null, 500, "33.28.11", "33.28.10", false), InlineData(null, 500, null, "33.28.10", false)]
    public void is_for_planned_works_of_its_district_and_of_the_whole_regency(string? district, int? metres, string? here, string districts, bool wants) =>
        Matching.WantsWork(new SubscriptionWish(district, null, metres is null ? null : -7, metres is null ? null : 109, metres, Works: true), here, districts.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ShouldBe(wants);

    [Fact]
    public void that_is_daily_is_told_in_the_next_morning_and_neither_in_quiet_hours()
    {
        var quiet = new QuietHours(new TimeOnly(21, 0), new TimeOnly(7, 30));
        // 05:00, 10:00 and 22:00 in Tegal.
        var (early, morning, night) = (new DateTimeOffset(2026, 11, 1, 22, 0, 0, TimeSpan.Zero), Confirmed, Confirmed.AddHours(12));

        NoteNews.DueAt(morning, daily: false, Jakarta, quiet).ShouldBe(morning);
        NoteNews.DueAt(night, daily: false, Jakarta, quiet).ShouldBe(new DateTimeOffset(2026, 11, 3, 0, 30, 0, TimeSpan.Zero));
        NoteNews.DueAt(morning, daily: true, Jakarta, null).ShouldBe(new DateTimeOffset(2026, 11, 3, 0, 0, 0, TimeSpan.Zero));
        NoteNews.DueAt(early, daily: true, Jakarta, null).ShouldBe(new DateTimeOffset(2026, 11, 2, 0, 0, 0, TimeSpan.Zero));
        NoteNews.DueAt(early, daily: true, Jakarta, quiet).ShouldBe(new DateTimeOffset(2026, 11, 2, 0, 30, 0, TimeSpan.Zero));
    }

    [Fact]
    public void can_be_asked_for_only_so_often_from_one_place()
    {
        using var limit = new AskLimit(new ConfigurationBuilder().AddInMemoryCollection([new("SmartCity:Channels:SubscriptionsAnHour", "2")]).Build());

        (limit.Takes("203.0.113.7"), limit.Takes("203.0.113.7"), limit.Takes("203.0.113.7")).ShouldBe((true, true, false));
        limit.Takes("203.0.113.8").ShouldBeTrue();
        // All of a house's addresses are one place.
        (limit.Takes("2001:db8::1"), limit.Takes("2001:db8::2"), limit.Takes("2001:db8::3"), limit.Takes("2001:db8:0:1::1")).ShouldBe((true, true, false, true));
    }

    [Fact]
    public void has_mails_that_a_mail_program_can_unsubscribe_from()
    {
        var letter = new Letter("33.28", null, "Yang baru", Later, []) { Kind = OutboundMessage.News, To = "warga@contoh-uji.id", Unsubscribe = "https://lapor.example.go.id/api/v1/regencies/33.28/subscriptions/x/unsubscribe?key=y" };

        var mail = EmailSender.Write(letter, "lapor@tegalkab.example", null, MailboxAddress.Parse("warga@contoh-uji.id"));

        mail.Headers["List-Unsubscribe"].ShouldBe("<https://lapor.example.go.id/api/v1/regencies/33.28/subscriptions/x/unsubscribe?key=y>");
        mail.Headers["List-Unsubscribe-Post"].ShouldBe("List-Unsubscribe=One-Click");
        mail.Subject.ShouldBe("Kabar baru / What is new");
        EmailSender.Write(letter with { Unsubscribe = null }, "lapor@tegalkab.example", null, MailboxAddress.Parse("warga@contoh-uji.id")).Headers.Contains("List-Unsubscribe").ShouldBeFalse();
    }
}
