using System.Text.Json.Nodes;
using SmartCity.Accountability.Contracts;
using SmartCity.Accountability.Rebuilding;
using SmartCity.Platform.Personal;

namespace SmartCity.Accountability.Replaying;

/// <summary>What replay says in words, in both languages. What has none of its own is called by its name.</summary>
internal static class ReplayWords
{
    private static readonly Dictionary<string, (string Indonesian, string English)> Events = new()
    {
        ["report.filed.v1"] = ("Laporan diterima", "The report was received"),
        ["report.queued.v1"] = ("Menunggu petugas disposisi", "It waits for a dispatcher"),
        ["report.verified.v1"] = ("Laporan diverifikasi", "It was verified"),
        ["report.assigned.v1"] = ("Diteruskan ke OPD", "It was sent to a department"),
        ["report.work-started.v1"] = ("Mulai dikerjakan", "Work has begun"),
        ["report.answered.v1"] = ("Dijawab", "It was answered"),
        ["report.closed.v1"] = ("Ditutup", "It was closed"),
        ["report.reopened.v1"] = ("Dibuka kembali", "It was reopened"),
        ["report.rejected.v1"] = ("Tidak ditindaklanjuti", "It was not taken up"),
        ["report.returned.v1"] = ("Dikembalikan ke disposisi", "It was sent back to the dispatcher"),
        ["report.handed-over.v1"] = ("Dialihkan ke OPD lain", "It was handed over to another department"),
        ["report.merged.v1"] = ("Digabung dengan laporan lain", "It was merged into another report"),
        ["report.split.v1"] = ("Dibagi ke beberapa laporan", "It was split into several"),
        ["report.forwarded.v1"] = ("Diteruskan ke luar daerah", "It was forwarded outside the regency"),
        ["report.reporter-asked.v1"] = ("Pelapor dimintai keterangan", "The reporter was asked for more"),
        ["report.supplemented.v1"] = ("Keterangan ditambahkan", "More was added"),
        ["report.withdrawn.v1"] = ("Dicabut pelapor", "The reporter has taken it back"),
        ["report.classified.v1"] = ("Kategori atau jenis diubah", "Its category or class was changed"),
        ["report.protected.v1"] = ("Pelapor dilindungi", "The reporter was protected"),
        ["report.jurisdiction-decided.v1"] = ("Kewenangan diputuskan", "It was decided whose business it is"),
        ["message.received.v1"] = ("Pesan diterima", "A message was received"),
        ["message.sent.v1"] = ("Pesan terkirim", "A message was sent"),
        ["message.set-aside.v1"] = ("Pesan disisihkan", "The message was set aside"),
        ["deadlines.set.v1"] = ("Batas waktu ditetapkan", "Deadlines were set"),
        ["deadlines.owed.v1"] = ("Batas waktu menjadi tanggungan OPD", "A department owes the deadlines"),
        ["deadline.met.v1"] = ("Batas waktu dipenuhi", "A deadline was met"),
        ["deadlines.stopped.v1"] = ("Jam berhenti", "The clock was stopped"),
        ["deadlines.resumed.v1"] = ("Jam berjalan lagi", "The clock went on"),
        ["deadlines.ended.v1"] = ("Batas waktu berakhir", "The deadlines ended"),
        ["department.registered.v1"] = ("OPD didaftarkan", "A department was registered"),
        ["department.changed.v1"] = ("Data OPD diubah", "The department was changed"),
        ["category.defined.v1"] = ("Kategori ditetapkan", "A category was defined"),
        ["planned-work.planned.v1"] = ("Pekerjaan direncanakan", "A work was planned"),
        ["planned-work.changed.v1"] = ("Rencana pekerjaan diubah", "The planned work was changed"),
        ["planned-work.started.v1"] = ("Pekerjaan dimulai", "The work was begun"),
        ["planned-work.finished.v1"] = ("Pekerjaan selesai", "The work was finished"),
        ["planned-work.cancelled.v1"] = ("Pekerjaan dibatalkan", "The work was cancelled"),
        ["data.read.v1"] = ("Data dibaca", "Data was read"),
        ["person.erased.v1"] = ("Data pribadi dihapus", "Personal data was erased"),
        ["person.data-exported.v1"] = ("Salinan data pribadi diberikan", "A copy of personal data was given"),
    };

