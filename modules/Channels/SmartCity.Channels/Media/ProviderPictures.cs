using System.Collections.Concurrent;
using System.Text.Json;
using JasperFx;
using SmartCity.Platform.Files;
using SmartCity.Platform.History;
using SmartCity.Reports.Contracts;

namespace SmartCity.Channels.Media;

/// <summary>A picture that was asked for.</summary>
/// <param name="Problem">Why there is none: a code for programs.</param>
/// <param name="MayComeLater">Another try may help.</param>
internal sealed record FoundPicture(ReportPhoto? Photo, string? Problem, bool MayComeLater = false);

/// <summary>Gets pictures of messages, from the provider that keeps them or from where a link leads.</summary>
internal sealed class ProviderPictures(RemoteFiles remote, Photos photos, ChannelList channels, TimeProvider time)
{
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<(string Regency, string Channel), DateTimeOffset> _slow = new();

    /// <summary>A provider let somebody wait too long a moment ago: of thousands of reports not each is to wait so long.</summary>
    public bool IsSlow(string regency, string channel) => _slow.TryGetValue((regency, channel), out var until) && until > time.GetUtcNow();

    public void WasSlow(string regency, string channel) => _slow[(regency, channel)] = time.GetUtcNow() + Rest;

    /// <summary>Fetches a picture and keeps it. Fails only when cancelled.</summary>
    public async Task<FoundPicture> Get(string regency, string channel, string picture, CancellationToken cancel)
    {
        RemoteFile file;
        try
        {
            file = picture.StartsWith("http", StringComparison.OrdinalIgnoreCase) ? await remote.Get(picture, cancel)
                : channels.Find(channel) is { } known ? await known.Fetch(regency, picture, photos.Limits.Bytes, cancel) : new RemoteFile(null, "media.unknown");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or JsonException || (failure is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            file = new RemoteFile(null, "media.unreachable", MayComeLater: true);
        }

        if (file.Content is not { } content)
        {
            return new FoundPicture(null, file.Problem, file.MayComeLater);
        }

        var (photo, fault) = await photos.Store(regency, content, cancel);
        return photo is null ? new FoundPicture(null, fault!.Code) : new FoundPicture(new ReportPhoto(photo.Id, photo.Thumbnail, photo.Width, photo.Height, photo.Look, photo.Evidence), null);
    }
}

/// <summary>
/// Fetches the pictures of a message before its report is made, so that they are part of it from the start. What cannot be had at once joins
/// it later. What was found is written down first: when the notification comes again, the report is the same.
/// </summary>
internal sealed class PicturesOfReport(RegencySessions sessions, ProviderPictures pictures, MediaSignal signal, TimeProvider time)
{
    /// <summary>Nobody waits longer for the number of a report.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <summary>The pictures that can be had at once, by their place in the message.</summary>
    public async Task<IReadOnlyDictionary<(string Stream, int Index), ReportPhoto>> Fetch(
        string regency, string channel, IEnumerable<(string Stream, string Picture, int Index)> wanted, CancellationToken cancel)
    {
        var found = new Dictionary<(string, int), ReportPhoto>();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        foreach (var (stream, picture, index) in wanted)
        {
            await using var session = sessions.Open(regency);
            var known = await session.LoadAsync<MediaToFetch>(IdOf(stream, index), cancel);
            if (known is null)
            {
                known = new MediaToFetch { Id = IdOf(stream, index), Message = stream, Index = index, Ticket = "", Photo = await Get(regency, channel, picture, patience.Token, cancel) };
                session.Insert(known);
                try
                {
                    await session.SaveChangesAsync(cancel);
                }
                catch (DocumentAlreadyExistsException)
                {
                    // Published twice at the same moment: what was written down first counts.
                    await using var again = sessions.Query(regency);
                    known = await again.LoadAsync<MediaToFetch>(IdOf(stream, index), cancel);
                }
            }

            if (known?.Photo is { } photo)
            {
                found[(stream, index)] = photo;
            }
        }

        return found;
    }

    /// <summary>What is still missing is fetched now that the report is there.</summary>
    public async Task Join(string regency, string ticket, IEnumerable<(string Stream, string Picture, int Index)> wanted, CancellationToken cancel)
    {
        foreach (var (stream, _, index) in wanted)
        {
            await using var session = sessions.Open(regency);
            var due = new MediaToFetch { Id = IdOf(stream, index), Message = stream, Index = index, Ticket = ticket, DueAt = time.GetUtcNow() };
            switch (await session.LoadAsync<MediaToFetch>(due.Id, cancel))
            {
                case null:
                    session.Insert(due);
                    break;
                case { Ticket: "", Photo: null }:
                    session.Update(due);
                    break;
                default:
                    continue;
            }

            try
            {
                await session.SaveChangesAsync(cancel);
                signal.Raise();
            }
            catch (DocumentAlreadyExistsException)
            {
                // The notification was published before.
            }
        }
    }

    private async Task<ReportPhoto?> Get(string regency, string channel, string picture, CancellationToken patience, CancellationToken cancel)
    {
        if (pictures.IsSlow(regency, channel))
        {
            return null;
        }

        try
        {
            return (await pictures.Get(regency, channel, picture, patience)).Photo;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            pictures.WasSlow(regency, channel);
            return null;
        }
    }

    private static string IdOf(string stream, int index) => $"{stream}/{index + 1}";
}
