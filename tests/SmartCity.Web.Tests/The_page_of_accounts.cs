using System.Net;
using SmartCity.Testing;

namespace SmartCity.Web.Tests;

public sealed class The_page_of_accounts(SmartCityHost host)
{
    // Without sendUrl nothing leaves by it, so other tests go on as before.
    private const string Page = "/33.76/meja/akun", Form = $"{Page}/setelan?akun=sms-kannel", Secret = "rahasia-sekali-123456";

    private async Task<Browser> SignedIn(string name, string regency = "33.76")
    {
        var browser = new Browser(host.Browser());
        await browser.SignIn(name, regency);
        return browser;
    }

    [Fact]
    public async Task lets_an_operator_enter_change_test_and_switch_off_accounts_without_showing_a_secret()
    {
        var known = await SignedIn("operator");
        (await known.Open(Page)).Text.ShouldContain("Tambah akun");
        (await known.Open(Form)).Text.ShouldContain("alamat smsbox menerima pesan");

        var refused = await (await known.Fill(Form, $"{Page}/sms-kannel/setelan", ("secret", Secret), ("callbackUrl", "bukan alamat"), ("from", "9118"))).Send();
        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        refused.Text.ShouldContain("Isi alamat platform ini bagi Kannel");
        refused.Text.ShouldContain("value=\"bukan alamat\"");
        refused.Text.ShouldContain("aria-describedby=\"isi-callbackUrl-bantuan isi-callbackUrl-salah\"");
        refused.Text.ShouldNotContain(Secret);
        (await (await known.Fill(Form, $"{Page}/sms-kannel/setelan", ("secret", ""), ("from", "9118"))).Send()).Text.ShouldContain("Isi rahasia yang dibawa get-url");

        var saved = await (await known.Fill(Form, $"{Page}/sms-kannel/setelan", ("secret", Secret), ("password", "sandi-kannel-7"), ("from", "9118"))).Send();
        saved.Status.ShouldBe(HttpStatusCode.SeeOther, saved.Text);
        (await known.Open(saved.Answer.Headers.Location!.ToString().Split('#')[0])).Text.ShouldContain("Tersimpan: sms-kannel");
        // What is left empty stays where it is secret, and goes where it is not.
        var changed = await (await known.Fill(Form, $"{Page}/sms-kannel/setelan", ("secret", ""), ("password", ""), ("hapus-password", "1"), ("from", ""), ("smsc", "tsel"))).Send();
        changed.Status.ShouldBe(HttpStatusCode.SeeOther, changed.Text);
        var form = (await known.Open($"{Form}&lang=en")).Text;
        form.ShouldContain("id of the SMS centre to send by");
        form.ShouldContain("value=\"tsel\"");
        form.ShouldContain("kept; leave empty to keep it");
        form.ShouldNotContain("value=\"9118\"");
        form.ShouldNotContain("hapus-password");
        form.ShouldNotContain(Secret);

        var own = await (await known.Fill($"{Form}&opd=DISHUB", $"{Page}/sms-kannel.DISHUB/setelan", ("from", "9119"))).Send();
        own.Status.ShouldBe(HttpStatusCode.SeeOther, own.Text);
        var list = (await known.Open($"{Page}?lang=id")).Text;
        list.ShouldContain("akun=sms-kannel.DISHUB");
        list.ShouldNotContain(Secret);
        (await (await known.Fill(Page, $"{Page}/sms-kannel.DISHUB/uji")).Send()).Text.ShouldContain("tidak berfungsi");

        (await (await known.Fill($"{Form}&opd=DISHUB", $"{Page}/sms-kannel.DISHUB/matikan")).Send()).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await (await known.Fill(Form, $"{Page}/sms-kannel/matikan")).Send()).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await known.Open(Page)).Text.ShouldNotContain($"{Page}/sms-kannel/uji");
    }

    [Fact]
    public async Task has_forms_for_operators_only_and_for_accounts_that_there_can_be()
    {
        var known = await SignedIn("operator");
        foreach (var unknown in new[] { $"{Page}/setelan", $"{Page}/setelan?akun=merpati", $"{Form}&opd=PLN", $"{Form}&opd=TIDAK-ADA" })
        {
            (await known.Open(unknown)).Status.ShouldBe(HttpStatusCode.NotFound, unknown);
        }

        foreach (var name in new[] { "regent", "dispatcher", "auditor", "humas", "officer.dishub" })
        {
            var other = await SignedIn(name);
            (await other.Open(Form)).Status.ShouldBe(HttpStatusCode.Forbidden, name);
            (await other.Open(Page)).Text.ShouldNotContain("/setelan");
        }

        (await new Browser(host.Browser()).Open(Form)).Status.ShouldBe(HttpStatusCode.SeeOther);
    }
}
