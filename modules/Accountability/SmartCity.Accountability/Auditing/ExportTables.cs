using System.Buffers;
using System.Text;
using MediatR;
using Npgsql;
using SmartCity.Accountability.Contracts;
using SmartCity.Accountability.Rebuilding;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;

namespace SmartCity.Accountability.Auditing;

/// <summary>
/// Read models as CSV, as they are: what is sealed stays sealed, so that an erasure reaches copies too. Tables with opened texts, such as the index of the
/// search, are not among them. Hashes of files come from the events that name them.
/// </summary>
internal sealed class ExportTablesHandler(RegencySessions sessions, CallContext call) : IRequestHandler<ExportTables, int>
{
    private const string Files = """
        select distinct on (f #>> '{}') f #>> '{}' as sha256, e.stream_id as stream, e.seq_id as position
          from history.mt_events e, jsonb_path_query(e.data, 'strict $.**.keyvalue() ? (@.key == "Id" || @.key == "Thumbnail").value ? (@.type() == "string" && @ like_regex "^[0-9a-f]{64}$")', silent => true) f
         where e.tenant_id = 'TENANT' order by f #>> '{}', e.seq_id
        """;

    public async Task<int> Handle(ExportTables command, CancellationToken cancel)
    {
        if (call.Actor != Actor.System("command-line"))
        {
            return 0;
        }

        await using var session = sessions.Query(command.Regency);
        await using var connection = session.Database.CreateConnection();
        await connection.OpenAsync(cancel);
        var models = ReadModel.All(session).Models;
        foreach (var model in models)
        {
            var columns = string.Concat(model.Duplicates.Select(d => $", \"{d.Column}\""));
            await Copy(connection, $"select id{columns}, data from {model.Table} where tenant_id = 'TENANT' order by id", session.TenantId, await command.Open($"{model.Table}.csv"), cancel);
        }

        await Copy(connection, Files, session.TenantId, await command.Open("files.csv"), cancel);
        return models.Count + 1;
    }

    private static async Task Copy(NpgsqlConnection connection, string sql, string tenant, Stream output, CancellationToken cancel)
    {
        // COPY takes no parameters; a tenant's id is digits and a line.
        using var reader = await connection.BeginTextExportAsync($"copy ({sql.Replace("TENANT", tenant, StringComparison.Ordinal)}) to stdout (format csv, header true)", cancel);
        await using var writer = new StreamWriter(output, new UTF8Encoding(false), bufferSize: 1 << 16);
        var page = ArrayPool<char>.Shared.Rent(1 << 15);
        try
        {
            for (int count; (count = await reader.ReadAsync(page, cancel)) > 0;)
            {
                await writer.WriteAsync(page.AsMemory(0, count), cancel);
            }
        }
        finally
        {
            ArrayPool<char>.Shared.Return(page);
        }
    }
}

/// <summary>The hashes of an archive's files as a note signed like a checkpoint.</summary>
internal sealed class SignArchiveHandler(AuditKeys keys, AuditOptions options, CallContext call) : IRequestHandler<SignArchive, string>
{
    public const string Kind = "archive";

    public Task<string> Handle(SignArchive command, CancellationToken cancel) => call.Actor != Actor.System("command-line")
        ? throw new InvalidOperationException("Archives are signed at the command line.")
        : Task.FromResult(keys.Sign(command.Regency, $"{options.OriginOf(command.Regency)}\n{Kind}\n{string.Concat(command.Sums.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Value} {s.Key}\n"))}").ToString());
}
