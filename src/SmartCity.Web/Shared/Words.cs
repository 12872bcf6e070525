using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;

namespace SmartCity.Web.Shared;

/// <summary>Words for what the modules name in code.</summary>
internal static class Words
{
    public static (string Indonesian, string English) Of(ReportState state) => state switch
    {
        ReportState.Filed => ("Diterima", "Received"),
        ReportState.Queued => ("Menunggu disposisi", "Waiting to be assigned"),
        ReportState.Verified => ("Terverifikasi", "Verified"),
        ReportState.Assigned => ("Diproses OPD", "With the department"),
        ReportState.InProgress => ("Sedang dikerjakan", "In progress"),
        ReportState.WaitingForReporter => ("Menunggu pelapor", "Waiting for the reporter"),
        ReportState.Forwarded => ("Di instansi lain", "With another body"),
        ReportState.Split => ("Ditangani per bagian", "Handled in parts"),
        ReportState.Answered => ("Sudah dijawab", "Answered"),
        ReportState.Settled => ("Selesai", "Settled"),
        ReportState.Closed => ("Ditutup", "Closed"),
        ReportState.Rejected => ("Tidak ditindaklanjuti", "Not taken up"),
        ReportState.Withdrawn => ("Dicabut pelapor", "Withdrawn"),
        ReportState.Merged => ("Digabung", "Merged"),
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static (string Indonesian, string English) OfEntry(string what) => what switch
    {
        "filed" => ("Laporan diterima", "Report received"),
        "queued" => ("Menunggu petugas disposisi", "Waiting for a dispatcher"),
        "verified" => ("Laporan diverifikasi", "Report verified"),
        "released" => ("Diperiksa: bukan spam", "Looked at: no spam"),
        "discarded" => ("Diperiksa: spam atau makian", "Looked at: spam or abuse"),
        "rejected" => ("Tidak dapat ditindaklanjuti", "Not taken up"),
        "assigned" => ("Diteruskan ke", "Sent to"),
        "started" => ("Mulai dikerjakan oleh", "Work begun by"),
        "answered" => ("Dijawab oleh", "Answered by"),
        "closed" => ("Laporan ditutup", "Report closed"),
        "reopened" => ("Dibuka kembali", "Reopened"),
        "returned" => ("Dikembalikan ke disposisi oleh", "Sent back to the dispatcher by"),
        "handedOver" => ("Dialihkan ke", "Handed over to"),
        "merged" => ("Digabung dengan laporan", "Merged into report"),
        "joined" => ("Laporan lain digabung ke sini", "Another report was merged into this one"),
        "left" => ("Laporan lain dipisahkan kembali", "A merged report stands by itself again"),
        "followed" => ("Jawaban laporan utama", "News of the main report"),
        "split" => ("Dibagi menjadi laporan", "Split into reports"),
        "partsSettled" => ("Semua bagian selesai", "Every part is settled"),
        "forwarded" => ("Diteruskan ke luar daerah:", "Forwarded outside:"),
        "asked" => ("Pelapor dimintai keterangan", "The reporter was asked for more"),
        "judged" => ("Penilaian pelapor:", "The reporter's judgement:"),
        "supplemented" => ("Keterangan tambahan", "More was added"),
        "withdrawn" => ("Dicabut oleh pelapor", "Taken back by the reporter"),
        "classified" => ("Kategori atau jenis diubah", "Category or class changed"),
        "protected" => ("Perlindungan pelapor ditambah", "Protection added"),
        "staged" => ("Tahap usulan:", "Stage of the proposal:"),
        "planned" => ("Masuk rencana pekerjaan:", "Put with a planned work:"),
        "unplanned" => ("Dilepas dari rencana pekerjaan", "Taken away from a planned work"),
        "planChanged" => ("Rencana pekerjaan berubah:", "The planned work has changed:"),
        "placed" => ("Kewenangan:", "Jurisdiction:"),
        "followedUp" => ("Ditanyakan lagi ke", "Asked again:"),
        "offered" => ("Ditawarkan ke daerah tetangga:", "Offered to a neighbour:"),
        "declined" => ("Tidak diterima oleh", "Not taken over by"),
        "received" => ("Diterima dari", "Received from"),
        "neighbour" => ("Kabar dari", "News from"),
        "updated" => ("Kabar tambahan", "Something was added"),
        "noted" => ("Catatan internal", "Internal note"),
        "handler" => ("Dipegang oleh:", "In hand of:"),
        "photoHidden" => ("Foto disembunyikan dari umum:", "A photo was hidden from the public:"),
        "photoShown" => ("Foto ditampilkan lagi", "A photo is shown to the public again"),
        "wordsHidden" => ("Tulisan disembunyikan dari umum:", "Words were hidden from the public:"),
        "wordsShown" => ("Tulisan ditampilkan lagi", "Words are shown to the public again"),
        "photo-missed" => ("Gambar dari tautan pelapor tidak bisa diambil", "A picture that the reporter linked to could not be fetched"),
        _ => (what, what),
    };

    public static (string Indonesian, string English) OfClass(string @class) => @class switch
    {
        ReportClasses.Complaint => ("Pengaduan", "Complaint"),
        ReportClasses.Oversight => ("Pengaduan perilaku petugas", "Conduct of officials"),
        ReportClasses.Aspiration => ("Aspirasi", "Aspiration"),
        ReportClasses.Information => ("Permintaan informasi", "Information request"),
        ReportClasses.Proposal => ("Usulan pembangunan (Musrenbang)", "Development proposal (Musrenbang)"),
        _ => (@class, @class),
    };

    public static (string Indonesian, string English) OfStage(string? stage) => stage switch
    {
        "village" => ("desa/kelurahan", "village"),
        "district" => ("kecamatan", "district"),
        "regency" => ("kabupaten/kota", "regency"),
        "province" => ("provinsi", "province"),
        _ => ("", ""),
    };

    /// <summary>What says more about an entry of the timeline, in words.</summary>
    public static (string Indonesian, string English) OfDetail(string what, string? detail) => (what, detail) switch
    {
        ("queued", "suspected-spam") => ("mirip spam atau makian", "looks like spam or abuse"),
        ("closed", "consent") => ("dengan persetujuan pelapor", "with the reporter's consent"),
        ("closed", "time") => ("tidak ada keberatan sampai batas waktunya", "nobody objected in time"),
        ("closed", "silence") => ("keterangan yang diminta tidak datang", "what was asked for did not come"),
        ("judged", "satisfied") => ("puas", "satisfied"),
        ("judged", _) => ("tidak puas", "not satisfied"),
        ("supplemented", "reporter") => ("dari pelapor", "by the reporter"),
        ("supplemented", "integrator") => ("lewat aplikasi lain", "through another application"),
        ("supplemented", "staff") => ("dicatat petugas", "written down by staff"),
        ("followed", "rejected") => ("tidak ditindaklanjuti", "not taken up"),
        ("followed", "followedUp") => ("kabar dari instansi yang menangani", "what the body that has it said"),
        ("followed", "partsSettled") => ("semua bagiannya selesai", "all its parts are done"),
        ("followed", "forwarded") => ("diteruskan ke luar daerah", "forwarded outside"),
        ("received", { } number) => ($"nomor di sana: {number}", $"their number: {number}"),
        ("supplemented" or "withdrawn", "origin") => ("dari daerah asal laporan", "by the regency where it was filed"),
        ("noted" or "handler", { } account) => OfAccount(account),
        ("handler", null) => ("tidak ada", "nobody"),
        ("photoHidden" or "wordsHidden", { } reason) => OfHiding(reason),
        ("placed", { } level) => OfLevel(level),
        ("neighbour", "rejected") => ("tidak ditindaklanjuti di sana", "not taken up there"),
        ("neighbour", "closed") => ("ditutup di sana", "closed there"),
        ("neighbour", "reopened") => ("dibuka kembali di sana", "reopened there"),
        ("staged", { } stage) => OfStage(stage),
        ("planChanged", { } reason) => ($"({reason})", $"({reason})"),
        ("forwarded", { } reference) => ($"nomor di sana: {reference}", $"their number: {reference}"),
        _ => ("", ""),
    };

    /// <summary>Why something is hidden from the public.</summary>
    public static (string Indonesian, string English) OfHiding(string reason) => reason switch
    {
        HidingReasons.Personal => ("data pribadi", "personal data"),
        HidingReasons.Abuse => ("makian atau hinaan", "abuse"),
        HidingReasons.Shocking => ("tidak pantas dilihat umum", "not fit to be shown"),
        HidingReasons.Accusation => ("menuduh orang dengan menyebut nama", "accuses somebody by name"),
        HidingReasons.Unrelated => ("tidak berkaitan", "unrelated"),
        _ => (reason, reason),
    };

    private static (string Indonesian, string English) OfAccount(string id)
    {
        var name = id.StartsWith("staff:", StringComparison.Ordinal) ? id["staff:".Length..] : id;
        return (name, name);
    }

    /// <summary>Whose business something is.</summary>
    public static (string Indonesian, string English) OfLevel(string level) => level switch
    {
        JurisdictionLevels.Village => ("desa/kelurahan", "village"),
        JurisdictionLevels.Regency => ("kabupaten/kota", "regency"),
        JurisdictionLevels.Province => ("provinsi", "province"),
        JurisdictionLevels.National => ("pemerintah pusat", "national government"),
        JurisdictionLevels.StateCompany => ("BUMN", "state company"),
        JurisdictionLevels.Private => ("swasta/perorangan", "private"),
        _ => (level, level),
    };

    /// <summary>Why it is somebody's business.</summary>
    public static (string Indonesian, string English) OfGround(string ground) => ground switch
    {
        JurisdictionGrounds.Boundary => ("menurut batas wilayah", "by the boundaries"),
        JurisdictionGrounds.RoadClass => ("menurut kelas jalan", "by the class of the road"),
        JurisdictionGrounds.Category => ("menurut kategorinya", "by its category"),
        JurisdictionGrounds.Person => ("diputuskan petugas", "decided by staff"),
        _ => ("belum ada petunjuk lain", "nothing says otherwise yet"),
    };

    /// <summary>A move of the reporter's, as the reporter reads it.</summary>
    public static (string Indonesian, string English) OfOwnMove(string move) => move switch
    {
        "supplement" => ("Tambah keterangan", "Add to it"),
        "close" => ("Setuju, laporan selesai", "I agree, it is done"),
        "reopen" => ("Belum beres, buka kembali", "Not done yet, reopen it"),
        "judge" => ("Nilai jawabannya", "Judge the answer"),
        "withdraw" => ("Cabut laporan", "Take the report back"),
        _ => OfMove(move),
    };

    /// <summary>What a move is called on its button.</summary>
    public static (string Indonesian, string English) OfMove(string move) => move switch
    {
        "verify" => ("Verifikasi", "Verify"),
        "release" => ("Lepas: bukan spam", "Release: no spam"),
        "discard" => ("Buang: spam atau makian", "Discard: spam or abuse"),
        "reject" => ("Tidak ditindaklanjuti", "Do not take up"),
        "assign" => ("Teruskan ke OPD", "Send to a department"),
        "start" => ("Mulai kerjakan", "Begin work"),
        "answer" => ("Jawab pelapor", "Answer the reporter"),
        "close" => ("Tutup atas persetujuan pelapor", "Close with the reporter's consent"),
        "reopen" => ("Buka kembali", "Reopen"),
        "judge" => ("Catat penilaian pelapor", "Write down the reporter's judgement"),
        "return" => ("Kembalikan ke disposisi", "Send back to the dispatcher"),
        "handOver" => ("Alihkan ke OPD lain", "Hand over to another department"),
        "merge" => ("Gabung dengan laporan lain", "Merge into another report"),
        "split" => ("Bagi ke beberapa OPD", "Split among departments"),
        "forward" => ("Teruskan ke luar daerah", "Forward outside the regency"),
        "ask" => ("Minta keterangan pelapor", "Ask the reporter for more"),
        "supplement" => ("Catat keterangan tambahan", "Add to the report"),
        "withdraw" => ("Cabut atas permintaan pelapor", "Withdraw at the reporter's request"),
        "classify" => ("Ubah kategori atau jenis", "Change category or class"),
        "protect" => ("Lindungi (anonim, rahasia)", "Protect (anonymous, confidential)"),
        "place" => ("Ubah kewenangan", "Change whose business it is"),
        "take" => ("Siapa yang memegang", "Who has it in hand"),
        "writeNote" => ("Tulis catatan internal", "Write an internal note"),
        "hidePhoto" => ("Sembunyikan foto dari umum", "Hide a photo from the public"),
        "showPhoto" => ("Tampilkan lagi foto", "Show a photo again"),
        "hideWords" => ("Sembunyikan atau ganti tulisan", "Hide or replace words"),
        "showWords" => ("Tampilkan lagi tulisan asli", "Show the original words again"),
        "followUp" => ("Tanyakan lagi ke instansi", "Ask the body again"),
        "stage" => ("Tahap Musrenbang", "Stage of the planning meetings"),
        "plan" => ("Masukkan ke rencana pekerjaan", "Put with a planned work"),
        "unplan" => ("Lepas dari rencana pekerjaan", "Take away from the planned work"),
        _ => (move, move),
    };

    public static (string Indonesian, string English) OfChannel(string channel) => channel switch
    {
        "web" => ("Halaman ini", "This site"),
        "open311" => ("Open311", "Open311"),
        "api" => ("Aplikasi lain", "Another application"),
        HandoverChannel.Code => ("Daerah tetangga", "A neighbouring regency"),
        "x" => ("X (Twitter)", "X (Twitter)"),
        "sms" => ("SMS", "SMS"),
        "whatsapp" => ("WhatsApp", "WhatsApp"),
        "telegram" => ("Telegram", "Telegram"),
        "desk" => ("Meja kerja", "Desk"),
        "email" => ("Surel", "E-mail"),
        "x-dm" => ("Pesan langsung X", "Direct message on X"),
        "phone" => ("Telepon", "Telephone"),
        "radio-call" => ("Siaran radio", "Radio call-in"),
        "letter" => ("Surat", "Letter"),
        "walk-in" => ("Datang langsung", "Walk-in"),
        _ => (channel, channel),
    };

    public static (string Indonesian, string English) OfRole(Role role) => role switch
    {
        Role.Officer => ("Petugas OPD", "Officer"),
        Role.Dispatcher => ("Petugas disposisi", "Dispatcher"),
        Role.Regent => ("Bupati / Wali Kota", "Regent / Mayor"),
        Role.Auditor => ("Auditor", "Auditor"),
        Role.Operator => ("Operator", "Operator"),
        Role.DataProtection => ("Pejabat pelindungan data", "Data protection officer"),
        Role.PublicRelations => ("Humas", "Public relations"),
        Role.Treasurer => ("Kas daerah (BPKAD)", "Regional treasury (BPKAD)"),
        _ => ("Warga", "Citizen"),
    };
}

/// <summary>Where a report stands, in words and colour.</summary>
public partial class StateBadge;
