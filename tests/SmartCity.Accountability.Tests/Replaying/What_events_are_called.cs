using Marten;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Accountability.Rebuilding;
using SmartCity.Accountability.Replaying;
using SmartCity.Accountability.Tests.Auditing;

namespace SmartCity.Accountability.Tests.Replaying;

public sealed class What_events_are_called(AuditHost host) : IClassFixture<AuditHost>
{
    [Fact]
    public void is_said_in_both_languages_of_every_event_that_there_is()
    {
        var types = host.Services.GetRequiredService<IDocumentStore>().Options.Events.AllKnownEventTypes()
            .Where(t => t.EventType.Namespace?.StartsWith("SmartCity", StringComparison.Ordinal) == true).Select(t => t.EventTypeName).Distinct().ToArray();

        types.Length.ShouldBeGreaterThan(100);
        types.Where(t => !t.EndsWith(".v1", StringComparison.Ordinal)).ShouldBeEmpty("an event without a name of its own");
        // What has no words is called by its name, the same in both.
        types.Where(t => ReplayWords.OfEvent(t) is var (indonesian, english) && indonesian == english).Order(StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Fact]
    public void is_said_of_every_kind_of_thing_too()
    {
        using var session = host.Services.GetRequiredService<IDocumentStore>().QuerySession("33_28");
        var kinds = ReadModel.All(session).Models.Select(m => m.Name).ToArray();

        kinds.Length.ShouldBeGreaterThan(20);
        kinds.Where(k => ReplayWords.OfKind(k) == (k, k)).ShouldBeEmpty();
    }
}
