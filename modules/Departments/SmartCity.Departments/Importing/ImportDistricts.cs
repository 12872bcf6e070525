using JasperFx.Events;
using Marten.Events.Aggregation;
using MediatR;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Problems;

namespace SmartCity.Departments.Importing;

internal sealed class ImportDistrictsHandler(DirectoryStreams streams) : IRequestHandler<ImportDistricts>
{
    public async Task Handle(ImportDistricts command, CancellationToken cancel)
    {
        DirectoryStreams.ThrowIfAny(Faults(command), $"Districts of {command.Regency}");
        await streams.Change<DistrictsRecord>(command.Regency, DistrictsRecord.Stream, known => Decide(known?.Districts, command.Districts), cancel);
    }

    public static object? Decide(IReadOnlyList<District>? known, IReadOnlyList<District> districts) =>
        known is not null && DirectoryStreams.Same(known, districts) ? null : new DistrictsImported(districts);

    /// <summary>All that is wrong with a list of districts.</summary>
    public static IReadOnlyList<Fault> Faults(ImportDistricts command)
    {
        var faults = new List<Fault>();
        for (var i = 0; i < command.Districts.Count; i++)
        {
            var (district, field) = (command.Districts[i], $"districts[{i}]");
            if (!district.Code.StartsWith($"{command.Regency}.", StringComparison.Ordinal) || command.Districts.Take(i).Any(d => d.Code == district.Code))
            {
                faults.Add(new("district.code", $"'{district.Code}' must begin with {command.Regency}. and stand once.", $"{field}.code"));
            }

            if (string.IsNullOrWhiteSpace(district.Name))
            {
                faults.Add(new("district.name", "Give the name.", $"{field}.name"));
            }

            if (!(Math.Abs(district.Latitude) <= 90) || !(Math.Abs(district.Longitude) <= 180))
            {
                faults.Add(new("district.place", "Give a latitude and a longitude in degrees.", field));
            }
        }

        return faults;
    }
}

/// <summary>The districts of a regency.</summary>
internal sealed record DistrictsRecord
{
    public const string Stream = "districts";

    /// <summary>The stream.</summary>
    public required string Id { get; init; }

    public required IReadOnlyList<District> Districts { get; init; }
}

/// <summary>Keeps <see cref="DistrictsRecord"/> in step with its stream, in the same transaction.</summary>
internal sealed class DistrictsProjection : SingleStreamProjection<DistrictsRecord, string>
{
    public DistrictsProjection() => IncludeType<DistrictsImported>();

    public override DistrictsRecord? Evolve(DistrictsRecord? snapshot, string id, IEvent e) =>
        e.Data is DistrictsImported imported ? new DistrictsRecord { Id = id, Districts = imported.Districts } : snapshot;
}
