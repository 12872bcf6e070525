using MediatR;
using SmartCity.Platform.History;

namespace SmartCity.Accountability.Auditing;

/// <summary>The log is proved in another way than by making it anew beside itself.</summary>
internal sealed class NotRebuilt : INotificationHandler<RebuildDerivedTables>
{
    public Task Handle(RebuildDerivedTables rebuild, CancellationToken cancel)
    {
        rebuild.AddNotInEvents("accountability.audit_leaf", "The log over the events: an export and its verification prove it (smartcity audit verify).");
        rebuild.AddNotInEvents("accountability.audit_node", "The log over the events: an export and its verification prove it (smartcity audit verify).");
        rebuild.AddNotInEvents("accountability.audit_checkpoint", "Signed heads of the log: their signatures prove them.");
        return Task.CompletedTask;
    }
}
