using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using SmartCity.Accountability.Contracts;
using SmartCity.Accountability.Replaying;
using SmartCity.Platform;
using SmartCity.Platform.Problems;
using SmartCity.Platform.Regencies;

namespace SmartCity.Cli;

/// <summary>Time travel at a command line: a thing or a whole regency as it stood. What is sealed stays so, for nobody has signed in.</summary>
internal static class ReplayCommand
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var regency = new Option<string>("--regency") { Description = "Code of the regency.", Required = true };
        var stream = new Option<string?>("--stream", "--report", "--case", "--finding") { Description = "A ticket, a case, a finding (its audit report and number: lhp-….1), or another stream such as deadlines-TICKET; the whole regency when left away." };
        var department = new Option<string?>("--department") { Description = "A department, by its code." };
        var conversation = new Option<string?>("--conversation") { Description = "A conversation with all its messages: its stream, one of its messages, or the ticket of a report that it became." };
        var asOf = new Option<string?>("--as-of") { Description = "An instant, or a date, which means its end; now when left away." };
        var atEvent = new Option<long?>("--at-event") { Description = "Position of the last event." };
        var since = new Option<string?>("--since") { Description = "An earlier instant or date: what has changed from then on is told in words." };
        var english = new Option<bool>("--english") { Description = "In English; Indonesian otherwise." };
        var replay = new Command("replay", "How a thing, or a whole regency, stood at an instant or an event") { regency, stream, department, conversation, asOf, atEvent, since, english };
        replay.SetAction((parsed, cancel) => Run(
            parsed.GetRequiredValue(regency), parsed.GetValue(conversation) ?? parsed.GetValue(stream) ?? (parsed.GetValue(department) is { } code ? $"department-{code}" : null), parsed.GetValue(conversation) is not null,
            parsed.GetValue(asOf), parsed.GetValue(atEvent), parsed.GetValue(since), parsed.GetValue(english), parsed.GetValue(AuditCommands.Progress), cancel));
        return replay;
    }

    private static async Task<int> Run(string regency, string? stream, bool isConversation, string? asOf, long? atEvent, string? since, bool isEnglish, bool isProgressAsked, CancellationToken cancel)
    {
        if (!RegencyCode.TryParse(regency, out var code))
        {
            return AccountCommands.Refuse($"'{regency}' is no regency code; one looks like 33.28.");
        }

        await using var store = CommandLineStore.Open(AuditCommands.Modules());
        await store.Regencies.Prepare(cancel);
        if (await store.Regencies.Find(code, cancel) is not { } place)
        {
            return AccountCommands.Refuse($"Regency {regency} is not served here.");
        }

        var faults = new List<Fault>();
        var at = new Moment(Moments.Read(asOf, place.Zone, "as-of", faults), atEvent);
        var earlier = Moments.Read(since, place.Zone, "since", faults) is { } from ? new Moment(from) : null;
        if (faults.Count > 0)
        {
            return AccountCommands.Refuse($"--{faults[0].Field}: {faults[0].Detail}");
        }

        if (stream is null)
        {
            RegencyReplay whole;
            using (var bar = ProgressBar.Open(isProgressAsked, "folded"))
            {
                whole = (await store.Send(new ReplayRegency(code.Value, at, earlier, bar), cancel))!;
            }

            Write(whole, place.Zone, isEnglish);
            return 0;
        }

        if (await store.Send(new ReplayStream(code.Value, stream, at, earlier, isConversation), cancel) is not { } replay)
        {
            return AccountCommands.Refuse($"There was nothing named {stream} in {regency} at that moment.");
        }

        Write(replay, place.Zone, isEnglish);
        return 0;
    }

    private static void Write(RegencyReplay replay, TimeZoneInfo zone, bool isEnglish)
    {
        string T(string indonesian, string english) => isEnglish ? english : indonesian;
        Console.WriteLine(T($"{replay.Regency}: {replay.Events} peristiwa sampai posisi {replay.Position}, {When(replay.LastAt, zone)}; pohon {replay.TreeSize} daun", $"{replay.Regency}: {replay.Events} events up to position {replay.Position}, {When(replay.LastAt, zone)}; tree of {replay.TreeSize} leaves"));
        foreach (var kind in replay.Kinds)
        {
            Console.WriteLine($"  {T(kind.Indonesian, kind.English)}");
        }

        Console.WriteLine(T($"  Laporan terbuka: {replay.OpenReports}  ", $"  Open reports: {replay.OpenReports}  ")
            + string.Join(", ", replay.OpenByDepartment.Select(d => $"{(d.Key.Length == 0 ? T("tanpa OPD", "no department") : d.Key)} {d.Value}")));
        foreach (var (type, count) in replay.EventsByType)
        {
            Console.WriteLine($"  {type,-36} {count,9}");
        }

        WriteSteps(replay.Previous, replay.Next, isEnglish);
        Write(replay.Changes, isEnglish);
    }

    // On the regency's clock, with its name.
    private static string? When(DateTimeOffset? at, TimeZoneInfo zone) => at is { } instant && TimeZoneInfo.ConvertTime(instant, zone) is var local
        ? $"{local.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} {Regency.ClockOf(local)}" : null;

    private static void WriteSteps(long? previous, long? next, bool isEnglish)
    {
        if (previous is not null)
        {
            Console.WriteLine($"  {(isEnglish ? "back" : "mundur")}: --at-event {previous}");
        }

        if (next is not null)
        {
            Console.WriteLine($"  {(isEnglish ? "forward" : "maju")}: --at-event {next}");
        }
    }

    private static void Write(StreamReplay replay, TimeZoneInfo zone, bool isEnglish)
    {
        string T(string indonesian, string english) => isEnglish ? english : indonesian;
        Console.WriteLine(T($"{replay.Stream}: peristiwa {replay.Version} dari {replay.LastVersion}", $"{replay.Stream}: event {replay.Version} of {replay.LastVersion}"));
        foreach (var (entry, indonesian, english) in replay.Events)
        {
            Console.WriteLine($"  {entry.Position,8}  {When(entry.At, zone)}  {entry.Type,-32} {entry.Actor,-24} {T(indonesian, english)}");
        }

        WriteSteps(replay.Previous, replay.Next, isEnglish);
        Write(replay.Changes, isEnglish);
        foreach (var reader in replay.Readers)
        {
            Console.WriteLine(T($"  dibaca {When(reader.At, zone)} oleh {reader.Actor} ({reader.Role}): {reader.Of} {reader.What}, sampai peristiwa {reader.Version}", $"  read {When(reader.At, zone)} by {reader.Actor} ({reader.Role}): {reader.Of} {reader.What}, up to event {reader.Version}"));
        }

        foreach (var erasure in replay.Erasures)
        {
            Console.WriteLine($"  {erasure.Key}: {T(erasure.Indonesian, erasure.English)}");
        }

        foreach (var state in replay.States)
        {
            Console.WriteLine($"{state.Kind} {state.Stream}: {state.Data.ToJsonString(Readable)}");
        }
    }

    private static void Write(IReadOnlyList<Change> changes, bool isEnglish)
    {
        foreach (var change in changes)
        {
            Console.WriteLine($"  ~ {(isEnglish ? change.English : change.Indonesian)}");
        }
    }
}
