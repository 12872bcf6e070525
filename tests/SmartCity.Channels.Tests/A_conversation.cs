using CsCheck;
using SmartCity.Channels.Conversing;

namespace SmartCity.Channels.Tests;

/// <summary>What is done with a message, by what was said before.</summary>
public class A_conversation
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 3, 0, 0, TimeSpan.Zero);
    private static readonly TalkSoFar Nothing = new();
    private static readonly TalkSoFar AfterReport = new(Ticket: "2026-000017", TicketAt: Now.AddMinutes(-5)) { Category = "jalan-rusak", Places = ["33.28.10"] };

    private static string Decide(TalkSoFar talk, Said said, bool converses = true) => Conversation.Decide(talk, said, converses, Now) switch
    {
        Step.Ask ask => $"ask {ask.What}",
        Step.Add add => add.IsQuiet ? "add quietly" : "add",
        var step => step.GetType().Name.ToLowerInvariant(),
    };

    [Theory]
    // Nothing was said before.
    [InlineData("Jalan rusak parah di Balamoa", "jalan-rusak", "file")]
    [InlineData("lampu mati depan pasar", "lampu-jalan", "file")]
    [InlineData("jl Diponegoro berlubang", "jalan-rusak", "file")]
    [InlineData("sampah numpuk RT 03 RW 02", "sampah", "file")]
    [InlineData("jalan rusak", "jalan-rusak", "ask Place")]
    [InlineData("jalan rusak parah sekali pak", "jalan-rusak", "ask Place")]
    [InlineData("tolong pak", null, "ask Problem")]
    [InlineData("lapor", null, "ask Problem")]
    [InlineData("mau lapor min", null, "ask Problem")]
    [InlineData("Balamoa", null, "ask Problem")]
    [InlineData("anak sekolah menyeberang kali setiap hari", null, "ask Place")]
    // Greetings and thanks.
    [InlineData("Assalamualaikum", null, "greet")]
    [InlineData("Assalamu'alaikum wr. wb.", null, "greet")]
    [InlineData("halo min", null, "greet")]
    [InlineData("Selamat pagi bapak", null, "greet")]
    [InlineData("P", null, "greet")]
    [InlineData("tes", null, "greet")]
    [InlineData("Selamat pagi, jalan rusak di Slawi", "jalan-rusak", "file")]
    [InlineData("terima kasih", null, "welcome")]
    [InlineData("Makasih banyak min 🙏", null, "welcome")]
    [InlineData("oke terima kasih infonya", null, "welcome")]
    [InlineData("siap", null, "welcome")]
    [InlineData("suwun pak", null, "welcome")]
    [InlineData("Matur nuwun sanget nggih pak", null, "welcome")]
    [InlineData("maturnuwun min", null, "welcome")]
    [InlineData("matur suwun", null, "welcome")]
    [InlineData("kesuwun lur", null, "welcome")]
    [InlineData("nuwun", null, "welcome")]
    [InlineData("Kula nuwun", null, "greet")]
    [InlineData("kulonuwun pak", null, "greet")]
    [InlineData("sugeng enjing bapak", null, "greet")]
    [InlineData("sugeng sonten min", null, "greet")]
    [InlineData("Nuwun sewu, dalane rusak neng Slawi", "jalan-rusak", "file")]
    [InlineData("matur nuwun, nanging dalane isih rusak di Slawi", "jalan-rusak", "file")]
    [InlineData("terima kasih tapi jalan masih rusak di Slawi", "jalan-rusak", "file")]
    public void that_begins(string text, string? category, string step) => Decide(Nothing, new Said(text) { Category = category }).ShouldBe(step);

    [Theory]
    // A report was made a moment ago: jalan-rusak in Balapulang.
    [InlineData("lubangnya sedalam lutut", null, "add")]
    [InlineData("jalannya rusak sejak bulan lalu", "jalan-rusak", "add")]
    [InlineData("sudah ada yang jatuh di situ", null, "add")]
    [InlineData("terima kasih", null, "welcome")]
    [InlineData("lampu jalan mati di Slawi depan pasar", "lampu-jalan", "file")]
    [InlineData("sampah menumpuk sejak kemarin", "sampah", "ask Place")]
    [InlineData("laporan baru", null, "ask Problem")]
    [InlineData("Lapor lagi: jalan rusak di Slawi", "jalan-rusak", "file")]
    public void that_goes_on_after_a_report(string text, string? category, string step) => Decide(AfterReport, new Said(text) { Category = category }).ShouldBe(step);

    [Fact]
    public void in_another_place_is_another_report()
    {
        Decide(AfterReport, new Said("jalan rusak di Adiwerna") { Category = "jalan-rusak", Places = ["33.28.14"] }).ShouldBe("file");
        Decide(AfterReport, new Said("jalan rusak di Balapulang itu makin parah") { Category = "jalan-rusak", Places = ["33.28.10"] }).ShouldBe("add");
    }

    [Fact]
    public void adds_photos_and_places_to_the_report_before()
    {
        Decide(AfterReport, new Said("", HasPhoto: true)).ShouldBe("add");
        Decide(AfterReport, new Said("", HasPoint: true)).ShouldBe("add");
        Decide(AfterReport with { Album = "a" }, new Said("", HasPhoto: true) { Album = "a" }).ShouldBe("add quietly");
    }

    [Fact]
    public void begins_anew_after_half_an_hour() => Decide(AfterReport with { TicketAt = Now - Conversation.Together - TimeSpan.FromMinutes(1) }, new Said("lubangnya sedalam lutut sekali")).ShouldBe("ask Place");

    [Theory]
    [InlineData("Balamoa, depan SD 2", "Place", "file")]
    [InlineData("dekat situ", "Place", "file")]
    [InlineData("batal", "Place", "drop")]
    [InlineData("gak jadi", "Problem", "drop")]
    [InlineData("halo", "Place", "ask Place")]
    public void completes_what_was_asked_for(string text, string asked, string step) =>
        Decide(Nothing with { Draft = new Draft("jalan rusak", false, false, [Enum.Parse<Missing>(asked)], Now.AddMinutes(-2)) { Category = "jalan-rusak" } }, new Said(text)).ShouldBe(step);

    [Fact]
    public void asks_for_the_problem_where_only_a_place_is_known()
    {
        Decide(Nothing, new Said("", HasPoint: true)).ShouldBe("ask Problem");
        Decide(Nothing, new Said("", HasPhoto: true)).ShouldBe("ask Problem");
        Decide(Nothing with { Draft = new Draft("", true, true, [Missing.Problem], Now) }, new Said("lampu mati") { Category = "lampu-jalan" }).ShouldBe("file");
        Decide(Nothing with { Draft = new Draft("", false, true, [Missing.Problem], Now) }, new Said("lampu mati") { Category = "lampu-jalan" }).ShouldBe("ask Place");
    }

    [Fact]
    public void never_asks_the_same_a_third_time() =>
        Decide(Nothing with { Draft = new Draft("a", true, false, [Missing.Problem, Missing.Problem], Now) }, new Said("b")).ShouldBe("file");

    [Fact]
    public void asks_nothing_of_who_is_in_danger_or_writes_spam() => Decide(Nothing, new Said("kebakaran tolong") { IsUrgent = true }).ShouldBe("file");

    [Fact]
    public void is_none_where_people_post()
    {
        Decide(Nothing, new Said("jalan rusak") { Category = "jalan-rusak" }, converses: false).ShouldBe("file");
        Decide(AfterReport, new Said("lubangnya sedalam lutut"), converses: false).ShouldBe("file");
        Decide(Nothing, new Said("makasih min"), converses: false).ShouldBe("welcome");
    }

    [Fact]
    public void in_a_thread_belongs_to_its_report()
    {
        Decide(Nothing, new Said("masih rusak") { ThreadOf = "2026-000017" }, converses: false).ShouldBe("add");
        Decide(Nothing, new Said("laporan baru lampu mati di Slawi") { ThreadOf = "2026-000017", Category = "lampu-jalan" }).ShouldBe("file");
        Decide(Nothing, new Said("makasih") { ThreadOf = "2026-000017" }).ShouldBe("welcome");
        Decide(Nothing, new Said("judi slot gacor") { ThreadOf = "2026-000017", IsReporter = false, IsSuspicious = true }).ShouldBe("look");
        Decide(Nothing, new Said("kemarin ada yang jatuh di situ") { ThreadOf = "2026-000017", IsReporter = false, IsUrgent = true }, converses: false).ShouldBe("file");
        Decide(Nothing, new Said("ada korban, klik di sini") { ThreadOf = "2026-000017", IsReporter = false, IsUrgent = true, IsSuspicious = true }, converses: false).ShouldBe("look");
        Decide(Nothing, new Said("kemarin ada yang jatuh di situ") { ThreadOf = "2026-000017", IsUrgent = true }, converses: false).ShouldBe("add");
        Decide(Nothing, new Said("betul, di situ rusak") { ThreadOf = "2026-000017", IsReporter = false }).ShouldBe("add");
    }

    [Fact]
    public void ends_after_a_few_questions_whatever_is_said() => Gen.String[Gen.Char["abc dijalan.?"], 0, 20].Array[1, 12].Sample(said =>
    {
        var (talk, questions) = (Nothing, 0);
        foreach (var text in said)
        {
            switch (Conversation.Decide(talk, new Said(text.Trim()), true, Now))
            {
                case Step.Ask ask when !Words.IsGreeting(text):
                    var before = talk.Draft;
                    talk = talk with { Draft = new Draft($"{before?.Text} {text}".Trim(), false, false, [.. before?.Asked ?? [], ask.What], Now) };
                    questions++;
                    break;
                case Step.File:
                    return questions <= 4;
            }
        }

        return questions <= 4;
    }, iter: 500);
}
