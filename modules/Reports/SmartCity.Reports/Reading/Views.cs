using System.Text.Json;
using Marten;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Following;
using SmartCity.Reports.Handling;
using SmartCity.Reports.Life;
using SmartCity.Reports.Proposals;

namespace SmartCity.Reports.Reading;

/// <summary>Who may see which report, and how much of it.</summary>
internal static class Visibility
{
    /// <summary>Whether the report exists for this caller. One on the conduct of officials: for the Inspectorate, the regent, auditors and its reporter only.</summary>
    public static bool MaySee(this Viewer viewer, Report report) => report.IsPublic || viewer.Owns(report) || viewer.Handles(report);

    /// <summary>Whether the caller handles the report, or watches over it, and so reads it as it was written.</summary>
    public static bool Handles(this Viewer viewer, Report report) => viewer.Actor.Is(viewer.Regency, viewer.Actor.Role) && viewer.Actor switch
    {
        { Role: Role.Regent or Role.Auditor } => true,
        { Role: Role.Dispatcher } => !report.Filed.IsOversight,
        { Role: Role.Officer, Department: { } own } => report.Filed.IsOversight ? viewer.IsInspectorate : report.Department == own,
        _ => false,
    };

    /// <summary>The same rule as <see cref="Handles"/>, in the database.</summary>
    public static IQueryable<Report> HandledBy(this IQueryable<Report> reports, Viewer viewer)
    {
        var actor = viewer.Actor.Is(viewer.Regency, viewer.Actor.Role) ? viewer.Actor : Actor.Citizen;
        return actor switch
        {
            { Role: Role.Regent or Role.Auditor } => reports,
            { Role: Role.Dispatcher } => reports.Where(r => !r.Filed.IsOversight),
            { Role: Role.Officer, Department: { } own } => viewer.IsInspectorate
                ? reports.Where(r => r.Filed.IsOversight || r.Department == own)
                : reports.Where(r => r.Department == own && !r.Filed.IsOversight),
            _ => reports.Where(r => r.Id == ""),
        };
    }

    /// <summary>The same rule as <see cref="MaySee"/>, in the database. Nobody lists reports by their secrets.</summary>
    public static IQueryable<Report> VisibleTo(this IQueryable<Report> reports, Viewer viewer)
    {
        var actor = viewer.Actor.Is(viewer.Regency, viewer.Actor.Role) ? viewer.Actor : Actor.Citizen;
        return actor switch
        {
            { Role: Role.Regent or Role.Auditor } => reports,
            { Role: Role.Dispatcher } => reports.Where(r => !r.Filed.IsOversight),
            { Role: Role.Officer, Department: { } own } => viewer.IsInspectorate
                ? reports.Where(r => r.IsPublic || r.Filed.IsOversight || r.Department == own)
                : reports.Where(r => r.IsPublic || (r.Department == own && !r.Filed.IsOversight)),
            _ => reports.Where(r => r.IsPublic),
        };
    }
}

/// <summary>Opens reports for a caller: one query for the keys of a whole page.</summary>
internal sealed class ReportViews(PersonalData personal, CallContext call)
{
    // What staff write to each other.
    private static readonly string[] ForStaff = ["assigned", "verified", "discarded", "returned", "handedOver", "merged", "placed", "declined", "photoHidden", "photoShown", "wordsHidden", "wordsShown"];

    // What passes between staff and the reporter.
    private static readonly string[] ForReporter = ["asked", "withdrawn", "closed", "judged"];

