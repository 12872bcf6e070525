using System.Text;
using CsCheck;
using Microsoft.Extensions.Primitives;
using SmartCity.Channels.Keywords;
using SmartCity.Channels.Outbox;
using SmartCity.Channels.Sms;
using SmartCity.Channels.Sms.Joining;
using SmartCity.Channels.Sms.Kannel;
using SmartCity.Channels.Sms.Twilio;

namespace SmartCity.Channels.Tests;

public class The_text_of_an_SMS
{
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.String[Gen.Char["abcdefghijklmnopqrstuvwxyz ABC.,/:0123456789"], 0, 700], Gen.String[Gen.Char["aé€[]{}~^|\\ \n"], 0, 700],
        Gen.Select(Gen.String[Gen.Char["abc de"], 0, 300], Gen.Int[0, 60]).Select((text, n) => text + string.Concat(Enumerable.Repeat("😀ꦗ", n))));

    [Theory]
    [InlineData("", 0, 0, false)]
    [InlineData("a", 160, 1, false)]
    [InlineData("a", 161, 2, false)]
    [InlineData("a", 306, 2, false)]
    [InlineData("a", 307, 3, false)]
    [InlineData("€", 80, 1, false)]
    [InlineData("€", 81, 2, false)]
    // 76 of two septets fill a part of 153 but for one, which stays empty.
    [InlineData("€", 152, 2, false)]
    [InlineData("€", 153, 3, false)]
    [InlineData("ꦗ", 70, 1, true)]
    [InlineData("ꦗ", 71, 2, true)]
    [InlineData("ꦗ", 134, 2, true)]
    [InlineData("ꦗ", 135, 3, true)]
    [InlineData("😀", 35, 1, true)]
    [InlineData("😀", 66, 2, true)]
    [InlineData("😀", 67, 3, true)]
    public void is_counted_in_segments(string letter, int times, int segments, bool isUnicode)
    {
        var length = SmsText.Of(string.Concat(Enumerable.Repeat(letter, times)));

        (length.Segments, length.IsUnicode).ShouldBe((segments, isUnicode));
    }

    [Fact]
    public void is_in_its_budget_whatever_it_was() => Texts.Sample(text =>
    {
        var fitted = SmsText.Fit(text, 2, "STATUS 2026-000017");
        return SmsText.Of(fitted).Segments <= 2 && (SmsText.Of(SmsText.Plain(text)).Segments > 2 ? fitted.EndsWith("STATUS 2026-000017", StringComparison.Ordinal) : fitted == SmsText.Plain(text))
            && fitted.EnumerateRunes().All(r => r.Value != 0xFFFD);
    });

    [Fact]
    public void never_counts_less_when_more_is_said() => Gen.Select(Texts, Texts).Sample((a, b) => SmsText.Of(a + b).Segments >= SmsText.Of(a).Segments);

    [Fact]
    public void is_written_plainly_where_that_costs_half() => SmsText.Fit("“Jalan” – sudah…", 2, "").ShouldBe("\"Jalan\" - sudah...");

    [Theory]
    [InlineData("STATUS 1234", KeywordKind.Status, "1234", null)]
    [InlineData("status", KeywordKind.Status, null, null)]
    [InlineData(" Status 2026-000017. ", KeywordKind.Status, "2026-000017", null)]
    [InlineData("cek laporan 17", KeywordKind.Status, "17", null)]
    [InlineData("STATUS １２３４", KeywordKind.Status, "1234", null)]
    [InlineData("status ١٧", KeywordKind.Status, "17", null)]
    [InlineData("cek ꧑꧗", KeywordKind.Status, "17", null)]
    [InlineData("puas 𝟏𝟕", KeywordKind.Satisfied, "17", null)]
    [InlineData("STATUS #2026-000017", KeywordKind.Status, "2026-000017", null)]
    [InlineData("mulai", KeywordKind.Start, null, null)]
    [InlineData("START", KeywordKind.Start, null, null)]
    [InlineData("mulai kemarin jalan rusak", null, null, null)]
    [InlineData("STOP", KeywordKind.Stop, null, null)]
    [InlineData("berhenti!", KeywordKind.Stop, null, null)]
    [InlineData("stop truk lewat jalan desa", null, null, null)]
    [InlineData("PUAS", KeywordKind.Satisfied, null, null)]
    [InlineData("Puas 17", KeywordKind.Satisfied, "17", null)]
    [InlineData("puas kalian merusak jalan", null, null, null)]
    [InlineData("TIDAK PUAS", KeywordKind.NotSatisfied, null, null)]
    [InlineData("tidak puas 17, masih berlubang", KeywordKind.NotSatisfied, "17", "masih berlubang")]
    [InlineData("Tdk puas: belum ditambal", KeywordKind.NotSatisfied, null, "belum ditambal")]
    [InlineData("BANTUAN", KeywordKind.Help, null, null)]
    [InlineData("bantuan sosial tidak merata", null, null, null)]
    [InlineData("", null, null, null)]
    public void may_be_a_keyword(string text, object? kind, string? ticket, string? said) =>
        Keyword.Read(text).ShouldBe(kind is KeywordKind is_ ? new Keyword(is_, ticket, said) : null);

    [Fact]
    public void may_be_anything_at_all() => Gen.String.Sample(text => Keyword.Read(text) is null or { Kind: >= KeywordKind.Help });

    [Theory]
    [InlineData("1234", "2026-001234")]
    [InlineData("2026-000017", "2026-000017")]
    [InlineData("2026000017", "2026-000017")]
    [InlineData("2025-1234567", "2025-1234567")]
    public void names_a_report_as_people_type_it(string typed, string ticket) => Keyword.TicketOf(typed, 2026).ShouldBe(ticket);

    [Theory]
    [InlineData("081234567890", "+6281234567890")]
    [InlineData("62812-3456-7890", "+6281234567890")]
    [InlineData("+62 812 3456 7890", "+6281234567890")]
    [InlineData("+62 0812 3456 7890", "+6281234567890")]
    [InlineData("006281234567890", "+6281234567890")]
    [InlineData("81234567890", "+6281234567890")]
    [InlineData("(0283) 491234", "+62283491234")]
    [InlineData("+14158675309", "+14158675309")]
    [InlineData("1708", null)]
    [InlineData("9118", null)]
    [InlineData("TELKOMSEL", null)]
    [InlineData("", null)]
    public void comes_from_a_number(string written, string? number) => PhoneNumber.Normalised(written).ShouldBe(number);

    [Theory]
    [InlineData("050003A20301", 0xA2, 3, 1)]
    [InlineData("06080412340202", 0x1234, 2, 2)]
    [InlineData("050003A20101", 0, 0, 0)]
    [InlineData("050003A20304", 0, 0, 0)]
    [InlineData("", 0, 0, 0)]
    [InlineData("0500", 0, 0, 0)]
    public void says_which_part_it_is(string udh, int reference, int count, int number)
    {
        var header = count == 0 ? null : new PartHeader(reference, count, number);

        PartHeader.Read(Convert.FromHexString(udh)).ShouldBe(header);
        PartHeader.Read(Encoding.ASCII.GetBytes(udh)).ShouldBe(header);
    }

    [Fact]
    public void may_come_in_another_charset()
    {
        new KannelForm().Add("text=%D8%3D%DE%00+&charset=UTF-16BE").Text()!.ShouldStartWith("😀");
        new KannelForm().Add("?text=caf%E9&charset=ISO-8859-1").Text().ShouldBe("café");
        new KannelForm().Add("text=a%26b+c%2").Text().ShouldBe("a&b c%2");
    }
}

