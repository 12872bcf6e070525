using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SmartCity.Accountability.Contracts;
using SmartCity.Accountability.Rebuilding;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Regencies;

namespace SmartCity.Accountability.Replaying;

/// <summary>What replay says in words, in both languages. What has none of its own is called by its name.</summary>
internal static class ReplayWords
{
    private const int MostWords = 400;

    private static readonly Dictionary<string, (string Indonesian, string English)> Events = new()
    {
        ["report.filed.v1"] = ("Laporan diterima", "The report was received"),
        ["report.received.v1"] = ("Laporan diterima dari daerah lain", "It was received from another regency"),
        ["report.queued.v1"] = ("Menunggu petugas disposisi", "It waits for a dispatcher"),
        ["report.released.v1"] = ("Dilepas setelah diperiksa", "It was released after a look"),
        ["report.discarded.v1"] = ("Disisihkan sebagai bukan laporan", "It was discarded as no report"),
        ["report.verified.v1"] = ("Laporan diverifikasi", "It was verified"),
        ["report.assigned.v1"] = ("Diteruskan ke OPD", "It was sent to a department"),
        ["report.work-started.v1"] = ("Mulai dikerjakan", "Work has begun"),
        ["report.answered.v1"] = ("Dijawab", "It was answered"),
        ["report.judged.v1"] = ("Jawaban dinilai pelapor", "The reporter judged the answer"),
        ["report.closed.v1"] = ("Ditutup", "It was closed"),
        ["report.reopened.v1"] = ("Dibuka kembali", "It was reopened"),
        ["report.rejected.v1"] = ("Tidak ditindaklanjuti", "It was not taken up"),
        ["report.returned.v1"] = ("Dikembalikan ke disposisi", "It was sent back to the dispatcher"),
        ["report.handed-over.v1"] = ("Dialihkan ke OPD lain", "It was handed over to another department"),
        ["report.handover-offered.v1"] = ("Ditawarkan ke daerah lain", "It was offered to another regency"),
        ["report.handover-declined.v1"] = ("Daerah lain menolak menerimanya", "The other regency declined it"),
        ["report.merged.v1"] = ("Digabung dengan laporan lain", "It was merged into another report"),
        ["report.joined.v1"] = ("Laporan lain digabungkan ke sini", "Another report was merged into this one"),
        ["report.left.v1"] = ("Laporan lain dilepas dari sini", "Another report left this one"),
        ["report.main-answered.v1"] = ("Laporan induk dijawab", "The main report was answered"),
        ["report.split.v1"] = ("Dibagi ke beberapa laporan", "It was split into several"),
        ["report.parts-settled.v1"] = ("Semua bagian selesai", "All its parts are settled"),
        ["report.forwarded.v1"] = ("Diteruskan ke luar daerah", "It was forwarded outside the regency"),
        ["report.forward-followed-up.v1"] = ("Penerusan ditanyakan kembali", "What became of the forwarding was asked"),
        ["report.neighbour-said.v1"] = ("Kabar dari daerah penerima", "News from the regency that took it"),
        ["report.reporter-asked.v1"] = ("Pelapor dimintai keterangan", "The reporter was asked for more"),
        ["report.supplemented.v1"] = ("Keterangan ditambahkan", "More was added"),
        ["report.update-received.v1"] = ("Kabar terbaru diterima", "An update was received"),
        ["report.followed.v1"] = ("Ada yang mengikuti", "Somebody follows it"),
        ["report.unfollowed.v1"] = ("Ada yang berhenti mengikuti", "Somebody follows it no more"),
        ["report.withdrawn.v1"] = ("Dicabut pelapor", "The reporter has taken it back"),
        ["report.classified.v1"] = ("Kategori atau jenis diubah", "Its category or class was changed"),
        ["report.protected.v1"] = ("Pelapor dilindungi", "The reporter was protected"),
        ["report.jurisdiction-decided.v1"] = ("Kewenangan diputuskan", "It was decided whose business it is"),
        ["report.planned.v1"] = ("Masuk rencana kerja", "It became part of a plan"),
        ["report.plan-changed.v1"] = ("Rencananya berubah", "Its plan has changed"),
        ["report.unplanned.v1"] = ("Keluar dari rencana kerja", "It is part of no plan any more"),
        ["report.photo-fetched.v1"] = ("Foto tertaut disimpan", "A linked photo was kept"),
        ["report.photo-missed.v1"] = ("Foto tertaut tidak didapat", "A linked photo could not be had"),
        ["report.staff-noted.v1"] = ("Catatan internal ditulis", "An internal note was written"),
        ["report.handler-changed.v1"] = ("Penanggung jawab petugas berganti", "Another officer has it in hand, or nobody"),
        ["report.photo-hidden.v1"] = ("Foto disembunyikan dari umum", "A photo was hidden from the public"),
        ["report.photo-shown.v1"] = ("Foto ditampilkan lagi", "A photo was shown to the public again"),
        ["report.words-hidden.v1"] = ("Tulisan disembunyikan dari umum atau diganti", "Words were hidden from the public or replaced"),
        ["report.words-shown.v1"] = ("Tulisan ditampilkan lagi", "Words were shown to the public again"),
        ["ready-answer.written.v1"] = ("Jawaban siap pakai ditulis", "A ready answer was written"),
        ["ready-answer.removed.v1"] = ("Jawaban siap pakai dihapus", "A ready answer was removed"),
        ["report.resembles.v1"] = ("Laporan serupa ditemukan", "Reports that are alike were found"),
        ["deadlines.recounted.v1"] = ("Batas waktu dihitung ulang", "The deadlines were counted again"),
        ["department.accounts-moved.v1"] = ("Akun petugas ikut ke OPD lain", "Accounts of its officers moved to another department"),
        ["repayment-policy.set.v1"] = ("Aturan konfirmasi setoran ditetapkan", "The rule of confirming deposits was set"),
        ["repayment-letter.issued.v1"] = ("Surat penagihan atau teguran dikeluarkan", "A letter to the obligor was issued"),
        ["report-policy.set.v1"] = ("Aturan laporan ditetapkan", "The rules of reports were set"),
        ["proposal.staged.v1"] = ("Tahap usulan dicatat", "The proposal reached a stage"),
        ["handover.filed.v1"] = ("Serah terima dibuat", "A handover was made"),
        ["handover.arrived.v1"] = ("Serah terima sampai", "The handover has arrived"),
        ["handover.accepted.v1"] = ("Serah terima diterima", "The handover was accepted"),
        ["handover.declined.v1"] = ("Serah terima ditolak", "The handover was declined"),
        ["handover.withdrawn.v1"] = ("Serah terima ditarik", "The handover was withdrawn"),
        ["incident.noted.v1"] = ("Keadaan darurat dicatat", "An emergency was noted"),
        ["incident.opened.v1"] = ("Kejadian dibuka", "An incident was opened"),
        ["incident.reports-gathered.v1"] = ("Laporan dikumpulkan ke kejadian", "Reports were gathered into the incident"),
        ["incident.report-released.v1"] = ("Laporan dikeluarkan dari kejadian", "A report was let out of the incident"),
        ["incident.broadcast.v1"] = ("Kabar kejadian disiarkan", "The incident was told to all"),
        ["incident.closed.v1"] = ("Kejadian ditutup", "The incident was closed"),
        ["burst.began.v1"] = ("Banyak laporan serupa mulai masuk", "Many similar reports began to come in"),
        ["burst.grew.v1"] = ("Laporan serupa bertambah", "More similar reports came in"),
        ["burst.ended.v1"] = ("Laporan serupa mereda", "The similar reports let up"),
        ["talk.began.v1"] = ("Percakapan dimulai", "A conversation began"),
        ["talk.asked.v1"] = ("Penulis ditanya yang belum jelas", "The author was asked for what is missing"),
        ["talk.kept.v1"] = ("Gambar ditambahkan ke rancangan laporan", "A picture was put to the draft"),
        ["talk.filed.v1"] = ("Percakapan menjadi laporan", "The conversation became a report"),
        ["talk.added.v1"] = ("Pesan masuk ke laporan", "The message was added to a report"),
        ["talk.replied.v1"] = ("Pesan dibalas", "The message was replied to"),
        ["talk.held.v1"] = ("Pesan menunggu petugas", "The message waits for a person"),
        ["talk.dropped.v1"] = ("Rancangan laporan dibatalkan", "The draft was dropped"),
        ["subscription.asked.v1"] = ("Kabar lewat surel diminta", "News by e-mail were asked for"),
        ["subscription.confirmed.v1"] = ("Langganan dikonfirmasi", "The subscription was confirmed"),
        ["subscription.ended.v1"] = ("Langganan berakhir", "The subscription ended"),
        ["message.received.v1"] = ("Pesan diterima", "A message was received"),
        ["message.sent.v1"] = ("Pesan terkirim", "A message was sent"),
        ["message.set-aside.v1"] = ("Pesan disisihkan untuk petugas", "The message was set aside for a person"),
        ["message.acted-on.v1"] = ("Pesan sudah ditindaklanjuti", "The message was acted on"),
        ["message.dismissed.v1"] = ("Diputuskan tidak dijawab", "It was decided to give no answer"),
        ["webhook.changed.v1"] = ("Webhook integrator diubah", "An integrator's webhook was changed"),
        ["channel-account.changed.v1"] = ("Akun kanal diubah", "An account on a channel was changed"),
        ["channel-policy.set.v1"] = ("Jam tenang ditetapkan", "Quiet hours were set"),
        ["official-accounts.ordered.v1"] = ("Akun resmi diperintahkan", "Official accounts were ordered"),
        ["deadline-policy.set.v1"] = ("Aturan batas waktu ditetapkan", "The terms of deadlines were set"),
        ["deadlines.set.v1"] = ("Batas waktu ditetapkan", "Deadlines were set"),
        ["deadlines.owed.v1"] = ("Batas waktu menjadi tanggungan OPD", "A department owes the deadlines"),
        ["deadlines.answer-due-set.v1"] = ("Batas waktu jawaban ditetapkan", "The deadline of the answer was set"),
        ["deadlines.department-acted.v1"] = ("OPD bertindak", "The department acted"),
        ["deadlines.extended.v1"] = ("Batas waktu diperpanjang", "A deadline was extended"),
        ["deadlines.judged.v1"] = ("Jawaban dinilai", "The answer was judged"),
        ["deadlines.restarted.v1"] = ("Jam dimulai lagi", "The clock began anew"),
        ["deadlines.stopped.v1"] = ("Jam berhenti", "The clock was stopped"),
        ["deadlines.resumed.v1"] = ("Jam berjalan lagi", "The clock went on"),
        ["deadlines.ended.v1"] = ("Batas waktu berakhir", "The deadlines ended"),
        ["deadline.met.v1"] = ("Batas waktu dipenuhi", "A deadline was met"),
        ["ladder-policy.set.v1"] = ("Aturan tangga eskalasi ditetapkan", "The rules of the ladder were set"),
        ["ladder.entered.v1"] = ("Masuk tangga eskalasi", "It entered the ladder"),
        ["ladder.warned.v1"] = ("Peringatan dikirim", "A warning was sent"),
        ["ladder.climbed.v1"] = ("Naik ke atasan", "It climbed to the next superior"),
        ["ladder.taken-over.v1"] = ("Diambil alih atasan", "A superior took it over"),
        ["digest.made.v1"] = ("Ringkasan harian dibuat", "A daily digest was made"),
        ["case.opened.v1"] = ("Perkara dibuka", "A case was opened"),
        ["case.report-added.v1"] = ("Laporan ditambahkan ke perkara", "A report was added to the case"),
        ["case.statement-given.v1"] = ("Keterangan diberikan", "A statement was given"),
        ["case.decided.v1"] = ("Perkara diputuskan", "The case was decided"),
        ["case.closed.v1"] = ("Perkara ditutup", "The case was closed"),
        ["audit-report.received.v1"] = ("LHP diterima", "An audit report was received"),
        ["audit-report.finding-recorded.v1"] = ("Temuan dicatat", "A finding was recorded"),
        ["audit-report.follow-up-proposed.v1"] = ("Tindak lanjut diusulkan", "A follow-up was proposed"),
        ["audit-report.follow-up-decided.v1"] = ("Tindak lanjut diputuskan", "The follow-up was decided on"),
        ["obligation.registered.v1"] = ("Kewajiban setor dicatat", "An obligation was registered"),
        ["obligation.instalments-agreed.v1"] = ("Angsuran disepakati", "Instalments were agreed"),
        ["obligation.deposit-recorded.v1"] = ("Setoran dicatat", "A deposit was recorded"),
        ["obligation.deposit-confirmed.v1"] = ("Setoran dibenarkan kas daerah", "The treasury confirmed the deposit"),
        ["obligation.entry-reversed.v1"] = ("Catatan dibatalkan", "An entry was reversed"),
        ["department.registered.v1"] = ("OPD didaftarkan", "A department was registered"),
        ["department.changed.v1"] = ("Data OPD diubah", "The department was changed"),
        ["department.renamed.v1"] = ("OPD berganti nama", "The department was renamed"),
        ["department.merged.v1"] = ("OPD digabung", "The department was merged into another"),
        ["office.taken.v1"] = ("Jabatan dipegang", "An office was taken"),
        ["office.left.v1"] = ("Jabatan dilepas", "An office was left"),
        ["category.defined.v1"] = ("Kategori ditetapkan", "A category was defined"),
        ["boundaries.imported.v1"] = ("Batas wilayah dimuat", "Boundaries were imported"),
        ["districts.imported.v1"] = ("Kecamatan dimuat", "Districts were imported"),
        ["holidays.imported.v1"] = ("Hari libur dimuat", "Holidays were imported"),
        ["closure.announced.v1"] = ("Hari tutup diumumkan", "A day without service was announced"),
        ["closure.withdrawn.v1"] = ("Hari tutup dibatalkan", "A day without service was withdrawn"),
        ["planned-work.planned.v1"] = ("Pekerjaan direncanakan", "A work was planned"),
        ["planned-work.changed.v1"] = ("Rencana pekerjaan diubah", "The planned work was changed"),
        ["planned-work.started.v1"] = ("Pekerjaan dimulai", "The work was begun"),
        ["planned-work.finished.v1"] = ("Pekerjaan selesai", "The work was finished"),
        ["planned-work.cancelled.v1"] = ("Pekerjaan dibatalkan", "The work was cancelled"),
        ["retention.defined.v1"] = ("Masa simpan ditetapkan", "The time for which data is kept was set"),
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
        ["Handler"] = ("Petugas yang memegang", "In hand of"),
        ["Question"] = ("Pertanyaan kepada pelapor", "Question to the reporter"),
        ["MergedInto"] = ("Digabung ke", "Merged into"),
        ["ForwardedTo"] = ("Diteruskan ke", "Forwarded to"),
        ["Ticket"] = ("Laporan", "Report"),
        ["TicketAt"] = ("Laporan dibuat atau ditambah pada", "Report made or added to at"),
        ["Draft"] = ("Pesan dalam rancangan", "Messages in the draft"),
        ["DraftAt"] = ("Rancangan sejak", "Draft since"),
        ["DraftDueAt"] = ("Rancangan menunggu sampai", "Draft waits until"),
        ["Asked"] = ("Yang ditanyakan", "Asked for"),
        ["SetAside"] = ("Disisihkan karena", "Set aside because"),
        ["SetAsideAt"] = ("Disisihkan pada", "Set aside at"),
        ["UnansweredSince"] = ("Belum dijawab sejak", "Unanswered since"),
        ["IsDismissed"] = ("Diputuskan tidak dijawab", "Decided to give no answer"),
        ["DoneAt"] = ("Selesai pada", "Done at"),
        ["AnsweredAt"] = ("Dijawab pada", "Answered at"),
        ["AnsweredBy"] = ("Dijawab oleh", "Answered by"),
        ["Class"] = ("Jenis", "Class"),
        ["Name"] = ("Nama", "Name"),
        ["Findings"] = ("Temuan", "Finding"),
        ["Recommendations"] = ("Rekomendasi", "Recommendation"),
        ["Finding"] = ("Temuan", "Finding"),
        ["Recommendation"] = ("Rekomendasi", "Recommendation"),
        ["Steps"] = ("Tindak lanjut", "Follow-up"),
        ["Proposed"] = ("Diusulkan", "Proposed"),
        ["Decided"] = ("Diputuskan", "Decided"),
        ["Evidence"] = ("Bukti", "Evidence"),
        ["Explanation"] = ("Penjelasan", "Explanation"),
        ["Received"] = ("LHP", "Audit report"),
        ["Issuer"] = ("Pemeriksa", "Issuer"),
        ["IssuedOn"] = ("Tanggal terbit", "Issued on"),
        ["ReceivedOn"] = ("Tanggal diterima", "Received on"),
        ["AnswerDueOn"] = ("Batas jawaban", "Answer due on"),
        ["Entries"] = ("Catatan", "Entry"),
        ["Entry"] = ("Catatan", "Entry"),
        ["Schedules"] = ("Jadwal", "Schedule"),
        ["Instalments"] = ("Angsuran", "Instalment"),
        ["Letters"] = ("Surat", "Letter"),
        ["Letter"] = ("Surat", "Letter"),
        ["Obligor"] = ("Pihak yang menyetor", "Obligor"),
        ["Instrument"] = ("Dasar kewajiban", "Instrument"),
        ["Cause"] = ("Sebab", "Cause"),
        ["Reference"] = ("Nomor kewajiban", "Reference"),
        ["Reverses"] = ("Membatalkan catatan", "Reverses entry"),
        ["Amount"] = ("Jumlah (Rp)", "Amount (Rp)"),
        ["Document"] = ("Dokumen", "Document"),
        ["Year"] = ("Tahun", "Year"),
        ["Number"] = ("Nomor", "Number"),
        ["Title"] = ("Judul", "Title"),
        ["Kind"] = ("Macam", "Kind"),
        ["On"] = ("Tanggal", "Date"),
        ["Rule"] = ("Aturan", "Rule"),
        ["Reason"] = ("Alasan", "Reason"),
        ["Note"] = ("Catatan petugas", "Note"),
        ["Text"] = ("Isi", "Text"),
        ["Description"] = ("Uraian", "Description"),
        ["Channel"] = ("Kanal", "Channel"),
        ["Place"] = ("Tempat", "Place"),
        ["Latitude"] = ("Lintang", "Latitude"),
        ["Longitude"] = ("Bujur", "Longitude"),
        ["Address"] = ("Alamat", "Address"),
        ["Reporter"] = ("Pelapor", "Reporter"),
        ["Contact"] = ("Kontak pelapor", "Contact of the reporter"),
        ["FirstName"] = ("Nama depan", "First name"),
        ["LastName"] = ("Nama belakang", "Last name"),
        ["Phone"] = ("Telepon", "Phone"),
        ["Filed"] = ("Yang diterima", "What was filed"),
        ["Jurisdiction"] = ("Kewenangan", "Jurisdiction"),
        ["Since"] = ("Sejak", "Since"),
        ["Photos"] = ("Foto", "Photo"),
        ["Answer"] = ("Jawaban", "Answer"),
        ["Answers"] = ("Jawaban", "Answer"),
        ["FiledAt"] = ("Diterima pada", "Filed at"),
        ["ConfirmedAt"] = ("Dibenarkan pada", "Confirmed at"),
        ["RecordedBy"] = ("Dicatat oleh", "Recorded by"),
        ["RecordedAt"] = ("Dicatat pada", "Recorded at"),
        ["IssuedAt"] = ("Dikeluarkan pada", "Issued at"),
        ["IssuedBy"] = ("Dikeluarkan oleh", "Issued by"),
        ["OpenedAt"] = ("Dibuka pada", "Opened at"),
        ["DecidedAt"] = ("Diputuskan pada", "Decided at"),
        ["ClosedAt"] = ("Ditutup pada", "Closed at"),
        ["MetAt"] = ("Dipenuhi pada", "Met at"),
        ["At"] = ("Pada", "At"),
        ["By"] = ("Oleh", "By"),
        ["Deadlines"] = ("Batas waktu", "Deadline"),
        ["Met"] = ("Batas waktu yang dipenuhi", "Deadline met"),
        ["Step"] = ("Langkah", "Step"),
        ["WorkingDays"] = ("Hari kerja", "Working days"),
        ["IsLate"] = ("Terlambat", "Late"),
        ["IsOversight"] = ("Perkara pengawasan", "Matter of oversight"),
        ["IsConfidential"] = ("Rahasia", "Confidential"),
        ["IsSettled"] = ("Selesai", "Settled"),
        ["Rung"] = ("Tingkat tangga", "Rung"),
        ["Office"] = ("Jabatan", "Office"),
        ["Climbed"] = ("Naik ke atasan", "Climbed"),
        ["OnRungSince"] = ("Di tingkat ini sejak", "On this rung since"),
        ["LookAt"] = ("Dilihat lagi pada", "Looked at again at"),
        ["StoppedAt"] = ("Berhenti pada", "Stopped at"),
        ["Statement"] = ("Keterangan", "Statement"),
        ["Decision"] = ("Putusan", "Decision"),
        ["Outcome"] = ("Hasil", "Outcome"),
        ["Reports"] = ("Laporan", "Report"),
        ["Code"] = ("Kode", "Code"),
        ["Message"] = ("Pesan", "Message"),
    };

