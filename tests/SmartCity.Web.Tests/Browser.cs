using System.Net;
using System.Text.RegularExpressions;
using SkiaSharp;
using SmartCity.Testing;

[assembly: AssemblyFixture(typeof(SmartCityHost))]

namespace SmartCity.Web.Tests;

/// <summary>What a person does in a browser, without one: opens pages, fills in their forms, sends them.</summary>
internal sealed partial class Browser(HttpClient http)
{
    public HttpClient Http => http;

    public async Task<(HttpStatusCode Status, string Text, HttpResponseMessage Answer)> Open(string path)
    {
        var answer = await http.GetAsync(path);
        return (answer.StatusCode, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()), answer);
    }

    /// <summary>Fills in the form with this action on a page: its hidden fields as they stand, the others as given.</summary>
    public async Task<FilledForm> Fill(string page, string action, params IReadOnlyList<(string Name, string Value)> fields) =>
        Fill(await http.GetStringAsync(page), action, page, fields);

    /// <summary>Fills in a form of a page that is open already.</summary>
    public FilledForm Fill(string html, string action, string page, params IReadOnlyList<(string Name, string Value)> fields)
    {
        var form = Regex.Match(html, $"<form[^>]*action=\"{Regex.Escape(action)}\".*?</form>", RegexOptions.Singleline).Value;
        form.ShouldNotBeEmpty($"{page} has no form that goes to {action}");
        var hidden = Hidden().Matches(form).Select(input => input.Value).Select(input => (Attribute(input, "name"), Attribute(input, "value"))).Where(field => fields.All(f => f.Name != field.Item1));
        return new FilledForm(this, action, [.. hidden, .. fields]);
    }

    public async Task SignIn(string name, string regency = "33.28", string password = SmartCityHost.Password)
    {
        var sent = await (await Fill($"/{regency}/masuk", $"/{regency}/masuk", ("nama", name), ("sandi", password))).Send();
        sent.Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    public static byte[] Picture()
    {
        using var bitmap = new SKBitmap(40, 30);
        bitmap.Erase(SKColors.SteelBlue);
        return bitmap.Encode(SKEncodedImageFormat.Jpeg, 80).ToArray();
    }

    private static string Attribute(string element, string name) => WebUtility.HtmlDecode(Regex.Match(element, $"\\b{name}=\"([^\"]*)\"").Groups[1].Value);

    [GeneratedRegex("<input[^>]*type=\"hidden\"[^>]*>")]
    private static partial Regex Hidden();
}

/// <summary>A form ready to be sent, any number of times.</summary>
internal sealed record FilledForm(Browser Browser, string Action, IReadOnlyList<(string Name, string Value)> Fields)
{
    public Task<(HttpStatusCode Status, string Text, HttpResponseMessage Answer)> Send(params (string Name, byte[] Content)[] photos) =>
        SendWith([.. photos.Select(photo => ("foto", photo.Name, photo.Content))]);

    public async Task<(HttpStatusCode Status, string Text, HttpResponseMessage Answer)> SendWith(params IReadOnlyList<(string Field, string Name, byte[] Content)> photos)
    {
        using var content = new MultipartFormDataContent();
        foreach (var (name, value) in Fields)
        {
            content.Add(new StringContent(value), name);
        }

        foreach (var (field, name, bytes) in photos)
        {
            content.Add(new ByteArrayContent(bytes), field, name);
        }

        var answer = await Browser.Http.PostAsync(Action, content);
        return (answer.StatusCode, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()), answer);
    }
}

internal static class Answers
{
    /// <summary>The ticket that an answer leads to.</summary>
    public static string Ticket(this (HttpStatusCode Status, string Text, HttpResponseMessage Answer) sent)
    {
        sent.Status.ShouldBe(HttpStatusCode.SeeOther, sent.Text);
        return Regex.Match(sent.Answer.Headers.Location!.ToString(), @"20\d\d-\d{6,}").Value;
    }
}
