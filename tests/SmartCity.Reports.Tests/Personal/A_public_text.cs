using CsCheck;
using SmartCity.Platform.Personal;

namespace SmartCity.Reports.Tests.Personal;

public class A_public_text
{
    [Theory]
    [InlineData("Hub 081234567890 ya", "Hub [telepon] ya")]
    [InlineData("0812-3456-7890", "[telepon]")]
    [InlineData("0812 3456 7890", "[telepon]")]
    [InlineData("0812.3456.7890", "[telepon]")]
    [InlineData("0812 - 3456 - 7890", "[telepon]")]
    [InlineData("0 8 1 2 3 4 5 6 7 8 9 0", "[telepon]")]
    [InlineData("HP0812345678,", "HP[telepon],")]
    [InlineData("wa:0812‑3456‑7890", "wa:[telepon]")]
    [InlineData("https://wa.me/6281234567890", "https://wa.me/[telepon]")]
    [InlineData("+62 812 3456 7890", "[telepon]")]
    [InlineData("+6281234567890", "[telepon]")]
    [InlineData("62812345678", "[telepon]")]
    [InlineData("(+62) 812-3456-7890", "([telepon]")]
    [InlineData("+62 (0)283 491234", "[telepon]")]
    [InlineData("+62-283-491234", "[telepon]")]
    [InlineData("0062 812 3456 7890", "[telepon]")]
    [InlineData("telp (0283) 491234 atau 0283-491 235", "telp [telepon] atau [telepon]")]
    [InlineData("021 1234567 / 0284491234", "[telepon] / [telepon]")]
    [InlineData("81234567890", "[telepon]")]
    [InlineData("812-3456-7890", "[telepon]")]
    [InlineData("+65 6123 4567", "[telepon]")]
    [InlineData("081234567890/081987654321", "[telepon]/[telepon]")]
    [InlineData("0812 3456 7890 0819 8765 4321", "[telepon] [telepon]")]
    [InlineData("hubungi 0812\n3456\n7890 ya", "hubungi [telepon] ya")]
    [InlineData("0812\r\n3456-7890", "[telepon]")]
    [InlineData("0812\t3456\t7890", "[telepon]")]
    [InlineData("0812/3456/7890", "[telepon]")]
    [InlineData("0812_3456_7890", "[telepon]")]
    [InlineData("0812\u200b3456\u200b7890", "[telepon]")]
    [InlineData("+62\n812 3456\n7890", "[telepon]")]
    [InlineData("081234500000", "[telepon]")]
    [InlineData("+62 812 345 00000", "[telepon]")]
    [InlineData("nol delapan satu dua tiga empat lima enam tujuh delapan", "[telepon]")]
    [InlineData("Hub. Kosong delapan satu dua, tiga empat lima enam\ntujuh delapan ya", "Hub. [telepon] ya")]
    public void has_no_telephone(string text, string expected) => PublicText.Mask(text).ShouldBe(expected);

    [Theory]
    [InlineData("NIK 3328010101800001.", "NIK [NIK].")]
    [InlineData("3328 0101 0180 0001", "[NIK]")]
    [InlineData("33.28.01.010180.0001", "[NIK]")]
    [InlineData("33-28-01-010180-0001", "[NIK]")]
    [InlineData("11.01.02.010180.0001", "[NIK]")]
    [InlineData("1971 0112 0390 0001", "[NIK]")]
    [InlineData("RT 05 3328010101800001", "RT 05 [NIK]")]
    [InlineData("NIK 332801\n010180\n0001", "NIK [NIK]")]
    [InlineData("3328_0101_0180_0001", "[NIK]")]
    [InlineData("tiga tiga dua delapan nol satu nol satu nol satu delapan nol nol nol nol satu", "[NIK]")]
    public void has_no_identity_number(string text, string expected) => PublicText.Mask(text).ShouldBe(expected);

    [Theory]
    [InlineData("surel budi.santoso+lapor@example.co.id ya", "surel [e-mail] ya")]
    [InlineData("BUDI@EXAMPLE.ORG", "[e-mail]")]
    [InlineData("budi(at)example.org", "[e-mail]")]
    [InlineData("a@b.co,c@d.id", "[e-mail],[e-mail]")]
    public void has_no_address(string text, string expected) => PublicText.Mask(text).ShouldBe(expected);

    [Theory]
    [InlineData("Rp 1.250.000.000"), InlineData("Rp1.250.000.000,00"), InlineData("Rp. 081234567"), InlineData("rp150000000"), InlineData("150000000 rupiah")]
    [InlineData("62.812.345.678"), InlineData("812.345.678"), InlineData("8500000000"), InlineData("4.720.000.000 dan 1.480.000.000")]
    [InlineData("tahun 2024, 2025 dan 2026"), InlineData("2005-2015"), InlineData("2024 2025 2026 2027"), InlineData("APBD 2025/2026")]
    [InlineData("laporan 2026-000017 dan 2026-000025"), InlineData("2026-000017 2026-000025 2026-000033"), InlineData("#2026-1234567")]
    [InlineData("31-12-2026 10.00-12.00"), InlineData("01-02-2026 10:30"), InlineData("08/12/26"), InlineData("2026-10-31"), InlineData("08-12-2026 08.15 09.30 10.00")]
    [InlineData("-6.98123456, 109.13987654"), InlineData("panjang 12,3456789 km"), InlineData("07.00-16.00")]
    [InlineData("33.28.10.1001 dan 62.01.05.2003"), InlineData("52411"), InlineData("RT 003/004 RW 05"), InlineData("G 1234 AB"), InlineData("112 atau 110 atau 123")]
    [InlineData("ID pelanggan 532110012345"), InlineData("1000000 m2"), InlineData("jam 0900"), InlineData("KM 12+500"), InlineData("UU 25/2009, PP 96/2012")]
    [InlineData("surat 027/123/2026 dan 050/0456/2026"), InlineData("satu dua tiga empat lima"), InlineData("1.\n2.\n3. jalan"), InlineData("Rp 5.000.000\n2026-000017")]
    [InlineData("@dpu_tegalkab tolong"), InlineData("NIP 198001012005011001")]
    public void keeps_other_numbers(string text) => PublicText.Mask(text).ShouldBe(text);

