using System.Data.Common;

namespace Medallion.Threading.Postgres;

/// <summary>The 64-bit key of a PostgreSQL advisory lock.</summary>
/// <param name="key">The value given to <c>pg_try_advisory_lock</c>.</param>
public readonly struct PostgresAdvisoryLockKey(long key)
{
    internal long Key { get; } = key;
}

/// <summary>How the lock's connection is used.</summary>
public sealed class PostgresConnectionOptionsBuilder
{
    internal bool Transaction { get; private set; }

    /// <summary>Whether the lock belongs to a transaction (works through a transaction-pooling proxy) instead of the session.</summary>
    public PostgresConnectionOptionsBuilder UseTransaction(bool useTransaction = true)
    {
        Transaction = useTransaction;
        return this;
    }

    /// <summary>Does nothing: here every lock has a connection of its own.</summary>
    public PostgresConnectionOptionsBuilder UseMultiplexing(bool useMultiplexing = true) => this;
}

/// <summary>An advisory lock on a connection of its own; held as long as that connection lives.</summary>
public sealed class PostgresDistributedLock
{
    private readonly DbDataSource _source;
    private readonly long _key;
    private readonly bool _transaction;

    /// <summary>Describes the lock; nothing is opened yet.</summary>
    public PostgresDistributedLock(PostgresAdvisoryLockKey key, DbDataSource dbDataSource, Action<PostgresConnectionOptionsBuilder>? options = null)
    {
        var builder = new PostgresConnectionOptionsBuilder();
        options?.Invoke(builder);
        (_source, _key, _transaction) = (dbDataSource, key.Key, builder.Transaction);
    }

    /// <summary>Takes the lock if it is free. <paramref name="timeout"/> other than zero is not supported.</summary>
    /// <returns>The held lock, or null when somebody else holds it.</returns>
    public async ValueTask<PostgresDistributedLockHandle?> TryAcquireAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(timeout, TimeSpan.Zero);
        var connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var transaction = _transaction ? await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false) : null;
            await using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = $"select {(_transaction ? "pg_try_advisory_xact_lock" : "pg_try_advisory_lock")}({_key})";
            if (await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is true)
            {
                return new PostgresDistributedLockHandle(connection, transaction, _key);
            }
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        await connection.DisposeAsync().ConfigureAwait(false);
        return null;
    }
}

/// <summary>A held lock: disposing it frees it, and <see cref="HandleLostToken"/> tells when the database took it away.</summary>
public sealed class PostgresDistributedLockHandle : IAsyncDisposable, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private readonly DbConnection _connection;
    private readonly DbTransaction? _transaction;
    private readonly long _key;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _released = new();
    private readonly Task _watch;

    internal PostgresDistributedLockHandle(DbConnection connection, DbTransaction? transaction, long key)
    {
        (_connection, _transaction, _key) = (connection, transaction, key);
        HandleLostToken = _lost.Token;
        _watch = Watch();
    }

    /// <summary>Cancelled when the connection that holds the lock is broken.</summary>
    public CancellationToken HandleLostToken { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_released.IsCancellationRequested)
        {
            return;
        }

        await _released.CancelAsync().ConfigureAwait(false);
        await _watch.ConfigureAwait(false);
        if (!_lost.IsCancellationRequested && _transaction is null)
        {
            await Run($"select pg_advisory_unlock({_key})").ConfigureAwait(false);
        }

        // Ends the transaction too, and with it a transaction's lock.
        await _connection.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private async Task Watch()
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_released.Token).ConfigureAwait(false))
            {
                await Run("select 1").ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_released.IsCancellationRequested)
        {
        }
        catch (Exception broken) when (broken is DbException or InvalidOperationException)
        {
            await _lost.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task Run(string sql)
    {
        await using var command = _connection.CreateCommand();
        command.Transaction = _transaction;
        command.CommandText = sql;
        await command.ExecuteScalarAsync().ConfigureAwait(false);
    }
}
