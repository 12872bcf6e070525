using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SmartCity.Platform.Access;
using SmartCity.Web.Accountability;
using SmartCity.Web.Browsing;
using SmartCity.Web.Desk;
using SmartCity.Web.Embedding;
using SmartCity.Web.Entering;
using SmartCity.Web.Feeds;
using SmartCity.Web.Filing;
using SmartCity.Web.Following;
using SmartCity.Web.Incidents;
using SmartCity.Web.Messages;
using SmartCity.Web.Moving;
using SmartCity.Web.OfficialAccounts;
using SmartCity.Web.Outbox;
using SmartCity.Web.Planning;
using SmartCity.Web.Privacy;
using SmartCity.Web.Proposals;
using SmartCity.Web.Regencies;
using SmartCity.Web.Repayments;
using SmartCity.Web.Replaying;
using SmartCity.Web.Shared;
using SmartCity.Web.SigningIn;
using SmartCity.Web.Subscribing;

namespace SmartCity.Web;

/// <summary>The pages' one door to the host.</summary>
public static class PagesSetup
{
    /// <summary>Registers what pages need.</summary>
    public static void AddPages(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddRazorComponents();
        services.AddSingleton(MapTiles.Read(configuration));
        services.AddSingleton<Receipts>();
        services.AddSingleton<Supporting>();
        services.AddSingleton<KeptPhotos>();
        services.AddSingleton<FollowerCookie>();
        // Before the writer of JSON, which would take every problem.
        services.Insert(0, ServiceDescriptor.Singleton<IProblemDetailsWriter, PageProblems>());
    }

