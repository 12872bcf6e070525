using System.Security.Cryptography;
using Carter;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;
using SmartCity.Reports.Reading;

namespace SmartCity.Reports.ReadyAnswers;

/// <summary>A ready text, as it is sent.</summary>
internal sealed record ReadyAnswerBody(string? Title, string? Text, string? Category, string? Move, long? ExpectedVersion);

/// <summary>Texts that stand ready: of the regency by dispatchers, of a department by its officers.</summary>
internal sealed class ReadyAnswerEndpoints : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var ready = app.MapRegencyApi("/ready-answers").WithTags("Reports");
        ready.MapGet("", async (HttpContext http, ISender sender, CancellationToken cancel) => new { answers = await sender.Send(new ListReadyAnswers(http.Regency().Id), cancel) })
            .RequireRole(Role.Officer, Role.Dispatcher, Role.Regent, Role.Auditor).WithSummary("Texts that stand ready; an officer sees those of the regency and of the own department");
        ready.MapPost("", (ReadyAnswerBody body, HttpContext http, ISender sender, CancellationToken cancel) => Send(Write(null, body, http), http, sender, cancel))
            .RequireRole(Role.Officer, Role.Dispatcher).WithSummary("Write a text: title, text (with {nomor}, {opd}, {kategori}), category, move: answer, ask or reject");
        ready.MapPut("{id}", (string id, ReadyAnswerBody body, HttpContext http, ISender sender, CancellationToken cancel) => Send(Write(id, body, http), http, sender, cancel))
            .RequireRole(Role.Officer, Role.Dispatcher).WithSummary("Write a text anew");
        ready.MapDelete("{id}", (string id, long? expectedVersion, HttpContext http, ISender sender, CancellationToken cancel) => Send(new RemoveReadyAnswer(http.Regency().Id, id, expectedVersion), http, sender, cancel))
            .RequireRole(Role.Officer, Role.Dispatcher).WithSummary("A text does not stand ready any more");
        app.MapRegencyApi("/reports/{id}").MapGet("ready-answers", async (string id, HttpContext http, ISender sender, CancellationToken cancel) =>
            new { answers = await sender.Send(new GetReadyAnswers(http.Regency().Id, id), cancel) }).RequireRole(Role.Officer, Role.Dispatcher)
            .WithTags("Reports").WithSummary("Texts that fit this report, with its number, department and category filled in");
    }

    private static WriteReadyAnswer Write(string? id, ReadyAnswerBody body, HttpContext http) => new(http.Regency().Id, id, body.Title, body.Text, body.Category, body.Move, body.ExpectedVersion);

    private static async Task<IResult> Send(IRequest<Outcome<ReadyAnswer>> command, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var outcome = await sender.Send(command, cancel);
        return outcome.Value is not { } answer ? outcome.Refusals.ToProblem(http)
            : command is WriteReadyAnswer { Id: null } ? Results.Created($"/api/v1/regencies/{http.Regency().Id}/ready-answers/{answer.Id}", answer) : Results.Ok(answer);
    }
}

