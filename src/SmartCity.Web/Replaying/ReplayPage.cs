using System.Globalization;
using MediatR;
using Microsoft.AspNetCore.Http;
using SmartCity.Accountability.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Web.Shared;

namespace SmartCity.Web.Replaying;

/// <summary>Time travel for auditors: one thing, or the whole regency, as it stood.</summary>
internal static class ReplayPage
{
    private const int MostFound = 50;

    public static async Task<IResult> Show(HttpContext http, ISender sender, CancellationToken cancel)
    {
        var (regency, query) = (http.Regency(), http.Request.Query);
        string? Text(string name) => query[name].FirstOrDefault()?.Trim() is { Length: > 0 } text ? text : null;
        var (stream, wrong) = (Text("aliran"), false);
        var at = new Moment(Instant(Text("sampai")), long.TryParse(Text("posisi"), NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : null);
        var since = Instant(Text("sejak")) is { } from ? new Moment(from) : null;
        if (wrong)
        {
            return Pages.Error(StatusCodes.Status400BadRequest);
        }

        var replay = stream is null ? null : await sender.Send(new ReplayStream(regency.Id, stream, at, since, Text("percakapan") is not null), cancel);
        return Pages.Show<ReplayView>(new
        {
            Stream = stream,
            Replay = replay,
            Found = stream is not null && replay is null ? await sender.Send(new FindStreams(regency.Id, stream, Limit: MostFound), cancel) : [],
            // Without a script, the whole regency is counted before the page is sent.
            Whole = Text("seluruh") is null ? null : await sender.Send(new ReplayRegency(regency.Id, at, since), cancel),
        });

        // As browsers send a time of the regency's clock: 2026-11-28T10:15.
        DateTimeOffset? Instant(string? text)
        {
            if (text is null)
            {
                return null;
            }

            if (DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) && local.Year is > 1900 and < 2200)
            {
                return new DateTimeOffset(DateTime.SpecifyKind(local, DateTimeKind.Unspecified), regency.Zone.GetUtcOffset(local));
            }

            wrong = true;
            return null;
        }
    }
}

/// <summary>What happened to a thing, and how it stood.</summary>
public partial class ReplayView;
