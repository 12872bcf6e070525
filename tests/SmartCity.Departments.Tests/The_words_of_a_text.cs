using CsCheck;
using SmartCity.Departments.Suggesting;

namespace SmartCity.Departments.Tests;

public class The_words_of_a_text
{
    private static string Read(string text) => string.Join(' ', Words.Of(text));

    [Theory]
    [InlineData("JALANNYA Rusak!!", "jalan rusak")]
    [InlineData("jln bgs, gmn yg tdk", "jalan bagus bagaimana yang tidak")] // short forms
    [InlineData("lubang2 banyak", "lubang banyak")] // reduplication
    [InlineData("jalan-jalan", "jalan jalan")]
    [InlineData("tolooooong dooong", "tolong dong")] // long drawn
    [InlineData("maaf saat tanggul", "maaf saat tanggul")] // two alike are spelling
    [InlineData("g0bl0k t4i bangs4t", "goblok tai bangsat")] // digits for letters
    [InlineData("sdn 1 rt05 tps3r", "sd <angka> rt tps")]
    [InlineData("dalane wis bodol, uwuh ning endi-endi", "jalan sudah rusak sampah di mana mana")] // Javanese of Tegal
    [InlineData("banyune butek, kreteg ambrol, bangjo mati", "air keruh jembatan roboh lampu merah mati")]
    [InlineData("kiye lampune ora murup ket wingi", "ini lampu tidak menyala ket kemarin")]
    [InlineData("bayar 5jt atau 300 rb, 2 juta", "bayar <uang> atau <uang> <uang>")]
    [InlineData("STATUS 2026-000017", "status <nomor>")]
    [InlineData("hub 0812-3456-7890 atau +62 812", "hub <telepon> atau <telepon> <angka>")]
    [InlineData("klik bit.ly/xx9 https://contoh.id/a?b=1 www.slot.com", "klik <tautan> <tautan> <tautan>")]
    [InlineData("@dpu_tegalkab min @infotegal", "@dpu admin @infotegal")]
    [InlineData("an*ing", "aning")]
    [InlineData("👍🏽 😡", "<emoji> <emoji>")]
    [InlineData("#jalanrusak", "jalanrusak")]
    [InlineData("", "")]
    [InlineData(" .. ,, ?!", "")]
    public void are_the_usual_ones(string text, string words) => Read(text).ShouldBe(words);

    [Theory]
    [InlineData("dipungut", "pungut")]
    [InlineData("pungutan", "pungut")]
    [InlineData("memungutnya", "ungut")]
    [InlineData("terjatuh", "jatuh")]
    [InlineData("air", "air")]
    public void have_a_core(string word, string core) => Words.Core(word).ToString().ShouldBe(core);

    [Fact]
    public void are_found_in_any_text() => Gen.String.Sample(text => Words.Of(text).All(word => word.Length > 0));

    [Fact]
    public void do_not_depend_on_capitals() => Gen.String[Gen.Char.AlphaNumeric, 0, 60].Sample(text => Read(text.ToUpperInvariant()) == Read(text.ToLowerInvariant()));
}

public class The_features_of_a_text
{
    [Fact]
    public void are_the_same_every_time_and_on_every_machine() => Features.Of("jalan rusak").ShouldBe(
        Features.Of(" JLN   rsk!"));

    [Fact]
    public void are_in_order_and_within_bounds() => Gen.String.Sample(text =>
    {
        var features = Features.Of(text);
        return features.Zip(features.Skip(1)).All(pair => pair.First < pair.Second) && features.All(f => f is >= 0 and < Features.Space);
    });

    [Fact]
    public void of_alike_texts_are_shared()
    {
        double Alike(string one, string other)
        {
            var (a, b) = (Features.Of(one), Features.Of(other));
            return (double)a.Intersect(b).Count() / a.Union(b).Count();
        }

        Alike("lampu jalan mati di Slawi", "lampune dalan mati nang slawi").ShouldBeGreaterThan(0.6);
        Alike("lampu jalan mati di Slawi", "harga cabai naik terus").ShouldBeLessThan(0.1);
    }
}
