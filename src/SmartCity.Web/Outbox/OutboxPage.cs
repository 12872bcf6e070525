using MediatR;
using Microsoft.AspNetCore.Http;
using SmartCity.Channels.Contracts;
using SmartCity.Platform.Regencies;
using SmartCity.Web.Shared;

namespace SmartCity.Web.Outbox;

/// <summary>A message and where it is from.</summary>
public sealed record RegencyMessage(Regency Regency, OutgoingMessage Message);

/// <summary>What would have been sent: in development nothing leaves, it is read here.</summary>
internal static class OutboxPage
{
    public static async Task<IResult> Show(RegencyRegistry regencies, ISender sender, CancellationToken cancel)
    {
        var messages = new List<RegencyMessage>();
        foreach (var regency in await regencies.All(cancel))
        {
            messages.AddRange((await sender.Send(new GetOutbox(regency.Id), cancel)).Select(message => new RegencyMessage(regency, message)));
        }

        return Pages.Show<OutboxView>(new { Messages = (IReadOnlyList<RegencyMessage>)[.. messages.OrderByDescending(m => m.Message.QueuedAt)] });
    }
}

/// <summary>The messages, newest first.</summary>
public partial class OutboxView;
