using CsCheck;
using SmartCity.Reports.Resembling;

namespace SmartCity.Reports.Tests.Resembling;

public class How_alike_reports_are
{
    private static readonly DateTimeOffset Now = new(2026, 10, 31, 9, 0, 0, TimeSpan.Zero);

    private static readonly Gen<Likeness> Likenesses = Gen.Select(
        Gen.Double[0, 2000].Nullable(), Gen.Double[0, 1], Gen.Bool.Nullable(), Gen.Int[0, 64].Nullable(), Gen.Double[0, 400].Select(days => TimeSpan.FromDays(days)),
        (metres, words, same, look, apart) => new Likeness(metres, words, same, look, apart));

    private static readonly Gen<Matter> Matters = Gen.Select(
        Gen.Int[0, 2].Select(n => new[] { "jalan-rusak", "lampu-jalan", null }[n]), Gen.Double[-7.01, -6.99].Nullable(), Gen.Double[109.12, 109.14], Gen.Int[0, 100].Select(days => Now.AddDays(-days)),
        Gen.Int[0, 4].Select(n => new[] { "jln bolong dpn pasar", "Jalan berlubang di depan pasar!", "lampu mati", "", null }[n]), Gen.Int[0, 2].Select(n => new[] { "00ff00ff00ff00ff", "00ff00ff00ff00fe", "1234567890abcdef" }[n]).Array[0, 2],
        (category, latitude, longitude, at, text, looks) => new Matter(category, latitude, latitude is null ? null : longitude, at, text, looks));

    [Fact]
    public void lies_between_nothing_and_all() => Likenesses.Sample(likeness => likeness.Score is >= 0 and <= 1);

    [Fact]
    public void does_not_depend_on_which_comes_first() => Gen.Select(Matters, Matters).Sample((one, other) =>
        Math.Abs(Likeness.Of(one, other).Score - Likeness.Of(other, one).Score) < 1e-9 && Likeness.Of(one, other).Reasons.SequenceEqual(Likeness.Of(other, one).Reasons));

    [Fact]
    public void is_most_for_the_same() => Matters.Where(m => m.Latitude is not null && m.Category is not null && m.Text?.Length > 0).Sample(matter => Likeness.Of(matter, matter).Score > 0.999);

    [Fact]
    public void never_grows_with_distance() => Gen.Select(Likenesses.Where(l => l.Metres is not null), Gen.Double[0, 500]).Sample((likeness, more) =>
        (likeness with { Metres = likeness.Metres + more }).Score <= likeness.Score + 1e-9);

    [Fact]
    public void never_shrinks_with_words_in_common() => Gen.Select(Likenesses, Gen.Double[0, 1]).Sample((likeness, more) =>
        (likeness with { Words = Math.Min(1, likeness.Words + more) }).Score >= likeness.Score - 1e-9);

    [Fact]
    public void never_grows_as_photos_differ() => Gen.Select(Likenesses.Where(l => l.LookDistance is not null), Gen.Int[0, 20]).Sample((likeness, more) =>
        (likeness with { LookDistance = likeness.LookDistance + more }).Score <= likeness.Score + 1e-9);

    [Fact]
    public void never_grows_with_time() => Gen.Select(Likenesses, Gen.Int[0, 100]).Sample((likeness, days) =>
        (likeness with { Apart = likeness.Apart + TimeSpan.FromDays(days) }).Score <= likeness.Score + 1e-9);

    [Theory]
    [InlineData("jln berlobang dpn psr trayeman", "Jalan berlubang di depan pasar Trayeman", 0.7, 1)]
    [InlineData("Lampu bangjo perempatan Adiwerna mati", "bangjo prempatan adiwerna mati ket wingi", 0.5, 1)]
    [InlineData("@dpu_tegalkab https://t.co/abc jalan rusak", "jalan rusak", 1, 1)]
    [InlineData("Selokan mampet di Kalisapu", "PNS belanja di mall jam kerja", 0, 0.2)]
    [InlineData("", "jalan rusak", 0, 0), InlineData("tolong pak bupati", "mohon pak bupati", 0, 0)]
    public void by_words_is_told_as_people_write(string one, string other, double least, double most) => TextLikeness.Of(one, other).ShouldBeInRange(least, most);

    [Theory]
    [InlineData(20, 0.1, true, null, 1, true)]
    [InlineData(150, 0.1, true, null, 1, false)]
    [InlineData(60, 0.8, null, null, 30, true)]
    [InlineData(20, 0.1, false, null, 1, false)]
    [InlineData(null, 0.9, true, null, 1, false)]
    [InlineData(5000, 0.1, false, 3, 60, true)]
    [InlineData(5000, 0.1, true, 30, 1, false)]
    public void makes_a_suggestion_when_it_is_enough(int? metres, double words, bool? same, int? look, int days, bool suggested) =>
        (new Likeness(metres, words, same, look, TimeSpan.FromDays(days)).Score >= Likeness.Suggested).ShouldBe(suggested);

    [Fact]
    public void by_place_is_found_in_the_square_or_beside_it() => Gen.Select(Gen.Double[-11, 6], Gen.Double[95, 141], Gen.Double[0, 2 * Math.PI], Gen.Double[0, 300]).Sample((latitude, longitude, direction, metres) =>
    {
        Matter At(double north, double east) => new(null, north, east, Now, null, []);
        var there = At(latitude + metres / 111_320 * Math.Cos(direction), longitude + metres / (111_320 * Math.Cos(double.DegreesToRadians(latitude))) * Math.Sin(direction));
        return Clue.KeysNear(At(latitude, longitude)).Contains(Clue.Of("2026-000017", there).Single().Key);
    });

    [Fact]
    public void by_look_is_found_when_few_places_differ() => Gen.Select(Gen.ULong, Gen.Int[0, 63].Array[0, 3]).Sample((bits, flips) =>
    {
        Matter With(ulong look) => new(null, null, null, Now, null, [look.ToString("x16", System.Globalization.CultureInfo.InvariantCulture)]);
        var other = flips.Aggregate(bits, (look, flip) => look ^ (1UL << flip));
        return Clue.KeysNear(With(bits)).Intersect(Clue.Of("2026-000017", With(other)).Select(clue => clue.Key)).Any();
    });
}
