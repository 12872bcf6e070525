using System.Security.Cryptography;
using System.Text;
using JasperFx.Events;
using Marten.Events.Aggregation;
using SmartCity.Accountability.Contracts;

namespace SmartCity.Accountability.Repayments;

/// <summary>An obligation as its events make it. It holds its whole ledger with both times of every entry, so that sums of any day can be taken from it.</summary>
internal sealed record ObligationRecord
{
    /// <summary>The stream.</summary>
    public required string Id { get; init; }

    /// <summary>The stream's version.</summary>
    public long Version { get; set; }

    public required string Reference { get; init; }

    public required ObligorKind Kind { get; init; }

    public required string Obligor { get; init; }

    /// <summary>Sealed when it is a person's.</summary>
    public required string Name { get; init; }

    public required string Department { get; init; }

    public required int Year { get; init; }

    public required DateOnly On { get; init; }

    public required ObligationInstrument Instrument { get; init; }

    public required ObligationCause Cause { get; init; }

    public string? Finding { get; init; }

    public IReadOnlyList<AgreedSchedule> Schedules { get; init; } = [];

    /// <summary>By number, from 1; the first is the obligation itself.</summary>
    public required IReadOnlyList<LedgerEntry> Entries { get; init; }

    /// <summary>The obligation after one more event.</summary>
    public static ObligationRecord? After(ObligationRecord? known, string id, object @event, DateTimeOffset at) => (known, @event) switch
    {
        (null, ObligationRegistered e) => new ObligationRecord
        {
            Id = id,
            Reference = e.Reference,
            Kind = e.Kind,
            Obligor = e.Obligor,
            Name = e.Name,
            Department = e.Department,
            Year = e.Year,
            On = e.On,
            Instrument = e.Instrument,
            Cause = e.Cause,
            Finding = e.Finding,
            Entries = [new LedgerEntry(1, LedgerEntryKind.Obligation, e.On, e.Amount, e.Reference, null, null, at, at)],
        },
        ({ } o, InstalmentsAgreed e) => o with { Schedules = [.. o.Schedules, new AgreedSchedule(e.Instalments, e.Document, at)] },
        ({ } o, DepositRecorded e) => o with { Entries = [.. o.Entries, new LedgerEntry(e.Entry, LedgerEntryKind.Deposit, e.On, e.Amount, e.Document, null, null, at, null, e.By)] },
        ({ } o, DepositConfirmed e) => o with { Entries = [.. o.Entries.Select(x => x.Number == e.Entry ? x with { ConfirmedAt = at } : x)] },
        ({ } o, EntryReversed e) => o with
        {
            Entries = [.. o.Entries, new LedgerEntry(e.Entry, LedgerEntryKind.Reversal, e.On, e.Amount, o.Entries[e.Reverses - 1].Document, e.Reverses, e.Reason, at, at)],
        },
        _ => known,
    };

    /// <summary>The id of an obligation: made of its reference, so that entering it twice makes one.</summary>
    public static string IdOf(string reference) => $"ob-{Hash(reference.ToUpperInvariant())}";

    /// <summary>The id of a company, however its name is spaced and capitalised.</summary>
    public static string ContractorId(string name) => $"c-{Hash(Plain(name))}";

    /// <summary>A name without its accidents.</summary>
    public static string Plain(string name) => string.Join(' ', name.Split([' ', '.', ','], StringSplitOptions.RemoveEmptyEntries)).ToUpperInvariant();

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
}

/// <summary>Instalments, and since when they are known.</summary>
internal sealed record AgreedSchedule(IReadOnlyList<Instalment> Instalments, string Document, DateTimeOffset RecordedAt);

/// <summary>Keeps <see cref="ObligationRecord"/> in step with its stream, in the same transaction.</summary>
internal sealed class ObligationProjection : SingleStreamProjection<ObligationRecord, string>
{
    public ObligationProjection()
    {
        IncludeType<ObligationRegistered>();
        IncludeType<InstalmentsAgreed>();
        IncludeType<DepositRecorded>();
        IncludeType<DepositConfirmed>();
        IncludeType<EntryReversed>();
    }

    public override ObligationRecord? Evolve(ObligationRecord? snapshot, string id, IEvent e) => ObligationRecord.After(snapshot, id, e.Data, e.Timestamp.ToUniversalTime());
}
