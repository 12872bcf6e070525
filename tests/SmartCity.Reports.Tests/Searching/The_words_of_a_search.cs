using CsCheck;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Searching;

namespace SmartCity.Reports.Tests.Searching;

public class The_words_of_a_search
{
    private static string Read(string? text) => string.Join(" & ", SearchWords.Parse(text).Select(term => term.ToQuery([])));

    [Theory]
    [InlineData("Jalan Berlubang", "jalan & berlubang")]
    [InlineData("\"jalan rusak\" -banjir", "(jalan <-> rusak) & !banjir")]
    [InlineData("-\"lampu mati\"", "!(lampu <-> mati)")]
    [InlineData("pasar* jl*", "pasar:* & jl")]
    [InlineData("jalan-rusak", "(jalan <-> rusak)")]
    [InlineData("\"tidak ditutup", "(tidak <-> ditutup)")]
    [InlineData("' & | ! ( ) :* <-> \\", ""), InlineData("", ""), InlineData(null, ""), InlineData("\"\" - -", "")]
    public void are_read_as_people_type_them(string? text, string query) => Read(text).ShouldBe(query);

    [Fact]
    public void are_never_anything_but_words_and_their_signs() => Gen.String.Sample(text =>
    {
        SearchWords.Parse(text).Count.ShouldBeLessThanOrEqualTo(16);
        Read(text).ShouldMatch(@"^(!?(\([\p{L}\p{Nd}]+( <-> [\p{L}\p{Nd}]+)*\)|[\p{L}\p{Nd}]+(:\*)?)( & )?)*$");
    });

    [Fact]
    public void of_a_text_leave_out_what_was_masked() =>
        SearchWords.Normal("Hubungi [telepon], [e-mail] atau [NIK]: Jl. Ahmad-Yani 12!").ShouldBe("hubungi atau jl ahmad yani 12");

    [Theory]
    [InlineData("lubang", "lubnag", 1), InlineData("jalan", "jaln", 1), InlineData("sampah", "sampah", 0), InlineData("", "abc", 3), InlineData("trotoar", "torotoar", 1)]
    public void differ_in_so_many_places(string one, string other, int distance)
    {
        SearchWords.Distance(one, other).ShouldBe(distance);
        SearchWords.Distance(other, one).ShouldBe(distance);
    }

    [Fact]
    public void are_corrected_to_the_closest_only() =>
        SearchWords.Closest("jembtan", ["jembatan", "jemputan", "selokan", "jempatan"]).ShouldBe(["jembatan", "jempatan", "jemputan"], ignoreOrder: true);

    [Fact]
    public void cannot_leave_their_quotes() => Gen.String.Sample(text => Lexemes.Quote(text)[1..^1].Replace("''", "", StringComparison.Ordinal).ShouldNotContain("'"));
}

public class A_box_on_the_map
{
    [Theory]
    [InlineData("109.05,-7.02,109.15,-6.95", true), InlineData(" 109.05 , -7.02 , 109.15 , -6.95 ", true), InlineData("-180,-90,180,90", true)]
    [InlineData("109.15,-7.02,109.05,-6.95", false), InlineData("109.05,-6.95,109.15,-7.02", false), InlineData("1,2,3", false), InlineData("1,2,3,4,5", false)]
    [InlineData("a,b,c,d", false), InlineData("NaN,0,1,1", false), InlineData("0,0,1,91", false), InlineData("", false), InlineData("-∞,0,1,1", false)]
    public void is_west_south_east_north(string text, bool isBox) => (FilterQuery.ReadBox(text) is not null).ShouldBe(isBox);

    [Fact]
    public void is_covered_by_its_cells() => Gen.Select(Gen.Double[-180, 180], Gen.Double[-90, 90], Gen.Double[0, 1], Gen.Double[0, 1], Gen.Int[0, 5]).Sample((west, south, right, up, power) =>
    {
        var size = Math.Pow(10, -power);
        var box = new Box(west, south, Math.Min(180, west + (right * 90 * size)), Math.Min(90, south + (up * 90 * size)));
        var cells = Lexemes.Cells(box).Split(" | ");
        cells.Length.ShouldBeLessThanOrEqualTo(800);
        foreach (var (x, y) in new[] { (box.West, box.South), (box.East, box.North), ((box.West + box.East) / 2, (box.South + box.North) / 2) })
        {
            var at = new[] { 10, 1, 0.1, 0.02, 0.004 }.Select((side, level) => $"'#g{level}:{(long)Math.Floor(x / side)}:{(long)Math.Floor(y / side)}'");
            cells.Intersect(at).ShouldHaveSingleItem();
        }
    });
}
