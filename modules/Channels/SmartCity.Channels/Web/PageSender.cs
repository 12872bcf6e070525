using SmartCity.Channels.Outbox;

namespace SmartCity.Channels.Web;

/// <summary>For channels whose citizens read the answer where they read the report: on its page, or with an Open311 or API request.</summary>
internal sealed class PageSender(string channel) : IChannelSender
{
    public string Channel => channel;

    public Task<Delivery> Send(Letter letter, CancellationToken cancel) => Task.FromResult<Delivery>(new Delivery.Sent("page"));

    public Task<Delivery> Find(Letter letter, CancellationToken cancel) => Send(letter, cancel);
}