    private static Gen<string> Words { get; } = One("", "Jalan rusak ", "hubungi saya di ", "Rp 5.000.000 ", "RT 02 RW 03, ", "tahun 2026: ", "2026-000017, ");

    private static Gen<string> Gaps { get; } = One("", " ", "-", ".", " - ", "\u00a0");

    private static Gen<string> One(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<string> Digits(int from, int to) => Gen.Char['0', '9'].Array[from, to].Select(digits => new string(digits));

    // 81…: a mobile number as its operator gives it, without trunk or country.
    private static Gen<string> Mobile { get; } = Gen.Select(Gen.Char['1', '9'], Digits(8, 9), (second, rest) => $"8{second}{rest}1");

    [Fact]
    public void shows_no_mobile_number_however_it_is_written() => Gen.Select(Words, One("0", "+62", "62", "+62 ", "(+62) ", "0062", "+62 (0)"), Mobile, Gaps, Words)
        .Sample((before, start, number, gap, after) =>
        {
            var written = $"{start}{number[..3]}{gap}{number[3..7]}{gap}{number[7..]}";
            // One of 16 digits may be taken for an identity number.
            return PublicText.Mask($"{before}{written} {after}") is var masked && !Plain(masked).Contains(number, StringComparison.Ordinal)
                && (masked.Contains("[telepon]", StringComparison.Ordinal) || masked.Contains("[NIK]", StringComparison.Ordinal));
        });

    [Fact]
    public void shows_no_landline_however_it_is_written() => Gen.Select(
        Words, One("0283", "021", "0271", "0561"), One("", " ", "-", ") "), Gen.Select(Gen.Char['2', '9'], Digits(4, 6), (first, rest) => first + rest + "1"))
        .Sample((before, area, gap, number) =>
            !Plain(PublicText.Mask($"{before}{(gap == ") " ? "(" : "")}{area}{gap}{number} ya")).Contains(area + number, StringComparison.Ordinal));

    [Fact]
    public void shows_no_identity_number_however_it_is_written() => Gen.Select(
        Words, Gen.Int[11, 94], Digits(4, 4), Gen.Int[1, 71], Gen.Int[1, 12], Gen.Int[0, 99], Digits(3, 3), One("", " ", "-", "."))
        .Sample((before, province, place, day, month, year, serial, gap) =>
        {
            string[] groups = [$"{province}", place[..2], place[2..], $"{day:00}{month:00}{year:00}", $"{serial}1"];
            return !Plain(PublicText.Mask($"{before}NIK {string.Join(gap, groups)}, ya")).Contains(string.Concat(groups), StringComparison.Ordinal);
        });

    [Fact]
    public void keeps_amounts_years_tickets_and_places() => Gen.OneOf(
            Gen.Long[1, 999_999_999_999].Select(amount => $"Rp {amount.ToString("N0", System.Globalization.CultureInfo.GetCultureInfo("id-ID"))}"),
            Gen.Long[1, 999_999_999_999].Select(amount => amount.ToString("N0", System.Globalization.CultureInfo.GetCultureInfo("id-ID"))),
            Gen.Long[1, 999_999].Select(millions => $"{millions}000000 rupiah"),
            Gen.Int[1945, 2099].Array[1, 4].Select(years => string.Join(", ", years)),
            Gen.Int[1945, 2098].Select(year => $"{year}-{year + 1}"),
            Gen.Select(Gen.Int[2000, 2099], Gen.Int[0, 99_999_999]).Select((year, serial) => $"{year}-{serial:000000}"),
            Gen.DateTime[new DateTime(1950, 1, 1), new DateTime(2099, 12, 31)].Select(at => at.ToString("dd-MM-yyyy HH.mm", System.Globalization.CultureInfo.InvariantCulture)),
            Gen.Double[-11, 6].Select(latitude => latitude.ToString("0.00000000", System.Globalization.CultureInfo.InvariantCulture)),
            Gen.Select(Gen.Int[11, 94], Gen.Int[1, 99], Gen.Int[1, 99], Gen.Int[1001, 2999]).Select((p, r, d, v) => $"{p}.{r:00}.{d:00}.{v}"))
        .Array[1, 3].Sample(numbers => string.Join(" dan ", numbers) is var text && PublicText.Mask(text) == text);

    [Fact]
    public void stays_as_long_as_it_takes_no_time() => PublicText.Mask(new string('a', 4000) + new string('1', 4000) + string.Concat(Enumerable.Repeat("1 ", 2000))).ShouldNotBeNull();

    private static string Plain(string text) => string.Concat(text.Where(char.IsAsciiDigit));
}
