using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SmartCity.Departments.Contracts;
using SmartCity.Testing;

namespace SmartCity.Departments.Tests;

public sealed class The_directory_of_a_regency(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private async Task<T> Send<T>(IRequest<T> request)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ISender>().Send(request);
    }

    [Theory]
    [InlineData("33.28", 18, 20, 30)]
    [InlineData("33.76", 4, 10, 12)]
    public async Task of_the_samples_is_complete(string regency, int districts, int departments, int categories)
    {
        (await Send(new GetDistricts(regency))).Count.ShouldBe(districts);
        var all = await Send(new GetDepartments(regency));
        all.Count(d => d.Kind == DepartmentKind.Regency).ShouldBeGreaterThanOrEqualTo(departments);
        all.Count(d => d.Kind == DepartmentKind.District).ShouldBe(districts);
        var defined = await Send(new GetCategories(regency));
        defined.Count.ShouldBeGreaterThanOrEqualTo(categories);
        defined.Select(c => c.Department).OfType<string>().Except(all.Select(d => d.Code)).ShouldBeEmpty();
        defined.Select(c => c.Delivery).Distinct().Count().ShouldBe(3);
        defined.Single(c => c.Code == "pju").Attributes.Where(a => a.IsVariable).Select(a => a.Datatype).Distinct().Count().ShouldBe(6);
        defined.Single(c => c.Code == "jalan-rusak").Attributes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("@DPU_TegalKab")]
    [InlineData("dpu_tegalkab")]
    [InlineData("9001")]
    public async Task knows_whose_account_it_is(string account)
    {
        (await Send(new FindDepartmentByAccount("33.28", "x", account)))!.Code.ShouldBe("DPU");
        (await Send(new FindDepartmentByAccount("33.28", "telegram", account))).ShouldBeNull();
        (await Send(new FindDepartmentByAccount("33.76", "x", account))).ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("@")]
    [InlineData("tidak_ada")]
    public async Task knows_no_account_that_is_none(string account) => (await Send(new FindDepartmentByAccount("33.28", "x", account))).ShouldBeNull();

    [Fact]
    public async Task is_public()
    {
        var department = await host.Http.GetFromJsonAsync<JsonElement>("/api/v1/regencies/33.28/departments/DPU");
        department.GetProperty("kind").GetString().ShouldBe("regency");
        department.GetProperty("accounts")[0].GetProperty("handle").GetString().ShouldBe("dpu_tegalkab");
        (await host.Http.GetFromJsonAsync<JsonElement[]>("/api/v1/regencies/33.76/districts"))!.Length.ShouldBe(4);
    }

    [Theory]
    [InlineData("/api/v1/regencies/33.76/departments/DPU")] // of another regency
    [InlineData("/api/v1/regencies/33.28/departments/DPUPR")]
    [InlineData("/api/v1/regencies/33.29/departments")]
    [InlineData("/api/v1/regencies/33.29/categories")]
    [InlineData("/api/v1/regencies/xx/districts")]
    public async Task is_not_that_of_another(string address) => (await host.Http.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

    [Fact]
    public async Task takes_a_department_of_an_operator_and_refuses_a_wrong_one()
    {
        var operators = await host.SignIn("33.28", "operator");
        async Task<(HttpStatusCode, string?)> Put(string code, object body)
        {
            using var answer = await operators.PutAsJsonAsync($"/api/v1/regencies/33.28/departments/{code}", body);
            var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
            return (answer.StatusCode, json.TryGetProperty("errors", out var errors) ? errors[0].GetProperty("field").GetString() : null);
        }

        (await Put("baru", new { name = "B", englishName = "B", kind = "regency" })).ShouldBe((HttpStatusCode.BadRequest, "code"));
        (await Put("BARU", new { name = "B", englishName = "B", kind = "lucu" })).ShouldBe((HttpStatusCode.BadRequest, "kind"));
        (await Put("BARU", new { name = "B", englishName = "B", kind = "district" })).ShouldBe((HttpStatusCode.BadRequest, "district"));
        (await Put("BARU", new { name = "B", englishName = "B", kind = "district", district = "33.76.01" })).ShouldBe((HttpStatusCode.BadRequest, "district"));
        (await Put("BARU", new { name = "B", englishName = "B", kind = "regency", accounts = new[] { new { channel = "x", handle = "@DPU_tegalkab" } } }))
            .ShouldBe((HttpStatusCode.BadRequest, "accounts[0]"));
        (await Put("BARU", new { name = "B", englishName = "B", kind = "regency", accounts = new[] { new { channel = "x", handle = "@baru" } } })).ShouldBe((HttpStatusCode.OK, null));
        (await Send(new FindDepartmentByAccount("33.28", "x", "baru")))!.Code.ShouldBe("BARU");
    }

    [Fact]
    public async Task registered_again_alike_writes_no_event()
    {
        var department = (await Send(new GetDepartments("33.76"))).Single(d => d.Code == "DISHUB");
        var before = await Events();

        await using var scope = host.Services.CreateAsyncScope();
        var sender = scope.ServiceProvider.GetRequiredService<ISender>();
        await sender.Send(new RegisterDepartment("33.76", department));
        await sender.Send(new ImportDistricts("33.76", await Send(new GetDistricts("33.76"))));
        (await Events()).ShouldBe(before);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(async () =>
        {
            await using var own = host.Services.CreateAsyncScope();
            await own.ServiceProvider.GetRequiredService<ISender>().Send(new RegisterDepartment("33.76", department with { Head = "Plt. Kepala Dinas" }));
        })));
        (await Events()).ShouldBe(before + 1);
    }

    private async Task<long> Events()
    {
        await using var connection = new NpgsqlConnection(host.ConnectionString);
        await connection.OpenAsync();
        await using var count = new NpgsqlCommand("select count(*) from history.mt_events where tenant_id = '33_76' and type ~ '^(department|districts|category)'", connection);
        return (long)(await count.ExecuteScalarAsync())!;
    }
}
