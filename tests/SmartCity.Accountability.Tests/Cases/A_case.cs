using System.Text;
using CsCheck;
using SmartCity.Accountability.Cases;
using SmartCity.Accountability.Contracts;
using SmartCity.Testing;

namespace SmartCity.Accountability.Tests.Cases;

public class A_case
{
    private static readonly DateTimeOffset Opened = new(2026, 11, 2, 2, 0, 0, TimeSpan.Zero);

    private static SmartCity.Accountability.Cases.Case New() => SmartCity.Accountability.Cases.Case.After(null,
        new CaseOpened("case-head-DPU-2025-07-01-1", "head-DPU-2025-07-01", "DPU", "ladder", [new CaseReport("2026-000001", "r", false)], null, Opened.AddDays(7), Guid.NewGuid()), Opened)!;

    private static object Event(CaseMove move, int choice) => move switch
    {
        CaseMove.Add => new CaseReportAdded(new CaseReport($"2026-{choice:D6}", "r", false), null),
        CaseMove.State => new CaseStatementGiven("s"),
        CaseMove.Decide => new CaseDecided("c", "t", (CaseOutcome)(choice % 4), "r"),
        _ => new CaseClosed(null),
    };

    [Fact]
    public void never_leaves_its_table_whatever_anybody_does() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 63], Gen.Int[0, 200]).Array[1, 40].Sample(steps =>
        {
            var (known, now) = (New(), Opened);
            foreach (var (what, by, hours) in steps)
            {
                (var move, now) = ((CaseMove)what, now.AddHours(hours));
                if (CaseTable.Check(known, move, (CaseParty)by, now) is not null)
                {
                    continue;
                }

                var (before, row) = (known, CaseTable.Rows.Single(r => r.Move == move));
                known = SmartCity.Accountability.Cases.Case.After(known, Event(move, hours), now)!;
                row.From.ShouldContain(before.State);
                known.State.ShouldBe(row.To ?? before.State);
                ((CaseParty)by & row.Who).ShouldNotBe(CaseParty.None);
                (known.State >= before.State).ShouldBeTrue("a decision is not taken back");
                (known.State == CaseState.Decided && known.Statement is null && now < known.StatementDueAt).ShouldBeFalse("nobody is judged unheard");
            }
        }, iter: 3000);

    [Fact]
    public void is_offered_only_what_the_table_allows()
    {
        var known = New();

        CaseTable.Allowed(known, CaseParty.Regent, Opened).ShouldBe(["add"]);
        CaseTable.Allowed(known, CaseParty.Regent, Opened.AddDays(7)).ShouldBe(["add", "decide"]);
        CaseTable.Allowed(known, CaseParty.Head, Opened).ShouldBe(["state"]);
        CaseTable.Allowed(known, CaseParty.Auditor, Opened.AddDays(9)).ShouldBeEmpty();
        var referred = SmartCity.Accountability.Cases.Case.After(known, new CaseDecided("c", "t", CaseOutcome.Referred, "r"), Opened)!;
        CaseTable.Allowed(referred, CaseParty.Inspectorate, Opened).ShouldBe(["close"]);
        CaseTable.Allowed(referred with { Outcome = CaseOutcome.Reminder }, CaseParty.Inspectorate, Opened).ShouldBeEmpty();
    }

    [Fact]
    public void is_written_down_as_it_is()
    {
        var file = Path.Combine(Repository.Root, "docs", "accountability.md");
        var written = File.ReadAllText(file);
        const string begin = "<!-- the table, from Case.cs -->\n", end = "<!-- end of the table -->";
        var (from, to) = (written.IndexOf(begin, StringComparison.Ordinal) + begin.Length, written.IndexOf(end, StringComparison.Ordinal));
        var table = new StringBuilder("| move | from | to | who | event |\n| --- | --- | --- | --- | --- |\n");
        foreach (var row in CaseTable.Rows)
        {
            table.Append(System.Globalization.CultureInfo.InvariantCulture,
                $"| {row.Move.ToString().ToLowerInvariant()} | {string.Join(", ", row.From.Select(s => s.ToString().ToLowerInvariant()))} | {row.To?.ToString().ToLowerInvariant() ?? "as it is"} | {string.Join(", ", CaseTable.Names(row.Who))} | `{row.Event.Name}` |\n");
        }

        // A table that differs is written anew for whoever changed the code; the test still fails, so that the change is seen and committed.
        if (written[from..to] != table.ToString())
        {
            File.WriteAllText(file, written[..from] + table + written[to..]);
        }

        written[from..to].ShouldBe(table.ToString());
    }
}