    /// <summary>All pages there are.</summary>
    public static void MapPages(this WebApplication app)
    {
        WebAssets.Map(app);
        var pages = app.MapGroup("").WithMetadata(new IsPage()).ExcludeFromDescription();
        pages.MapGet("/", RegencyListPage.Show).OutsideRegencies("Lists the regencies.");

        pages.MapGet("/kinerja", AccountabilityPages.SideBySide).OutsideRegencies("The public scoreboards of all regencies side by side.");

        var regency = pages.MapGroup(@"/{code:regex(^[1-9][0-9]\.[0-9]{{2}}$)}").InRegency();
        regency.MapGet("", ReportListPage.Show);
        regency.MapGet("cari", TicketSearchPage.Find);
        regency.MapMethods("umpan", ["GET", "HEAD"], FeedPages.List);
        regency.MapMethods("laporan/{ticket}/umpan", ["GET", "HEAD"], FeedPages.One);
        regency.MapGet("sematkan", EmbedPages.Show);
        regency.MapGet("sematkan/isi", EmbedPages.Content);
        regency.MapGet("langganan", SubscriptionPages.Show);
        regency.MapPost("langganan", SubscriptionPages.Ask).AddEndpointFilter<ReadForm>();
        regency.MapGet("langganan/{id}", SubscriptionPages.One);
        regency.MapPost("langganan/{id}/konfirmasi", SubscriptionPages.Confirm).AddEndpointFilter<ReadForm>();
        regency.MapPost("langganan/{id}/berhenti", SubscriptionPages.End).AddEndpointFilter<ReadForm>();
        regency.MapPost("langganan/{id}/salinan", SubscriptionPages.Copy).AddEndpointFilter<ReadForm>();
        regency.MapGet("lapor", FileReportPage.Show);
        regency.MapPost("lapor", FileReportPage.Send).AddEndpointFilter<ReadForm>();
        regency.MapGet("laporan/{ticket}", OneReportPage.Show);
        regency.MapPost("laporan/{ticket}/disposisi", MovePage.Assign).AddEndpointFilter<ReadForm>().RequireRole(Role.Dispatcher, Role.Officer, Role.Regent);
        regency.MapPost("laporan/{ticket}/jawaban", MovePage.Answer).AddEndpointFilter<ReadForm>().RequireRole(Role.Officer, Role.Dispatcher);
        // Who may make which move is decided where the move is; a reporter has no role.
        regency.MapPost("laporan/{ticket}/langkah/{move}", MovePage.Make).AddEndpointFilter<ReadForm>();
        regency.MapPost("laporan/{ticket}/dukung", (string ticket, HttpContext http, ISender sender, Supporting supporting, CancellationToken cancel) =>
            supporting.Send(ticket, http, sender, cancel)).AddEndpointFilter<ReadForm>();
        regency.MapGet("laporan/{ticket}/foto/{number:int}", OneReportPage.Photo);
        regency.MapPost("laporan/{ticket}/lupakan", ReporterAccess.Forget).AddEndpointFilter<ReadForm>();
        regency.MapGet("pelapor", (Delegate)ReporterAccess.Show);
        regency.MapPost("pelapor", ReporterAccess.Enter).AddEndpointFilter<ReadForm>();
        regency.MapPost("laporan/{ticket}/ikuti", FollowPages.Follow).AddEndpointFilter<ReadForm>();
        regency.MapPost("laporan/{ticket}/berhenti-ikut", FollowPages.Unfollow).AddEndpointFilter<ReadForm>();
        regency.MapGet("laporan/{ticket}/riwayat", ReportHistoryPage.Show).RequireRole(Role.Auditor);
        regency.MapGet("putar-ulang", ReplayPage.Show).RequireRole(Role.Auditor);
        regency.MapPost("laporan/{ticket}/data-saya/salinan", OwnDataPage.Copy).AddEndpointFilter<ReadForm>();
        regency.MapPost("laporan/{ticket}/data-saya/hapus", OwnDataPage.Erase).AddEndpointFilter<ReadForm>();
        regency.MapGet("rencana", PlanPages.List);
        regency.MapGet("rencana/{id}", PlanPages.Show);
        var plan = regency.MapGroup("rencana").RequireRole(Role.Officer, Role.Dispatcher, Role.Regent);
        plan.MapGet("baru", PlanPages.New);
        plan.MapPost("", PlanPages.Plan).AddEndpointFilter<ReadForm>();
        plan.MapPost("{id}/ubah", PlanPages.Change).AddEndpointFilter<ReadForm>();
        plan.MapPost("{id}/langkah/{step}", PlanPages.Move).AddEndpointFilter<ReadForm>();
        regency.MapGet("usulan", ProposalPages.Show);
        regency.MapGet("kejadian", IncidentPages.List);
        regency.MapGet("kejadian/{id}", IncidentPages.Show);
        var incidents = regency.MapGroup("kejadian").RequireRole(Role.Dispatcher, Role.Officer, Role.Regent);
        incidents.MapPost("", IncidentPages.Open).AddEndpointFilter<ReadForm>();
        incidents.MapPost("{id}/siaran", (string id, HttpContext http, ISender sender, CancellationToken cancel) => IncidentPages.Change(id, "siaran", http, sender, cancel))
            .AddEndpointFilter<ReadForm>().RequireRole(Role.Dispatcher, Role.Regent, Role.PublicRelations);
        incidents.MapPost("{id}/{step}", IncidentPages.Change).AddEndpointFilter<ReadForm>();
        regency.MapGet("pengembalian", RepaymentPages.Overview);
        // Who may read which names is decided where the ledgers are.
        var repayments = regency.MapGroup("pengembalian").RequireRole(Role.Treasurer, Role.Officer, Role.Regent, Role.Auditor);
        repayments.MapGet("temuan", RepaymentPages.Findings);
        repayments.MapGet("rekanan/{id}", RepaymentPages.One);
        repayments.MapGet("rekanan/{id}/surat", RepaymentPages.DraftLetter);
        repayments.MapGet("rekanan/{id}/surat/{number:int}", RepaymentPages.IssuedLetter);
        regency.MapPost("pengembalian/temuan/{id}/{number:int}/{step}", RepaymentPages.FollowUp).AddEndpointFilter<ReadForm>().RequireRole(Role.Officer);
        var deposits = regency.MapGroup("pengembalian/rekanan/{id}").RequireRole(Role.Treasurer, Role.Officer);
        deposits.MapPost("setoran", RepaymentPages.Deposit).AddEndpointFilter<ReadForm>();
        deposits.MapPost("surat/terbit", RepaymentPages.IssueLetter).AddEndpointFilter<ReadForm>();
        deposits.MapPost("{obligation}/jadwal", RepaymentPages.Agree).AddEndpointFilter<ReadForm>();
        deposits.MapPost("{obligation}/{entry:int}/konfirmasi", RepaymentPages.Confirm).AddEndpointFilter<ReadForm>();
        deposits.MapPost("{obligation}/{entry:int}/pembalik", RepaymentPages.Reverse).AddEndpointFilter<ReadForm>();
        regency.MapGet("masuk", SignInPage.Show);
        regency.MapPost("masuk", SignInPage.SignIn).AddEndpointFilter<ReadForm>().OpenToAuditors("It signs in.");
        regency.MapGet("masuk/oidc", SignInPage.SignInElsewhere);
        regency.MapGet("keluar", SignInPage.ShowSignOut);
        regency.MapPost("keluar", (Delegate)SignInPage.SignOut).AddEndpointFilter<ReadForm>().OpenToAuditors("It signs out.");
        regency.MapGet("meja/ketepatan", AccuracyPage.Show).RequireRole(Role.Dispatcher, Role.Regent, Role.Auditor);
        regency.MapGet("meja", DeskPage.Show).RequireRole(Role.Officer, Role.Dispatcher, Role.Regent, Role.Auditor, Role.DataProtection, Role.Treasurer, Role.Operator, Role.PublicRelations);
        regency.MapPost("meja/beberapa", ManyPage.Move).AddEndpointFilter<ReadForm>().RequireRole(Role.Officer, Role.Dispatcher, Role.Regent);
        regency.MapGet("meja/jawaban-siap", ReadyAnswersPage.Show).RequireRole(Role.Officer, Role.Dispatcher);
        regency.MapPost("meja/jawaban-siap", ReadyAnswersPage.Write).AddEndpointFilter<ReadForm>().RequireRole(Role.Officer, Role.Dispatcher);
        regency.MapPost("meja/jawaban-siap/{id}/hapus", ReadyAnswersPage.Remove).AddEndpointFilter<ReadForm>().RequireRole(Role.Officer, Role.Dispatcher);
        regency.MapGet("meja/luar", OutsidePage.Show).RequireRole(Role.Dispatcher, Role.Regent, Role.Auditor);
        regency.MapPost("meja/luar/{id}/terima", OutsidePage.Accept).AddEndpointFilter<ReadForm>().RequireRole(Role.Dispatcher);
        regency.MapPost("meja/luar/{id}/tolak", OutsidePage.Decline).AddEndpointFilter<ReadForm>().RequireRole(Role.Dispatcher);
        regency.MapGet("kinerja", AccountabilityPages.Scoreboard);
        var staff = regency.MapGroup("meja").RequireRole(Role.Officer, Role.Dispatcher, Role.Regent, Role.Auditor);
        staff.MapGet("tangga", AccountabilityPages.Ladder);
        var acting = staff.MapGroup("").RequireRole(Role.Officer, Role.Dispatcher, Role.Regent);
        acting.MapPost("tangga/{ticket}/perpanjang", AccountabilityPages.Extend).AddEndpointFilter<ReadForm>();
        acting.MapPost("tangga/{ticket}/ambil", AccountabilityPages.TakeOver).AddEndpointFilter<ReadForm>();
        acting.MapPost("tangga/{ticket}/perkara", AccountabilityPages.OpenCase).AddEndpointFilter<ReadForm>();
        staff.MapGet("perkara", AccountabilityPages.Cases);
        acting.MapPost("perkara/{id}/{move}", AccountabilityPages.MoveCase).AddEndpointFilter<ReadForm>();
        regency.MapGet("meja/akun", OfficialAccountsPage.Show).RequireRole(Role.Regent, Role.Dispatcher, Role.Officer, Role.Auditor, Role.Operator, Role.PublicRelations);
        regency.MapPost("meja/akun/{account}/uji", OfficialAccountsPage.Test).AddEndpointFilter<ReadForm>().RequireRole(Role.Operator);
        regency.MapGet("meja/akun/setelan", AccountSettingsPage.Show).RequireRole(Role.Operator);
        regency.MapPost("meja/akun/{account}/setelan", AccountSettingsPage.Save).AddEndpointFilter<ReadForm>().RequireRole(Role.Operator);
        regency.MapPost("meja/akun/{account}/matikan", AccountSettingsPage.Remove).AddEndpointFilter<ReadForm>().RequireRole(Role.Operator);
        regency.MapGet("meja/pesan", MessagesPage.Show).RequireRole(Role.Regent, Role.Dispatcher, Role.Officer, Role.Auditor, Role.Operator, Role.PublicRelations);
        regency.MapPost("meja/pesan/keluar/{id:guid}/ulangi", MessagesPage.Retry).AddEndpointFilter<ReadForm>().RequireRole(Role.Dispatcher, Role.Regent);
        regency.MapPost("meja/pesan/keluar/{id:guid}/batal", MessagesPage.Drop).AddEndpointFilter<ReadForm>().RequireRole(Role.Dispatcher, Role.Regent);
        regency.MapPost("meja/pesan/masuk/{id}/tanpa-jawaban", MessagesPage.LeaveUnanswered).AddEndpointFilter<ReadForm>().RequireRole(Role.Dispatcher);
        regency.MapGet("meja/catat", EnterPage.Show).RequireRole(Role.Dispatcher);
        regency.MapPost("meja/catat", EnterPage.Enter).AddEndpointFilter<ReadForm>().RequireRole(Role.Dispatcher);
        regency.MapPost("meja/catat/{id:guid}/sampai", EnterPage.Told).AddEndpointFilter<ReadForm>().RequireRole(Role.Dispatcher);
        var personal = regency.MapGroup("data-pribadi").RequireRole(Role.DataProtection, Role.Regent);
        personal.MapGet("", PersonalDataPage.Show);
        personal.MapPost("cari", PersonalDataPage.Search).AddEndpointFilter<ReadForm>();
        personal.MapPost("salinan", PersonalDataPage.Copy).AddEndpointFilter<ReadForm>();
        personal.MapPost("hapus", PersonalDataPage.Erase).AddEndpointFilter<ReadForm>();
        personal.MapPost("masa-simpan", PersonalDataPage.Retain).AddEndpointFilter<ReadForm>();

        if (app.Environment.IsDevelopment())
        {
            pages.MapGet("/dev/outbox", OutboxPage.Show).OutsideRegencies("Outgoing messages of all regencies, in development only.");
        }
    }
}

/// <summary>What every component of this assembly imports.</summary>
public partial class _Imports;
