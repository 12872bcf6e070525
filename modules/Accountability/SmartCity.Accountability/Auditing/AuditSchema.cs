using System.Data.Common;
using Weasel.Core;
using Weasel.Postgresql;
using DbCommandBuilder = Weasel.Core.DbCommandBuilder;

namespace SmartCity.Accountability.Auditing;

/// <summary>
/// Tables of the log. Leaves are the nodes of level 0; a whole subtree is stored once when its last leaf comes, so that a leaf costs two
/// rows, and a root or a proof is a few rows to read.
/// </summary>
internal sealed class AuditSchema : ISchemaObject
{
    private const string Edition = "edition 1";
    private const string Script = $"""
        create table if not exists accountability.audit_leaf (
            tenant_id text not null, leaf_index bigint not null, position bigint not null, hash bytea not null, content text not null,
            primary key (tenant_id, leaf_index), unique (tenant_id, position));
        create table if not exists accountability.audit_node (
            tenant_id text not null, level int not null, node_index bigint not null, hash bytea not null, primary key (tenant_id, level, node_index));
        create table if not exists accountability.audit_checkpoint (
            tenant_id text not null, tree_size bigint not null, position bigint not null, at timestamptz not null, note text not null, primary key (tenant_id, tree_size));
        comment on table accountability.audit_leaf is '{Edition}';
        """;

    public DbObjectName Identifier { get; } = new PostgresqlObjectName("accountability", "audit_leaf", SchemaUtils.IdentifierUsage.General);

    public void WriteCreateStatement(Migrator migrator, TextWriter writer) => writer.WriteLine(Script);

    public void WriteDropStatement(Migrator rules, TextWriter writer) =>
        writer.WriteLine("drop table if exists accountability.audit_leaf, accountability.audit_node, accountability.audit_checkpoint;");

    public void ConfigureQueryCommand(DbCommandBuilder builder)
    {
        builder.Append("select 1 where obj_description(to_regclass('accountability.audit_leaf'), 'pg_class') = ");
        builder.AppendParameter(Edition);
        builder.Append(";");
    }

    public async Task<ISchemaObjectDelta> CreateDeltaAsync(DbDataReader reader, CancellationToken ct = default) =>
        new SchemaObjectDelta(this, await reader.ReadAsync(ct) ? SchemaPatchDifference.None : SchemaPatchDifference.Create);

    public IEnumerable<DbObjectName> AllNames() => [Identifier];
}