public class A_delivery_of_the_Twilio_form
{
    private static IEnumerable<KeyValuePair<string, StringValues>> Form(params (string, string)[] fields) => fields.Select(f => KeyValuePair.Create(f.Item1, new StringValues(f.Item2)));

    [Fact]
    public void is_signed_over_address_and_fields()
    {
        TwilioAccount.Signature("12345", "https://mycompany.com/myapp.php?foo=1&bar=2",
            Form(("To", "+18005551212"), ("CallSid", "CA1234567890ABCDE"), ("Caller", "+14158675309"), ("From", "+14158675309"), ("Digits", "1234"))).ShouldBe("RSOYDt4T1cUTdK1PDd93/VVr8B8=");
        TwilioAccount.Signature("token-rahasia", "https://lapor.contoh.id/hooks/sms/twilio",
            Form(("Body", "jalan rusak"), ("From", "+6281234567890"), ("MessageSid", "SM0001"), ("NumMedia", "0"), ("To", "+622129999999"))).ShouldBe("V0Fl8jAtkXlBJ+vgqWSKz5Q/yno=");
    }
}

public class A_provider_that_fails
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 2, 0, 0, TimeSpan.Zero);

    [Fact]
    public void is_left_alone_and_then_tried_by_one()
    {
        var circuit = new Circuit();
        for (var i = 0; i < 5; i++)
        {
            circuit.Blocks(Now).ShouldBeNull();
            circuit.Saw(new Delivery.Later("down"), Now);
        }

        var until = circuit.Blocks(Now).ShouldNotBeNull();
        circuit.Blocks(until).ShouldBeNull();
        circuit.Blocks(until).ShouldNotBeNull();
        circuit.Saw(new Delivery.Unknown("?", null), until);
        (circuit.Blocks(until)!.Value - until).ShouldBe(TimeSpan.FromSeconds(20));
        circuit.Saw(new Delivery.Sent("1"), until);
        circuit.Blocks(until).ShouldBeNull();
    }

    [Fact]
    public void that_another_host_found_failing_is_left_alone_here_too()
    {
        var circuit = new Circuit();

        circuit.Heard(new LeftAlone { Id = "sms/sms-kannel", Until = Now.AddMinutes(5), Failures = 9 }, Now);

        circuit.Blocks(Now).ShouldBe(Now.AddMinutes(5));
        circuit.Heard(new LeftAlone { Id = "sms/sms-kannel", Until = Now.AddMinutes(1), Failures = 5 }, Now);
        circuit.Blocks(Now).ShouldBe(Now.AddMinutes(5));
        var trial = Now.AddMinutes(5);
        circuit.Blocks(trial).ShouldBeNull();
        // What is over says nothing.
        circuit.Saw(new Delivery.Sent("1"), trial).ShouldBe((true, null, 0));
        circuit.Heard(new LeftAlone { Id = "sms/sms-kannel", Until = trial, Failures = 9 }, trial);
        circuit.Blocks(trial).ShouldBeNull();
        circuit.Saw(new Delivery.Sent("2"), trial).IsNews.ShouldBeFalse();
    }

    [Fact]
    public void refuses_or_throttles_is_not_down()
    {
        var circuit = new Circuit();
        for (var i = 0; i < 9; i++)
        {
            circuit.Saw(i % 2 == 0 ? new Delivery.Refused("no") : new Delivery.Later("slow", Now), Now);
        }

        circuit.Blocks(Now).ShouldBeNull();
    }
}

