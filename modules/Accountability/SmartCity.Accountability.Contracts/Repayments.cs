using MediatR;

namespace SmartCity.Accountability.Contracts;

/// <summary>Who must pay something back. Only officials and treasurers of the state can be bound by an SKTJM or a TGR decree; a contractor repays under civil law.</summary>
public enum ObligorKind
{
    /// <summary>A contractor (<i>rekanan</i>), a company.</summary>
    Contractor,

    /// <summary>An official who is no treasurer (PP 38/2016).</summary>
    Official,

    /// <summary>A treasurer (Peraturan BPK 3/2007).</summary>
    Treasurer,

    /// <summary>Somebody else, such as a grantee.</summary>
    Other,
}

/// <summary>What binds the obligor.</summary>
public enum ObligationInstrument
{
    /// <summary>The recommendation of the audit report itself.</summary>
    AuditReport,

    /// <summary>A letter in which the obligor promises to pay (<i>surat pernyataan</i>).</summary>
    Statement,

    /// <summary><i>Surat keterangan tanggung jawab mutlak</i>, of an official.</summary>
    Sktjm,

    /// <summary>A decree that charges an official (<i>SK pembebanan</i>, TGR).</summary>
    Decree,

    /// <summary>A judgement.</summary>
    Court,
}

/// <summary>Why something must be paid back.</summary>
public enum ObligationCause
{
    /// <summary>More was paid than was done (<i>kelebihan pembayaran</i>).</summary>
    Overpayment,

    /// <summary>A penalty for delay that was not taken (<i>denda keterlambatan</i>).</summary>
    LatePenalty,

    /// <summary>Cash that was not spent.</summary>
    UnspentCash,

    /// <summary>A loss of the region.</summary>
    Loss,

    /// <summary>Something else.</summary>
    Other,
}

/// <summary>Who must pay.</summary>
/// <param name="Id">The same for all obligations of one obligor; says nothing about a person.</param>
/// <param name="Kind">What sort of obligor.</param>
/// <param name="Name">Name; of a person only opened for those who may read it.</param>
public sealed record Obligor(string Id, ObligorKind Kind, string Name);

/// <summary>What must be paid by when.</summary>
/// <param name="DueOn">The last day on which it is in time.</param>
/// <param name="Amount">Rupiah.</param>
public sealed record Instalment(DateOnly DueOn, decimal Amount);

/// <summary>What an entry of the ledger is.</summary>
public enum LedgerEntryKind
{
    /// <summary>What is owed; always the first entry.</summary>
    Obligation,

    /// <summary>Money deposited in the regional treasury.</summary>
    Deposit,

    /// <summary>Takes back an earlier entry.</summary>
    Reversal,
}

/// <summary>A line of an obligation's ledger. Lines are never changed or deleted.</summary>
/// <param name="Number">1, 2, 3 … within the obligation.</param>
/// <param name="Kind">What it is.</param>
/// <param name="On">The day from which it counts.</param>
/// <param name="Amount">Rupiah, always more than nothing.</param>
/// <param name="Document">The number of the paper: contract or letter, STS of a deposit.</param>
/// <param name="Reverses">Number of the entry that it takes back.</param>
/// <param name="Reason">Why it takes it back.</param>
/// <param name="RecordedAt">When the platform learnt of it.</param>
/// <param name="ConfirmedAt">When the treasury confirmed the deposit; until then it does not count.</param>
/// <param name="RecordedBy">Who entered the deposit; null: it is older than that this is kept.</param>
public sealed record LedgerEntry(
    int Number, LedgerEntryKind Kind, DateOnly On, decimal Amount, string Document, int? Reverses, string? Reason, DateTimeOffset RecordedAt, DateTimeOffset? ConfirmedAt, string? RecordedBy = null);

/// <summary>Money at a date, and over a period when one was asked for. Outstanding = opening (or nothing) + owed - deposited, always.</summary>
/// <param name="Owed">What must be paid back; over a period what was added in it.</param>
/// <param name="Deposited">What the treasury has confirmed; over a period what came in it.</param>
/// <param name="Outstanding">What is left at the date.</param>
/// <param name="Opening">What was left at the end of the day before the period; null without a period.</param>
public sealed record Balance(decimal Owed, decimal Deposited, decimal Outstanding, decimal? Opening = null);

