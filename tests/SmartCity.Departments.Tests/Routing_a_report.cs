using SmartCity.Departments.Contracts;
using SmartCity.Departments.RoutingReports;

namespace SmartCity.Departments.Tests;

public class Routing_a_report
{
    private static readonly District[] Districts =
    [
        new("33.28.10", "Slawi", -6.98, 109.14), new("33.28.11", "Adiwerna", -6.935, 109.13), new("33.28.12", "Talang", -6.91, 109.145),
        new("33.28.99", "Slawi Kulon", -6.99, 109.10),
    ];

    private static readonly Department[] Departments =
    [
        Department("DPU"), Department("DISHUB"), Department("INSPEKTORAT", DepartmentKind.Oversight), Department("KEC-ADIWERNA", DepartmentKind.District, "33.28.11"),
    ];

    private static readonly Category[] Categories =
    [
        Category("jalan-rusak", "DPU"), Category("pungli", "INSPEKTORAT", ReportClass.Oversight), Category("etik", "DPU", ReportClass.Oversight), Category("lainnya", null), Category("dihapus", "TIDAK-ADA"),
    ];

    private static Department Department(string code, DepartmentKind kind = DepartmentKind.Regency, string? district = null) =>
        new(code, code, code, kind, true, null, district, []);

    private static Category Category(string code, string? department, ReportClass @class = ReportClass.Complaint) =>
        new(code, code, code, code, "", [], department, @class, ServiceDelivery.Realtime, []);

    private static Responsibility Route(string? category = null, string? account = null, string? address = null, double? latitude = null, double? longitude = null) =>
        Routing.Decide(Categories, Departments, Districts, new RouteReport("33.28", category, account, latitude, longitude, address));

    [Fact]
    public void the_department_of_the_category_comes_first() =>
        Route("jalan-rusak", account: "DISHUB", address: "Adiwerna").ShouldBe(new Responsibility("DPU", RoutingGround.Category, "33.28.11"));

    [Fact]
    public void a_unit_of_that_department_which_answers_for_the_district_comes_before_it()
    {
        Department[] departments = [.. Departments, Department("UPT-BARAT") with { Parent = "DPU", Districts = ["33.28.11", "33.28.12"] }, Department("UPT-LAIN") with { Parent = "DISHUB", Districts = ["33.28.10"] }];
        Responsibility At(string address) => Routing.Decide(Categories, departments, Districts, new RouteReport("33.28", "jalan-rusak", null, null, null, address));

        At("Adiwerna").ShouldBe(new Responsibility("UPT-BARAT", RoutingGround.Category, "33.28.11"));
        At("Slawi").ShouldBe(new Responsibility("DPU", RoutingGround.Category, "33.28.10"));
        At("entah di mana").ShouldBe(new Responsibility("DPU", RoutingGround.Category, null));
    }

    [Theory]
    [InlineData("pungli")]
    [InlineData("etik")] // even when it was configured with another department
    public void the_conduct_of_officials_goes_to_the_oversight_body_whoever_was_written_to(string category) =>
        Route(category, account: "DPU").ShouldBe(new Responsibility("INSPEKTORAT", RoutingGround.Category, null));

    [Fact]
    public void without_an_oversight_body_the_conduct_of_officials_goes_to_no_department() =>
        Routing.Decide(Categories, [Department("DPU")], Districts, new RouteReport("33.28", "pungli", "DPU", null, null, null))
            .ShouldBe(new Responsibility(null, RoutingGround.Dispatcher, null));

    [Theory]
    [InlineData(null)]
    [InlineData("lainnya")]
    [InlineData("dihapus")]
    public void then_comes_the_department_that_was_written_to(string? category) =>
        Route(category, account: "DISHUB").ShouldBe(new Responsibility("DISHUB", RoutingGround.Account, null));

    [Theory]
    [InlineData(null, null, "DISHUB", "DISHUB", RoutingGround.Words)]
    [InlineData("jalan-rusak", null, "DISHUB", "DISHUB", RoutingGround.Words)] // the village's own lamp, the national road
    [InlineData("jalan-rusak", null, null, "DPU", RoutingGround.Words)]
    [InlineData("jalan-rusak", null, "TIDAK-ADA", "DPU", RoutingGround.Words)]
    [InlineData(null, null, "INSPEKTORAT", null, RoutingGround.Dispatcher)] // nobody is accused by chance
    [InlineData("pungli", "DPU", "DISHUB", "INSPEKTORAT", RoutingGround.Category)]
    [InlineData(null, "DPU", "DISHUB", "DPU", RoutingGround.Account)] // whose account was written to comes before what words seem to say
    [InlineData("jalan-rusak", "HUMAS", null, "DPU", RoutingGround.Words)] // but public relations hears of everything
    [InlineData(null, "HUMAS", null, "HUMAS", RoutingGround.Account)]
    public void what_the_words_surely_mean_counts_only_where_nothing_else_is_known(string? guess, string? account, string? suggested, string? department, RoutingGround ground) =>
        Routing.Decide(Categories, [.. Departments, Department("HUMAS")], Districts, new RouteReport("33.28", guess, account, null, null, null, Suggested: suggested, IsGuess: true))
            .ShouldBe(new Responsibility(department, ground, null));

    [Fact]
    public void a_place_alone_decides_nothing() => Route(address: "dekat pasar Adiwerna").ShouldBe(new Responsibility(null, RoutingGround.Dispatcher, "33.28.11"));

    [Fact]
    public void but_a_known_category_without_a_department_goes_to_the_dispatcher() =>
        Route("lainnya", address: "Adiwerna").ShouldBe(new Responsibility(null, RoutingGround.Dispatcher, "33.28.11"));

    [Theory]
    [InlineData(null, null)]
    [InlineData(null, "TIDAK-ADA")]
    [InlineData("tidak-ada", null)]
    public void what_nothing_decides_goes_to_the_dispatcher(string? category, string? account) =>
        Route(category, account).ShouldBe(new Responsibility(null, RoutingGround.Dispatcher, null));

    [Theory]
    [InlineData("Jl. A. Yani, kec. Adiwerna", "33.28.11")]
    [InlineData("kec.ADIWERNA", "33.28.11")]
    [InlineData("ning slawi cedhak alun-alun", "33.28.10")]
    [InlineData("Jl. Raya Slawi, Kecamatan Talang", "33.28.12")] // the office's name before a street's
    [InlineData("Talang lalu Kec. Slawi Kulon", "33.28.99")]
    [InlineData("desa slawi  kulon", "33.28.99")] // the longest
    [InlineData("Slawian", null)]
    [InlineData("Pesalawi", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void finds_the_district_in_the_address(string? address, string? district) => Route(address: address).District.ShouldBe(district);

    [Theory]
    [InlineData(-6.936, 109.131, "33.28.11")]
    [InlineData(-6.90, 109.15, "33.28.12")]
    [InlineData(-7.50, 109.14, null)]
    [InlineData(-6.936, null, null)]
    [InlineData(double.NaN, 109.1, null)]
    public void else_takes_the_nearest_district(double? latitude, double? longitude, string? district) => Route(latitude: latitude, longitude: longitude).District.ShouldBe(district);

    [Fact]
    public void believes_the_address_before_the_coordinates() => Route(address: "Talang", latitude: -6.936, longitude: 109.131).District.ShouldBe("33.28.12");
}
