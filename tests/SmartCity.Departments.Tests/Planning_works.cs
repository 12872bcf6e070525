using CsCheck;
using JasperFx.Events;
using SmartCity.Departments.Contracts;
using SmartCity.Departments.Planning;
using SmartCity.Platform.Access;

namespace SmartCity.Departments.Tests;

public class Planning_works
{
    private static readonly RegencyDirectory Directory = RegencyDirectory.Of(
        [new Department("DPU", "Dinas PU", "Public Works", DepartmentKind.Regency, true, null, null, []), new Department("DISHUB", "Dishub", "Transport", DepartmentKind.Regency, true, null, null, [])],
        [], [new District("33.28.10", "Slawi", -6.98, 109.13), new District("33.28.11", "Adiwerna", -6.93, 109.12)]);

    private static readonly PlannedWorkTerms Terms = new("Rehabilitasi Jalan Adiwerna", "DPU", ["33.28.11"], 2027, 1_250_000_000m, FundingSources.Apbd);

    private static IEvent Wrapped(object data) => (IEvent)Activator.CreateInstance(typeof(Event<>).MakeGenericType(data.GetType()), data)!;

    private static PlannedWorkRecord Known(params object[] more) =>
        more.Prepend(new PlannedWorkPlanned(Terms)).Aggregate((PlannedWorkRecord?)null, (work, e) => PlannedWorkRecord.After(work, "pw-1", Wrapped(e)))!;

    [Fact]
    public void twice_is_the_same_work()
    {
        PlannedWorkRules.Plan(null, Terms, null).Event.ShouldBe(new PlannedWorkPlanned(Terms));
        PlannedWorkRules.Plan(Known(), Terms with { Districts = ["33.28.11"] }, null).ShouldBe(PlanDecision.Nothing);
        PlannedWorkRecord.IdOf(Terms with { Name = "  rehabilitasi  JALAN Adiwerna " }, null).ShouldBe(PlannedWorkRecord.IdOf(Terms, null));
        PlannedWorkRecord.IdOf(Terms with { FiscalYear = 2028 }, null).ShouldNotBe(PlannedWorkRecord.IdOf(Terms, null));

        var other = PlannedWorkRules.Plan(Known(), Terms with { Cost = 1 }, null);
        other.Kind.ShouldBe(PlanFaultKind.Conflict);
        other.Faults.Single().English.ShouldContain("Rp 1.250.000.000 in 2027");
    }

    [Fact]
    public void needs_what_can_be_planned()
    {
        IEnumerable<string?> Fields(PlannedWorkTerms terms) => PlannedWorkRules.Faults(terms, Directory, 2026).Select(f => f.Field);

        Fields(Terms).ShouldBeEmpty();
        Fields(Terms with { Cost = 0 }).ShouldBeEmpty();
        Fields(Terms with { Cost = -1 }).ShouldBe(["cost"]);
        Fields(Terms with { Cost = 0.5m }).ShouldBe(["cost"]);
        Fields(Terms with { Cost = Rupiah.Most }).ShouldBe(["cost"]);
        Fields(new PlannedWorkTerms(" ", "NOPE", ["33.76.01"], 1999, 1, "kas")).ShouldBe(["name", "department", "districts", "fiscalYear", "source"]);
        Fields(Terms with { Name = "Talud, hubungi 0812-3456-7890" }).ShouldBe(["name"]);
        Fields(Terms with { FiscalYear = 2047 }).ShouldBe(["fiscalYear"]);
    }

    [Fact]
    public void is_for_the_own_department_or_for_a_dispatcher_and_the_regent()
    {
        bool May(Actor actor, params string[] departments) => PlannedWorkRules.Check(actor, "33.28", departments) is null;

        May(new Actor("staff:a", Role.Officer, "33.28", "DPU"), "DPU").ShouldBeTrue();
        May(new Actor("staff:a", Role.Officer, "33.28", "DPU"), "DPU", "DISHUB").ShouldBeFalse();
        May(new Actor("staff:a", Role.Officer, "33.76", "DPU"), "DPU").ShouldBeFalse();
        May(new Actor("staff:a", Role.Officer, "33.28"), "DPU").ShouldBeFalse();
        May(new Actor("staff:b", Role.Dispatcher, "33.28"), "DPU", "DISHUB").ShouldBeTrue();
        May(new Actor("staff:c", Role.Regent, "33.28"), "DISHUB").ShouldBeTrue();
        May(new Actor("staff:c", Role.Regent, "33.76"), "DISHUB").ShouldBeFalse();
        May(new Actor("staff:d", Role.Auditor, "33.28"), "DPU").ShouldBeFalse();
        May(new Actor("staff:operator", Role.Operator), "DPU").ShouldBeFalse();
        May(Actor.Citizen, "DPU").ShouldBeFalse();
    }

    [Fact]
    public void changes_with_a_reason_and_not_when_done()
    {
        PlannedWorkRules.Change(Known(), Terms, null).ShouldBe(PlanDecision.Nothing);
        PlannedWorkRules.Change(Known(), Terms with { FiscalYear = 2028 }, " ").Faults.Single().Field.ShouldBe("reason");
        PlannedWorkRules.Change(Known(), Terms with { FiscalYear = 2028 }, "Hubungi 0812-3456-7890").Faults.Single().Code.ShouldBe("reason.personal");
        PlannedWorkRules.Change(Known(), Terms with { FiscalYear = 2028 }, " Refokus ").Event.ShouldBe(new PlannedWorkChanged(Terms with { FiscalYear = 2028 }, "Refokus"));
        PlannedWorkRules.Change(Known(new PlannedWorkFinished()), Terms with { FiscalYear = 2028 }, "x").Kind.ShouldBe(PlanFaultKind.Conflict);
        Known(new PlannedWorkCancelled("x"), new PlannedWorkChanged(Terms, "y")).State.ShouldBe(PlannedWorkState.Planned);
    }