/// <summary>Something that must be paid back, with its ledger.</summary>
/// <param name="Id">Made of the reference.</param>
/// <param name="Version">Counts changes.</param>
/// <param name="Reference">The paper it stands on, unique in the regency.</param>
/// <param name="Obligor">Who must pay.</param>
/// <param name="Department">Department code.</param>
/// <param name="Year">Budget year in which the money was spent.</param>
/// <param name="Amount">Rupiah.</param>
/// <param name="On">From which day it is owed.</param>
/// <param name="Instrument">What binds the obligor.</param>
/// <param name="Cause">Why.</param>
/// <param name="Finding">The audit finding it comes from.</param>
/// <param name="Schedule">The instalments agreed last, as known at the asked instant; empty when none.</param>
/// <param name="Entries">The ledger up to the asked date.</param>
/// <param name="Balance">The sums at that date.</param>
/// <param name="Unconfirmed">Deposits that the treasury has not confirmed; they count nowhere yet.</param>
/// <param name="Arrears">What was due by the schedule and is not deposited.</param>
public sealed record Obligation(
    string Id, long Version, string Reference, Obligor Obligor, string Department, int Year, decimal Amount, DateOnly On, ObligationInstrument Instrument, ObligationCause Cause,
    string? Finding, IReadOnlyList<Instalment> Schedule, IReadOnlyList<LedgerEntry> Entries, Balance Balance, decimal Unconfirmed, decimal Arrears);

/// <summary>What is registered.</summary>
/// <param name="Name">Name of the obligor.</param>
public sealed record ObligationTerms(
    string Reference, ObligorKind Kind, string Name, string Department, int Year, decimal Amount, DateOnly On,
    ObligationInstrument Instrument = ObligationInstrument.AuditReport, ObligationCause Cause = ObligationCause.Overpayment, string? Finding = null);

/// <summary>Registers what must be paid back. The same again changes nothing; the same reference with other content is a conflict.</summary>
public sealed record RegisterObligation(string Regency, ObligationTerms Terms) : IRequest<MoneyOutcome<Obligation>>;

/// <summary>Agrees on instalments that together are what is owed; a later schedule takes the place of an earlier one.</summary>
/// <param name="Document">The paper that says so.</param>
public sealed record AgreeInstalments(string Regency, string Id, IReadOnlyList<Instalment> Instalments, string Document) : IRequest<MoneyOutcome<Obligation>>;

/// <summary>Enters a deposit. It counts once the treasury has confirmed it.</summary>
/// <param name="Obligation">Id of the obligation.</param>
/// <param name="Document">Number of the STS (<i>surat tanda setoran</i>).</param>
/// <param name="IsConfirmed">The treasury enters and confirms it in one step.</param>
public sealed record RecordDeposit(string Regency, string Obligation, DateOnly On, string Document, decimal Amount, bool IsConfirmed = false) : IRequest<MoneyOutcome<Obligation>>;

/// <summary>The treasury confirms that the money of a deposit is there.</summary>
/// <param name="Entry">Number of the entry.</param>
public sealed record ConfirmDeposit(string Regency, string Obligation, int Entry) : IRequest<MoneyOutcome<Obligation>>;

/// <summary>Takes back an entry by a new one. The first entry only when nothing is deposited.</summary>
/// <param name="Entry">Number of the entry.</param>
/// <param name="Reason">Why.</param>
/// <param name="On">From which day; null: from the day of the entry itself, because it never was so.</param>
public sealed record ReverseEntry(string Regency, string Obligation, int Entry, string Reason, DateOnly? On = null) : IRequest<MoneyOutcome<Obligation>>;

/// <summary>Takes over a list of obligations, all or nothing.</summary>
/// <param name="Csv">With a first line of names: reference,kind,name,department,year,amount,on and, if wanted, instrument,cause,finding.</param>
/// <param name="IsDryRun">Only say what would come of it.</param>
public sealed record ImportObligations(string Regency, string Csv, bool IsDryRun) : IRequest<MoneyOutcome<ListImport>>;

/// <summary>Takes over a list of deposits, all or nothing.</summary>
/// <param name="Csv">With a first line of names: reference,on,document,amount. The reference is that of the obligation.</param>
/// <param name="IsDryRun">Only say what would come of it.</param>
public sealed record ImportDeposits(string Regency, string Csv, bool IsDryRun) : IRequest<MoneyOutcome<ListImport>>;

/// <summary>What came of a list.</summary>
/// <param name="Added">New entries.</param>
/// <param name="Unchanged">Lines that were there already.</param>
/// <param name="Total">Sum of the new entries, rupiah.</param>
/// <param name="IsDryRun">Nothing was written.</param>
public sealed record ListImport(int Added, int Unchanged, decimal Total, bool IsDryRun);

/// <summary>Of which time figures are.</summary>
/// <param name="AsOf">At the end of this day, by the treasury's dates.</param>
/// <param name="From">Over the period from this day to <paramref name="AsOf"/>; null: from the beginning.</param>
/// <param name="KnownAt">As far as the platform knew at this instant; null: all it knows now.</param>
public sealed record FigureTime(DateOnly AsOf, DateOnly? From = null, DateTimeOffset? KnownAt = null);

