using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Platform;
using SmartCity.Testing;

namespace SmartCity.Accountability.Tests.Auditing;

/// <summary>The <c>smartcity</c> command in a process of its own, on a host's database or without one.</summary>
internal static class CommandLine
{
    public static Task<(int Code, string Text)> Run(SmartCityHost? host, params string[] arguments) =>
        On(host?.ConnectionString, host?.Services.GetRequiredService<PlatformOptions>().DataDirectory, arguments);

    /// <param name="connection">Null: without a database.</param>
    /// <param name="data">Null: a new folder, with a key of its own.</param>
    public static async Task<(int Code, string Text)> On(string? connection, string? data, params string[] arguments)
    {
        var own = data is null ? Directory.CreateTempSubdirectory("smartcity-command-").FullName : null;
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "smartcity.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Remove("ConnectionStrings__SmartCity");
        start.Environment["SmartCity__DataDirectory"] = data ?? own;
        if (connection is not null)
        {
            start.Environment["ConnectionStrings__SmartCity"] = connection;
            // Another key than that of the texts: none can be opened.
            start.Environment["SmartCity__MasterKey"] = own is null ? "" : Convert.ToBase64String(new byte[32]);
        }

        if (own is null)
        {
            start.Environment.Remove("SmartCity__MasterKey");
        }

        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (own is not null)
        {
            Directory.Delete(own, recursive: true);
        }

        return (process.ExitCode, await output + await error);
    }
}
