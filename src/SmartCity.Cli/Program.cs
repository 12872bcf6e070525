using System.CommandLine;
using SmartCity.Cli;

var root = new RootCommand("SmartCity: work on a deployment from the command line. ConnectionStrings__SmartCity says where its database is.");
root.Subcommands.Add(AccountCommands.Create());
root.Subcommands.Add(KeyCommands.Create());
root.Subcommands.Add(BoundaryCommands.Create());
root.Subcommands.Add(AuditCommands.Create());
return await root.Parse(args).InvokeAsync();
