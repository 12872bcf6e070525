using Marten;
using MediatR;
using SmartCity.Departments.Contracts;
using SmartCity.Departments.Registering;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;

namespace SmartCity.Departments.Merging;

/// <summary>Accounts of a department went to the one that it became part of. Name on the wire: <c>department.accounts-moved.v1</c>.</summary>
/// <param name="Into">Where they are now.</param>
/// <param name="Accounts">Their ids, as they stand beside every event.</param>
internal sealed record DepartmentAccountsMoved(string Into, IReadOnlyList<string> Accounts);

/// <summary>
/// When a department becomes part of another, its officers work for that one: their accounts follow, and who is signed in goes on there. Told again, there
/// is no account left to move.
/// </summary>
internal sealed class MoveAccounts(RegencySessions sessions, CallContext call) : INotificationHandler<Committed<DepartmentMerged>>
{
    public async Task Handle(Committed<DepartmentMerged> committed, CancellationToken cancel)
    {
        var merged = committed.Event;
        call.Actor = Actor.System("merger");
        await using var session = sessions.Open(committed.Envelope.Regency.Value);
        var accounts = await session.Query<StaffAccount>().Where(a => a.Department == merged.Code).OrderBy(a => a.Id).ToListAsync(cancel);
        if (accounts.Count == 0)
        {
            return;
        }

        foreach (var account in accounts)
        {
            session.Store(account with { Department = merged.Into });
        }

        session.Events.Append(DepartmentRecord.Stream(merged.Code), new DepartmentAccountsMoved(merged.Into, [.. accounts.Select(a => $"staff:{a.Id}")]));
        await session.SaveChangesAsync(cancel);
    }
}
