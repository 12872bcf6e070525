using System.Text;
using CsCheck;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;
using SmartCity.Testing;

namespace SmartCity.Reports.Tests.Life;

public class The_life_of_a_report
{
    private static readonly Move[] Moves = Enum.GetValues<Move>();

    // Moves of people and of the platform on one of a few reports, in any order, by anybody.
    private static readonly Gen<(int Report, int Move, int Who, int Choice)[]> Sequences =
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, Moves.Length - 1], Gen.Int[0, World.People.Length - 1], Gen.Int[0, 11]).Array[1, 80];

    private static World Run((int Report, int Move, int Who, int Choice)[] sequence)
    {
        var world = new World(("jalan-rusak", false), ("jalan-rusak", false), ("usulan", false), ("pungli", true), ("jalan-rusak", true));
        foreach (var (report, move, who, choice) in sequence)
        {
            // Mostly what is offered to them, so that lives get long; every fourth time anything at all.
            var (ticket, viewer) = (world.Reports.Keys.ElementAt(report % world.Reports.Count), World.People[who].Viewer);
            var offered = LifeTable.Allowed(world.Reports[ticket], viewer.To(world.Reports[ticket]));
            world.Try(ticket, offered.Count > 0 && choice % 4 != 0 ? offered[move % offered.Count] : Moves[move], viewer, choice);
        }

        return world;
    }

    [Fact]
    public void never_leaves_the_table_whatever_anybody_does() => Sequences.Sample(sequence =>
        Run(sequence).Log.Where(step => step.Before is not null && !LifeTable.Rows.Any(row => row.Event == step.Event.GetType()
            && row.From.Contains(step.Before!.Value)
            && (row.To.Possible.Contains(step.After) || (row.To.MayStay && step.After == step.Before)))).Select(step => $"{step.Before} {step.Event.GetType().Name} {step.After}").ShouldBeEmpty(), iter: 3000);

    [Fact]
    public void is_the_same_when_it_is_replayed() => Sequences.Sample(sequence =>
    {
        var world = Run(sequence);
        return world.Reports.Values.All(report => World.Json(world.Replayed(report.Id)) == World.Json(report));
    }, iter: 1000);

    [Fact]
    public void is_over_when_it_is_closed_but_for_what_the_table_names() => Sequences.Sample(sequence =>
        Run(sequence).Log.Where(step => step.Before == ReportState.Closed).All(step => step.Event is ReportReopened or ReportJudged or ReportLeft or ReportProtected or ReportPlanChanged or ReportUpdateReceived or ReportPhotoFetched or ReportPhotoMissed
            or StaffNoted or PhotoHidden or PhotoShown or WordsHidden or WordsShown), iter: 3000);

    [Fact]
    public void names_only_thirteen_events_for_closed_reports() =>
        LifeTable.Rows.Where(row => row.From.Contains(ReportState.Closed)).Select(row => row.Event).Distinct()
            .ShouldBe([typeof(ReportLeft), typeof(ReportReopened), typeof(ReportJudged), typeof(ReportProtected), typeof(ReportPlanChanged), typeof(ReportUpdateReceived), typeof(ReportPhotoFetched), typeof(ReportPhotoMissed),
                typeof(StaffNoted), typeof(PhotoHidden), typeof(PhotoShown), typeof(WordsHidden), typeof(WordsShown)], ignoreOrder: true);

    [Fact]
    public void links_reports_both_ways_at_every_moment() => Sequences.Sample(sequence => !Run(sequence).BrokenLinks().Any(), iter: 3000);

    [Fact]
    public void tells_a_merged_report_each_word_of_its_main_report_once() => Sequences.Sample(sequence =>
        Run(sequence).Streams.Values.All(stream =>
        {
            // Between two merges: merged again into the same report, it is told the last word anew.
            var heard = new HashSet<(string, long)>();
            foreach (var @event in stream)
            {
                if (@event is ReportMerged)
                {
                    heard.Clear();
                }
                else if (@event is MainReportAnswered word && !heard.Add((word.Main, word.Version)))
                {
                    return false;
                }
            }

            return true;
        }), iter: 3000);

    [Fact]
    public void tells_of_each_change_of_a_planned_work_once_and_in_order() => Sequences.Sample(sequence =>
        Run(sequence).Streams.Values.All(stream => stream.OfType<ReportPlanChanged>().Select(told => told.Plan.Version).ToArray() is var versions && versions.SequenceEqual(versions.Distinct().Order())), iter: 3000);

    [Fact]
    public void settles_the_whole_when_every_part_is_done_and_not_before() => Sequences.Sample(sequence =>
    {
        var world = Run(sequence);
        return world.Reports.Values.Where(report => report.Parts.Count > 0).All(whole => whole.State switch
        {
            ReportState.Split => whole.Parts.Any(part => !world.Reports[part.Ticket].State.IsDone()),
            ReportState.Settled or ReportState.Closed => whole.Parts.All(part => world.Reports[part.Ticket].State.IsDone()),
            _ => true,
        });
    }, iter: 3000);

    [Fact]
    public void never_gives_an_oversight_report_to_anybody_but_the_inspectorate() => Sequences.Sample(sequence =>
        Run(sequence).Reports.Values.Where(report => report.Filed.IsOversight).All(report => !report.IsPublic && report.Department is null or "INSPEKTORAT"), iter: 3000);

    [Fact]
    public void leaves_nobody_of_another_department_with_a_report_in_hand() => Sequences.Sample(sequence =>
        Run(sequence).Reports.Values.All(report => report.Handler is null || report.Department is not null), iter: 1000);

    [Fact]
    public void reaches_every_state_from_a_filed_report()
    {
        var reached = new HashSet<ReportState>();
        Sequences.Sample(sequence =>
        {
            lock (reached)
            {
                reached.UnionWith(Run(sequence).Log.Select(step => step.After));
            }
        }, iter: 3000);

        reached.ShouldBe(Enum.GetValues<ReportState>(), ignoreOrder: true);
    }

    [Fact]
    public void offers_only_moves_that_the_table_allows() => Sequences.Sample(sequence =>
        Run(sequence).Reports.Values.All(report => World.People.All(person =>
            LifeTable.Allowed(report, person.Viewer.To(report)).All(move => LifeTable.Check(report, move, person.Viewer.To(report)) is null))), iter: 300);

    [Fact]
    public void is_written_down_as_it_is()
    {
        var file = Path.Combine(Repository.Root, "docs", "report-life.md");
        var written = File.ReadAllText(file);
        const string begin = "<!-- the table, from LifeTable.cs -->\n", end = "<!-- end of the table -->";
        var (from, to) = (written.IndexOf(begin, StringComparison.Ordinal) + begin.Length, written.IndexOf(end, StringComparison.Ordinal));

        // A table that differs is written anew for whoever changed the code; the test still fails, so that the change is seen and committed.
        if (written[from..to] != Table())
        {
            File.WriteAllText(file, written[..from] + Table() + written[to..]);
        }

        written[from..to].ShouldBe(Table());
    }

    private static string Table()
    {
        var table = new StringBuilder("| move | from | to | who | event | in the timeline |\n| --- | --- | --- | --- | --- | --- |\n");
        foreach (var row in LifeTable.Rows)
        {
            table.Append(System.Globalization.CultureInfo.InvariantCulture,
                $"| {row.Move.Name()} | {string.Join(", ", row.From.Select(s => s.Name()))} | {row.To.Rule} | {string.Join(", ", row.Who.Names())} | `{row.Event.Name}` | {What(row.Event)} |\n");
        }

        return table.ToString();
    }

    private static string What(Type type) => type == typeof(ReportPhotoFetched) ? "" : type == typeof(ReportPhotoMissed) ? Report.PhotoMissed : Report.Entry(System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(type) switch
    {
        ReportMerged => new ReportMerged("", null),
        ReportSplit => new ReportSplit([]),
        var @event => @event,
    }).What;
}
