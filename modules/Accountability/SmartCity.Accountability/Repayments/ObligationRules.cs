using SmartCity.Accountability.Contracts;

namespace SmartCity.Accountability.Repayments;

/// <summary>What is decided: events, nothing because it is so already, or why not.</summary>
internal readonly record struct MoneyDecision(IReadOnlyList<object> Events, IReadOnlyList<MoneyFault> Faults, MoneyFaultKind Kind)
{
    /// <summary>It is so already.</summary>
    public static MoneyDecision Nothing => new([], [], default);

    public static MoneyDecision Happens(params IReadOnlyList<object> events) => new(events, [], default);

    public static MoneyDecision Refused(params IReadOnlyList<MoneyFault> faults) => new([], faults, MoneyFaultKind.Invalid);

    public static MoneyDecision Conflict(string code, string english, string indonesian, string? field = null) => new([], [new(code, english, indonesian, field)], MoneyFaultKind.Conflict);
}

/// <summary>The rules of repayments: no I/O.</summary>
internal static class ObligationRules
{
    public const int MaxReference = 100, MaxName = 200, MaxReason = 1000, MaxInstalments = 240, FirstYear = 1990;

    /// <summary>All that is wrong with what is to be registered.</summary>
    /// <param name="departments">Codes of the regency's departments.</param>
    /// <param name="today">The day on the regency's clock.</param>
    public static IReadOnlyList<MoneyFault> Faults(ObligationTerms terms, IReadOnlySet<string> departments, DateOnly today)
    {
        var faults = new List<MoneyFault>();
        void Fault(string code, string english, string indonesian, string field) => faults.Add(new(code, english, indonesian, field));
        Line(terms.Reference, MaxReference, "reference", faults);
        Line(terms.Name, MaxName, "name", faults);
        if (!departments.Contains(terms.Department))
        {
            Fault("department.unknown", $"There is no department '{terms.Department}' here.", $"Tidak ada OPD '{terms.Department}' di sini.", "department");
        }

        if (terms.Year < FirstYear || terms.Year > today.Year)
        {
            Fault("year.invalid", $"Give the budget year, {FirstYear} to {today.Year}.", $"Isi tahun anggaran, {FirstYear} sampai {today.Year}.", "year");
        }

        CheckAmount(terms.Amount, faults);
        if (terms.On.Year < FirstYear || terms.On > today || terms.On.Year < terms.Year)
        {
            Fault("on.invalid", $"Give the day from which it is owed: not before the budget year, not after {Day(today)}.", $"Isi tanggal mulai berutang: tidak sebelum tahun anggaran, tidak setelah {Day(today)}.", "on");
        }

        if (!Enum.IsDefined(terms.Kind) || !Enum.IsDefined(terms.Instrument) || !Enum.IsDefined(terms.Cause))
        {
            Fault("kind.invalid", "Use a kind, an instrument and a cause that are in the list.", "Gunakan jenis, dasar, dan sebab yang ada dalam daftar.", "kind");
        }
        else if (terms.Kind is ObligorKind.Contractor or ObligorKind.Other && terms.Instrument is ObligationInstrument.Sktjm or ObligationInstrument.Decree)
        {
            Fault("instrument.officials_only", "SKTJM and TGR decrees bind officials and treasurers only; a contractor promises in a statement, or is bound by a judgement.",
                "SKTJM dan SK pembebanan hanya untuk pegawai dan bendahara; rekanan dengan surat pernyataan atau putusan pengadilan.", "instrument");
        }

        return faults;
    }

    public static MoneyDecision Register(ObligationRecord? known, ObligationRegistered wanted)
    {
        if (known is null)
        {
            return MoneyDecision.Happens(wanted);
        }

        var first = known.Entries[0];
        var isSame = (known.Kind, known.Obligor, known.Department, known.Year, first.Amount, known.On, known.Instrument, known.Cause, known.Finding)
            == (wanted.Kind, wanted.Obligor, wanted.Department, wanted.Year, wanted.Amount, wanted.On, wanted.Instrument, wanted.Cause, wanted.Finding);
        return isSame ? MoneyDecision.Nothing : MoneyDecision.Conflict("obligation.other",
            $"{known.Reference} is registered with other content. What is wrong is taken back by a reversal and registered under a new reference.",
            $"{known.Reference} sudah terdaftar dengan isi lain. Yang keliru dibatalkan dengan entri pembalik lalu didaftarkan dengan nomor baru.", "reference");
    }

