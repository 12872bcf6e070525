using Marten;
using Npgsql;
using NpgsqlTypes;
using SmartCity.Platform.History;

namespace SmartCity.Accountability.Rebuilding;

/// <summary>Writes what the events of a regency come to into tables of another schema.</summary>
internal sealed class FillSideTables(RegencySessions sessions, string regency, IReadOnlyList<ReadModel> models, string schema)
{
    /// <returns>How many events there were.</returns>
    public async Task<long> Run(IQuerySession session, NpgsqlConnection connection, long position, IProgress<long>? progress, CancellationToken cancel)
    {
        foreach (var model in models)
        {
            await RebuildReadModelsHandler.Execute(connection, $"create unlogged table {model.SideTable(schema)} (id text not null, data jsonb not null, version bigint not null)", cancel);
        }

        var serializer = session.DocumentStore.Options.Serializer();
        return await new FoldStreams(sessions, regency, models).Run(position, null, async (folded, stop) =>
        {
            // Batch by batch, each in a transaction of its own: a long one would hold up what waits for all older ones.
            await using var own = session.Database.CreateConnection();
            await own.OpenAsync(stop);
            foreach (var documents in folded.GroupBy(f => f.Model))
            {
                await Copy(own, documents.Key.SideTable(schema), documents.Select(d => (d.Id, serializer.ToJson(d.Document), d.Version)), stop);
            }
        }, progress, cancel);
    }

    private static async Task Copy(NpgsqlConnection connection, string table, IEnumerable<(string Id, string Json, long Version)> documents, CancellationToken cancel)
    {
        await using var writer = await connection.BeginBinaryImportAsync($"copy {table} (id, data, version) from stdin (format binary)", cancel);
        foreach (var (id, json, version) in documents)
        {
            await writer.StartRowAsync(cancel);
            await writer.WriteAsync(id, NpgsqlDbType.Text, cancel);
            await writer.WriteAsync(json, NpgsqlDbType.Jsonb, cancel);
            await writer.WriteAsync(version, NpgsqlDbType.Bigint, cancel);
        }

        await writer.CompleteAsync(cancel);
    }
}
