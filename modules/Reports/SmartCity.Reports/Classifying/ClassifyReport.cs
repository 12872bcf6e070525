using Carter;
using MediatR;
using Microsoft.AspNetCore.Routing;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.Classifying;

/// <summary>Body of a classification.</summary>
internal sealed record ClassifyReportBody : ReportBody
{
    public string? Category { get; init; }

    public string? Class { get; init; }
}

/// <summary>
/// A dispatcher puts a report under another category or class. One that turns out to be on the conduct of officials leaves the department
/// that had it in the same moment, and from then on exists for the Inspectorate and the regent only.
/// </summary>
internal sealed class ClassifyReportEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapReportCommand<ClassifyReportBody>("classifications", "Put a report under another category or class", (body, report) =>
            new ClassifyReport(report.Regency, report.Ticket, body.Category, body.Class, report.ExpectedVersion))
        .RequireRole(Role.Dispatcher, Role.Officer);
}

internal sealed class ClassifyReportHandler(ISender sender, ReportStreams reports) : IRequestHandler<ClassifyReport, Outcome<ReportVersion>>
{
    public async Task<Outcome<ReportVersion>> Handle(ClassifyReport command, CancellationToken cancel)
    {
        var categories = await sender.Send(new GetCategories(command.Regency), cancel);
        var inspectorate = (await sender.Send(new GetDepartments(command.Regency), cancel)).FirstOrDefault(d => d.Kind == DepartmentKind.Oversight)?.Code;
        return await reports.Decide(command, Move.Classify, (report, _) => Decide(report, categories, inspectorate, command), cancel);
    }

    public static Decision Decide(Report report, IReadOnlyList<Category> categories, string? inspectorate, ClassifyReport command)
    {
        if (command.Category is null && command.Class is null)
        {
            return Decision.Refused("category.missing", "Say the category, the class, or both.", "Sebutkan kategori, jenis, atau keduanya.", "category");
        }

        var category = categories.FirstOrDefault(c => c.Code == (command.Category ?? report.Category));
        if (command.Category is not null && category is null)
        {
            return Decision.Refused("category.unknown", $"There is no category '{command.Category}' here.", $"Kategori '{command.Category}' tidak ada di sini.", "category");
        }

        if (Classes.Check(command.Class) is { } fault)
        {
            return Decision.Refused(fault);
        }

        var @class = Classes.Of(command.Class ?? (command.Category is null ? report.Class : null), category);
        var isOversight = @class == ReportClasses.Oversight;
        if (category?.Code == report.Category && @class == report.Class)
        {
            return Decision.Nothing;
        }

        var classified = new ReportClassified(category?.Code ?? report.Category, @class, isOversight, report.Category);
        return isOversight && !report.Filed.IsOversight && inspectorate is not null
            ? Decision.Happens(classified, new ReportAssigned(inspectorate, "category", null, null))
            : Decision.Happens(classified);
    }
}

/// <summary>Which class a report has.</summary>
internal static class Classes
{
    public static Refusal? Check(string? @class) => @class is null || ReportClasses.All.Contains(@class) ? null : new Refusal("class.unknown",
        $"'{@class}' is no class; use {string.Join(", ", ReportClasses.All)}.", $"'{@class}' bukan jenis laporan; pakai {string.Join(", ", ReportClasses.All)}.", "class");

    /// <summary>As chosen, else as the category has it. What is on the conduct of officials by its category stays so whatever was chosen.</summary>
    public static string Of(string? chosen, Category? category) =>
        category?.IsOversight == true ? ReportClasses.Oversight : chosen ?? category?.Class.ToString().ToLowerInvariant() ?? ReportClasses.Complaint;
}
