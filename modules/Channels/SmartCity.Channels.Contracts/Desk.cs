using MediatR;

namespace SmartCity.Channels.Contracts;

/// <summary>Ways on which people come to an operator, who enters what they say.</summary>
/// <param name="Code">Stands in the report as its channel.</param>
/// <param name="Indonesian">Its name, Indonesian.</param>
/// <param name="English">Its name, English.</param>
public sealed record DeskWay(string Code, string Indonesian, string English)
{
    /// <summary>All there are.</summary>
    public static IReadOnlyList<DeskWay> All { get; } =
        [new("phone", "Telepon", "Telephone"), new("radio-call", "Siaran radio", "Radio call-in"), new("letter", "Surat", "Letter"), new("walk-in", "Datang langsung", "Walk-in")];
}

/// <summary>Somebody has been told what was to be told to them, by telephone, letter or in person.</summary>
/// <param name="Message">The message in the outbox.</param>
public sealed record RecordTold(string Regency, Guid Message) : IRequest<ToldOutcome>;

/// <summary>What came of it.</summary>
public enum ToldOutcome
{
    /// <summary>It is written down who told it.</summary>
    Done,

    /// <summary>There is no such message here, or not for the caller.</summary>
    Unknown,

    /// <summary>The message does not wait to be told.</summary>
    NotToBeTold,
}