    private static readonly Dictionary<string, (string Indonesian, string English)> States = new()
    {
        ["Filed"] = ("diterima", "filed"),
        ["Queued"] = ("menunggu disposisi", "queued"),
        ["Verified"] = ("diverifikasi", "verified"),
        ["Assigned"] = ("didisposisikan", "assigned"),
        ["InProgress"] = ("dikerjakan", "in progress"),
        ["WaitingForReporter"] = ("menunggu pelapor", "waiting for the reporter"),
        ["Forwarded"] = ("diteruskan ke luar", "forwarded"),
        ["Split"] = ("dibagi", "split"),
        ["Answered"] = ("dijawab", "answered"),
        ["Settled"] = ("selesai", "settled"),
        ["Closed"] = ("ditutup", "closed"),
        ["Rejected"] = ("ditolak", "rejected"),
        ["Withdrawn"] = ("dicabut", "withdrawn"),
        ["Merged"] = ("digabung", "merged"),
        ["Open"] = ("terbuka", "open"),
        ["Decided"] = ("diputuskan", "decided"),
        ["Planned"] = ("direncanakan", "planned"),
        ["Started"] = ("dimulai", "started"),
        ["Finished"] = ("selesai dikerjakan", "finished"),
        ["Cancelled"] = ("dibatalkan", "cancelled"),
        ["Pending"] = ("menunggu", "pending"),
        ["Accepted"] = ("diterima", "accepted"),
        ["Declined"] = ("ditolak", "declined"),
        ["NotFollowedUp"] = ("belum ditindaklanjuti", "not followed up"),
        ["CannotBeFollowedUp"] = ("tidak dapat ditindaklanjuti", "cannot be followed up"),
    };