    public static MoneyDecision Agree(ObligationRecord known, IReadOnlyList<Instalment> instalments, string document)
    {
        var faults = new List<MoneyFault>();
        Line(document, MaxReference, "document", faults);
        if (instalments.Count is 0 or > MaxInstalments || instalments.Any(i => !Amount.IsEntry(i.Amount)) || instalments.Zip(instalments.Skip(1)).Any(pair => pair.First.DueOn >= pair.Second.DueOn) || instalments[0].DueOn < known.On)
        {
            faults.Add(new("instalments.invalid", $"Give 1 to {MaxInstalments} instalments, each later than the one before and none before {Day(known.On)}, with amounts above nothing.",
                $"Isi 1 sampai {MaxInstalments} angsuran berurutan, tidak sebelum {Day(known.On)}, dengan jumlah di atas nol.", "instalments"));
        }
        else if (instalments.Sum(i => i.Amount) is var sum && Ledger.Owed(known, DateOnly.MaxValue) is var owed && sum != owed)
        {
            faults.Add(new("instalments.sum", $"Together the instalments must be what is owed, {Amount.Write(owed)}; they are {Amount.Write(sum)}.",
                $"Jumlah angsuran harus sama dengan kewajiban, {Amount.Write(owed)}; sekarang {Amount.Write(sum)}.", "instalments"));
        }

        return faults.Count > 0 ? MoneyDecision.Refused(faults)
            : known.Schedules.LastOrDefault() is { } last && last.Document == document && last.Instalments.SequenceEqual(instalments) ? MoneyDecision.Nothing
            : MoneyDecision.Happens(new InstalmentsAgreed(instalments, document));
    }

    /// <summary>Enters a deposit, and confirms it too when the treasury itself enters it.</summary>
    public static MoneyDecision Deposit(ObligationRecord known, DateOnly on, string document, decimal amount, bool isConfirmed, DateOnly today, Eyes eyes = default)
    {
        var faults = new List<MoneyFault>();
        Line(document, MaxReference, "document", faults);
        CheckAmount(amount, faults);
        if (on < known.On || on > today)
        {
            faults.Add(new("on.invalid", $"Give the day of the deposit, {Day(known.On)} to {Day(today)}.", $"Isi tanggal setoran, {Day(known.On)} sampai {Day(today)}.", "on"));
        }

        if (faults.Count > 0)
        {
            return MoneyDecision.Refused(faults);
        }

        if (known.Entries.FirstOrDefault(e => e.Kind == LedgerEntryKind.Deposit && e.Document == document && !Ledger.IsReversed(known, e)) is { } there)
        {
            return (there.On, there.Amount) != (on, amount) ? MoneyDecision.Conflict("document.twice",
                    $"{document} is entered already, with {Amount.Write(there.Amount)} on {Day(there.On)}.", $"{document} sudah tercatat, {Amount.Write(there.Amount)} tanggal {Day(there.On)}.", "document")
                : !isConfirmed || there.ConfirmedAt is not null ? MoneyDecision.Nothing
                : IsOwn(there, eyes) ? eyes.MayWait ? MoneyDecision.Nothing : NotAlone
                : MoneyDecision.Happens(new DepositConfirmed(there.Number));
        }

        var left = Ledger.Left(known, on);
        if (amount > left)
        {
            var waiting = Ledger.Unconfirmed(known, DateOnly.MaxValue);
            var (english, indonesian) = waiting == 0 ? ("", "") : ($", {Amount.Write(waiting)} of deposits that wait for the treasury taken off", $", setelah dikurangi setoran yang menunggu konfirmasi {Amount.Write(waiting)}");
            return MoneyDecision.Conflict("amount.more_than_owed", $"Never more than is owed: {Amount.Write(left)} is left{english}, and the deposit is {Amount.Write(amount)}.",
                $"Tidak boleh melebihi kewajiban: sisa {Amount.Write(left)}{indonesian}, sedangkan setoran {Amount.Write(amount)}.", "amount");
        }

        var entry = known.Entries.Count + 1;
        var recorded = new DepositRecorded(entry, on, document, amount, eyes.By);
        return isConfirmed && eyes.Four ? eyes.MayWait ? MoneyDecision.Happens(recorded) : NotAlone
            : isConfirmed ? MoneyDecision.Happens(recorded, new DepositConfirmed(entry)) : MoneyDecision.Happens(recorded);
    }