    private static readonly Dictionary<string, (string Indonesian, string English)> Names = new()
    {
        ["State"] = ("Status", "State"),
        ["Department"] = ("OPD", "Department"),
        ["Category"] = ("Kategori", "Category"),
        ["District"] = ("Kecamatan", "District"),
        ["IsPublic"] = ("Terbuka untuk umum", "Public"),
        ["IsHeld"] = ("Ditahan", "Held"),
        ["DueAt"] = ("Batas waktu", "Due"),
        ["NextDueAt"] = ("Batas waktu berikutnya", "Next due"),
        ["Question"] = ("Pertanyaan kepada pelapor", "Question to the reporter"),
        ["MergedInto"] = ("Digabung ke", "Merged into"),
        ["ForwardedTo"] = ("Diteruskan ke", "Forwarded to"),
    };

    // Every event moves these; the events themselves are told beside.
    private static readonly string[] Unsaid = ["Version", "UpdatedAt", "ChangedAt", "Timeline", "Causes"];

    public static (string Indonesian, string English) OfEvent(string type) =>
        Events.TryGetValue(type, out var words) ? words : type[..(type.LastIndexOf(".v", StringComparison.Ordinal) is > 0 and var end ? end : type.Length)].Replace('.', ' ').Replace('-', ' ') is var name ? (name, name) : default;

    /// <summary>Differences between two states of one kind.</summary>
    public static IEnumerable<Change> Changes(JsonNode? before, JsonNode? after) => JsonDifference.Between(before ?? new JsonObject(), after ?? new JsonObject())
        .Where(d => !Unsaid.Contains(d.Path.Split('.', '[')[0])).Select(d => Changed(d.Path, d.Before, d.After));

    public static Change Changed(string path, JsonNode? before, JsonNode? after)
    {
        var (indonesian, english) = Names.GetValueOrDefault(path, (path, path));
        var (old, now) = (JsonDifference.Show(before), JsonDifference.Show(after));
        return (before, after) switch
        {
            (null, _) => new Change(path, $"{indonesian} menjadi {now}", $"{english} became {now}"),
            (_, null) => new Change(path, $"{indonesian} tidak ada lagi (semula {old})", $"{english} is gone (was {old})"),
            _ => new Change(path, $"{indonesian} berubah dari {old} menjadi {now}", $"{english} changed from {old} to {now}"),
        };
    }

    /// <summary>What stands for a text that can be read no more.</summary>
    public static string Shown(PersonalKey key) => Erased(key) is var erasure ? $"[{erasure.Indonesian} / {erasure.English}]" : "";

    public static Erasure Erased(PersonalKey key)
    {
        var ground = key.Ground?.ToString() is { } name ? char.ToLowerInvariant(name[0]) + name[1..] : null;
        var (at, by) = ((key.DestroyedAt ?? default).ToString("yyyy-MM-dd HH:mm 'UTC'", System.Globalization.CultureInfo.InvariantCulture), key.DestroyedBy ?? "–");
        return new Erasure(key.Id, key.DestroyedAt ?? default, key.DestroyedBy, ground, $"dihapus pada {at}, oleh {by}, dasar {key.Ground switch
        {
            ErasureGround.Request => "permintaan pemilik data",
            ErasureGround.ConsentWithdrawn => "persetujuan dicabut",
            ErasureGround.Retention => "masa simpan berakhir",
            ErasureGround.Unlawful => "diperoleh tanpa hak",
            _ => "–",
        }}", $"erased on {at}, by {by}, ground {ground ?? "–"}");
    }
}
