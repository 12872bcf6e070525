namespace SmartCity.Reports.Contracts;

/// <summary>Where a report stands. What leads from one to another is in docs/report-life.md.</summary>
public enum ReportState
{
    /// <summary>Received; who is responsible is being found out.</summary>
    Filed,

    /// <summary>Waits for a dispatcher.</summary>
    Queued,

    /// <summary>A dispatcher has looked at it; it has no department yet.</summary>
    Verified,

    /// <summary>A department must act.</summary>
    Assigned,

    /// <summary>The department is at work on it.</summary>
    InProgress,

    /// <summary>The reporter was asked for more; the clock stands still.</summary>
    WaitingForReporter,

    /// <summary>With a body outside the regency.</summary>
    Forwarded,

    /// <summary>Handled in parts, each with its own department.</summary>
    Split,

    /// <summary>Answered, but not done yet.</summary>
    Answered,

    /// <summary>Done, says who handled it; the reporter may still object.</summary>
    Settled,

    /// <summary>Done with: the reporter agreed, or did not object in time.</summary>
    Closed,

    /// <summary>Not taken up.</summary>
    Rejected,

    /// <summary>Taken back by the reporter.</summary>
    Withdrawn,

    /// <summary>Answered with another report about the same.</summary>
    Merged,
}

/// <summary>What all readers of states must agree on.</summary>
public static class ReportStates
{
    /// <summary>Those in which nothing more is owed: to Open311 they are closed, the others open.</summary>
    public static IReadOnlyList<ReportState> Done { get; } =
        [ReportState.Settled, ReportState.Closed, ReportState.Rejected, ReportState.Withdrawn, ReportState.Merged];

    /// <summary>Whether nothing more is owed.</summary>
    public static bool IsDone(this ReportState state) => Done.Contains(state);

    /// <summary>The name on the wire: camel case.</summary>
    public static string Name(this ReportState state) => state.ToString() is var name ? char.ToLowerInvariant(name[0]) + name[1..] : "";

    /// <summary>Reads a name as people write it: <c>in_progress</c>, <c>inProgress</c>, <c>in-progress</c>.</summary>
    public static ReportState? Read(string? text) =>
        Enum.TryParse<ReportState>(text?.Replace("_", "").Replace("-", ""), ignoreCase: true, out var state) && Enum.IsDefined(state) && !char.IsAsciiDigit(text![0]) ? state : null;
}

/// <summary>Classes of SP4N-LAPOR!, and proposals; they decide the deadlines and who may see a report.</summary>
public static class ReportClasses
{
    /// <summary>Pengaduan.</summary>
    public const string Complaint = "complaint";

    /// <summary>Pengaduan berkadar pengawasan: on the conduct of officials.</summary>
    public const string Oversight = "oversight";

    /// <summary>Aspirasi.</summary>
    public const string Aspiration = "aspiration";

    /// <summary>Permintaan informasi.</summary>
    public const string Information = "information";

    /// <summary>Usulan for the planning meetings (Musrenbang).</summary>
    public const string Proposal = "proposal";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Complaint, Oversight, Aspiration, Information, Proposal];
}

/// <summary>How far a proposal comes in the planning meetings.</summary>
public static class ProposalStages
{
    /// <summary>In this order: Musrenbang desa/kelurahan, kecamatan, kabupaten/kota, provinsi.</summary>
    public static IReadOnlyList<string> InOrder { get; } = ["village", "district", "regency", "province"];
}
