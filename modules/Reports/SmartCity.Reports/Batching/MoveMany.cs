using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Access;
using SmartCity.Platform.Problems;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.Batching;

/// <summary>Body of a move of many reports.</summary>
internal sealed record MoveManyBody(IReadOnlyList<string?>? Tickets, string? Department, string? Note, string? Text, bool IsSettled);

/// <summary>Several reports at once: each is decided by itself, and each has a result.</summary>
internal sealed class MoveManyEndpoints : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var many = app.MapRegencyApi("/report-batches").WithTags("Reports");
        many.MapPost("assignments", (MoveManyBody body, HttpContext http, ISender sender, CancellationToken cancel) =>
            Send(new AssignReports(http.Regency().Id, Tickets(body), body.Department ?? "", body.Note), http, sender, cancel)).RequireRole(Role.Dispatcher, Role.Officer, Role.Regent)
            .WithSummary($"Send up to {ManyReports.Most} reports to a department: tickets, department, note; 200 with a result for each");
        many.MapPost("answers", (MoveManyBody body, HttpContext http, ISender sender, CancellationToken cancel) =>
            Send(new AnswerReports(http.Regency().Id, Tickets(body), body.Text, body.IsSettled), http, sender, cancel)).RequireRole(Role.Officer, Role.Dispatcher)
            .WithSummary($"Give up to {ManyReports.Most} reports the same answer: tickets, text, isSettled; 200 with a result for each");
    }

    private static string[] Tickets(MoveManyBody body) => [.. (body.Tickets ?? []).Select(ticket => ticket ?? "")];

    private static async Task<IResult> Send(IRequest<Outcome<ManyReports>> command, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var outcome = await sender.Send(command, cancel);
        return outcome.Value is not { } many ? outcome.Refusals.ToProblem(http) : Results.Ok(new
        {
            // As a problem of the one report would say it.
            results = many.Results.Select(one => new
            {
                one.Ticket,
                done = one.Refusal is null,
                one.State,
                one.Version,
                fault = one.Refusal is { } refusal ? new Fault(refusal.Code, refusal.English, refusal.Field) : null,
            }),
        });
    }
}

internal sealed class MoveManyHandler(ISender sender) : IRequestHandler<AssignReports, Outcome<ManyReports>>, IRequestHandler<AnswerReports, Outcome<ManyReports>>
{
    public Task<Outcome<ManyReports>> Handle(AssignReports command, CancellationToken cancel) =>
        Each(command.Tickets, ticket => new AssignReport(command.Regency, ticket, command.Department, command.Note), cancel);

    public Task<Outcome<ManyReports>> Handle(AnswerReports command, CancellationToken cancel) =>
        Each(command.Tickets, ticket => new AnswerReport(command.Regency, ticket, command.Text, command.IsSettled), cancel);

    public static Refusal? Check(IReadOnlyList<string> tickets) => tickets.Count is > 0 and <= ManyReports.Most ? null
        : new Refusal("tickets.count", $"Name 1 to {ManyReports.Most} reports.", $"Pilih 1 sampai {ManyReports.Most} laporan.", "tickets");

    private async Task<Outcome<ManyReports>> Each(IReadOnlyList<string> tickets, Func<string, IReportCommand> command, CancellationToken cancel)
    {
        if (Check(tickets) is { } refusal)
        {
            return Outcome<ManyReports>.Refused(refusal);
        }

        var results = new List<OneOfMany>(tickets.Count);
        foreach (var ticket in tickets.Select(written => Ticket.Read(written) ?? written).Distinct())
        {
            var outcome = await sender.Send(command(ticket), cancel);
            results.Add(new OneOfMany(ticket, outcome.Value?.State, outcome.Value?.Version, outcome.Value is null ? outcome.Refusals[0] : null));
        }

        return Outcome<ManyReports>.Done(new ManyReports(results));
    }
}
