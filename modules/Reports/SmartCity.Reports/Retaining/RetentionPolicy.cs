using JasperFx.Events;
using Marten.Events.Aggregation;
using SmartCity.Departments.Contracts;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.Retaining;

/// <summary>How long a regency keeps what identifies people, in days after a report was closed. The report itself stays.</summary>
internal sealed record RetentionPolicy
{
    public const string Stream = "retention", Message = "message";

    public const int Least = 30, Longest = 36_500;

    /// <summary>
    /// What holds where a regency has not decided: docs/privacy.md gives the grounds. What it decides must follow its own records
    /// schedule (jadwal retensi arsip).
    /// </summary>
    public static IReadOnlyDictionary<string, int> Defaults { get; } = new Dictionary<string, int>
    {
        [Name(ReportClass.Complaint)] = 730,
        [Name(ReportClass.Oversight)] = 1825,
        [Name(ReportClass.Aspiration)] = 365,
        [Name(ReportClass.Information)] = 365,
        [Name(ReportClass.Proposal)] = 730,
        [Message] = 180,
    };

    /// <summary>The stream.</summary>
    public required string Id { get; init; }

    /// <summary>Days by class, and for messages of which no report was made.</summary>
    public required IReadOnlyDictionary<string, int> Days { get; init; }

    public static RetentionPolicy Default { get; } = new() { Id = Stream, Days = Defaults };

    public TimeSpan Of(string @class) => TimeSpan.FromDays(Days.GetValueOrDefault(@class, Defaults.GetValueOrDefault(@class, Days.Values.Max())));

    /// <summary>Nothing younger than this is ever erased.</summary>
    public TimeSpan Shortest => TimeSpan.FromDays(Days.Values.Min());

    public static string Name(ReportClass @class) => @class.ToString().ToLowerInvariant();

    /// <summary>All that is wrong with periods that somebody sends.</summary>
    public static IReadOnlyList<Refusal> Faults(IReadOnlyDictionary<string, int?>? days)
    {
        var (faults, names) = (new List<Refusal>(), string.Join(", ", Defaults.Keys));
        if (days is not { Count: > 0 })
        {
            faults.Add(new("days.missing", $"Send days by class: {names}.", $"Kirim jumlah hari per jenis: {names}.", "days"));
        }

        foreach (var (name, value) in days ?? new Dictionary<string, int?>())
        {
            if (!Defaults.ContainsKey(name))
            {
                faults.Add(new("days.unknown", $"'{name}' is none of {names}.", $"'{name}' tidak ada di antara {names}.", $"days.{name}"));
            }
            else if (value is not (>= Least and <= Longest))
            {
                faults.Add(new("days.invalid", $"{name}: whole days, {Least} to {Longest}.", $"{name}: hari bulat, {Least} sampai {Longest}.", $"days.{name}"));
            }
        }

        return faults;
    }
}

/// <summary>A regency decided how long it keeps what identifies people; holds all periods as they are now.</summary>
internal sealed record RetentionDefined(IReadOnlyDictionary<string, int> Days);

/// <summary>Keeps <see cref="RetentionPolicy"/> in step with its stream, in the same transaction.</summary>
internal sealed class RetentionProjection : SingleStreamProjection<RetentionPolicy, string>
{
    public RetentionProjection() => IncludeType<RetentionDefined>();

    public override RetentionPolicy? Evolve(RetentionPolicy? snapshot, string id, IEvent e) =>
        e.Data is RetentionDefined defined ? new RetentionPolicy { Id = id, Days = defined.Days } : snapshot;
}
