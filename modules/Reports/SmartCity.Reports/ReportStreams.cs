using JasperFx;
using JasperFx.Events;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports;

/// <summary>Takes a decision on a report and commits what it decides.</summary>
internal sealed class ReportStreams(RegencySessions sessions, PersonalData personal)
{
    /// <summary>
    /// Reads the report, decides, and appends the event if there is one. When somebody else was faster, the outcome is a conflict that
    /// names the current version.
    /// </summary>
    /// <param name="text">What somebody wrote about the matter; the decision gets it sealed with the reporter's key.</param>
    public async Task<Outcome<ReportVersion>> Decide(
        string regency, string ticket, long? expectedVersion, string? text, Func<Report, string?, Decision> decide, CancellationToken cancel)
    {
        await using var session = sessions.Open(regency);
        var stream = await session.Events.FetchForWriting<Report>(ticket, cancel);
        if (stream.Aggregate is not { } report)
        {
            return Outcome<ReportVersion>.Refused(NotFound(ticket));
        }

        var version = stream.CurrentVersion ?? report.Version;
        if (expectedVersion is { } expected && expected != version)
        {
            return Outcome<ReportVersion>.Refused(Moved(ticket, version));
        }

        var sealedText = string.IsNullOrWhiteSpace(text) ? null : (await personal.SealFor(session, report.Filed.Reporter, cancel)).Seal(text.Trim());
        var decision = decide(report, sealedText);
        if (decision.Refusal is { } refusal)
        {
            return Outcome<ReportVersion>.Refused(refusal);
        }

        if (decision.Event is null)
        {
            return Outcome<ReportVersion>.Done(new ReportVersion(ticket, version, Name(report.State)));
        }

        stream.AppendOne(decision.Event);
        try
        {
            await session.SaveChangesAsync(cancel);
        }
        catch (Exception failure) when (failure is EventStreamUnexpectedMaxEventIdException or ConcurrencyException)
        {
            await using var now = sessions.Query(regency);
            return Outcome<ReportVersion>.Refused(Moved(ticket, (await now.LoadAsync<Report>(ticket, cancel))?.Version ?? version + 1));
        }

        return Outcome<ReportVersion>.Done(new ReportVersion(ticket, version + 1, Name(Report.StateAfter(decision.Event) ?? report.State)));
    }

    internal static Refusal NotFound(string ticket) =>
        new("report.unknown", $"There is no report {ticket} here.", $"Laporan {ticket} tidak ada di sini.", "ticket", RefusalKind.NotFound);

    private static Refusal Moved(string ticket, long version) => new("report.moved",
        $"Somebody else changed report {ticket} first; its version is {version} now. Read it again and decide anew.",
        $"Laporan {ticket} sudah diubah orang lain; versinya sekarang {version}. Baca kembali lalu putuskan lagi.", "expectedVersion", RefusalKind.Conflict);

    private static string Name(ReportState state) => state.ToString().ToLowerInvariant();
}
