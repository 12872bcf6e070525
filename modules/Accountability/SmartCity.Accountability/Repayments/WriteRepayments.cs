using System.Globalization;
using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Accountability.Contracts;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.Problems;

namespace SmartCity.Accountability.Repayments;

/// <summary>What must be paid back, as it is sent.</summary>
internal sealed record ObligationBody(
    string? Reference, ObligorKind? Kind, string? Name, string? Department, int? Year, decimal? Amount, DateOnly? On, ObligationInstrument? Instrument, ObligationCause? Cause, string? Finding);

/// <summary>A schedule, as it is sent.</summary>
internal sealed record ScheduleBody(IReadOnlyList<Instalment>? Instalments, string? Document);

/// <summary>A deposit, as it is sent.</summary>
internal sealed record DepositBody(string? Obligation, DateOnly? On, string? Document, decimal? Amount, bool? Confirmed);

/// <summary>Why an entry is taken back, as it is sent.</summary>
internal sealed record ReversalBody(string? Reason, DateOnly? On);

/// <summary>Registers obligations and deposits. Nothing is changed or deleted: what is wrong is taken back by an entry of its own.</summary>
internal sealed class WriteRepaymentsEndpoints : ICarterModule
{
    private const int MaxBytes = 8 * 1024 * 1024;

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var obligations = app.MapRegencyApi("/obligations").RequireRole(Role.Treasurer, Role.Officer).WithTags("Repayments");
        obligations.MapPost("", (ObligationBody body, HttpContext http, ISender sender, CancellationToken cancel) => Send(new RegisterObligation(http.Regency().Id, new ObligationTerms(
                body.Reference ?? "", body.Kind ?? ObligorKind.Contractor, body.Name ?? "", body.Department ?? "", body.Year ?? 0, body.Amount ?? 0, body.On ?? default,
                body.Instrument ?? ObligationInstrument.AuditReport, body.Cause ?? ObligationCause.Overpayment, body.Finding)), http, sender, cancel))
            .WithSummary("Register what must be paid back (treasury, Inspectorate)");
        obligations.MapPut("{id}/schedule", (string id, ScheduleBody body, HttpContext http, ISender sender, CancellationToken cancel) =>
                Send(new AgreeInstalments(http.Regency().Id, id, body.Instalments ?? [], body.Document ?? ""), http, sender, cancel))
            .WithSummary("Agree on instalments; a later schedule takes the place of an earlier one");
        obligations.MapPost("{id}/reversals", (string id, ReversalBody body, HttpContext http, ISender sender, CancellationToken cancel) =>
                Send(new ReverseEntry(http.Regency().Id, id, 1, body.Reason ?? "", body.On), http, sender, cancel))
            .WithSummary("Take back an obligation that was wrong; only when nothing is deposited (treasury)");
        obligations.MapPost("import", (bool? dryRun, HttpContext http, ISender sender, CancellationToken cancel) =>
                Import(http, csv => sender.Send(new ImportObligations(http.Regency().Id, csv, dryRun == true), cancel), cancel))
            .Accepts<string>("text/csv").WithSummary("Take over a list, all or nothing: CSV with reference,kind,name,department,year,amount,on[,instrument,cause,finding]; ?dryRun=true only checks");

