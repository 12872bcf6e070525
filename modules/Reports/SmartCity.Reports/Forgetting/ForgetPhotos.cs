using Marten;
using Marten.Linq.MatchesSql;
using MediatR;
using SmartCity.Platform.Files;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;

namespace SmartCity.Reports.Forgetting;

/// <summary>Removes the photos that an erased person sent, unless somebody else sent the same picture; and adds them to the copy of somebody's data.</summary>
internal sealed class ForgetPhotos(RegencySessions sessions, PersonalData personal, IFileStore files) : INotificationHandler<PersonForgotten>, INotificationHandler<PersonalDataCopy>
{
    public async Task Handle(PersonForgotten forgotten, CancellationToken cancel)
    {
        await using var session = sessions.Query(forgotten.Regency);
        var mine = new HashSet<string>();
        foreach (var (report, key) in await Reports(session, forgotten.Keys, cancel))
        {
            foreach (var file in report.PhotosSentBy(key.Id).SelectMany(sent => new[] { sent.Photo.Id, sent.Photo.Thumbnail }))
            {
                // The second time there is nothing left to do, and no need to look through all reports.
                if (await Exists(forgotten.Regency, file, cancel))
                {
                    mine.Add(file);
                }
            }
        }

        var kept = mine.Count == 0 ? [] : await KeptByOthers(session, [.. mine], cancel);
        foreach (var file in mine.Except(kept))
        {
            await files.Delete(forgotten.Regency, file, cancel);
        }
    }

    public async Task Handle(PersonalDataCopy copy, CancellationToken cancel)
    {
        await using var session = sessions.Query(copy.Regency);
        foreach (var (report, key) in await Reports(session, copy.Keys, cancel))
        {
            copy.AddStream(report.Id);
            foreach (var (number, photo) in report.PhotosSentBy(key.Id))
            {
                copy.AddFile($"foto/{report.Id}-{number}.jpg", stop => files.Open(copy.Regency, photo.Id, stop));
            }
        }
    }

    /// <summary>Reports in which a key's person may have said something: the one that the key was made for, and its parts.</summary>
    private static async Task<IReadOnlyList<(Report Report, PersonalKey Key)>> Reports(IQuerySession session, IReadOnlyList<PersonalKey> keys, CancellationToken cancel)
    {
        var wholes = await session.LoadManyAsync<Report>(cancel, keys.Select(k => k.Stream).OfType<string>().Distinct().ToArray());
        var tickets = wholes.SelectMany(r => r.Parts).Select(part => part.Ticket).ToArray();
        var parts = tickets.Length == 0 ? [] : await session.LoadManyAsync<Report>(cancel, tickets);
        var reports = wholes.Concat(parts).DistinctBy(r => r.Id).ToArray();
        return [.. keys.SelectMany(key => reports.Where(r => key.Stream is not null && (r.Id == key.Stream || r.PartOf == key.Stream)).Select(report => (report, key)))];
    }

    private async Task<bool> Exists(string regency, string file, CancellationToken cancel)
    {
        await using var content = await files.Open(regency, file, cancel);
        return content is not null;
    }

    /// <summary>Those of the files that the staff, or somebody who is not erased, has in a report too.</summary>
    private async Task<IReadOnlyList<string>> KeptByOthers(IQuerySession session, string[] mine, CancellationToken cancel)
    {
        var holders = await session.Query<Report>().Where(r => r.MatchesSql(Holds, mine, mine, mine, mine)).ToListAsync(cancel);
        var sent = holders.SelectMany(holder => holder.Filed.Photos.Select(photo => (Photo: photo, Person: (string?)holder.Filed.Reporter))
            .Concat(holder.LaterPhotos.Select(later => (later.Photo, later.Person)))).ToArray();
        var known = await personal.Reader(session, sent.Select(one => PersonalReader.Of(one.Person)), cancel);
        return [.. sent.Where(one => one.Person is not { } key || known.ErasureOf(key) is null).SelectMany(one => new[] { one.Photo.Id, one.Photo.Thumbnail })];
    }

    private const string Holds =
        "(exists (select 1 from jsonb_array_elements(d.data -> 'Filed' -> 'Photos') p where p ->> 'Id' = any(?) or p ->> 'Thumbnail' = any(?)) " +
        "or exists (select 1 from jsonb_array_elements(d.data -> 'LaterPhotos') p where p -> 'Photo' ->> 'Id' = any(?) or p -> 'Photo' ->> 'Thumbnail' = any(?)))";
}
