using MediatR;
using SmartCity.Accountability.Contracts;
using SmartCity.Platform;
using SmartCity.Platform.Access;

namespace SmartCity.Host.SampleData;

/// <summary>
/// What contractors had to pay back in Kabupaten Tegal, as a newspaper of October 2016 told it: its three sums (which it had rounded) over invented
/// contractors. Enters it before the server listens; what is there already stays as it is.
/// </summary>
internal sealed partial class SampleRepayments(IServiceScopeFactory scopes, ILogger<SampleRepayments> log) : IHostedService
{
    public async Task StartAsync(CancellationToken cancel)
    {
        var sample = SampleFile.Read<RepaymentSample>("repayments");
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallContext>().Actor = Actor.System("sample-data");
        var sender = scope.ServiceProvider.GetRequiredService<ISender>();
        var today = new FigureTime(DateOnly.MaxValue);
        if ((await sender.Send(new ListObligations(sample.Regency, new ObligationFilter(), today, null, int.MaxValue), cancel)).Obligations.Any(o => o.Entries.Count > 1))
        {
            // Deposits come last, so all of it is there; what was taken back since is not entered again.
            return;
        }

        var (obligations, deposits) = (new List<IReadOnlyList<object?>>(), new List<IReadOnlyList<object?>>());
        foreach (var report in sample.Reports)
        {
            var received = await Do(new ReceiveAuditReport(sample.Regency, report.Number, report.Title, report.Issuer, report.Year, report.IssuedOn, report.ReceivedOn));
            for (var i = 0; i < report.Findings.Count && received is not null; i++)
            {
                var finding = report.Findings[i];
                var owed = finding.Obligations.Sum(o => o.Amount);
                var recorded = await Do(new RecordFinding(sample.Regency, received.Id, i + 1, finding.Title, sample.Department, owed, finding.Recommendations));
                var id = recorded?.Findings[i].Id;
                foreach (var one in finding.Obligations)
                {
                    obligations.Add([one.Reference, ObligorKind.Contractor, one.Name, sample.Department, report.Year, one.Amount, report.ReceivedOn, finding.Cause, id]);
                    deposits.AddRange(one.Deposits.Select(d => (IReadOnlyList<object?>)[one.Reference, d.On, d.Document, d.Amount]));
                }

                await FollowUp(finding, id!, report.ReceivedOn);
            }
        }

        await Do(new ImportObligations(sample.Regency, Csv.Write(["reference", "kind", "name", "department", "year", "amount", "on", "cause", "finding"], obligations), IsDryRun: false));
        await Do(new ImportDeposits(sample.Regency, Csv.Write(["reference", "on", "document", "amount"], deposits), IsDryRun: false));

        // What is all paid is proposed as settled, what is paid in part as in progress; of the older reports that is decided too.
        async Task FollowUp(FindingSample finding, string id, DateOnly from)
        {
            var (owed, paid) = (finding.Obligations.Sum(o => o.Amount), finding.Obligations.SelectMany(o => o.Deposits).Sum(d => d.Amount));
            if (paid == 0)
            {
                return;
            }

            var last = finding.Obligations.SelectMany(o => o.Deposits).Max(d => d.On);
            var state = paid == owed ? FollowUpState.Settled : FollowUpState.InProgress;
            await Do(new ProposeFollowUp(sample.Regency, id, 1, state, "Bukti setor STS (contoh)", "Rekanan menyetor ke kas daerah", last > from ? last : from));
            if (state == FollowUpState.Settled || from.Year < 2014)
            {
                await Do(new DecideFollowUp(sample.Regency, id, 1, state, "Hasil pemantauan tindak lanjut (contoh)", null, last.AddDays(30)));
            }
        }

        async Task<T?> Do<T>(IRequest<MoneyOutcome<T>> command) where T : class
        {
            var outcome = await sender.Send(command, cancel);
            if (!outcome.IsDone)
            {
                LogRefused(command.GetType().Name, outcome.Faults[0].Field, outcome.Faults[0].English);
            }

            return outcome.Value;
        }
    }

    public Task StopAsync(CancellationToken cancel) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sample {Command} was refused: {Field}: {Why}")]
    private partial void LogRefused(string command, string? field, string why);
}

/// <summary>The sample as its file has it.</summary>
/// <param name="Note">What is invented and what is not.</param>
internal sealed record RepaymentSample(string Note, string Regency, string Department, IReadOnlyList<AuditReportSample> Reports);

/// <summary>An audit report of the sample.</summary>
internal sealed record AuditReportSample(string Number, string Title, AuditIssuer Issuer, int Year, DateOnly IssuedOn, DateOnly ReceivedOn, IReadOnlyList<FindingSample> Findings);

/// <summary>A finding of the sample.</summary>
internal sealed record FindingSample(string Title, ObligationCause Cause, IReadOnlyList<string> Recommendations, IReadOnlyList<ObligationSample> Obligations);

/// <summary>An obligation of the sample.</summary>
internal sealed record ObligationSample(string Reference, string Name, decimal Amount, IReadOnlyList<DepositSample> Deposits);

/// <summary>A deposit of the sample.</summary>
internal sealed record DepositSample(DateOnly On, string Document, decimal Amount);
