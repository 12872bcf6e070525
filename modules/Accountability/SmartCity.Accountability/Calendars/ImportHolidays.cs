using JasperFx.Events;
using Marten.Events.Aggregation;
using MediatR;
using SmartCity.Accountability.Contracts;
using SmartCity.Platform.History;

namespace SmartCity.Accountability.Calendars;

/// <summary>The closed dates of a year are known, or known better. Name on the wire: <c>holidays.imported.v1</c>.</summary>
internal sealed record HolidaysImported(int Year, IReadOnlyList<DateOnly> Dates, string Source);

internal sealed class ImportHolidaysHandler(RegencySessions sessions, WorkingCalendars calendars) : IRequestHandler<ImportHolidays>
{
    public async Task Handle(ImportHolidays command, CancellationToken cancel)
    {
        await using var session = sessions.Open(command.Regency);
        var stream = await session.Events.FetchForWriting<ClosedYear>(ClosedYear.Stream(command.Year), cancel);
        if (Decide(stream.Aggregate, command) is { } imported)
        {
            stream.AppendOne(imported);
            await session.SaveChangesAsync(cancel);
            calendars.Changed(command.Regency);
        }
    }

    /// <exception cref="ArgumentException">The list cannot be that of the year.</exception>
    public static HolidaysImported? Decide(ClosedYear? known, ImportHolidays command)
    {
        if (command.Dates.FirstOrDefault(d => d.Year != command.Year) is var stray && stray != default)
        {
            throw new ArgumentException($"{stray:yyyy-MM-dd} is not in {command.Year}: import each year on its own.");
        }

        if (string.IsNullOrWhiteSpace(command.Source))
        {
            throw new ArgumentException("Name the decree that the dates come from.");
        }

        DateOnly[] dates = [.. command.Dates.Distinct().Order()];
        return known is not null && known.Source == command.Source && known.Dates.SequenceEqual(dates) ? null : new HolidaysImported(command.Year, dates, command.Source);
    }
}

/// <summary>The closed dates of a year, besides weekends.</summary>
internal sealed record ClosedYear
{
    /// <summary>The stream.</summary>
    public required string Id { get; init; }

    public required int Year { get; init; }

    public required IReadOnlyList<DateOnly> Dates { get; init; }

    public required string Source { get; init; }

    public static string Stream(int year) => $"calendar-{year}";
}

/// <summary>Keeps <see cref="ClosedYear"/> in step with its stream, in the same transaction.</summary>
internal sealed class ClosedYearProjection : SingleStreamProjection<ClosedYear, string>
{
    public ClosedYearProjection() => IncludeType<HolidaysImported>();

    public override ClosedYear? Evolve(ClosedYear? snapshot, string id, IEvent e) => e.Data is HolidaysImported imported
        ? new ClosedYear { Id = id, Year = imported.Year, Dates = imported.Dates, Source = imported.Source }
        : snapshot;
}
