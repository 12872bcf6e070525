using System.Net.Http.Json;
using System.Text.Json;
using OpenTelemetry;
using SmartCity.Channels.Accounts;
using SmartCity.Channels.Media;
using SmartCity.Platform.Files;

namespace SmartCity.Channels.Telegram;

/// <summary>Asks the Bot API. The token is in every address, so nothing of a call is traced or logged.</summary>
internal sealed class TelegramApi(IHttpClientFactory clients)
{
    /// <summary>The result, or what the API says instead.</summary>
    public async Task<(JsonElement? Result, int Status)> Ask(OwnAccount account, string method, object body, CancellationToken cancel)
    {
        using var quiet = SuppressInstrumentationScope.Begin();
        using var answer = await clients.CreateClient(TelegramChannel.Name).PostAsJsonAsync($"{Root(account)}/bot{account[TelegramChannel.Token]}/{method}", body, cancel);
        try
        {
            var json = await answer.Content.ReadFromJsonAsync<JsonElement>(cancel);
            return (answer.IsSuccessStatusCode && json.TryGetProperty("result", out var result) ? result : null, (int)answer.StatusCode);
        }
        catch (JsonException)
        {
            return (null, (int)answer.StatusCode);
        }
    }

    /// <summary>A file by its id: the API says where it is, good for an hour.</summary>
    public async Task<RemoteFile> File(OwnAccount account, string id, long most, CancellationToken cancel)
    {
        var (found, status) = await Ask(account, "getFile", new { file_id = id }, cancel);
        if (found is not { } file || !file.TryGetProperty("file_path", out var path) || path.GetString() is not { Length: > 0 } name || name.Contains("..", StringComparison.Ordinal))
        {
            return new RemoteFile(null, $"link.answered_{status}", MayComeLater: status is >= 500 or 429);
        }

        using var quiet = SuppressInstrumentationScope.Begin();
        using var answer = await clients.CreateClient(TelegramChannel.Name).GetAsync($"{Root(account)}/file/bot{account[TelegramChannel.Token]}/{name}", HttpCompletionOption.ResponseHeadersRead, cancel);
        return await ProviderFile.Read(answer, most, cancel);
    }

    public static string Root(OwnAccount account) => (account.Get(TelegramChannel.BaseUrl) ?? "https://api.telegram.org").TrimEnd('/');
}