/// <summary>Which obligations; null members do not restrict.</summary>
/// <param name="Department">Department code.</param>
/// <param name="Year">Budget year.</param>
/// <param name="Obligor">Id of the obligor.</param>
/// <param name="Finding">Id of the finding.</param>
public sealed record ObligationFilter(string? Department = null, int? Year = null, string? Obligor = null, string? Finding = null);

/// <summary>The sums of a regency, without names: for everybody.</summary>
public sealed record GetRepaymentSummary(string Regency, FigureTime Time, string? Department = null, int? Year = null) : IRequest<RepaymentSummary>;

/// <summary>The sums of a regency.</summary>
/// <param name="Unconfirmed">Deposits that wait for the treasury; in no other sum.</param>
/// <param name="Arrears">Due by schedules and not deposited.</param>
/// <param name="Obligations">How many obligations there are.</param>
/// <param name="Settled">How many of them are paid.</param>
/// <param name="Obligors">How many obligors.</param>
public sealed record RepaymentSummary(
    DateOnly AsOf, DateOnly? From, DateTimeOffset? KnownAt, decimal? Opening, decimal Owed, decimal Deposited, decimal Outstanding, decimal Unconfirmed, decimal Arrears, int Obligations, int Settled, int Obligors);

/// <summary>What is outstanding by its age, without names: for everybody.</summary>
public sealed record GetRepaymentAgeing(string Regency, FigureTime Time, string? Department = null, int? Year = null) : IRequest<IReadOnlyList<AgeBand>>;

/// <summary>What is outstanding for so long.</summary>
/// <param name="Band"><c>under1</c>, <c>from1to3</c>, <c>from3to5</c>, <c>over5</c>: years since it is owed.</param>
/// <param name="Outstanding">Rupiah.</param>
/// <param name="Obligations">How many of which something is left.</param>
public sealed record AgeBand(string Band, decimal Outstanding, int Obligations);

/// <summary>By what sums are parted.</summary>
public enum RepaymentGrouping
{
    /// <summary>By who must pay; with names, so for those who may read them.</summary>
    Contractor,

    /// <summary>By department.</summary>
    Department,

    /// <summary>By audit finding; for those who may read findings.</summary>
    Finding,

    /// <summary>By budget year.</summary>
    Year,
}

/// <summary>Sums parted by something; empty for somebody who may not read it.</summary>
public sealed record GetRepaymentGroups(string Regency, RepaymentGrouping By, FigureTime Time, ObligationFilter Filter) : IRequest<IReadOnlyList<RepaymentGroup>>;

/// <summary>A sum.</summary>
/// <param name="Key">Id of the obligor, code of the department, id of the finding, or the year; null: without one.</param>
/// <param name="Name">Name of the obligor or title of the finding.</param>
public sealed record RepaymentGroup(
    string? Key, string? Name, ObligorKind? Kind, decimal? Opening, decimal Owed, decimal Deposited, decimal Outstanding, decimal Arrears, int Obligations);

/// <summary>Obligations by id, as the caller may read them: an officer those of the own department.</summary>
/// <param name="After">Continue after this id.</param>
/// <param name="Limit">At most so many.</param>
/// <param name="IsShown">The caller is shown all of them, which is written down.</param>
public sealed record ListObligations(string Regency, ObligationFilter Filter, FigureTime Time, string? After = null, int Limit = 50, bool IsShown = true) : IRequest<ObligationPage>;

/// <summary>A page of obligations.</summary>
/// <param name="Next">Cursor of the next page; null at the end.</param>
public sealed record ObligationPage(IReadOnlyList<Obligation> Obligations, string? Next);

/// <summary>One obligation, or null when there is none for this caller.</summary>
public sealed record GetObligation(string Regency, string Id, FigureTime Time) : IRequest<Obligation?>;

/// <summary>What the caller may do with repayments.</summary>
public sealed record GetMoneyAccess(string Regency) : IRequest<MoneyAccess>;

/// <summary>What somebody may do with repayments and findings.</summary>
/// <param name="ReadsAll">Reads names and ledgers of the whole regency.</param>
/// <param name="Department">Reads those of this department only.</param>
/// <param name="Registers">Registers obligations and instalments.</param>
/// <param name="Confirms">Confirms deposits and takes entries back.</param>
/// <param name="Records">Enters deposits: of all, or of the own department.</param>
/// <param name="Decides">Enters audit reports, and decides on follow-up.</param>
public sealed record MoneyAccess(bool ReadsAll, string? Department, bool Registers, bool Confirms, bool Records, bool Decides)
{
    /// <summary>Another person confirms a deposit than who entered it.</summary>
    public bool FourEyes { get; init; }

    /// <summary>Whether names and ledgers of a department can be read.</summary>
    public bool Reads(string department) => ReadsAll || Department == department;

    /// <summary>Whether anything but sums can be read.</summary>
    public bool ReadsAny => ReadsAll || Department is not null;
}
