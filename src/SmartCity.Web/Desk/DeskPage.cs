using MediatR;
using Microsoft.AspNetCore.Http;
using SmartCity.Accountability.Contracts;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Web.Browsing;
using SmartCity.Web.Shared;

namespace SmartCity.Web.Desk;

/// <summary>A list on the desk.</summary>
/// <param name="Key">In the address.</param>
/// <param name="States">Which reports.</param>
public sealed record DeskTab(string Key, string Indonesian, string English, IReadOnlyList<ReportState> States);

/// <summary>A report on the desk.</summary>
/// <param name="Report">The report.</param>
/// <param name="DueAt">By when the next step is owed.</param>
/// <param name="IsOverdue">It is late.</param>
public sealed record DeskItem(ReportDetails Report, DateTimeOffset? DueAt, bool IsOverdue);

/// <summary>Where staff begin the day: what waits for them, the most urgent first.</summary>
internal static class DeskPage
{
    private const int PageSize = 100;

    private static readonly DeskTab
        New = new("baru", "Menunggu disposisi", "Waiting to be assigned", [ReportState.Filed, ReportState.Queued, ReportState.Verified]),
        Open = new("terbuka", "Perlu ditangani", "To be handled", [ReportState.Assigned, ReportState.InProgress, ReportState.Answered, ReportState.Split]),
        Waiting = new("menunggu", "Menunggu pihak lain", "Waiting for others", [ReportState.WaitingForReporter, ReportState.Forwarded]),
        Held = new("ditahan", "Ditahan", "Held", [ReportState.Filed, ReportState.Queued, ReportState.Verified]),
        Done = new("selesai", "Selesai", "Done", ReportStates.Done);

    public static async Task<IResult> Show(HttpContext http, ISender sender, CallContext call, TimeProvider time, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        // Who has no reports to see to works elsewhere.
        if (call.Actor.Role switch { Role.DataProtection => "data-pribadi", Role.Treasurer => "pengembalian", Role.Operator => "meja/akun", Role.PublicRelations => "meja/pesan", _ => null } is { } elsewhere)
        {
            return Pages.SeeOther($"/{regency}/{elsewhere}");
        }

        var names = await Names.Of(regency, sender, cancel);
        // What nobody has yet of the reports on officials' conduct is the Inspectorate's.
        var isInspectorate = call.Actor.Role == Role.Officer && names.Departments.GetValueOrDefault(call.Actor.Department ?? "")?.Kind == DepartmentKind.Oversight;
        IReadOnlyList<DeskTab> tabs = call.Actor.Role == Role.Officer && !isInspectorate ? [Open, Waiting, Done]
            : call.Actor.Role == Role.Dispatcher ? [New, Open, Waiting, Held, Done] : [New, Open, Waiting, Done];
        var tab = tabs.FirstOrDefault(t => t.Key == http.Request.Query["daftar"]) ?? tabs[0];
        // What somebody else decides, that the others need not see: held reports have a list of their own.
        bool? held = tab == Held ? true : call.Actor.Role == Role.Dispatcher && tab != Done ? false : null;
        var mine = new ReportFilter(
            Department: call.Actor.Role == Role.Officer && !isInspectorate ? call.Actor.Department ?? "" : null, Class: isInspectorate ? ReportClasses.Oversight : null)
        { Held = held };
        var filter = DeskFilter.Read(http.Request.Query);
        var asked = filter.On(mine, tab.States, http.Regency().Zone, call.Actor, time.GetUtcNow());
        var page = await sender.Send(new ListReports(regency, asked, filter.Of.After, PageSize, ByDeadline: filter.ByDeadline), cancel);
        // Wherever it stands in its list, and on whichever list one looks: somebody is in danger.
        var emergencies = (await sender.Send(new ListReports(regency, mine with { States = [.. New.States, .. Open.States], OnlyEmergencies = true, Held = null }, null, PageSize), cancel)).Reports;
        page = filter.IsSet ? page : page with { Reports = [.. emergencies.Where(r => tab.States.Contains(r.State) && r.IsHeld == (tab == Held)).Concat(page.Reports).DistinctBy(r => r.Ticket)] };
        var deadlines = await sender.Send(new GetDeadlines(regency, [.. page.Reports.Select(r => r.Ticket)]), cancel);
        var items = page.Reports.Select(report => Item(report, deadlines.GetValueOrDefault(report.Ticket)));
        return Pages.Show<DeskView>(new
        {
            Tabs = tabs,
            Tab = tab,
            // What has no deadline yet is new; it stays above what has time.
            Items = tab == Done || filter.ByDeadline ? [.. items] : (IReadOnlyList<DeskItem>)[.. items.OrderByDescending(i => i.Report.Urgency == ReportAssessment.Emergency).ThenByDescending(i => i.IsOverdue).ThenBy(i => i.DueAt ?? DateTimeOffset.MinValue)],
            page.Next,
            Names = names,
            Filter = filter,
            Csv = ReportFile.Address(regency, "csv", asked, filter.ByDeadline),
            // Nobody is at work on these.
            Emergencies = emergencies.Where(r => r is { IsHeld: false, State: ReportState.Filed or ReportState.Queued or ReportState.Verified or ReportState.Assigned }).ToArray(),
        });
    }

    private static DeskItem Item(ReportDetails report, ReportDeadlines? deadlines) => new(report, report.State switch
    {
        ReportState.Filed or ReportState.Queued or ReportState.Verified => deadlines?.AssignBy,
        ReportState.Assigned or ReportState.InProgress => deadlines?.AnswerBy,
        ReportState.Answered => deadlines?.SettleBy,
        _ => null,
    }, deadlines?.IsOverdue ?? false);
}

/// <summary>Lists of reports with what is due.</summary>
public partial class DeskView;
