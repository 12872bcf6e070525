using Carter;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.Life;

/// <summary>Shows the table, so that programs need not know it by heart.</summary>
internal sealed class ReportLifeEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapGet("/api/v1/report-life", () => new
    {
        states = Enum.GetValues<ReportState>().Select(state => new { name = state.Name(), isDone = state.IsDone() }),
        moves = LifeTable.Rows.Select(row => new
        {
            move = row.Move.Name(),
            from = row.From.Select(state => state.Name()),
            to = row.To.Rule,
            who = row.Who.Names(),
        }),
    }).OutsideRegencies("The same for all regencies.").WithTags("Reports").WithSummary("Every move in the life of a report: from where, to where, by whom");
}
