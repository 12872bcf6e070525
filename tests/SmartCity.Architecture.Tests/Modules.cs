using System.Reflection;
using System.Xml.Linq;
using MediatR;
using SmartCity.Platform;
using SmartCity.Testing;

namespace SmartCity.Architecture.Tests;

public class A_module
{
    private static readonly string[] Names = ["Accountability", "Channels", "Departments", "Reports"];

    public static TheoryData<string> Modules => [.. Names];

    [Fact]
    public void is_in_this_list_when_it_has_a_folder() =>
        Directory.GetDirectories(Path.Combine(Repository.Root, "modules")).Select(Path.GetFileName).Order().ShouldBe(Names);

    [Theory, MemberData(nameof(Modules))]
    public void references_other_modules_contracts_only(string module)
    {
        var others = Assembly.Load($"SmartCity.{module}").GetReferencedAssemblies().Select(a => a.Name!)
            .Where(a => a.StartsWith("SmartCity.", StringComparison.Ordinal) && a != "SmartCity.Platform");

        others.ShouldAllBe(a => a.EndsWith(".Contracts", StringComparison.Ordinal));
        ProjectReferences(module, module).ShouldAllBe(p => p == "SmartCity.Platform" || p.EndsWith(".Contracts", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Modules))]
    public void has_contracts_that_reference_nothing_but_the_mediators(string module)
    {
        Assembly.Load($"SmartCity.{module}.Contracts").GetReferencedAssemblies().Select(a => a.Name!)
            .ShouldAllBe(a => a == "MediatR.Contracts" || a.StartsWith("System.", StringComparison.Ordinal));
        ProjectReferences(module, $"{module}.Contracts").ShouldBe(["MediatR.Contracts"]);
    }

    [Theory, MemberData(nameof(Modules))]
    public void shows_nothing_but_its_door(string module) =>
        Assembly.Load($"SmartCity.{module}").GetExportedTypes().ShouldAllBe(t => typeof(IModule).IsAssignableFrom(t));

    [Theory, MemberData(nameof(Modules))]
    public void has_contracts_of_immutable_records(string module) =>
        Assembly.Load($"SmartCity.{module}.Contracts").GetExportedTypes()
            .SelectMany(t => t.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            .Where(p => p.SetMethod is { IsPublic: true } set && !set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit)))
            .ShouldBeEmpty();

    [Theory, MemberData(nameof(Modules))]
    public void answers_every_request_of_its_contracts(string module)
    {
        var requests = Assembly.Load($"SmartCity.{module}.Contracts").GetExportedTypes().Where(t => typeof(IBaseRequest).IsAssignableFrom(t) && !t.IsAbstract);
        var handled = Assembly.Load($"SmartCity.{module}").GetTypes().SelectMany(t => t.GetInterfaces())
            .Where(i => i.IsGenericType && (i.GetGenericTypeDefinition() == typeof(IRequestHandler<,>) || i.GetGenericTypeDefinition() == typeof(IRequestHandler<>)))
            .Select(i => i.GetGenericArguments()[0]).ToHashSet();

        requests.Where(r => !handled.Contains(r)).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Modules))]
    public void opens_the_store_only_through_a_regency(string module)
    {
        // A module that could ask for the store itself could open a session without a tenant.
        var asked = Assembly.Load($"SmartCity.{module}").GetTypes()
            .SelectMany(t => t.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance).SelectMany(c => c.GetParameters().Select(p => (Type: t, p.ParameterType)))
                .Concat(t.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly).SelectMany(m => m.GetParameters().Select(p => (Type: t, p.ParameterType)))));

        asked.Where(a => typeof(Marten.IDocumentStore).IsAssignableFrom(a.ParameterType)).Select(a => a.Type.FullName).ShouldBeEmpty();
    }

    [Fact]
    public void is_not_known_to_the_platform() =>
        typeof(IModule).Assembly.GetReferencedAssemblies().Select(a => a.Name!).Where(a => a.StartsWith("SmartCity.", StringComparison.Ordinal)).ShouldBeEmpty();

    // The command line opens the store without a host, so it puts in itself the modules whose commands it sends: by their doors.
    [Theory, InlineData("SmartCity.Web"), InlineData("smartcity", "SmartCity.Departments", "SmartCity.Reports", "SmartCity.Channels", "SmartCity.Accountability")]
    public void is_known_to_pages_and_command_line_by_its_contracts_only(string assembly, params string[] doors) =>
        Assembly.Load(assembly).GetReferencedAssemblies().Select(a => a.Name!)
            .Where(a => a.StartsWith("SmartCity.", StringComparison.Ordinal) && a != "SmartCity.Platform")
            .ShouldAllBe(a => a.EndsWith(".Contracts", StringComparison.Ordinal) || doors.Contains(a));

    private static string[] ProjectReferences(string module, string project) =>
        [.. XDocument.Load(Path.Combine(Repository.Root, "modules", module, $"SmartCity.{project}", $"SmartCity.{project}.csproj"))
            .Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')))];
}