    private static readonly Dictionary<string, (string Indonesian, string English)> Kinds = new()
    {
        ["report"] = ("Laporan", "Report"),
        ["reportclock"] = ("Batas waktu laporan", "Deadlines of report"),
        ["answerowed"] = ("Jawaban yang ditunggu", "Answer owed"),
        ["answerleft"] = ("Jawaban yang dikirim", "Answer that left"),
        ["readyanswerrecord"] = ("Jawaban siap pakai", "Ready answer"),
        ["clue"] = ("Petunjuk laporan serupa", "Clue to like reports"),
        ["similarpair"] = ("Pasangan laporan serupa", "Pair of like reports"),
        ["auditreportrecord"] = ("LHP", "Audit report"),
        ["obligationrecord"] = ("Kewajiban setor", "Obligation"),
        ["lettersrecord"] = ("Surat penagihan", "Letters to obligor"),
        ["boundaryset"] = ("Batas wilayah", "Boundaries"),
        ["reportburst"] = ("Lonjakan laporan serupa", "Burst of like reports"),
        ["case"] = ("Perkara", "Case"),
        ["categoryrecord"] = ("Kategori", "Category"),
        ["channelpolicy"] = ("Jam tenang", "Quiet hours"),
        ["closedyear"] = ("Kalender hari libur", "Calendar of holidays"),
        ["departmentrecord"] = ("OPD", "Department"),
        ["districtsrecord"] = ("Daftar kecamatan", "List of districts"),
        ["follow"] = ("Pengikut laporan", "Followed report"),
        ["handover"] = ("Serah terima", "Handover"),
        ["incident"] = ("Kejadian", "Incident"),
        ["localclosures"] = ("Hari tutup setempat", "Local closure"),
        ["message"] = ("Pesan", "Message"),
        ["subscription"] = ("Langganan kabar", "Subscription to news"),
        ["officerecord"] = ("Jabatan", "Office"),
        ["accountorder"] = ("Perintah akun resmi", "Order for official accounts"),
        ["plannedworkrecord"] = ("Rencana kerja", "Planned work"),
        ["policyrecord"] = ("Aturan batas waktu", "Terms of deadlines"),
        ["reportpolicyrecord"] = ("Aturan laporan", "Rules of reports"),
        ["retentionpolicy"] = ("Masa simpan", "Time for which data is kept"),
        ["conversation"] = ("Percakapan", "Conversation"),
    };

