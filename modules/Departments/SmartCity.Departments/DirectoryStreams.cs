using System.Text.Json;
using SmartCity.Platform.History;
using SmartCity.Platform.Problems;

namespace SmartCity.Departments;

/// <summary>Writes the directory: reads what a stream says now, and appends what has changed, if anything.</summary>
internal sealed class DirectoryStreams(RegencySessions sessions, RegencyDirectories directories)
{
    private const int Attempts = 3;

    /// <summary>The directory as it is now, to check a change against.</summary>
    public ValueTask<RegencyDirectory> Directory(string regency, CancellationToken cancel) => directories.Of(regency, sessions, cancel);

    /// <summary>Appends what <paramref name="change"/> makes of the record (null: there is none yet), or nothing when it gives null.</summary>
    public async Task Change<TRecord>(string regency, string stream, Func<TRecord?, object?> change, CancellationToken cancel) where TRecord : class
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var session = sessions.Open(regency);
            var current = await session.Events.FetchForWriting<TRecord>(stream, cancel);
            if (change(current.Aggregate) is not { } @event)
            {
                return;
            }

            current.AppendOne(@event);
            try
            {
                await session.SaveChangesAsync(cancel);
                directories.Changed(regency);
                return;
            }
            catch (Exception failure) when (attempt < Attempts && LostRace.Is(failure))
            {
                // Another host was faster: decide again on what it wrote.
            }
        }
    }

    /// <summary>Whether two definitions say the same.</summary>
    public static bool Same<T>(T one, T other) => JsonSerializer.Serialize(one) == JsonSerializer.Serialize(other);

    /// <summary>For code that sends a definition without having checked it.</summary>
    /// <exception cref="ArgumentException">There are faults.</exception>
    public static void ThrowIfAny(IReadOnlyList<Fault> faults, string what)
    {
        if (faults.Count > 0)
        {
            throw new ArgumentException($"{what}: {string.Join(" ", faults.Select(f => $"{f.Field}: {f.Detail}"))}");
        }
    }
}