    [Fact]
    public void never_leaves_the_states_there_are_and_replays() => Gen.Select(Gen.Int[0, 3], Gen.Int[2026, 2030], Gen.Bool).Array[0, 20].Sample(steps =>
    {
        var (events, work) = (new List<object> { new PlannedWorkPlanned(Terms) }, Known());
        foreach (var (to, year, isChange) in steps)
        {
            var decision = isChange ? PlannedWorkRules.Change(work, work.Terms with { FiscalYear = year }, "x") : PlannedWorkRules.MoveTo(work, (PlannedWorkState)to, "x");
            if (decision.Event is not { } happened)
            {
                continue;
            }

            var after = PlannedWorkRecord.After(work, "pw-1", Wrapped(happened))!;
            if (work.State == PlannedWorkState.Done || (!isChange && !PlannedWorkRules.CanMove(work.State, after.State)))
            {
                return false;
            }

            events.Add(happened);
            work = after;
        }

        var replayed = events.Aggregate((PlannedWorkRecord?)null, (known, e) => PlannedWorkRecord.After(known, "pw-1", Wrapped(e)))!;
        return replayed.Terms == work.Terms && replayed.State == work.State;
    });

    [Fact]
    public void adds_up_per_district_and_once_a_year()
    {
        var works = new[]
        {
            Known() with { Id = "a" },
            Known() with { Id = "b", Terms = Terms with { Districts = ["33.28.10", "33.28.11"], Cost = 100 } },
            Known() with { Id = "c", Terms = Terms with { Districts = [], Cost = 7 }, State = PlannedWorkState.Done },
            Known() with { Id = "d", State = PlannedWorkState.Cancelled },
        };

        var totals = ReadPlannedWorksHandler.Total(works, new Dictionary<string, int> { ["a"] = 2, ["b"] = 3, ["d"] = 9 });

        totals.Years.ShouldBe([new PlannedWorkTotal(null, 2027, 3, 1_250_000_107m, 1, 5)]);
        totals.Districts.ShouldBe(
        [
            new PlannedWorkTotal("33.28.10", 2027, 1, 100, 0, 3), new PlannedWorkTotal("33.28.11", 2027, 2, 1_250_000_100m, 0, 5), new PlannedWorkTotal(null, 2027, 1, 7, 1, 0),
        ]);
    }

    [Theory]
    [InlineData("1250000", 1250000), InlineData("1.250.000", 1250000), InlineData("Rp 1.250.000,00", 1250000), InlineData("rp1.250.000,-", 1250000), InlineData("0", 0)]
    [InlineData("1.25", null), InlineData("-5", null), InlineData("1,5", null), InlineData("sejuta", null), InlineData("", null), InlineData("1250.000", null)]
    public void reads_money_as_people_write_it(string text, int? amount) => Rupiah.Read(text).ShouldBe(amount);

    [Fact]
    public void writes_money_that_it_reads_again() => Gen.Long[0, 999_999_999_999_999].Sample(amount => Rupiah.Read(Rupiah.Write(amount)) == amount);

    [Theory]
    [InlineData("2026-12-15", "2026-12-15", "15 Desember 2026"), InlineData("2026-12", "2026-12-31", "Desember 2026"), InlineData("2027-Q1", "2027-03-31", "triwulan 1 tahun 2027")]
    public void knows_days_months_and_quarters(string text, string last, string words)
    {
        PlannedTime.LastDay(text).ShouldBe(DateOnly.Parse(last, null));
        PlannedTime.Name(text).Indonesian.ShouldBe(words);
    }

    [Theory, InlineData("2026-13"), InlineData("2027-Q5"), InlineData("besok"), InlineData(""), InlineData(null), InlineData("9999-Q4"), InlineData("0000-Q1")]
    public void knows_no_other_times(string? text) => PlannedTime.LastDay(text).ShouldBeNull();

    [Fact]
    public void reads_lists_of_budget_documents()
    {
        var (rows, faults) = ImportPlannedWorksHandler.Read("\uFEFFid;name;department;district;year;source;cost\r\n1.03.01;\"Jalan \"\"A\"\"; lanjutan\";DPU;33.28.10 33.28.11;2027;APBD Perubahan;Rp 1.250.000\r\n\r\n");
        faults.ShouldBeEmpty();
        rows.Single().Code.ShouldBe("1.03.01");
        rows.Single().Terms.Name.ShouldBe("Jalan \"A\"; lanjutan");
        (rows.Single().Terms.Districts.Count, rows.Single().Terms.Source, rows.Single().Terms.Cost).ShouldBe((2, FundingSources.ApbdPerubahan, 1_250_000m));

        ImportPlannedWorksHandler.Read("id,name\n1,x").Faults.Single().Field.ShouldBe("csv");
        ImportPlannedWorksHandler.Read("").Faults.Single().Field.ShouldBe("csv");
        ImportPlannedWorksHandler.Read("id,name,department,district,year,source,cost\n1,x,DPU,,2027,apbd,1\n1,y,DPU,,2027,apbd,banyak").Faults.Select(f => f.Field).ShouldBe(["line 3.id", "line 3.cost"]);
    }
}
