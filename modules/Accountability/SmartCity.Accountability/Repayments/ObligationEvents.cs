using SmartCity.Accountability.Contracts;

namespace SmartCity.Accountability.Repayments;

// All that happens to an obligation, one stream each. Amounts are never changed: what was wrong is taken back by an entry of its own.

/// <summary>Something must be paid back. Name on the wire: <c>obligation.registered.v1</c>.</summary>
/// <param name="Obligor">The same for all obligations of one obligor.</param>
/// <param name="Name">A company's in the clear; a person's sealed.</param>
internal sealed record ObligationRegistered(
    string Reference, ObligorKind Kind, string Obligor, string Name, string Department, int Year, decimal Amount, DateOnly On,
    ObligationInstrument Instrument, ObligationCause Cause, string? Finding);

/// <summary>Instalments were agreed. Name on the wire: <c>obligation.instalments-agreed.v1</c>.</summary>
internal sealed record InstalmentsAgreed(IReadOnlyList<Instalment> Instalments, string Document);

/// <summary>A deposit was entered; it does not count yet. Name on the wire: <c>obligation.deposit-recorded.v1</c>.</summary>
/// <param name="By">Who entered it: where four eyes are asked for, another person confirms it.</param>
internal sealed record DepositRecorded(int Entry, DateOnly On, string Document, decimal Amount, string? By = null);

/// <summary>The treasury has the money. Name on the wire: <c>obligation.deposit-confirmed.v1</c>.</summary>
internal sealed record DepositConfirmed(int Entry);

/// <summary>An entry was taken back. Name on the wire: <c>obligation.entry-reversed.v1</c>.</summary>
internal sealed record EntryReversed(int Entry, int Reverses, DateOnly On, decimal Amount, string Reason);
