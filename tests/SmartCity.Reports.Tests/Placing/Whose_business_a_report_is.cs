using CsCheck;
using SmartCity.Departments.Contracts;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Placing;
using Rule = SmartCity.Reports.Placing.Placing;

namespace SmartCity.Reports.Tests.Placing;

public class Whose_business_a_report_is
{
    private const string Here = "33.28";

    private static readonly Department[] Departments =
    [
        new("DPU", "Dinas PU", "Public works", DepartmentKind.Regency, true, null, null, []), new("PLN", "PT PLN (Persero)", "PLN", DepartmentKind.Outside, true, null, null, []),
        new("BBPJN", "Balai Besar Jalan Nasional", "National roads", DepartmentKind.Outside, true, null, null, []),
    ];

    private static readonly FoundPlace
        InVillage = new(new PlaceArea(Here, "Kabupaten Tegal"), new PlaceArea("33.28.10", "Slawi"), new PlaceArea("33.28.10.2003", "Dukuhsalam")),
        AtNeighbour = new(new PlaceArea("33.76", "Kota Tegal"), new PlaceArea("33.76.01", "Tegal Barat")),
        Nowhere = new(null);

    private static Category Category(JurisdictionLevel? level = null, params (string Level, string Body)[] bodies) =>
        new("c", "c", "c", "", "", [], "DPU", ReportClass.Complaint, ServiceDelivery.Realtime, [])
        {
            Jurisdiction = level is { } usual ? new CategoryJurisdiction(usual, bodies.ToDictionary(b => b.Level, b => b.Body)) : null,
        };

    private static Jurisdiction Decide(FoundPlace? place = null, Category? category = null, string? road = null, bool isOversight = false) =>
        Rule.Decide(new PlacingFacts(Here, "Kabupaten Tegal", category, place, road, isOversight, Departments));

    [Fact]
    public void is_the_regencys_where_the_boundaries_say_it_lies() => Decide(InVillage, Category())
        .ShouldBe(new Jurisdiction("regency", "Pemerintah Kabupaten Tegal", Here, "boundary", "33.28.10.2003", Here, "33.28.10", "Slawi", "33.28.10.2003", "Dukuhsalam"));

    [Fact]
    public void is_the_neighbours_in_the_neighbours_area()
    {
        var decided = Decide(AtNeighbour, Category());
        decided.ShouldBe(new Jurisdiction("regency", "Pemerintah Kota Tegal", "33.76", "boundary", "33.76.01", "33.76", "33.76.01", "Tegal Barat"));
        decided.IsOutside(Here).ShouldBeTrue();
        decided.IsOutside("33.76").ShouldBeFalse();
        Rule.NeedsDispatcher(decided, Here).ShouldBeTrue();
    }

    [Fact]
    public void follows_the_class_of_the_road_and_not_where_it_lies()
    {
        foreach (var place in new[] { null, InVillage, AtNeighbour, Nowhere })
        {
            var national = Decide(place, Category(JurisdictionLevel.Regency, ("national", "BBPJN")), "national");
            (national.Level, national.Body, national.BodyCode, national.Ground).ShouldBe(("national", "Balai Besar Jalan Nasional", "BBPJN", "roadClass"));
            Rule.NeedsDispatcher(national, Here).ShouldBeTrue();
            Decide(place, Category(), "province").Body.ShouldBe("Pemerintah provinsi");
        }

        Decide(InVillage, Category(), "regency").Ground.ShouldBe("roadClass");
        Decide(AtNeighbour, Category(), "regency").Regency.ShouldBe("33.76");
        var village = Decide(InVillage, Category(), "village");
        (village.Level, village.Body, village.IsOutside(Here)).ShouldBe(("village", "Pemerintah Desa Dukuhsalam", false));
    }

