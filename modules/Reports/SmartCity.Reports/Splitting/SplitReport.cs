using Carter;
using MediatR;
using Microsoft.AspNetCore.Routing;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Reports.Assigning;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Filing;
using SmartCity.Reports.Forwarding;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.Splitting;

/// <summary>Body of a split.</summary>
internal sealed record SplitReportBody : ReportBody
{
    public IReadOnlyList<PartToMake?>? Parts { get; init; }
}

/// <summary>A report concerns several departments: each gets a part as a report of its own, of the same reporter, linked both ways.</summary>
internal sealed class SplitReportEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapReportCommand<SplitReportBody>("splits", "Give several departments a part each", (body, report) =>
            new SplitReport(report.Regency, report.Ticket, [.. (body.Parts ?? []).Select(part => part ?? new PartToMake(""))], report.ExpectedVersion))
        .RequireRole(Role.Dispatcher);
}

internal sealed class SplitReportHandler(ISender sender, ReportStreams reports, TicketSerials serials, TimeProvider time) : IRequestHandler<SplitReport, Outcome<ReportVersion>>
{
    public const int MostParts = 10;

    public async Task<Outcome<ReportVersion>> Handle(SplitReport command, CancellationToken cancel)
    {
        var departments = await sender.Send(new GetDepartments(command.Regency), cancel);
        var categories = await sender.Send(new GetCategories(command.Regency), cancel);
        var askAgainAt = await sender.AskAgainAt(command.Regency, time.GetUtcNow(), cancel);
        return await reports.Decide(command, Move.Split, async (report, act, change) =>
        {
            if (Check(report, departments, categories, command) is { } fault)
            {
                return Decision.Refused(fault);
            }

            var year = time.GetUtcNow().Year;
            var tickets = (await serials.Take(change.Session, command.Regency, year, command.Parts.Count)).Select(serial => Ticket.Of(year, serial));
            var (whole, parts) = Decide(report, command, [.. tickets], department => departments.Any(d => d.Code == department && d.Kind == DepartmentKind.Outside) ? askAgainAt : null, act);
            foreach (var (filed, assigned) in parts)
            {
                // Each part lies where the whole does, and hides what the whole hides.
                change.Start(filed.Ticket, [filed, .. report.HiddenInPart(filed), .. report.Jurisdiction is { } whose ? new object[] { new ReportJurisdictionDecided(whose, null) } : [], assigned]);
            }

            return Decision.Happens(whole);
        }, cancel);
    }

    public static Refusal? Check(Report report, IReadOnlyList<Department> departments, IReadOnlyList<Category> categories, SplitReport command)
    {
        if (report.PartOf is { } whole)
        {
            return new Refusal("report.part", $"A part is not split again: split what is left of {whole}.", $"Bagian tidak dibagi lagi: ini bagian dari {whole}.", Kind: RefusalKind.Conflict);
        }

        if (report.Filed.IsOversight)
        {
            return new Refusal("report.oversight", "A report on the conduct of officials stays whole, with the Inspectorate.", "Laporan berkadar pengawasan tetap utuh di Inspektorat.", Kind: RefusalKind.Conflict);
        }

        if (command.Parts.Count is < 2 or > MostParts)
        {
            return new Refusal("parts.count", $"Between 2 and {MostParts} parts.", $"Antara 2 dan {MostParts} bagian.", "parts");
        }

        for (var i = 0; i < command.Parts.Count; i++)
        {
            var (part, field) = (command.Parts[i], $"parts[{i}]");
            if ((Receivers.Check(report, departments, part.Department, $"{field}.department")
                ?? Typed.Text(part.Description, $"{field}.description")
                ?? (part.Category is null || categories.Any(c => c.Code == part.Category && !c.IsOversight) ? null
                    : new Refusal("category.unknown", $"There is no category '{part.Category}' for a part.", $"Tidak ada kategori '{part.Category}' untuk bagian.", $"{field}.category"))) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    public static (ReportSplit Whole, IReadOnlyList<(ReportFiled Filed, ReportAssigned Assigned)> Parts) Decide(
        Report report, SplitReport command, IReadOnlyList<string> tickets, Func<string, DateTimeOffset?> askAgainAt, Act act)
    {
        var parts = command.Parts.Zip(tickets, (part, ticket) => (
            report.Filed with { Ticket = ticket, Category = part.Category ?? report.Category, Description = act.Seal(part.Description) ?? report.Filed.Description, Cause = null, PartOf = report.Id },
            new ReportAssigned(part.Department, "split", report.District, null, askAgainAt(part.Department)))).ToArray();
        return (new ReportSplit([.. parts.Select(part => new ReportPart(part.Item1.Ticket, part.Item2.Department))]), parts);
    }
}
