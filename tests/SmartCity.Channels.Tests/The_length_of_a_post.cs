using SmartCity.Channels.Outbox;
using SmartCity.Channels.X.Replying;

namespace SmartCity.Channels.Tests;

public class The_length_of_a_post
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("jalan rusak", 11)]
    [InlineData("é", 1)]
    [InlineData("e\u0301", 1)]
    [InlineData("ꦗ", 2)]
    [InlineData("道路", 4)]
    [InlineData("“a”", 3)]
    [InlineData("…", 2)]
    [InlineData("😀", 2)]
    [InlineData("👨‍👩‍👧‍👦", 2)]
    [InlineData("👍🏽", 2)]
    [InlineData("🇮🇩", 2)]
    [InlineData("1️⃣", 2)]
    [InlineData("❤️", 2)]
    [InlineData("https://lapor.tegalkab.go.id/sebuah/alamat/yang/panjang/sekali?x=1", 23)]
    [InlineData("lihat http://a.id.", 6 + 23 + 1)]
    [InlineData("a.id", 23)]
    public void counts_as_X_counts(string text, int length) => PostLength.Of(text).ShouldBe(length);

    [Fact]
    public void of_something_that_only_may_be_an_address_is_never_too_small() =>
        PostLength.Of($"{new string('a', 40)}.bukanalamat").ShouldBe(52);

    [Fact]
    public void is_left_alone_when_it_fits() => PostLength.Cut(new string('a', 280)).ShouldBe(new string('a', 280));

    [Fact]
    public void is_cut_at_a_word()
    {
        var cut = PostLength.Cut(string.Join(' ', Enumerable.Repeat("sembilan9", 40)));

        cut.ShouldEndWith("sembilan9…");
        PostLength.Of(cut).ShouldBeInRange(270, 280);
    }

    [Theory]
    [InlineData("😀")]
    [InlineData("👨‍👩‍👧‍👦")]
    [InlineData("aaaaaaaaaa")]
    [InlineData("e\u0301")]
    public void is_cut_between_letters_where_there_is_no_word(string letter)
    {
        var cut = PostLength.Cut(string.Concat(Enumerable.Repeat(letter, 300)));

        PostLength.Of(cut).ShouldBeInRange(270, 280);
        cut.ShouldNotContain('\uFFFD');
        cut.TrimEnd('…').EnumerateRunes().ShouldNotContain(new System.Text.Rune(0xFFFD));
    }

    [Fact]
    public void of_an_acknowledgement_fits_with_any_ticket() => PostLength.Of(Wording.Acknowledgement("2026-1234567890")).ShouldBeLessThanOrEqualTo(280);
}
