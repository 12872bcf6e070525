using System.Reflection;
using System.Xml.Linq;

namespace SmartCity.Architecture.Tests;

public class A_public_type
{
    public static TheoryData<string> Assemblies =>
    [
        "SmartCity.Platform", "SmartCity.Web",
        "SmartCity.Reports.Contracts", "SmartCity.Channels.Contracts", "SmartCity.Departments.Contracts", "SmartCity.Accountability.Contracts",
        "SmartCity.Reports", "SmartCity.Channels", "SmartCity.Departments", "SmartCity.Accountability",
    ];

    [Theory, MemberData(nameof(Assemblies))]
    public void has_a_docstring(string name)
    {
        var assembly = Assembly.Load(name);
        var documented = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member")
            .Where(m => m.Element("summary") is { } summary && summary.Value.Trim().Length > 0 || m.Element("inheritdoc") is not null)
            .Select(m => m.Attribute("name")!.Value).ToHashSet();

        assembly.GetExportedTypes()
            .Where(t => !t.FullName!.StartsWith("AspNetCoreGeneratedDocument", StringComparison.Ordinal))
            .Where(t => !documented.Contains($"T:{t.FullName!.Replace('+', '.')}"))
            .Select(t => t.FullName).ShouldBeEmpty();
    }
}