internal sealed class ReadyAnswerHandler(ISender sender, RegencySessions sessions, Viewers viewers, CallContext call) :
    IRequestHandler<ListReadyAnswers, IReadOnlyList<ReadyAnswer>>, IRequestHandler<GetReadyAnswers, IReadOnlyList<ReadyAnswer>>,
    IRequestHandler<WriteReadyAnswer, Outcome<ReadyAnswer>>, IRequestHandler<RemoveReadyAnswer, Outcome<ReadyAnswer>>
{
    public async Task<IReadOnlyList<ReadyAnswer>> Handle(ListReadyAnswers query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        return [.. (await Visible(session, query.Regency, cancel)).Select(answer => answer.View())];
    }

    public async Task<IReadOnlyList<ReadyAnswer>> Handle(GetReadyAnswers query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        var viewer = await viewers.Current(query.Regency, null, cancel);
        if (Ticket.Read(query.Ticket) is not { } ticket || await session.LoadAsync<Report>(ticket, cancel) is not { } report || !viewer.Handles(report))
        {
            return [];
        }

        var (categories, departments) = (await sender.Send(new GetCategories(query.Regency), cancel), await sender.Send(new GetDepartments(query.Regency), cancel));
        return [.. (await Visible(session, query.Regency, cancel)).Where(answer => answer.Category is null || answer.Category == report.Category)
            .Select(answer => answer.View() with { Text = ReadyTexts.Fill(answer.Text, report, categories, departments) })];
    }

    public async Task<Outcome<ReadyAnswer>> Handle(WriteReadyAnswer command, CancellationToken cancel)
    {
        var faults = ReadyTexts.Faults(command, await sender.Send(new GetCategories(command.Regency), cancel));
        return await Decide(command.Regency, command.Id, command.ExpectedVersion, known => faults.Count > 0 ? null : new ReadyAnswerWritten(
            known is null ? call.Actor.Department : known.Department, command.Title!.Trim(), command.Text!.Trim(),
            string.IsNullOrEmpty(command.Category) ? null : command.Category, string.IsNullOrEmpty(command.Move) ? null : command.Move), faults, cancel);
    }

    public Task<Outcome<ReadyAnswer>> Handle(RemoveReadyAnswer command, CancellationToken cancel) =>
        Decide(command.Regency, command.Id, command.ExpectedVersion, _ => new ReadyAnswerRemoved(), [], cancel);

    // A dispatcher for all of the regency, an officer for the own department.
    private static bool MayWrite(Actor actor, string regency, string? department) =>
        department is null ? actor.Is(regency, Role.Dispatcher) : actor.Is(regency, Role.Officer) && actor.Department == department;

    private async Task<IReadOnlyList<ReadyAnswerRecord>> Visible(IQuerySession session, string regency, CancellationToken cancel)
    {
        var actor = call.Actor;
        if (!actor.Is(regency, Role.Officer, Role.Dispatcher, Role.Regent, Role.Auditor))
        {
            return [];
        }

        var answers = await session.Query<ReadyAnswerRecord>().Where(a => !a.IsRemoved).ToListAsync(cancel);
        return [.. answers.Where(a => actor.Role != Role.Officer || a.Department is null || a.Department == actor.Department)
            .OrderBy(a => a.Department is null).ThenBy(a => a.Department, StringComparer.Ordinal).ThenBy(a => a.Title, StringComparer.CurrentCultureIgnoreCase)];
    }

    private async Task<Outcome<ReadyAnswer>> Decide(
        string regency, string? id, long? expectedVersion, Func<ReadyAnswerRecord?, object?> decide, IReadOnlyList<Refusal> faults, CancellationToken cancel)
    {
        await using var session = sessions.Open(regency);
        var known = id is null ? null : await session.LoadAsync<ReadyAnswerRecord>(id, cancel);
        if (id is not null && (known is null or { IsRemoved: true } || (call.Actor.Role == Role.Officer && known.Department is { } of && of != call.Actor.Department)))
        {
            return Outcome<ReadyAnswer>.Refused(new Refusal("ready_answer.unknown", $"There is no ready text '{id}' here.", $"Tidak ada teks '{id}' di sini.", "id", RefusalKind.NotFound));
        }

        var department = known is null ? call.Actor.Department : known.Department;
        if (!MayWrite(call.Actor, regency, department))
        {
            return Outcome<ReadyAnswer>.Refused(new Refusal("ready_answer.not_yours",
                "Dispatchers write the texts of the regency, officers those of their department.", "Petugas disposisi menulis teks untuk seluruh daerah, petugas OPD untuk OPD-nya.", Kind: RefusalKind.Forbidden));
        }

        if (faults.Count > 0)
        {
            return Outcome<ReadyAnswer>.Refused(faults);
        }

        if (expectedVersion is { } expected && known is not null && expected != known.Version)
        {
            return Outcome<ReadyAnswer>.Refused(Moved(known.Version));
        }

        var (@event, stream) = (decide(known)!, id ?? $"ready-answer-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}");
        if (known is null)
        {
            session.Events.StartStream<ReadyAnswerRecord>(stream, @event);
        }
        else
        {
            session.Events.Append(stream, known.Version + 1, @event);
        }

        try
        {
            await session.SaveChangesAsync(cancel);
        }
        catch (Exception failure) when (LostRace.Is(failure))
        {
            return Outcome<ReadyAnswer>.Refused(Moved(known?.Version + 1));
        }

        var after = ReadyAnswerRecord.After(known, stream, @event)!;
        after.Version = (known?.Version ?? 0) + 1;
        return Outcome<ReadyAnswer>.Done(after.View());
    }

    private static Refusal Moved(long? version) => new("ready_answer.moved", "Somebody else changed this text first. Read it again.", "Teks ini sudah diubah orang lain. Baca kembali.", "expectedVersion", RefusalKind.Conflict, version);
}
