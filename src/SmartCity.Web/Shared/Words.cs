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
        ReportState.Assigned => ("Diproses OPD", "With the department"),
        ReportState.Answered => ("Sudah dijawab", "Answered"),
        ReportState.Settled => ("Selesai", "Settled"),
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static (string Indonesian, string English) OfEntry(string what) => what switch
    {
        "filed" => ("Laporan diterima", "Report received"),
        "queued" => ("Menunggu petugas disposisi", "Waiting for a dispatcher"),
        "assigned" => ("Diteruskan ke", "Sent to"),
        "answered" => ("Dijawab oleh", "Answered by"),
        "updated" => ("Kabar tambahan", "Something was added"),
        "photo-missed" => ("Gambar dari tautan pelapor tidak bisa diambil", "A picture that the reporter linked to could not be fetched"),
        _ => (what, what),
    };

    public static (string Indonesian, string English) OfChannel(string channel) => channel switch
    {
        "web" => ("Halaman ini", "This site"),
        "open311" => ("Open311", "Open311"),
        "api" => ("Aplikasi lain", "Another application"),
        "x" => ("X (Twitter)", "X (Twitter)"),
        "sms" => ("SMS", "SMS"),
        "whatsapp" => ("WhatsApp", "WhatsApp"),
        "telegram" => ("Telegram", "Telegram"),
        "email" => ("Surel", "E-mail"),
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
        _ => ("Warga", "Citizen"),
    };
}

/// <summary>Where a report stands, in words and colour.</summary>
public partial class StateBadge;
