using SmartCity.Platform.Personal;

namespace SmartCity.Web.Privacy;

/// <summary>Words for what data protection names in code.</summary>
internal static class PrivacyWords
{
    public static (string Indonesian, string English) Of(ErasureGround ground) => ground switch
    {
        ErasureGround.Request => ("Permintaan orangnya", "The person asked"),
        ErasureGround.ConsentWithdrawn => ("Persetujuan ditarik", "Consent withdrawn"),
        ErasureGround.Retention => ("Masa simpan habis", "Kept long enough"),
        _ => ("Diperoleh tanpa hak", "Unlawfully had"),
    };

    public static (string Indonesian, string English) Of(string ground) => Enum.TryParse<ErasureGround>(ground, ignoreCase: true, out var known) ? Of(known) : (ground, ground);

    public static (string Indonesian, string English) Of(IdentityProof proof) => proof switch
    {
        IdentityProof.IdentityCard => ("KTP ditunjukkan", "Identity card shown"),
        IdentityProof.Letter => ("Surat bertanda tangan dengan salinan KTP, atau kuasa", "Signed letter with a copy of the identity card, or an attorney"),
        IdentityProof.Contact => ("Dipastikan lewat telepon, surel, atau akun yang tercatat", "Confirmed by the telephone, e-mail or account on record"),
        _ => ("Nomor laporan dan kode rahasianya", "The report's number and its secret"),
    };

    public static (string Indonesian, string English) OfClass(string name) => name switch
    {
        "complaint" => ("Pengaduan", "Complaint"),
        "oversight" => ("Pengaduan berkadar pengawasan", "Complaint with oversight content"),
        "aspiration" => ("Aspirasi", "Aspiration"),
        "information" => ("Permintaan informasi", "Information request"),
        "proposal" => ("Usulan", "Proposal"),
        "message" => ("Pesan yang tidak menjadi laporan", "Message of which no report was made"),
        _ => (name, name),
    };
}
