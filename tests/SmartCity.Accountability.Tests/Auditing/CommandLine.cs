using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Platform;
using SmartCity.Testing;

namespace SmartCity.Accountability.Tests.Auditing;

/// <summary>The <c>smartcity</c> command in a process of its own, on a host's database or without one.</summary>
internal static class CommandLine
{
    public static async Task<(int Code, string Text)> Run(SmartCityHost? host, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "smartcity.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Remove("ConnectionStrings__SmartCity");
        if (host is not null)
        {
            start.Environment["ConnectionStrings__SmartCity"] = host.ConnectionString;
            start.Environment["SmartCity__DataDirectory"] = host.Services.GetRequiredService<PlatformOptions>().DataDirectory;
        }

        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }
}
