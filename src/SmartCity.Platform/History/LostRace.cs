using JasperFx;
using JasperFx.Events;
using Npgsql;

namespace SmartCity.Platform.History;

/// <summary>
/// Somebody else was faster: what was to be written rests on what is not so any more. The store says so in several ways, by the moment at which it
/// notices; of two that start the same stream one may hear it from PostgreSQL itself.
/// </summary>
public static class LostRace
{
    /// <summary>Whether a failed commit is that; whoever reads again and decides anew may succeed.</summary>
    public static bool Is(Exception failure) =>
        failure is EventStreamUnexpectedMaxEventIdException or ConcurrencyException or DocumentAlreadyExistsException
            or JasperFx.Events.ExistingStreamIdCollisionException or Marten.Exceptions.ExistingStreamIdCollisionException
        || (failure as PostgresException ?? failure.InnerException as PostgresException)?.SqlState == PostgresErrorCodes.UniqueViolation;
}
