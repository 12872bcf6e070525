using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Platform;
using SmartCity.Testing;

namespace SmartCity.Accountability.Tests.Auditing;

/// <summary>The <c>smartcity</c> command in a process of its own, on a host's database or without one.</summary>
internal static class CommandLine
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    public static Task<(int Code, string Text)> Run(SmartCityHost? host, params string[] arguments) =>
        On(host?.ConnectionString, host?.Services.GetRequiredService<PlatformOptions>().DataDirectory, arguments);

    /// <param name="connection">Null: without a database.</param>
    /// <param name="data">Null: a new folder, with a key of its own.</param>
    public static async Task<(int Code, string Text)> On(string? connection, string? data, params string[] arguments)
    {
        var own = data is null ? Directory.CreateTempSubdirectory("smartcity-command-").FullName : null;
        using var process = Begin(connection, data ?? own!, hasOwnKey: own is not null, arguments);
        var ended = await End(process);
        if (own is not null)
        {
            Directory.Delete(own, recursive: true);
        }

        return ended;
    }

    /// <summary>Begun and not awaited, to be interrupted; read its end with <see cref="End"/>.</summary>
    public static Process Begin(SmartCityHost host, params string[] arguments) =>
        Begin(host.ConnectionString, host.Services.GetRequiredService<PlatformOptions>().DataDirectory, hasOwnKey: false, arguments);

    /// <summary>What it said until it ended.</summary>
    public static async Task<(int Code, string Text)> End(Process process)
    {
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"Not within {Patience.TotalMinutes:0} minutes: the end of {string.Join(' ', process.StartInfo.ArgumentList)}. It said: {await output + await error}");
        }

        return (process.ExitCode, await output + await error);
    }

    /// <summary>Sends a signal, such as <c>INT</c>, which is Ctrl-C.</summary>
    public static async Task Signal(this Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>The same on another database or without one.</summary>
    public static Process BeginOn(string? connection, string data, params string[] arguments) => Begin(connection, data, hasOwnKey: true, arguments);

    private static Process Begin(string? connection, string data, bool hasOwnKey, string[] arguments)
    {
        string[] command = ["dotnet", Path.Combine(AppContext.BaseDirectory, "smartcity.dll"), .. arguments];
        // What a shell starts in the background ignores Ctrl-C, and hands that down to all that it starts.
        command = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", .. command] : command;
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Remove("ConnectionStrings__SmartCity");
        start.Environment["SmartCity__DataDirectory"] = data;
        if (connection is not null)
        {
            start.Environment["ConnectionStrings__SmartCity"] = connection;
            // Another key than that of the texts: none can be opened.
            start.Environment["SmartCity__MasterKey"] = hasOwnKey ? Convert.ToBase64String(new byte[32]) : "";
        }

        if (!hasOwnKey)
        {
            start.Environment.Remove("SmartCity__MasterKey");
        }

        return Process.Start(start)!;
    }
}
