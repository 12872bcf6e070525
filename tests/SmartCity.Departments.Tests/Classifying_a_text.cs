using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Departments.Contracts;
using SmartCity.Testing;

namespace SmartCity.Departments.Tests;

public sealed class Classifying_a_text(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private const string Address = "/api/v1/regencies/33.28/classifications";

    private static async Task<JsonElement> Read(HttpResponseMessage answer) => await SmartCityHost.Json(answer);

    [Fact]
    public async Task ranks_categories_and_departments_with_urgency_and_kind()
    {
        var found = await Read(await host.Integrator().PostAsJsonAsync(Address, new { text = "jln ngarep pasar bolong2, wis pirang2 montor tiba", channel = "sms", place = new { address = "kec. Adiwerna" } }));

        var categories = found.GetProperty("categories").EnumerateArray().ToArray();
        categories[0].GetProperty("code").GetString().ShouldBe("jalan-rusak");
        categories[0].GetProperty("name").GetString().ShouldBe("Jalan rusak");
        categories.Select(c => c.GetProperty("confidence").GetDouble()).ShouldBeInOrder(SortDirection.Descending);
        found.GetProperty("departments")[0].GetProperty("code").GetString().ShouldBe("DPU");
        found.GetProperty("urgency").GetProperty("code").GetString().ShouldBeOneOf("normal", "high");
        found.GetProperty("kind").GetProperty("code").GetString().ShouldBe("complaint");
        found.GetProperty("kind").GetProperty("confidence").GetDouble().ShouldBeInRange(0.3, 1);
        found.GetProperty("isEmergency").GetBoolean().ShouldBeFalse();
        found.GetProperty("district").GetProperty("code").GetString().ShouldBe("33.28.11");
    }

    [Fact]
    public async Task is_open_to_the_page_too()
    {
        var found = await Read(await host.Http.PostAsJsonAsync(Address, new { text = "kebakaran rumah, ada orang terjebak, tolong damkar" }));

        found.GetProperty("isEmergency").GetBoolean().ShouldBeTrue();
        found.GetProperty("urgency").GetProperty("code").GetString().ShouldBe("emergency");
        found.GetProperty("departments")[0].GetProperty("code").GetString().ShouldBe("BPBD");
    }

    [Theory]
    [InlineData("slot gacor maxwin deposit pulsa daftar sekarang", "spam", true)]
    [InlineData("bupati asu goblok", "abuse", true)]
    [InlineData("halo min", "greeting", false)]
    [InlineData("STATUS 2026-000017", "command", false)]
    public async Task that_is_no_report_suggests_nothing(string text, string kind, bool isSuspicious)
    {
        var found = await Read(await host.Http.PostAsJsonAsync(Address, new { text }));

        found.GetProperty("kind").GetProperty("code").GetString().ShouldBe(kind);
        found.GetProperty("isSuspicious").GetBoolean().ShouldBe(isSuspicious);
        found.GetProperty("categories").GetArrayLength().ShouldBe(0);
        found.GetProperty("departments").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task says_the_departments_of_its_own_regency()
    {
        async Task<string?> Department(string regency, string text) =>
            (await Read(await host.Http.PostAsJsonAsync($"/api/v1/regencies/{regency}/classifications", new { text }))).GetProperty("departments")[0].GetProperty("code").GetString();

        (await Department("33.28", "jalan berlubang parah")).ShouldBe("DPU");
        (await Department("33.76", "jalan berlubang parah")).ShouldBe("DPUPR");
        (await Department("33.28", "atap kelas SD bocor")).ShouldBe("DIKBUD");
        (await Department("33.76", "atap kelas SD bocor")).ShouldBe("DISDIKBUD");
        (await Department("33.28", "selokan mampet di margadana kota tegal")).ShouldBe("KOTA-TEGAL");
        (await Department("33.76", "selokan mampet di margadana kota tegal")).ShouldBe("DPUPR");
    }

    [Fact]
    public async Task weighs_whose_account_was_written_to()
    {
        async Task<double> Dishub(string? text = null, string? addressed = null)
        {
            await using var scope = host.Services.CreateAsyncScope();
            var found = await scope.ServiceProvider.GetRequiredService<ISender>().Send(new ClassifyText("33.28", text ?? "jalan depan terminal rusak dan gelap", addressed));
            return found.Departments.FirstOrDefault(d => d.Code == "DISHUB")?.Confidence ?? 0;
        }

        var without = await Dishub();
        (await Dishub(addressed: "DISHUB")).ShouldBeGreaterThan(without);
        (await Dishub("@dishub_tegalkab jalan depan terminal rusak dan gelap")).ShouldBeGreaterThan(without);
    }

    [Theory]
    [InlineData("{}", "text")]
    [InlineData("""{"text":"  "}""", "text")]
    [InlineData("""{"text":"jalan rusak","place":{"latitude":-96}}""", "place.latitude")]
    [InlineData("""{"text":"jalan rusak","place":{"latitude":-6}}""", "place.longitude")]
    [InlineData("""{"text":"jalan rusak","channel":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}""", "channel")]
    public async Task that_cannot_be_used_names_the_field(string body, string field)
    {
        using var answer = await host.Http.PostAsync(Address, new StringContent(body, null, "application/json"));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe(field);
    }

    [Fact]
    public async Task takes_4000_characters_and_no_more()
    {
        (await host.Http.PostAsJsonAsync(Address, new { text = new string('a', 4000) })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.Http.PostAsJsonAsync(Address, new { text = new string('a', 4001) })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task needs_a_key_that_is_one_and_a_regency_that_is_served()
    {
        (await host.Integrator("wrong").PostAsJsonAsync(Address, new { text = "jalan rusak" })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await host.Http.PostAsJsonAsync("/api/v1/regencies/33.99/classifications", new { text = "jalan rusak" })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("selokan mampet, air meluap ke rumah", "drainase")]
    [InlineData("uwuh numpuk ora diangkut", "sampah")]
    [InlineData("gawe ktp wis telung wulan durung dadi", "adminduk")]
    [InlineData("pupuk subsidi langka", "pertanian")]
    [InlineData("selamat pagi", null)]
    [InlineData("lampu mati", null)] // in the street, or at home
    [InlineData("sudah dilaporkan berkali-kali, belum ada tindak lanjut", "lainnya")] // no department's: of what, a person must find out
    public async Task takes_a_category_only_when_it_is_sure(string text, string? category)
    {
        await using var scope = host.Services.CreateAsyncScope();

        (await scope.ServiceProvider.GetRequiredService<ISender>().Send(new ClassifyText("33.28", text))).Category.ShouldBe(category);
    }

    [Fact]
    public async Task knows_a_category_that_the_regency_made_for_itself_by_its_keywords()
    {
        await using var scope = host.Services.CreateAsyncScope();
        var sender = scope.ServiceProvider.GetRequiredService<ISender>();
        await sender.Send(new DefineCategory("33.76", new Category(
            "taman-bacaan", "Taman bacaan", "Reading garden", "Taman bacaan masyarakat.", "Pendidikan", ["taman bacaan", "pojok baca", "buku bacaan"], "DISDIKBUD",
            ReportClass.Complaint, ServiceDelivery.Realtime, [])));

        var here = await sender.Send(new ClassifyText("33.76", "taman bacaan dan pojok baca kami kehabisan buku bacaan"));
        var there = await sender.Send(new ClassifyText("33.28", "taman bacaan dan pojok baca kami kehabisan buku bacaan"));

        here.Categories[0].Code.ShouldBe("taman-bacaan");
        there.Categories.ShouldNotContain(c => c.Code == "taman-bacaan");
    }
}
