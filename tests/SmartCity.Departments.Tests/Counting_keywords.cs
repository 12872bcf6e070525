using CsCheck;
using SmartCity.Departments.Contracts;
using SmartCity.Departments.Suggesting;

namespace SmartCity.Departments.Tests;

public class Counting_keywords
{
    private static readonly KeywordIndex Index = new(
    [
        Category("jalan", "jalan rusak", "lubang", "aspal"), Category("pju", "lampu jalan", "pju"), Category("pasar", "pasar", "harga"), Category("kosong"),
    ]);

    private static readonly string[] Vocabulary = ["jalan", "rusak", "lubang", "pju", "harga", "pasar", "lampu", "di", "sudah"], Separators = [" ", ", ", "... ", "\n", " - "];

    private static string? Suggest(string text) =>
        Index.Count(text).OrderByDescending(c => c.Weight).Take(2).ToArray() is [var best, .. var other] && (other is not [var second] || best.Weight > second.Weight) ? best.Category : null;

    private static Category Category(string code, params string[] keywords) =>
        new(code, code, code, code, "", keywords, null, ReportClass.Complaint, ServiceDelivery.Realtime, []);

    [Theory]
    [InlineData("Jalannya RUSAK!!", "jalan")] // endings, capitals, punctuation
    [InlineData("jln rsk", "jalan")] // short forms
    [InlineData("lubang2 banyak", "jalan")] // reduplication
    [InlineData("jalan raya depan kantor rusak", "jalan")] // a few words between
    [InlineData("jalan ini sangat panjang dan indah sekali walau rusak", null)] // too many
    [InlineData("rusak jalan", null)] // the other way round
    [InlineData("lampu jalan dekat lubang", "pju")] // two words say more than one
    [InlineData("lubang lubang lubang pju", null)] // the same word again says nothing new
    [InlineData("pju dan harga", null)] // two alike
    [InlineData("lubang depan pasar", "jalan")] // "pasar" is a place here
    [InlineData("@pasar_tegalkab https://example.org/harga aspal", "jalan")] // neither mentions nor addresses are words
    [InlineData("", null)]
    [InlineData("👍🏽 ..", null)]
    public void counts_keywords(string text, string? category) => Suggest(text).ShouldBe(category);

    [Fact]
    public void takes_any_text() => Gen.String.Sample(text => Suggest(text) is null or "jalan" or "pju" or "pasar");

    [Fact]
    public void does_not_depend_on_case_and_punctuation() => Gen.Select(
        Gen.Int[0, Vocabulary.Length - 1].Select(i => Vocabulary[i]).List[1, 8], Gen.Int[0, Separators.Length - 1].Select(i => Separators[i]))
        .Sample((words, between) => Suggest(string.Join(between, words).ToUpperInvariant()) == Suggest(string.Join(' ', words)));
}
