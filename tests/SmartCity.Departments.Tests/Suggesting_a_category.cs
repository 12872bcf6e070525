using CsCheck;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Departments.Contracts;
using SmartCity.Departments.Suggesting;
using SmartCity.Testing;

namespace SmartCity.Departments.Tests;

public class Suggesting_a_category
{
    private static readonly KeywordIndex Index = new(
    [
        Category("jalan", "jalan rusak", "lubang", "aspal"), Category("pju", "lampu jalan", "pju"), Category("pasar", "pasar", "harga"), Category("kosong"),
    ]);

    private static readonly string[] Vocabulary = ["jalan", "rusak", "lubang", "pju", "harga", "pasar", "lampu", "di", "sudah"], Separators = [" ", ", ", "... ", "\n", " - "];

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
    public void counts_keywords(string text, string? category) => Index.Suggest(text).ShouldBe(category);

    [Fact]
    public void takes_any_text() => Gen.String.Sample(text => Index.Suggest(text) is null or "jalan" or "pju" or "pasar");

    [Fact]
    public void does_not_depend_on_case_and_punctuation() => Gen.Select(
        Gen.Int[0, Vocabulary.Length - 1].Select(i => Vocabulary[i]).List[1, 8], Gen.Int[0, Separators.Length - 1].Select(i => Separators[i]))
        .Sample((words, between) => Index.Suggest(string.Join(between, words).ToUpperInvariant()) == Index.Suggest(string.Join(' ', words)));
}

public sealed class Suggesting_a_sample_category(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    [Theory]
    [InlineData("aspal depan rumah pak lurah bolong, motor pada jatuh", "jalan-rusak")]
    [InlineData("dalan kampung wis rusak kabeh, tulung didandani", "jalan-rusak")]
    [InlineData("jln kabupaten menuju bojong hancur", "jalan-rusak")]
    [InlineData("kreteg bambu wis rapuh, wedi nek liwat", "jembatan")]
    [InlineData("selokan mampet, air meluap ke rumah", "drainase")]
    [InlineData("bangjo pertigaan kagok mati", "lampu-lalin")]
    [InlineData("lampu merah simpang empat rusak", "lampu-lalin")]
    [InlineData("lampu jalan mati semua, peteng dedet", "pju")]
    [InlineData("uwuh numpuk ora diangkut", "sampah")]
    [InlineData("pabrik buang limbah ke kali, airnya berbusa", "pencemaran")]
    [InlineData("air pdam keruh sudah tiga hari", "air-bersih")]
    [InlineData("mati listrik terus tiap sore, pln piye", "listrik")]
    [InlineData("puskesmas tidak ada obat", "kesehatan")]
    [InlineData("igd rumah sakit penuh", "rumah-sakit")]
    [InlineData("atap kelas sekolah dasar bocor", "sekolah")]
    [InlineData("nenek saya tidak dapat pkh", "bansos")]
    [InlineData("akta kelahiran anak belum jadi", "adminduk")]
    [InlineData("pupuk subsidi langka", "pertanian")]
    [InlineData("banjir sepinggang, minta perahu karet", "bencana")]
    [InlineData("dimintai uang tanpa kuitansi", "pungli")]
    [InlineData("pegawai nongkrong di warung pada jam kerja", "disiplin-asn")]
    [InlineData("usul bangun taman bermain, musrenbang", "usulan")]
    [InlineData("selamat pagi", null)]
    [InlineData("lampu mati", null)] // street, traffic or power: a person decides
    public async Task recognises_how_people_write(string text, string? category)
    {
        await using var scope = host.Services.CreateAsyncScope();

        (await scope.ServiceProvider.GetRequiredService<ISender>().Send(new SuggestCategory("33.28", text))).ShouldBe(category);
    }
}