        var deposits = app.MapRegencyApi("/deposits").RequireRole(Role.Treasurer, Role.Officer).WithTags("Repayments");
        deposits.MapPost("", (DepositBody body, HttpContext http, ISender sender, CancellationToken cancel) =>
                Send(new RecordDeposit(http.Regency().Id, body.Obligation ?? "", body.On ?? default, body.Document ?? "", body.Amount ?? 0, body.Confirmed == true), http, sender, cancel))
            .WithSummary("Enter a deposit with the number of its STS; it counts once another person of the treasury confirms it; at once with confirmed: true where the regency does not ask for four eyes");
        deposits.MapPost("{id}/confirmations", (string id, HttpContext http, ISender sender, CancellationToken cancel) => DepositId.Read(id) is var (obligation, entry)
                ? Send(new ConfirmDeposit(http.Regency().Id, obligation, entry), http, sender, cancel) : Task.FromResult(Unknown(id)))
            .WithSummary("The treasury has the money");
        deposits.MapPost("{id}/reversals", (string id, ReversalBody body, HttpContext http, ISender sender, CancellationToken cancel) => DepositId.Read(id) is var (obligation, entry) && entry > 1
                ? Send(new ReverseEntry(http.Regency().Id, obligation, entry, body.Reason ?? "", body.On), http, sender, cancel) : Task.FromResult(Unknown(id)))
            .WithSummary("Take back a deposit; counts from the deposit's own day, or from 'on' (treasury)");
        deposits.MapPost("import", (bool? dryRun, HttpContext http, ISender sender, CancellationToken cancel) =>
                Import(http, csv => sender.Send(new ImportDeposits(http.Regency().Id, csv, dryRun == true), cancel), cancel))
            .Accepts<string>("text/csv").WithSummary("Take over a list of confirmed deposits, all or nothing: CSV with reference,on,document,amount; ?dryRun=true only checks (treasury). With four eyes they wait until another person takes over the same list");
    }

    /// <summary>The answer to a command.</summary>
    public static async Task<IResult> Send<T>(IRequest<MoneyOutcome<T>> command, HttpContext http, ISender sender, CancellationToken cancel) where T : class
    {
        var outcome = await sender.Send(command, cancel);
        return outcome.IsDone ? outcome.IsNew ? Results.Json(outcome.Value, statusCode: StatusCodes.Status201Created) : Results.Ok(outcome.Value) : Refusal(outcome.Kind, outcome.Faults);
    }

    private static IResult Refusal(MoneyFaultKind kind, IReadOnlyList<MoneyFault> faults) => Problem.From(
        kind switch
        {
            MoneyFaultKind.NotFound => StatusCodes.Status404NotFound,
            MoneyFaultKind.Conflict => StatusCodes.Status409Conflict,
            MoneyFaultKind.Forbidden => StatusCodes.Status403Forbidden,
            _ => StatusCodes.Status400BadRequest,
        },
        [.. faults.Select(f => new Fault(f.Code, f.English, f.Field))]);

    private static IResult Unknown(string id) => Problem.NotFound("deposit.unknown", $"There is no deposit {id} here; an id looks like ob-0123456789abcdef.2.", "id");

    private static async Task<IResult> Import(HttpContext http, Func<string, Task<MoneyOutcome<ListImport>>> import, CancellationToken cancel)
    {
        // A form could be sent from another site's page with the cookies of whoever looks at it.
        if (http.Request.ContentType?.StartsWith("text/csv", StringComparison.OrdinalIgnoreCase) != true)
        {
            return Problem.From(StatusCodes.Status415UnsupportedMediaType, new Fault("content.type", "Send the list as text/csv in UTF-8.", "Content-Type"));
        }

        if (http.Request.ContentLength > MaxBytes)
        {
            return Problem.From(StatusCodes.Status413PayloadTooLarge, new Fault("csv.too_large", $"At most {MaxBytes / 1024 / 1024} MB.", "csv"));
        }

        using var reader = new StreamReader(http.Request.Body);
        var outcome = await import(await reader.ReadToEndAsync(cancel));
        return outcome.IsDone ? Results.Ok(outcome.Value) : Refusal(outcome.Kind, outcome.Faults);
    }
}

/// <summary>The id of a deposit: obligation and number of its entry.</summary>
internal static class DepositId
{
    public static string Write(string obligation, int entry) => $"{obligation}.{entry.ToString(CultureInfo.InvariantCulture)}";

    public static (string Obligation, int Entry)? Read(string id) => id.LastIndexOf('.') is > 0 and var at
        && int.TryParse(id.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var entry) ? (id[..at], entry) : null;
}

