using Carter;
using MediatR;
using Microsoft.AspNetCore.Routing;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.Protecting;

/// <summary>Body of a protection.</summary>
internal sealed record ProtectReportBody : ReportBody
{
    public bool IsAnonymous { get; init; }

    public bool IsConfidential { get; init; }
}

/// <summary>A report turns out to name people, or its reporter thinks better of it: it is hidden from the public, or the reporter from the department. Never taken back.</summary>
internal sealed class ProtectReportEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapReportCommand<ProtectReportBody>("protections", "Hide a report from the public, or its reporter from the department; never the other way", (body, report) =>
            new ProtectReport(report.Regency, report.Ticket, body.IsAnonymous, body.IsConfidential, report.ExpectedVersion, report.Secret));
}

internal sealed class ProtectReportHandler(ReportStreams reports) : IRequestHandler<ProtectReport, Outcome<ReportVersion>>
{
    public Task<Outcome<ReportVersion>> Handle(ProtectReport command, CancellationToken cancel) =>
        reports.Decide(command, Move.Protect, (report, _) => Decide(report, command), cancel);

    public static Decision Decide(Report report, ProtectReport command)
    {
        // Confidential by a guess only is not yet what somebody wants it to be.
        var isChosen = report.Filed is { IsConfidential: true, IsHiddenByGuess: false };
        var (anonymous, confidential) = (report.Filed.IsAnonymous || command.IsAnonymous, isChosen || command.IsConfidential);
        return !command.IsAnonymous && !command.IsConfidential
            ? Decision.Refused("protection.missing", "Say isAnonymous, isConfidential, or both; protection is only ever added.", "Pilih anonim, rahasia, atau keduanya; perlindungan tidak dicabut.", "isConfidential")
            : (anonymous, confidential) == (report.Filed.IsAnonymous, isChosen) ? Decision.Nothing
            : Decision.Happens(new ReportProtected(anonymous, confidential));
    }
}