    [Fact]
    public void is_what_such_things_usually_are_where_that_is_no_regencys()
    {
        var power = Decide(InVillage, Category(JurisdictionLevel.StateCompany, ("stateCompany", "PLN")));
        (power.Level, power.BodyCode, power.Ground, power.RestsOn, power.IsOutside(Here)).ShouldBe(("stateCompany", "PLN", "category", "c", true));
        // It goes to the partner's desk as before: only boundaries and road classes need a second look.
        Rule.NeedsDispatcher(power, Here).ShouldBeFalse();
        Decide(AtNeighbour, Category(JurisdictionLevel.StateCompany)).Body.ShouldBe("BUMN");
        Decide(InVillage, Category(JurisdictionLevel.Private)).Level.ShouldBe("private");
    }

    [Fact]
    public void of_officials_conduct_is_always_the_regencys_own() =>
        Decide(AtNeighbour, Category(JurisdictionLevel.National), "national", isOversight: true).IsOutside(Here).ShouldBeFalse();

    [Fact]
    public void without_any_hint_is_the_regencys_to_find_out()
    {
        (Decide().Ground, Decide().IsOutside(Here)).ShouldBe(("none", false));
        Decide(Nowhere).RestsOn.ShouldBe("outside");
        Decide(null, Category(JurisdictionLevel.Regency)).Ground.ShouldBe("category");
    }

    [Theory]
    [InlineData("kelas-jalan", "nasional", "national")]
    [InlineData("Road_Class", "Jalan Provinsi", "province")]
    [InlineData("status_jalan", "kabupaten", "regency")]
    [InlineData("kelas-jalan", "lebar", null)]
    [InlineData("warna", "nasional", null)]
    public void reads_the_class_of_a_road_from_answers(string code, string answer, string? level) =>
        Rule.RoadClassIn(new Dictionary<string, IReadOnlyList<string>> { ["x"] = ["y"], [code] = [answer] }).ShouldBe(level);

    [Fact]
    public void is_what_a_person_says()
    {
        var facts = new PlacingFacts(Here, "Kabupaten Tegal", Category(JurisdictionLevel.StateCompany), AtNeighbour, null, false, Departments);
        var regencies = new Dictionary<string, string> { [Here] = "Kabupaten Tegal", ["33.76"] = "Kota Tegal" };

        var ours = Rule.ByPerson(facts, "regency", null, regencies);
        (ours.Ground, ours.Regency, ours.Body, ours.IsOutside(Here)).ShouldBe(("person", Here, "Pemerintah Kabupaten Tegal", false));
        Rule.ByPerson(facts, "regency", "33.76", regencies).IsOutside(Here).ShouldBeTrue();
        Rule.ByPerson(facts, "regency", "Kabupaten Brebes", regencies).IsOutside(Here).ShouldBeTrue();
        Rule.ByPerson(facts, "national", "BBPJN", regencies).Body.ShouldBe("Balai Besar Jalan Nasional");
        Rule.ByPerson(facts, "village", null, regencies).IsOutside(Here).ShouldBeFalse();
    }

    [Fact]
    public void is_decided_whatever_is_known()
    {
        FoundPlace?[] places = [null, InVillage, AtNeighbour, Nowhere];
        JurisdictionLevel?[] levels = [null, .. Enum.GetValues<JurisdictionLevel>().Select(level => (JurisdictionLevel?)level)];
        string?[] roads = [null, "national", "province", "regency", "village"];
        Gen.Select(Gen.Int[0, places.Length - 1], Gen.Int[0, levels.Length - 1], Gen.Int[0, roads.Length - 1], Gen.Bool).Sample((p, l, r, isOversight) =>
        {
            var (place, level) = (places[p], levels[l]);
            var decided = Decide(place, level is null ? null : Category(level), roads[r], isOversight);
            return JurisdictionLevels.All.Contains(decided.Level) && decided.Body.Length > 0
                && decided.Village == place?.Village?.Code && decided.District == place?.District?.Code
                // A village is never a reason to say that it is none of the regency's business, nor is the conduct of its officials.
                && (!(isOversight || (place == InVillage && decided.Level == "village")) || !decided.IsOutside(Here))
                && (decided.Ground != "boundary" || decided.RestsOn == place!.Code);
        });
    }
}
