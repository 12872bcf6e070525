using SmartCity.Channels.X.Replying;
using SmartCity.Platform.Personal;

namespace SmartCity.Channels.Outbox;

/// <summary>What citizens are told, Indonesian first. No links: X asks many times the price for a post with one.</summary>
internal static class Wording
{
    /// <summary>Says the number and repeats nothing of the report, which may be confidential while the channel is public.</summary>
    public static string Acknowledgement(string ticket) =>
        $"Laporan Anda sudah kami terima dengan nomor {ticket} dan akan ditindaklanjuti. Terima kasih. / Your report has been received as number {ticket} and will be acted on. Thank you.";

    /// <summary>As it is sent on the message's channel.</summary>
    /// <param name="opened">The message's text in the clear.</param>
    public static string Of(OutboundMessage message, string opened)
    {
        var text = message.Kind switch
        {
            OutboundMessage.Answer => $"Jawaban laporan / Answer to report {message.Ticket}: {opened}",
            // It was written to the reporter: others hear of it what everybody may.
            OutboundMessage.FollowedAnswer => $"Laporan {message.Ticket} yang Anda ikuti dijawab / The report {message.Ticket} that you follow was answered: {PublicText.Mask(opened)}",
            _ => opened,
        };
        return message.Channel == "x" ? PostLength.Cut(text) : text;
    }
}