    public async Task<IReadOnlyList<ReportDetails>> Open(IQuerySession session, IReadOnlyList<Report> reports, Viewer viewer, CancellationToken cancel)
    {
        // What was said after the reporter's key was gone, or by somebody else, has a key of its own.
        var reader = await personal.Reader(session, reports.SelectMany(r => r.Timeline.Select(entry => entry.Text).Append(r.Question).Concat(r.HiddenWords.Values.Select(hidden => hidden.Instead))
            .Concat(r.LaterPhotos.Select(photo => photo.Person).Append(r.Filed.Reporter).Select(PersonalReader.Of))), cancel);
        var proposals = reports.Where(r => r.Class == ReportClasses.Proposal).Select(r => r.Id).ToArray();
        var supporters = proposals.Length == 0 ? null : await Supporters.Of(session, proposals, cancel);
        var followers = await FollowCounts.Of(session, [.. reports.Select(r => r.Id)], cancel);
        var hidden = await Hidden(session, reports, viewer, cancel);
        var colleagues = await Colleagues(session, reports, viewer, cancel);
        IReadOnlyList<ReportDetails> opened = [.. reports.Select(report => Open(report, reader, viewer, supporters?.GetValueOrDefault(report.Id) ?? 0, hidden) with
        {
            Followers = followers.GetValueOrDefault(report.Id),
            Handler = report.Handler is { } handler && viewer.Handles(report) ? colleagues.GetValueOrDefault(handler) ?? new Colleague(Handlers.NameOf(handler), Handlers.NameOf(handler)) : null,
        })];
        // Whoever of the staff is shown who wrote, or what not everybody may read, is written down first.
        await session.Record(call, [.. reports.Zip(opened).Where(pair => viewer.Handles(pair.First) && (pair.Second.Reporter is not null || pair.Second.IsConfidential || pair.First.IsPartlyHidden || pair.First.NoteKey is not null))
            .Select(pair => new DataRead(pair.First.Id, pair.First.Version, pair.Second.IsConfidential ? "confidential" : pair.Second.Reporter is not null ? "reporter" : "staff")).DistinctBy(read => read.Of)], cancel);
        return opened;
    }

    // Reports of which nobody is told, not even by a number, that they are answered with one that everybody sees, or are a part of it.
    private static async Task<IReadOnlySet<string>> Hidden(IQuerySession session, IReadOnlyList<Report> reports, Viewer viewer, CancellationToken cancel)
    {
        var others = reports.Where(report => !viewer.Handles(report))
            .SelectMany(report => report.Timeline.Where(IsOfAnother).SelectMany(entry => entry.Tickets ?? []).Concat(report.Parts.Select(part => part.Ticket))).Distinct().ToArray();
        return others.Length == 0 ? new HashSet<string>() : (await session.Query<Report>().Where(r => r.Id.IsOneOf(others) && !r.IsPublic).Select(r => r.Id).ToListAsync(cancel)).ToHashSet();
    }

    // Names of those who have reports in hand.
    private static async Task<IReadOnlyDictionary<string, Colleague>> Colleagues(IQuerySession session, IReadOnlyList<Report> reports, Viewer viewer, CancellationToken cancel)
    {
        var names = reports.Where(viewer.Handles).Select(report => report.Handler).OfType<string>().Distinct().Select(Handlers.NameOf).ToArray();
        return names.Length == 0 ? new Dictionary<string, Colleague>()
            : (await session.LoadManyAsync<StaffAccount>(cancel, names)).ToDictionary(account => Handlers.IdOf(account.Id), account => new Colleague(account.Id, account.DisplayName));
    }

    private static bool IsOfAnother(TimelineEntry entry) => entry.What is "joined" or "left";

