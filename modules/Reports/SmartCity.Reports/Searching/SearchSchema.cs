using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Weasel.Core;
using Weasel.Postgresql;
using DbCommandBuilder = Weasel.Core.DbCommandBuilder;

namespace SmartCity.Reports.Searching;

/// <summary>Tables and functions of the search (<c>search.sql</c>): the script is run where it was not run yet as it is now.</summary>
internal sealed class SearchSchema : ISchemaObject
{
    private static readonly string Script = Read();
    private static readonly string Edition = $"edition {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Script)))[..16]}";

    public DbObjectName Identifier { get; } = new PostgresqlObjectName("reports", "search", SchemaUtils.IdentifierUsage.General);

    public void WriteCreateStatement(Migrator migrator, TextWriter writer)
    {
        writer.WriteLine(Script);
        writer.WriteLine($"comment on table reports.search is '{Edition}';");
    }

    public void WriteDropStatement(Migrator rules, TextWriter writer) => writer.WriteLine("drop table if exists reports.search, reports.search_word;");

    public void ConfigureQueryCommand(DbCommandBuilder builder)
    {
        builder.Append("select 1 where obj_description(to_regclass('reports.search'), 'pg_class') = ");
        builder.AppendParameter(Edition);
        builder.Append(";");
    }

    public async Task<ISchemaObjectDelta> CreateDeltaAsync(DbDataReader reader, CancellationToken ct = default) =>
        new SchemaObjectDelta(this, await reader.ReadAsync(ct) ? SchemaPatchDifference.None : SchemaPatchDifference.Create);

    public IEnumerable<DbObjectName> AllNames() => [Identifier];

    private static string Read()
    {
        using var reader = new StreamReader(typeof(SearchSchema).Assembly.GetManifestResourceStream("search.sql")!);
        return reader.ReadToEnd();
    }
}
