using System.CommandLine;
using SmartCity.Cli;

// What shells say of a program that Ctrl-C ended.
const int stopped = 130;

var root = new RootCommand("SmartCity: work on a deployment from the command line. ConnectionStrings__SmartCity says where its database is.");
root.Subcommands.Add(AccountCommands.Create());
root.Subcommands.Add(KeyCommands.Create());
root.Subcommands.Add(BoundaryCommands.Create());
root.Subcommands.Add(AuditCommands.Create());
try
{
    // Ctrl-C: what was begun is cleared away before it ends. What goes wrong must not look like an answer, such as 1 for "it differs".
    var code = await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
    return code == stopped ? Stop() : code;
}
catch (OperationCanceledException)
{
    return Stop();
}
catch (Exception failure)
{
    Console.Error.WriteLine($"Failed: {failure}");
    return 3;
}

static int Stop()
{
    Console.Error.WriteLine("\nDihentikan. / Cancelled.");
    return stopped;
}
