using CsCheck;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.ReadyAnswers;

namespace SmartCity.Reports.Tests.Staff;

public class A_ready_text
{
    private static readonly Report Report = new()
    {
        Id = "2026-000017",
        Number = 17,
        State = ReportState.Assigned,
        IsPublic = true,
        FiledAt = default,
        UpdatedAt = default,
        Category = "jalan-rusak",
        Filed = new ReportFiled("2026-000017", "web", null, "p1", "jalan-rusak", "t", null, new ReportPlace(null, null, null), [], null, null, null, false, false, false, null),
    };

    [Theory]
    [InlineData("Nomor {nomor}, {TICKET}", "Nomor 2026-000017, 2026-000017")]
    [InlineData("{opd} / {department}", "OPD / the department")]
    [InlineData("{kategori}", "laporan")]
    [InlineData("{ nomor } {} {{nomor}}", "{ nomor } {} {2026-000017}")]
    public void says_what_its_placeholders_stand_for(string text, string filled) => ReadyTexts.Fill(text, Report, [], []).ShouldBe(filled);

    // Pieces of texts, of which one is a placeholder that there is not.
    private static readonly string[] All = ["{nomor}", "{TICKET}", "{opd}", "{department}", "{kategori}", "{category}", "{x}", "Halo ", "jalan, ", "\n", "} "];

    private static readonly Gen<string[]> Pieces = Gen.Int[0, All.Length - 1].Select(i => All[i]).Array[1, 12];

    [Fact]
    public void is_taken_only_when_every_placeholder_stands_for_something() => Pieces.Sample(pieces =>
    {
        var text = string.Concat(pieces);
        var isTaken = ReadyTexts.Faults(new WriteReadyAnswer("33.28", null, "t", text, null, null), []).Count == 0;
        return isTaken == (!pieces.Contains("{x}") && !string.IsNullOrWhiteSpace(text)) && (!isTaken || !ReadyTexts.Fill(text, Report, [], []).Contains('{', StringComparison.Ordinal));
    }, iter: 2000);
}