    // Every event moves these; the events themselves are told beside.
    private static readonly string[] Unsaid = ["Version", "UpdatedAt", "ChangedAt", "Timeline", "Causes", "Handled", "LastAt"];

    public static (string Indonesian, string English) OfEvent(string type) =>
        Events.TryGetValue(type, out var words) ? words : type[..(type.LastIndexOf(".v", StringComparison.Ordinal) is > 0 and var end ? end : type.Length)].Replace('.', ' ').Replace('-', ' ') is var name ? (name, name) : default;

    /// <summary>What things of a read model are called.</summary>
    public static (string Indonesian, string English) OfKind(string kind) => Kinds.GetValueOrDefault(kind, (kind, kind));

    public static (string Indonesian, string English) OfState(string state) => States.TryGetValue(state, out var words) ? words : (state, state);

    /// <summary>A state in words, as far as it says something.</summary>
    /// <param name="zone">The regency's clock, on which instants are told.</param>
    public static IEnumerable<Fact> Facts(JsonNode state, TimeZoneInfo zone) => state is not JsonObject members ? [] : members
        .Where(m => m.Value is not (null or JsonArray { Count: 0 } or JsonObject { Count: 0 }) && m.Key != "Id" && !Unsaid.Contains(m.Key))
        .Select(m => (m.Key, Name: OfMember(m.Key), Value: Value(m.Key, m.Value, zone))).Select(f => new Fact(f.Key, f.Name.Indonesian, f.Name.English, f.Value.Indonesian, f.Value.English));

