namespace SmartCity.Channels.Conversing;

/// <summary>What is said in a talk: short, Indonesian first.</summary>
internal static class ConversationWording
{
    public const string Greeting = "Halo, terima kasih sudah menghubungi kami. Tulis apa masalahnya dan di mana tempatnya, boleh dengan foto. / Hello! Tell us what is wrong and where, with a photo if you like.";

    public const string Welcome = "Sama-sama. / You are welcome.";

    public const string Dropped = "Baik, laporannya tidak kami buat. / All right, no report is made.";

    public static string Question(Missing what) => what == Missing.Problem
        ? "Boleh ceritakan apa masalahnya? Satu kalimat saja cukup. / What is wrong? One sentence is enough."
        : "Di mana tempatnya? Tulis nama jalan, desa, atau patokan terdekat, atau kirim lokasi dari peta. / Where is it? Write the road, village or a landmark, or send a place on the map.";

    public static string Added(string ticket) => $"Tambahan Anda sudah kami masukkan ke laporan {ticket}. / What you say was added to report {ticket}.";

    public static string Closed(string ticket) =>
        $"Laporan {ticket} sudah selesai. Balas TIDAK PUAS kalau belum beres, atau tulis LAPORAN BARU dan masalahnya. / Report {ticket} is done. Answer TIDAK PUAS if it is not, or write LAPORAN BARU and the problem.";
}
