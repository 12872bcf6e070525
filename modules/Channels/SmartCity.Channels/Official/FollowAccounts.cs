using Marten;
using MediatR;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Reports.Contracts;

namespace SmartCity.Channels.Official;

/// <summary>Keeps who was written to and who answered. The same notification twice changes nothing.</summary>
internal sealed class FollowAccounts(RegencySessions sessions, ISender sender, CallContext call) :
    INotificationHandler<Committed<ReportFiled>>, INotificationHandler<Committed<ReportAnswered>>, INotificationHandler<Committed<ReportRejected>>,
    INotificationHandler<Committed<ReportDiscarded>>, INotificationHandler<Committed<ReportWithdrawn>>, INotificationHandler<Committed<ReportMerged>>
{
    public Task Handle(Committed<ReportFiled> committed, CancellationToken cancel) =>
        committed.Event is { AddressedDepartment: { } department, PartOf: null } filed
            ? Change(committed.Envelope.Regency.Value, Official(filed.Channel), department, use => use.Addressed(filed.Ticket, committed.Envelope.At), cancel)
            : Task.CompletedTask;

    public async Task Handle(Committed<ReportAnswered> committed, CancellationToken cancel)
    {
        var (regency, ticket) = (committed.Envelope.Regency.Value, committed.Envelope.Stream);
        if (await sender.Send(new GetReplyAddress(regency, ticket), cancel) is { } address)
        {
            await Change(regency, Official(address.Channel), committed.Event.Department, use => use.Answered(ticket, committed.Envelope.At), cancel);
            await Done(regency, ticket, cancel);
        }
    }

    public Task Handle(Committed<ReportRejected> committed, CancellationToken cancel) => Done(committed.Envelope.Regency.Value, committed.Envelope.Stream, cancel);

    public Task Handle(Committed<ReportDiscarded> committed, CancellationToken cancel) => Done(committed.Envelope.Regency.Value, committed.Envelope.Stream, cancel);

    public Task Handle(Committed<ReportWithdrawn> committed, CancellationToken cancel) => Done(committed.Envelope.Regency.Value, committed.Envelope.Stream, cancel);

    public Task Handle(Committed<ReportMerged> committed, CancellationToken cancel) => Done(committed.Envelope.Regency.Value, committed.Envelope.Stream, cancel);

    private static string Official(string channel) => channel == X.ReceivingMentions.XPosts.DirectMessages ? X.ReceivingMentions.XPosts.Channel : channel;

    /// <summary>Whoever it was written to: somebody has answered.</summary>
    private async Task Done(string regency, string ticket, CancellationToken cancel)
    {
        call.Actor = Actor.System("channels");
        await using var session = sessions.Open(regency);
        foreach (var use in (await session.Query<OfficialUse>().ToListAsync(cancel)).Where(u => u.Waiting.ContainsKey(ticket)))
        {
            session.Store(use.Done(ticket));
        }

        await session.SaveChangesAsync(cancel);
    }

    private async Task Change(string regency, string channel, string department, Func<OfficialUse, OfficialUse> change, CancellationToken cancel)
    {
        call.Actor = Actor.System("channels");
        await using var session = sessions.Open(regency);
        var id = OfficialUse.IdOf(channel, department);
        session.Store(change(await session.LoadAsync<OfficialUse>(id, cancel) ?? new OfficialUse { Id = id }));
        await session.SaveChangesAsync(cancel);
    }
}
