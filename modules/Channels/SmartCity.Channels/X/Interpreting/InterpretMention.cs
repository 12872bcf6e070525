using System.Text.Json;
using System.Text.RegularExpressions;
using MediatR;
using SmartCity.Channels.Receiving;
using SmartCity.Channels.X.ReceivingMentions;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Reports.Contracts;

namespace SmartCity.Channels.X.Interpreting;

/// <summary>Makes a report of a post; a post of which none can be made is set aside for a person.</summary>
internal sealed partial class InterpretMention(ISender sender, RegencySessions sessions, PersonalData personal, CallContext call)
    : INotificationHandler<Committed<MessageReceived>>
{
    public async Task Handle(Committed<MessageReceived> committed, CancellationToken cancel)
    {
        var (received, regency, stream) = (committed.Event, committed.Envelope.Regency.Value, committed.Envelope.Stream);
        if (received.Channel != XPosts.Channel || await Open(regency, received, cancel) is not { } post)
        {
            return;
        }

        call.Actor = Actor.Citizen;
        var outcome = await sender.Send(
            new FileReport(
                regency, XPosts.Channel, Cause: stream, Conversation: stream, Category: null, Cleaned(post.Text),
                new ReportPlace(received.Latitude, received.Longitude, post.Place),
                new ReporterDetails(ReceiveMessage.Identity(XPosts.Channel, post.Author), post.Author.Name, AccountId: post.Author.Handle),
                Photos: [], AddressedDepartment: await Department(regency, post.Addressed, cancel), PlaceIsOptional: true, MediaUrls: post.Media),
            cancel);
        if (outcome.Refusals.FirstOrDefault(r => r.Kind == RefusalKind.Busy) is { } busy)
        {
            throw new InvalidOperationException($"Refused for now: {busy.Code}.");
        }

        if (outcome.Refusals is [var refusal, ..])
        {
            await SetAside(regency, stream, new MessageSetAside(refusal.Code, refusal.English, refusal.Indonesian), cancel);
        }
    }

    /// <summary>What the citizen says, without whom it is addressed to and without X's links to its own pictures.</summary>
    public static string Cleaned(string text) => Spaces().Replace(Links().Replace(Mentions().Replace(text, " "), " "), " ").Trim();

    private sealed record Post(string Text, MessageAuthor Author, IReadOnlyList<string> Media, string? Place, IReadOnlyList<string> Addressed);

    /// <summary>Null when the author has been erased since.</summary>
    private async Task<Post?> Open(string regency, MessageReceived received, CancellationToken cancel)
    {
        await using var session = sessions.Query(regency);
        var reader = await personal.Reader(session, [received.Text], cancel);
        T Json<T>(string? value) => JsonSerializer.Deserialize<T>(reader.Open(value)!)!;
        return reader.Open(received.Text) is { } text and not PersonalReader.Erased
            ? new Post(text, Json<MessageAuthor>(received.Author), Json<string[]>(received.Media), reader.Open(received.Place), Json<string[]>(received.Addressed))
            : null;
    }

    /// <summary>The first department among those addressed.</summary>
    private async Task<string?> Department(string regency, IReadOnlyList<string> accounts, CancellationToken cancel)
    {
        foreach (var account in accounts)
        {
            if (await sender.Send(new FindDepartmentByAccount(regency, XPosts.Channel, account), cancel) is { } department)
            {
                return department.Code;
            }
        }

        return null;
    }

    private async Task SetAside(string regency, string stream, MessageSetAside why, CancellationToken cancel)
    {
        call.Actor = Actor.System("channels");
        await using var session = sessions.Open(regency);
        var message = await session.Events.FetchForWriting<Message>(stream, cancel);
        if (message.Aggregate is { SetAside: null })
        {
            message.AppendOne(why);
            await session.SaveChangesAsync(cancel);
        }
    }

    [GeneratedRegex(@"(?<![\w@.])@[A-Za-z0-9_]{1,15}(?!\w)")]
    private static partial Regex Mentions();

    [GeneratedRegex(@"https?://t\.co/\w+", RegexOptions.IgnoreCase)]
    private static partial Regex Links();

    [GeneratedRegex(@"[^\S\n]+")]
    private static partial Regex Spaces();
}
