using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Departments.Contracts;
using SmartCity.Departments.Defining;
using SmartCity.Testing;

namespace SmartCity.Departments.Tests;

public class A_category
{
    private static readonly RegencyDirectory Directory = RegencyDirectory.Of(
        [
            new Department("DPU", "Dinas", "Department", DepartmentKind.Regency, true, null, null, []),
            new Department("INSPEKTORAT", "Inspektorat", "Inspectorate", DepartmentKind.Oversight, false, null, null, []),
        ], [], []);

    private static readonly Category Good = new(
        "jalan-rusak", "Jalan rusak", "Damaged road", "Jalan berlubang", "Jalan", ["lubang"], "DPU", ReportClass.Complaint, ServiceDelivery.Realtime,
        [Question("lebar", AttributeDatatype.Number), Question("jenis", AttributeDatatype.SingleValueList, new AttributeValue("a", "Aspal"))]);

    private static ServiceAttribute Question(string code, AttributeDatatype datatype = AttributeDatatype.String, params AttributeValue[] values) =>
        new(code, datatype, true, false, "Berapa?", null, values);

    private static string[] Faults(Category category) => [.. CategoryRules.Faults(category, Directory).Select(f => f.Field!)];

    [Fact]
    public void that_is_complete_has_no_faults() => Faults(Good).ShouldBeEmpty();

    [Theory]
    [InlineData("jalan.rusak")]
    [InlineData("jalan,rusak")]
    [InlineData("jalan/rusak")]
    [InlineData("Jalan")]
    [InlineData("")]
    public void has_a_code_that_fits_into_an_address(string code) => Faults(Good with { Code = code }).ShouldBe(["code"]);

    [Fact]
    public void has_names_in_both_languages() => Faults(Good with { Name = " ", EnglishName = "" }).ShouldBe(["name", "englishName"]);

    [Fact]
    public void has_a_department_that_exists() => Faults(Good with { Department = "TIDAK-ADA" }).ShouldBe(["department"]);

    [Fact]
    public void on_the_conduct_of_officials_belongs_to_the_oversight_body()
    {
        Faults(Good with { Class = ReportClass.Oversight }).ShouldBe(["department"]);
        Faults(Good with { Class = ReportClass.Oversight, Department = "INSPEKTORAT" }).ShouldBeEmpty();
    }

    [Fact]
    public void names_bodies_outside_for_levels_that_there_are()
    {
        Category Of(string level, string body) => Good with { Jurisdiction = new CategoryJurisdiction(JurisdictionLevel.National, new Dictionary<string, string> { [level] = body }) };

        Faults(Of("national", "Balai Jalan Nasional")).ShouldBeEmpty();
        Faults(Of("moon", "NASA")).ShouldBe(["jurisdiction.bodies.moon"]);
        Faults(Of("national", " ")).ShouldBe(["jurisdiction.bodies.national"]);
        Faults(Of("national", "DPU")).ShouldBe(["jurisdiction.bodies.national"]);
    }

    [Fact]
    public void asks_each_question_once() => Faults(Good with { Attributes = [Question("a"), Question("A")] }).ShouldBe(["attributes[1].code"]);

    [Fact]
    public void requires_no_answer_to_a_text_that_is_only_shown() =>
        Faults(Good with { Attributes = [Question("a") with { IsRequired = true, IsVariable = false }] }).ShouldBe(["attributes[0].isRequired"]);

    [Fact]
    public void gives_lists_and_only_lists_values() =>
        Faults(Good with { Attributes = [Question("a", AttributeDatatype.MultiValueList), Question("b", AttributeDatatype.Text, new AttributeValue("k", "K"))] })
            .ShouldBe(["attributes[0].values", "attributes[1].values"]);

    [Fact]
    public void gives_each_value_a_key_of_its_own() =>
        Faults(Good with { Attributes = [Question("a", AttributeDatatype.SingleValueList, new AttributeValue("k", "1"), new AttributeValue("k", "2"))] }).ShouldBe(["attributes[0].values"]);

    [Fact]
    public void defined_again_alike_is_no_event()
    {
        DefineCategoryHandler.Decide(Good, Good with { Keywords = ["lubang"], Attributes = [.. Good.Attributes] }).ShouldBeNull();
        DefineCategoryHandler.Decide(Good, Good with { Keywords = ["lobang"] }).ShouldBeOfType<CategoryDefined>();
    }
}

public sealed class Defining_a_category(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private const string Categories = "/api/v1/regencies/33.28/categories";

    private static object Body(string name = "Kolam renang") => new
    {
        name,
        englishName = "Swimming pool",
        description = "Kolam renang umum",
        group = "Olahraga",
        keywords = new[] { "kolam" },
        department = "DISPORAPAR",
        jurisdiction = new { level = "province", bodies = new { province = "BINAMARGA-JATENG" } },
        attributes = new[] { new { code = "jenis", datatype = "singlevaluelist", description = "Yang mana?", values = new[] { new { key = "a", name = "Anak" } } } },
    };

    [Fact]
    public async Task is_seen_at_once()
    {
        var operators = await host.SignIn("33.28", "operator");

        (await operators.PutAsJsonAsync($"{Categories}/kolam-renang", Body())).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await operators.PutAsJsonAsync($"{Categories}/kolam-renang", Body("Kolam renang umum"))).StatusCode.ShouldBe(HttpStatusCode.OK);

        var all = await host.Http.GetFromJsonAsync<JsonElement[]>(Categories);
        all!.Single(c => c.GetProperty("code").GetString() == "kolam-renang").GetProperty("jurisdiction").GetProperty("level").GetString().ShouldBe("province");
        all!.Single(c => c.GetProperty("code").GetString() == "kolam-renang").GetProperty("name").GetString().ShouldBe("Kolam renang umum");
        (await host.Http.GetFromJsonAsync<JsonElement[]>(Categories.Replace("33.28", "33.76", StringComparison.Ordinal)))!
            .ShouldNotContain(c => c.GetProperty("code").GetString() == "kolam-renang");
    }

    [Fact]
    public async Task says_of_every_field_what_to_change()
    {
        var operators = await host.SignIn("33.28", "operator");

        using var answer = await operators.PutAsJsonAsync($"{Categories}/kolam.renang", new { name = "Kolam", @class = "lucu", attributes = new[] { new { code = "a,b" } } });

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var errors = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("field").GetString());
        errors.ShouldBe(["class", "code", "englishName", "description", "group", "attributes[0].code", "attributes[0].description"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("officer.dpu")]
    [InlineData("dispatcher")]
    [InlineData("regent")]
    [InlineData("auditor")]
    public async Task is_for_operators_only(string name)
    {
        var staff = await host.SignIn("33.28", name);

        (await staff.PutAsJsonAsync($"{Categories}/kolam-renang", Body())).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await staff.PutAsJsonAsync("/api/v1/regencies/33.28/departments/BARU", new { name = "Baru" })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await host.Http.PutAsJsonAsync($"{Categories}/kolam-renang", Body())).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task with_an_unknown_regency_is_not_found()
    {
        var operators = await host.SignIn("33.28", "operator");

        (await operators.PutAsJsonAsync("/api/v1/regencies/33.99/categories/kolam-renang", Body())).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task by_code_that_did_not_check_it_is_a_bug()
    {
        await using var scope = host.Services.CreateAsyncScope();
        var bad = new Category("x.y", "X", "X", "X", "X", [], null, ReportClass.Complaint, ServiceDelivery.Realtime, []);

        await Should.ThrowAsync<ArgumentException>(() => scope.ServiceProvider.GetRequiredService<ISender>().Send(new DefineCategory("33.28", bad)));
    }
}
