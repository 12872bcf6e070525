namespace SmartCity.Channels.Outbox;

/// <summary>Stands for every channel in development: calls nobody; what "left" is read at <c>/dev/outbox.json</c>.</summary>
internal sealed class DevelopmentSender : IChannelSender
{
    public string Channel => "development";

    public Task<Delivery> Send(Letter letter, CancellationToken cancel) => Task.FromResult<Delivery>(new Delivery.Sent("development"));

    public Task<Delivery> Find(Letter letter, CancellationToken cancel) => Send(letter, cancel);
}
