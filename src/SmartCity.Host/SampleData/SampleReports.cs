using MediatR;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;

namespace SmartCity.Host.SampleData;

/// <summary>
/// Files the sample reports before the server listens, and answers some in the background: an answer needs the department, which is found
/// after the commit. A second start finds all of them filed and answered.
/// </summary>
internal sealed partial class SampleReports(IServiceScopeFactory scopes, ILogger<SampleReports> log) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60), Pause = TimeSpan.FromMilliseconds(200);
    private readonly List<(SampleReport Sample, string Ticket)> _toAnswer = [];
    private readonly Dictionary<(string Regency, string Name), string> _works = [];

    public override async Task StartAsync(CancellationToken cancel)
    {
        foreach (var work in SampleWork.All)
        {
            await In(work.Regency, Actor.System("sample-data"), async sender =>
            {
                // One that is there already may have been changed since: it stays as it is.
                var planned = await sender.Send(work.ToCommand(), cancel);
                if (planned.IsDone)
                {
                    _works[(work.Regency, work.Name)] = planned.Work!.Id;
                }

                return planned.IsNew && work.IsStarted ? await sender.Send(new MovePlannedWork(work.Regency, planned.Work!.Id, PlannedWorkState.Started, null), cancel) : planned;
            });
        }

        foreach (var sample in SampleReport.All)
        {
            var outcome = await In(sample.Regency, Actor.Citizen, sender => sender.Send(sample.ToCommand(), cancel));
            if (outcome.Value is not { } filed)
            {
                LogRefused(sample.Cause, outcome.Refusals[0].English);
            }
            else if (sample.Answer is not null)
            {
                _toAnswer.Add((sample, filed.Ticket));
            }
        }

        await base.StartAsync(cancel);
    }

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (_toAnswer.Count > 0 && TimeProvider.System.GetElapsedTime(start) < Patience)
        {
            for (var i = _toAnswer.Count - 1; i >= 0; i--)
            {
                if (await Answer(_toAnswer[i].Sample, _toAnswer[i].Ticket, stopping))
                {
                    _toAnswer.RemoveAt(i);
                }
            }

            await Task.Delay(Pause, stopping);
        }
    }

    /// <summary>Answers once the report is with a department.</summary>
    /// <returns>Whether nothing is left to be done.</returns>
    private async Task<bool> Answer(SampleReport sample, string ticket, CancellationToken cancel)
    {
        var report = await In(sample.Regency, Actor.Citizen, sender => sender.Send(new GetReport(sample.Regency, ticket), cancel));
        if (report is { State: ReportState.Assigned, Department: { } department })
        {
            var officer = new Actor("system:sample-data", Role.Officer, sample.Regency, department);
            await In(sample.Regency, officer, sender => sender.Send(new AnswerReport(
                sample.Regency, ticket, sample.Answer, sample.IsSettled,
                Outcome: _works.TryGetValue((sample.Regency, sample.Work ?? ""), out var work) ? new OutcomeToGive(AnswerOutcomes.NeedsBudget, WorkId: work) : null), cancel));
        }

        return report is not { State: ReportState.Filed };
    }

    private async Task<T> In<T>(string regency, Actor actor, Func<ISender, Task<T>> call)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<CallContext>();
        (context.Actor, context.CausationId) = (actor, $"sample-data:{regency}");
        return await call(scope.ServiceProvider.GetRequiredService<ISender>());
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sample report {Cause} was refused: {Why}")]
    private partial void LogRefused(string cause, string why);
}
