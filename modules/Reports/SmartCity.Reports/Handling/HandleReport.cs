using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Regencies;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;
using SmartCity.Reports.Reading;

namespace SmartCity.Reports.Handling;

/// <summary>Body of taking a report in hand.</summary>
internal sealed record HandleReportBody : ReportBody
{
    /// <summary><c>me</c>, <c>nobody</c>, or the sign-in name of a colleague.</summary>
    public string? Handler { get; init; }
}

/// <summary>An officer takes a report in hand, gives it to a colleague, or lets it go; and sees who the colleagues are.</summary>
internal sealed class HandleReportEndpoints : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapReportCommand<HandleReportBody>("handler", "Take a report in hand (handler: me), give it to a colleague of the department (sign-in name), or let it go (nobody)", (body, report) =>
            new HandleReport(report.Regency, report.Ticket, body.Handler, report.ExpectedVersion)).RequireRole(Role.Officer);
        app.MapRegencyApi("/reports/{id}").MapGet("colleagues", async (string id, HttpContext http, ISender sender, CancellationToken cancel) =>
            new { colleagues = await sender.Send(new GetColleagues(http.Regency().Id, id), cancel) }).RequireRole(Role.Officer)
            .WithTags("Reports").WithSummary("Officers to whom the report can be given; empty unless the caller's department has it");
    }
}

internal sealed class HandleReportHandler(ReportStreams reports, StaffSignIn accounts) : IRequestHandler<HandleReport, Outcome<ReportVersion>>
{
    public Task<Outcome<ReportVersion>> Handle(HandleReport command, CancellationToken cancel) =>
        reports.Decide(command, Move.Take, async (report, act, _) =>
            Decide(report, command, act, [.. (await accounts.Officers(RegencyCode.Parse(command.Regency), report.Department!, cancel)).Select(officer => officer.Name)]), cancel);

    /// <param name="colleagues">Sign-in names of the department's officers.</param>
    public static Decision Decide(Report report, HandleReport command, Act act, IReadOnlyList<string> colleagues)
    {
        var name = command.Handler?.Trim().ToLowerInvariant();
        if (string.IsNullOrEmpty(name))
        {
            return Decision.Refused("handler.missing", "Say who: me, nobody, or a colleague's sign-in name.", "Pilih siapa: saya, tidak ada, atau nama akun rekan.", "handler");
        }

        // Who signs in elsewhere has no account here, and can still take it.
        var handler = name == HandleReport.Nobody ? null : name == HandleReport.Me ? act.Actor.Id : Handlers.IdOf(name);
        return handler == report.Handler ? Decision.Nothing
            : handler is null || name == HandleReport.Me || colleagues.Contains(name) ? Decision.Happens(new HandlerChanged(handler, report.Handler))
            : Decision.Refused("handler.unknown", $"No officer '{name}' in {report.Department}.", $"Tidak ada petugas '{name}' di {report.Department}.", "handler");
    }
}

internal sealed class GetColleaguesHandler(RegencySessions sessions, Viewers viewers, StaffSignIn accounts) : IRequestHandler<GetColleagues, IReadOnlyList<Colleague>>
{
    public async Task<IReadOnlyList<Colleague>> Handle(GetColleagues query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        var viewer = await viewers.Current(query.Regency, null, cancel);
        return Ticket.Read(query.Ticket) is { } ticket && await session.LoadAsync<Report>(ticket, cancel) is { } report && viewer.Handles(report) && viewer.To(report).HasFlag(Party.Officer)
            ? [.. (await accounts.Officers(RegencyCode.Parse(query.Regency), report.Department!, cancel)).Select(officer => new Colleague(officer.Name, officer.DisplayName))] : [];
    }
}

/// <summary>Between ids of accounts, as they stand in the history, and sign-in names.</summary>
internal static class Handlers
{
    private const string Prefix = "staff:";

    public static string IdOf(string name) => name.StartsWith(Prefix, StringComparison.Ordinal) ? name : Prefix + name;

    public static string NameOf(string id) => id.StartsWith(Prefix, StringComparison.Ordinal) ? id[Prefix.Length..] : id;
}