    private static ReportDetails Open(Report report, PersonalReader reader, Viewer viewer, long supporters, IReadOnlySet<string> hidden)
    {
        var (filed, staff, own) = (report.Filed, viewer.Handles(report), viewer.Owns(report));
        var all = staff || own;
        // What everybody reads may be other words than what was written.
        string? Shown(string which, string? words) => all ? words : report.PublicWordsOf(which, words);
        string? Text(string? value) => reader.Open(value) is { } text ? staff || own ? text : PublicText.Mask(text) : null;
        // The name of a body outside may be somebody's own words, and so may its number of the report.
        string? Named(string? words) => words is null || staff || own ? words : PublicText.Mask(words);
        string? Link(string? value) => reader.Open(value) is { } link and not PersonalReader.Erased ? link : null;
        return new ReportDetails(
            report.Id, report.Version, report.State, filed.Channel, report.Category, Text(Shown(PublicWords.Description, filed.Description)),
            filed.Place with { Address = Text(Shown(PublicWords.Address, filed.Place.Address)), AddressId = Text(Shown(PublicWords.Address, filed.Place.AddressId)) },
            report.Department, report.District, report.FiledAt, report.UpdatedAt, report.PhotosOfReporter(reader, staff, all), all || !report.HiddenWords.ContainsKey(PublicWords.Links) ? report.LinksLeft(reader) : [],
            staff || own ? Read<Dictionary<string, IReadOnlyList<string>>>(reader.Open(filed.Attributes)) : null,
            own || (staff && (!filed.IsAnonymous || viewer.Actor.Role == Role.Auditor)) ? Read<ReporterDetails>(reader.Open(filed.Contact)) : null,
            !report.IsPublic,
            [.. report.Timeline.Where(entry => staff || (entry.What != Report.PhotoMissed && !Report.IsOfStaff(entry.What) && !(IsOfAnother(entry) && entry.Tickets?.Any(hidden.Contains) == true))).Select(entry => entry with
            {
                Text = staff || (!ForStaff.Contains(entry.What) && entry is not ({ What: "followedUp", Detail: null } or { What: "neighbour", Detail: "rejected" }) && (own || !ForReporter.Contains(entry.What))) ? Text(Shown(entry.Id.ToString(), entry.Text)) : null,
                Department = Named(entry.Department),
                Detail = entry.What == "forwarded" ? Named(entry.Detail) : entry.Detail,
                // The others' numbers may be those of hidden reports.
                Tickets = staff || entry.Tickets is null ? entry.Tickets : IsOfAnother(entry) ? null : own ? entry.Tickets : [.. entry.Tickets.Where(other => !hidden.Contains(other))],
                Photos = report.PhotosOf(entry, reader, staff, all),
                Links = entry.Links is { } links && (all || !report.HiddenWords.ContainsKey(entry.Id.ToString())) ? [.. links.Select(Link).OfType<string>()] : null,
            })])
        {
            Erased = reader.ErasureOf(filed.Reporter) is { DestroyedAt: { } at, Ground: { } ground } erasure
                ? new ErasureNote(at, ground.ToString()[..1].ToLowerInvariant() + ground.ToString()[1..], staff ? erasure.DestroyedBy : null) : null,
            Class = report.Class,
            IsOversight = filed.IsOversight,
            Urgency = filed.Assessment?.Urgency ?? "normal",
            IsHeld = report.IsHeld,
            Assessment = staff ? filed.Assessment : null,
            IsAnonymous = filed.IsAnonymous,
            ForwardedTo = Named(report.ForwardedTo),
            Jurisdiction = report.Jurisdiction is { } jurisdiction ? jurisdiction with { Body = Named(jurisdiction.Body)! } : null,
            ProposedForward = staff && report.ForwardedTo is null && LifeTable.Check(report, Move.Forward, Party.Desk) is null && report.Jurisdiction is { Level: not JurisdictionLevels.Private } whose
                && whose.IsOutside(viewer.Regency) ? (whose.Level == JurisdictionLevels.Regency ? null : whose.BodyCode) ?? whose.Body : null,
            HandedOverTo = report.HandedOverTo,
            ReceivedFrom = report.ReceivedFrom,
            OfferedTo = staff ? report.OfferedTo : null,
            AskAgainAt = staff && report.State == ReportState.Forwarded ? report.AskAgainAt : null,
            MergedInto = report.MergedInto,
            MergedCount = staff ? report.Merged.Count : report.Merged.Count(other => !hidden.Contains(other)),
            Merged = staff && report.Merged.Count > 0 ? report.Merged : null,
            PartOf = report.PartOf,
            Parts = report.Parts.Where(part => staff || own || !hidden.Contains(part.Ticket)).ToArray() is { Length: > 0 } parts ? parts : null,
            Question = staff || own ? reader.Open(report.Question) : null,
            ClosesAt = report.DueAt,
            Proposal = report.Class == ReportClasses.Proposal ? new ProposalDetails(report.Stage, report.AnswerDue, supporters) : null,
            Allowed = staff || own ? [.. LifeTable.Allowed(report, viewer.To(report)).Select(move => move.Name())] : null,
            IsOwn = own,
            Hidden = report.HiddenParts(reader, all),
            Funding = report is { Outcome: null, Plan: null } ? null : new FundingDetails(
                report.Outcome?.Kind, report.Outcome?.When, report.Plan?.Cost ?? report.Outcome?.Cost, report.Plan?.Source ?? report.Outcome?.Source,
                report.Plan?.FiscalYear ?? report.Outcome?.FiscalYear, report.Plan),
        };
    }

    private static T? Read<T>(string? json) where T : class => json is null or PersonalReader.Erased ? null : JsonSerializer.Deserialize<T>(json);
}