    /// <summary>Differences between two states of one kind.</summary>
    public static IEnumerable<Change> Changes(JsonNode? before, JsonNode? after, TimeZoneInfo zone) => JsonDifference.Between(before ?? new JsonObject(), after ?? new JsonObject())
        .Where(d => !Unsaid.Contains(d.Path.Split('.', '[')[0])).Select(d => Changed(d.Path, d.Before, d.After, zone));

    public static Change Changed(string path, JsonNode? before, JsonNode? after, TimeZoneInfo zone)
    {
        var ((indonesian, english), member) = (OfPath(path), path[(path.LastIndexOf('.') + 1)..].Split('[')[0]);
        var (old, now) = (Value(member, before, zone), Value(member, after, zone));
        return (before, after) switch
        {
            (null, _) => new Change(path, $"{indonesian} menjadi {now.Indonesian}", $"{english} became {now.English}"),
            (_, null) => new Change(path, $"{indonesian} tidak ada lagi (semula {old.Indonesian})", $"{english} is gone (was {old.English})"),
            _ => new Change(path, $"{indonesian} berubah dari {old.Indonesian} menjadi {now.Indonesian}", $"{english} changed from {old.English} to {now.English}"),
        };
    }

    // "Entries[2].ConfirmedAt": Entry 2, confirmed at.
    private static (string Indonesian, string English) OfPath(string path)
    {
        var (indonesian, english) = (new List<string>(), new List<string>());
        foreach (var part in path.Split('.'))
        {
            var words = OfMember(part.Split('[')[0]);
            var place = part.Contains('[', StringComparison.Ordinal) ? $" {part.Split('[', 2)[1].TrimEnd(']').Replace("][", ".", StringComparison.Ordinal)}" : "";
            indonesian.Add((indonesian.Count == 0 ? words.Indonesian : Lower(words.Indonesian)) + place);
            english.Add((english.Count == 0 ? words.English : Lower(words.English)) + place);
        }

        return (string.Join(", ", indonesian), string.Join(", ", english));
    }