public class What_a_provider_says_of_a_message
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 2, 0, 0, TimeSpan.Zero);

    private static OutboundMessage Message(OutboundState state) => new()
    {
        Id = Guid.NewGuid(),
        Ticket = "2026-000017",
        Channel = "sms",
        Kind = "answer",
        Text = "t",
        QueuedAt = Now,
        Cause = Guid.NewGuid(),
        State = state,
        DueAt = state is OutboundState.Sent or OutboundState.Failed ? null : Now,
    };

    [Fact]
    public void settles_a_try_whose_end_nobody_saw() =>
        Message(OutboundState.Unresolved).After(new Receipt(ReceiptKind.Taken, "f1"), Now).ShouldSatisfyAllConditions(
            m => m.State.ShouldBe(OutboundState.Sent), m => m.DueAt.ShouldBeNull(), m => m.Receipt.ShouldBe("f1"));

    [Theory, InlineData(true), InlineData(false)]
    public void is_final_once_it_is(bool isDelivered)
    {
        var (first, later) = isDelivered ? (ReceiptKind.Delivered, ReceiptKind.Undelivered) : (ReceiptKind.Undelivered, ReceiptKind.Delivered);
        var after = Message(OutboundState.Sent).After(new Receipt(first, "1"), Now);

        after.IsUndelivered.ShouldBe(!isDelivered);
        // Another channel is looked for first.
        after.Claimed(Now).After(new Delivery.Refused("no"), Now, 0).State.ShouldBe(OutboundState.Failed);
        after.After(new Receipt(later, "1"), Now).ShouldBe(after);
        after.After(new Receipt(ReceiptKind.Taken, "1"), Now).ShouldBe(after);
    }
}