internal sealed class WriteRepaymentsHandler(ObligationStreams obligations, MoneyRoles roles, ISender sender) :
    IRequestHandler<RegisterObligation, MoneyOutcome<Obligation>>, IRequestHandler<AgreeInstalments, MoneyOutcome<Obligation>>,
    IRequestHandler<RecordDeposit, MoneyOutcome<Obligation>>, IRequestHandler<ConfirmDeposit, MoneyOutcome<Obligation>>, IRequestHandler<ReverseEntry, MoneyOutcome<Obligation>>
{
    public async Task<MoneyOutcome<Obligation>> Handle(RegisterObligation command, CancellationToken cancel)
    {
        var (regency, terms) = (command.Regency, Tidy(command.Terms));
        if (!(await roles.Of(regency, cancel)).Registers)
        {
            return MoneyRoles.Refused<Obligation>();
        }

        var departments = (await sender.Send(new GetDepartments(regency), cancel)).Select(d => d.Code).ToHashSet();
        var faults = ObligationRules.Faults(terms, departments, await obligations.Today(regency, cancel)).ToList();
        if (faults.Count == 0 && await MissingFinding(regency, terms.Finding, sender, cancel) is { } missing)
        {
            faults.Add(missing);
        }

        return faults.Count > 0 ? new MoneyOutcome<Obligation>(null, faults)
            : await obligations.Decide(regency, ObligationRecord.IdOf(terms.Reference), async (known, pen) => ObligationRules.Register(known, await Registered(terms, pen, cancel)), cancel);
    }

    public async Task<MoneyOutcome<Obligation>> Handle(AgreeInstalments command, CancellationToken cancel)
    {
        var access = await roles.Of(command.Regency, cancel);
        IReadOnlyList<Instalment> instalments = [.. command.Instalments.Select(i => i with { Amount = Amount.Tidy(i.Amount) })];
        return await OnKnown(command.Regency, command.Id, known => access.Registers && access.Reads(known.Department), known => ObligationRules.Agree(known, instalments, command.Document.Trim()), cancel);
    }

    public async Task<MoneyOutcome<Obligation>> Handle(RecordDeposit command, CancellationToken cancel)
    {
        var (access, today) = (await roles.Of(command.Regency, cancel), await obligations.Today(command.Regency, cancel));
        return await OnKnown(command.Regency, command.Obligation, known => MoneyRoles.MayRecord(access, known.Department) && (!command.IsConfirmed || access.Confirms),
            known => ObligationRules.Deposit(known, command.On, command.Document.Trim(), Amount.Tidy(command.Amount), command.IsConfirmed, today, roles.Eyes(access)), cancel);
    }

    public async Task<MoneyOutcome<Obligation>> Handle(ConfirmDeposit command, CancellationToken cancel)
    {
        var access = await roles.Of(command.Regency, cancel);
        return await OnKnown(command.Regency, command.Obligation, _ => access.Confirms, known => ObligationRules.Confirm(known, command.Entry, roles.Eyes(access)), cancel);
    }

    public async Task<MoneyOutcome<Obligation>> Handle(ReverseEntry command, CancellationToken cancel)
    {
        var (access, today) = (await roles.Of(command.Regency, cancel), await obligations.Today(command.Regency, cancel));
        return await OnKnown(command.Regency, command.Obligation, _ => access.Confirms, known => ObligationRules.Reverse(known, command.Entry, command.Reason, command.On, today), cancel);
    }

    /// <summary>What is registered, with the name as it is kept.</summary>
    public static async Task<ObligationRegistered> Registered(ObligationTerms terms, Pen pen, CancellationToken cancel)
    {
        var (obligor, name) = await pen.Write(terms.Kind, terms.Name, cancel);
        return new ObligationRegistered(terms.Reference, terms.Kind, obligor, name, terms.Department, terms.Year, terms.Amount, terms.On, terms.Instrument, terms.Cause, terms.Finding);
    }

    public static ObligationTerms Tidy(ObligationTerms terms) => terms with
    {
        Reference = terms.Reference.Trim(),
        Name = string.Join(' ', terms.Name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)),
        Department = terms.Department.Trim(),
        Amount = Amount.Tidy(terms.Amount),
        Finding = string.IsNullOrWhiteSpace(terms.Finding) ? null : terms.Finding.Trim(),
    };

    public static async Task<MoneyFault?> MissingFinding(string regency, string? finding, ISender sender, CancellationToken cancel) =>
        finding is null || (await sender.Send(new GetAuditReport(regency, Findings.FindingId.Report(finding), IsShown: false), cancel))?.Findings.Any(f => f.Id == finding) == true ? null
            : new MoneyFault("finding.unknown", $"There is no finding '{finding}' here.", $"Tidak ada temuan '{finding}' di sini.", "finding");

    private async Task<MoneyOutcome<Obligation>> OnKnown(string regency, string id, Func<ObligationRecord, bool> may, Func<ObligationRecord, MoneyDecision> decide, CancellationToken cancel)
    {
        var isForbidden = false;
        var outcome = await obligations.Decide(regency, id, (known, _) =>
        {
            isForbidden = known is not null && !may(known);
            return Task.FromResult(
                known is null ? new MoneyDecision([], [new MoneyFault("obligation.unknown", $"There is no obligation '{id}' here.", $"Tidak ada kewajiban '{id}' di sini.", "obligation")], MoneyFaultKind.NotFound)
                : isForbidden ? MoneyDecision.Nothing : decide(known));
        }, cancel);
        return isForbidden ? MoneyRoles.Refused<Obligation>() : outcome with { IsNew = false };
    }
}