    private static MoneyDecision NotAlone => MoneyDecision.Conflict("deposit.four_eyes",
        "Another person of the treasury confirms a deposit than who entered it: enter it without confirming it.", "Setoran dikonfirmasi orang lain dari kas daerah, bukan yang mencatatnya: catat tanpa konfirmasi.", "confirmed");

    private static bool IsOwn(LedgerEntry deposit, Eyes eyes) => eyes.Four && deposit.RecordedBy is { } by && by == eyes.By;

    public static MoneyDecision Confirm(ObligationRecord known, int entry, Eyes eyes = default) => known.Entries.ElementAtOrDefault(entry - 1) switch
    {
        { Kind: LedgerEntryKind.Deposit } deposit when Ledger.IsReversed(known, deposit) => MoneyDecision.Conflict("entry.reversed", $"Entry {entry} was taken back.", $"Entri {entry} sudah dibatalkan.", "entry"),
        { Kind: LedgerEntryKind.Deposit, ConfirmedAt: null } deposit when IsOwn(deposit, eyes) => NotAlone,
        { Kind: LedgerEntryKind.Deposit, ConfirmedAt: null } => MoneyDecision.Happens(new DepositConfirmed(entry)),
        { Kind: LedgerEntryKind.Deposit } => MoneyDecision.Nothing,
        _ => NoEntry(entry),
    };

    /// <summary>Takes back an entry.</summary>
    /// <param name="on">From which day; null: from the entry's own, because it never was so.</param>
    public static MoneyDecision Reverse(ObligationRecord known, int entry, string reason, DateOnly? on, DateOnly today)
    {
        if (known.Entries.ElementAtOrDefault(entry - 1) is not { Kind: not LedgerEntryKind.Reversal } wrong)
        {
            return NoEntry(entry);
        }

        if (string.IsNullOrWhiteSpace(reason) || reason.Length > MaxReason)
        {
            return MoneyDecision.Refused(new MoneyFault("reason.missing", $"Say why it is taken back, at most {MaxReason} characters.", $"Isi alasan pembatalan, paling banyak {MaxReason} huruf.", "reason"));
        }

        var from = on ?? wrong.On;
        if (from < wrong.On || from > today)
        {
            return MoneyDecision.Refused(new MoneyFault("on.invalid", $"Give a day from {Day(wrong.On)} to {Day(today)}, or none.", $"Isi tanggal dari {Day(wrong.On)} sampai {Day(today)}, atau kosongkan.", "on"));
        }

        if (Ledger.IsReversed(known, wrong))
        {
            return MoneyDecision.Conflict("entry.reversed", $"Entry {entry} was taken back already.", $"Entri {entry} sudah dibatalkan.", "entry");
        }

        // Without the obligation nothing may have been deposited: what is left must be all of it, on every day from then on.
        return wrong.Kind == LedgerEntryKind.Obligation && Ledger.Left(known, from) < wrong.Amount
            ? MoneyDecision.Conflict("obligation.has_deposits", "Take back its deposits first: an obligation that is not there cannot have any.", "Batalkan dahulu setorannya: kewajiban yang tidak ada tidak dapat memiliki setoran.", "entry")
            : MoneyDecision.Happens(new EntryReversed(known.Entries.Count + 1, entry, from, wrong.Amount, reason.Trim()));
    }

    /// <summary>One line of a limited length.</summary>
    public static void Line(string? text, int most, string field, List<MoneyFault> faults)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > most || text.Any(char.IsControl))
        {
            faults.Add(new($"{field}.invalid", $"Give one line of at most {most} characters.", $"Isi satu baris, paling banyak {most} huruf.", field));
        }
    }

    private static void CheckAmount(decimal amount, List<MoneyFault> faults)
    {
        if (!Amount.IsEntry(amount))
        {
            faults.Add(new("amount.invalid", $"Give an amount in rupiah above nothing, with at most two decimals and at most {Amount.Write(Amount.Most)}.",
                $"Isi jumlah rupiah di atas nol, paling banyak dua desimal dan paling banyak {Amount.Write(Amount.Most)}.", "amount"));
        }
    }

    private static MoneyDecision NoEntry(int entry) =>
        new([], [new("entry.unknown", $"There is no entry {entry} of that kind.", $"Tidak ada entri {entry} semacam itu.", "entry")], MoneyFaultKind.NotFound);

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