    private static (string Indonesian, string English) OfMember(string name)
    {
        if (Names.TryGetValue(name, out var words))
        {
            return words;
        }

        // What has no words of its own is called by its name, parted.
        var parted = string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) && char.IsLower(name[i - 1]) ? $" {char.ToLowerInvariant(c)}" : c.ToString()));
        return (parted, parted);
    }

    // Abbreviations stay as they are.
    private static string Lower(string words) => words.Length > 1 && char.IsLower(words[1]) ? char.ToLowerInvariant(words[0]) + words[1..] : words;

    private static (string Indonesian, string English) Value(string member, JsonNode? value, TimeZoneInfo zone)
    {
        var shown = JsonDifference.Show(value);
        return value switch
        {
            JsonObject { Count: > 0 } thing => Joined(", ", thing.Where(m => m.Value is not (null or JsonArray { Count: 0 } or JsonObject { Count: 0 })).Select(m => (Name: OfMember(m.Key), Value: Value(m.Key, m.Value, zone)))
                .Select(m => ($"{Lower(m.Name.Indonesian)} {m.Value.Indonesian}", $"{Lower(m.Name.English)} {m.Value.English}"))),
            JsonArray { Count: > 0 } list => Joined("; ", list.Select(each => Value(member, each, zone))),
            JsonArray or JsonObject => ("–", "–"),
            // What was sealed as a whole is opened as a text of its own.
            JsonValue text when Opened(text) is { } thing => Value(member, thing, zone),
            _ => value?.GetValueKind() switch
            {
                JsonValueKind.True => ("ya", "yes"),
                JsonValueKind.False => ("tidak", "no"),
                JsonValueKind.String when member == "State" && States.TryGetValue(shown, out var words) => words,
                JsonValueKind.String when (member.EndsWith("At", StringComparison.Ordinal) || member.EndsWith("Since", StringComparison.Ordinal)) && DateTimeOffset.TryParse(shown, CultureInfo.InvariantCulture, out var at) => (Instant(at, zone, "HH:mm:ss"), Instant(at, zone, "HH:mm:ss")),
                _ => (shown, shown),
            },
        };
    }

    private static JsonObject? Opened(JsonValue value)
    {
        if (value.GetValueKind() != JsonValueKind.String || value.GetValue<string>() is not { Length: > 2 } text || text[0] != '{')
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static (string Indonesian, string English) Joined(string with, IEnumerable<(string Indonesian, string English)> parts) =>
        parts.ToArray() is var all ? (Short(string.Join(with, all.Select(p => p.Indonesian))), Short(string.Join(with, all.Select(p => p.English)))) : default;

    private static string Short(string text) => text.Length > MostWords ? $"{text[..MostWords]}…" : text;

    private static string Instant(DateTimeOffset at, TimeZoneInfo zone, string time) =>
        TimeZoneInfo.ConvertTime(at, zone) is var local ? $"{local.ToString($"yyyy-MM-dd {time}", CultureInfo.InvariantCulture)} {Regency.ClockOf(local)}" : "";

    /// <summary>What stands for a text that can be read no more.</summary>
    public static string Shown(PersonalKey key, TimeZoneInfo zone) => Erased(key, zone) is var erasure ? $"[{erasure.Indonesian} / {erasure.English}]" : "";

    public static Erasure Erased(PersonalKey key, TimeZoneInfo zone)
    {
        var ground = key.Ground?.ToString() is { } name ? char.ToLowerInvariant(name[0]) + name[1..] : null;
        var (at, by) = (Instant(key.DestroyedAt ?? default, zone, "HH:mm"), key.DestroyedBy ?? "–");
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
