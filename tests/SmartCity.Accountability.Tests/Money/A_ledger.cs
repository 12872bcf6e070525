using CsCheck;
using SmartCity.Accountability.Contracts;
using SmartCity.Accountability.Repayments;

namespace SmartCity.Accountability.Tests.Money;

public class A_ledger
{
    private static readonly DateOnly Begin = new(2015, 6, 1), Today = new(2016, 12, 31);
    private static readonly DateTimeOffset Start = new(2017, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Something that somebody tries to do; many of these are refused.</summary>
    private sealed record Attempt(int What, decimal Money, int Day, int Entry);

    private static readonly Gen<Attempt> Attempts = Gen.Select(Gen.Int[0, 5], Gen.Int[1, 60_000], Gen.Int[0, 560], Gen.Int[1, 12], (what, sen, day, entry) => new Attempt(what, sen / 100m, day, entry));

    private static readonly Gen<(decimal Owed, Attempt[] All)> Stories = Gen.Select(Gen.Int[1, 100_000], Attempts.Array[0, 25], (sen, all) => (sen / 100m, all));

    private static ObligationRecord Registered(decimal amount) => ObligationRecord.After(null, "ob-1",
        new ObligationRegistered("K-1", ObligorKind.Contractor, "c-1", "CV Contoh", "DPU", 2014, amount, Begin, ObligationInstrument.AuditReport, ObligationCause.Overpayment, null), Start)!;

    private static ObligationRecord Play(decimal owed, IReadOnlyList<Attempt> attempts, List<(object Event, DateTimeOffset At)>? history = null)
    {
        var (ledger, at) = (Registered(owed), Start);
        foreach (var attempt in attempts)
        {
            var day = Begin.AddDays(attempt.Day);
            var decision = attempt.What switch
            {
                0 or 1 => ObligationRules.Deposit(ledger, day, $"STS-{ledger.Entries.Count}", attempt.Money, isConfirmed: true, Today),
                2 => ObligationRules.Deposit(ledger, day, $"STS-{ledger.Entries.Count}", attempt.Money, isConfirmed: false, Today),
                3 => ObligationRules.Confirm(ledger, attempt.Entry),
                4 => ObligationRules.Reverse(ledger, attempt.Entry, "Keliru", null, Today),
                _ => ObligationRules.Reverse(ledger, attempt.Entry, "Uang kembali", day, Today),
            };
            at = at.AddMinutes(1);
            foreach (var one in decision.Events)
            {
                ledger = ObligationRecord.After(ledger, "ob-1", one, at)!;
                history?.Add((one, at));
            }
        }

        return ledger;
    }

    private static IEnumerable<DateOnly> Days(ObligationRecord ledger) => ledger.Entries.Select(e => e.On).SelectMany(d => new[] { d.AddDays(-1), d, d.AddDays(1) }).Append(Today).Distinct();

    [Fact]
    public void adds_up_on_every_day_and_is_never_below_nothing() => Stories.Sample(story =>
    {
        var ledger = Play(story.Owed, story.All);
        foreach (var day in Days(ledger))
        {
            var balance = Ledger.At(ledger, new FigureTime(day));
            balance.Owed.ShouldBe(balance.Deposited + balance.Outstanding);
            balance.Outstanding.ShouldBeGreaterThanOrEqualTo(0);
            balance.Deposited.ShouldBeGreaterThanOrEqualTo(0);
            (balance.Owed == 0 || balance.Owed == story.Owed).ShouldBeTrue();
            (Ledger.Deposited(ledger, day) + Ledger.Unconfirmed(ledger, day)).ShouldBeLessThanOrEqualTo(balance.Owed);
        }
    });

    [Fact]
    public void of_a_day_does_not_depend_on_the_order_in_which_its_entries_were_entered() => Gen.Select(Stories, Gen.Int).Sample((story, seed) =>
    {
        var ledger = Play(story.Owed, story.All);
        var entries = ledger.Entries.ToArray();
        new Random(seed).Shuffle(entries);
        var shuffled = ledger with { Entries = entries };
        foreach (var day in Days(ledger))
        {
            Ledger.At(shuffled, new FigureTime(day, day.AddDays(-30))).ShouldBe(Ledger.At(ledger, new FigureTime(day, day.AddDays(-30))));
        }
    });

    [Fact]
    public void takes_back_to_the_last_sen() => Stories.Sample(story =>
    {
        var ledger = Play(story.Owed, story.All);
        foreach (var entry in ledger.Entries.Where(e => e.Kind == LedgerEntryKind.Deposit && !Ledger.IsReversed(ledger, e)).ToList())
        {
            ledger = ObligationRecord.After(ledger, "ob-1", ObligationRules.Reverse(ledger, entry.Number, "Keliru", null, Today).Events.Single(), Start)!;
        }

        Ledger.Deposited(ledger, Today).ShouldBe(0);
        Ledger.Unconfirmed(ledger, Today).ShouldBe(0);
    });

    [Fact]
    public void knows_at_an_instant_what_the_history_up_to_it_makes() => Gen.Select(Stories, Gen.Int[0, 25]).Sample((story, minutes) =>
    {
        var history = new List<(object Event, DateTimeOffset At)>();
        var (ledger, instant) = (Play(story.Owed, story.All, history), Start.AddMinutes(minutes));
        var then = history.Where(h => h.At <= instant).Aggregate(Registered(story.Owed), (known, h) => ObligationRecord.After(known, "ob-1", h.Event, h.At)!);
        foreach (var day in Days(ledger))
        {
            Ledger.At(ledger, new FigureTime(day, KnownAt: instant)).ShouldBe(Ledger.At(then, new FigureTime(day)));
            Ledger.Unconfirmed(ledger, day, instant).ShouldBe(Ledger.Unconfirmed(then, day));
        }
    });

    [Fact]
    public void over_a_period_leads_from_its_opening_to_its_end() => Gen.Select(Stories, Gen.Int[-40, 600], Gen.Int[0, 300]).Sample((story, first, length) =>
    {
        var ledger = Play(story.Owed, story.All);
        var (from, to) = (Begin.AddDays(first), Begin.AddDays(first + length));
        var (period, before) = (Ledger.At(ledger, new FigureTime(to, from)), Ledger.At(ledger, new FigureTime(from.AddDays(-1))));
        period.Opening.ShouldBe(before.Outstanding);
        period.Outstanding.ShouldBe(period.Opening!.Value + period.Owed - period.Deposited);
    });

    [Fact]
    public void takes_no_more_than_is_owed_and_says_what_is_left()
    {
        var ledger = Play(100, [new(0, 60, 10, 0), new(2, 15.5m, 20, 0)]);

        var refused = ObligationRules.Deposit(ledger, Begin.AddDays(30), "STS-9", 25, isConfirmed: true, Today);

        (refused.Kind, refused.Faults[0].Field).ShouldBe((MoneyFaultKind.Conflict, "amount"));
        refused.Faults[0].English.ShouldContain("Rp 24,50 is left");
        refused.Faults[0].English.ShouldContain("Rp 15,50 of deposits that wait");
        ObligationRules.Deposit(ledger, Begin.AddDays(30), "STS-9", 24.5m, isConfirmed: true, Today).Events.Count.ShouldBe(2);
        // On a day before a later deposit no more is left either: the sum of that later day would be too much.
        ObligationRules.Deposit(ledger, Begin, "STS-9", 24.51m, isConfirmed: true, Today).Faults.ShouldNotBeEmpty();
    }

    [Fact]
    public void counts_a_deposit_once_it_is_confirmed_and_a_repeated_one_once()
    {
        var ledger = Play(100, [new(2, 40, 10, 0)]);
        Ledger.Deposited(ledger, Today).ShouldBe(0);

        ObligationRules.Deposit(ledger, Begin.AddDays(10), "STS-1", 40, isConfirmed: false, Today).ShouldBe(MoneyDecision.Nothing);
        ObligationRules.Deposit(ledger, Begin.AddDays(10), "STS-1", 41, isConfirmed: false, Today).Faults[0].Code.ShouldBe("document.twice");
        ledger = ObligationRecord.After(ledger, "ob-1", ObligationRules.Confirm(ledger, 2).Events.Single(), Start)!;
        Ledger.Deposited(ledger, Today).ShouldBe(40);
        ObligationRules.Confirm(ledger, 2).ShouldBe(MoneyDecision.Nothing);
    }

    [Fact]
    public void takes_an_entry_back_once_and_the_obligation_only_without_deposits()
    {
        var ledger = Play(100, [new(0, 40, 10, 0)]);

        ObligationRules.Reverse(ledger, 1, "Salah rekanan", null, Today).Faults[0].Code.ShouldBe("obligation.has_deposits");
        ledger = ObligationRecord.After(ledger, "ob-1", ObligationRules.Reverse(ledger, 2, "Salah rekanan", null, Today).Events.Single(), Start)!;
        ObligationRules.Reverse(ledger, 2, "Lagi", null, Today).Faults[0].Code.ShouldBe("entry.reversed");
        ObligationRules.Reverse(ledger, 3, "Membalik pembalik", null, Today).Kind.ShouldBe(MoneyFaultKind.NotFound);
        ledger = ObligationRecord.After(ledger, "ob-1", ObligationRules.Reverse(ledger, 1, "Salah rekanan", null, Today).Events.Single(), Start)!;
        (Ledger.Owed(ledger, Today), Ledger.Left(ledger, Begin)).ShouldBe((0, 0));
        ledger.Entries.Count.ShouldBe(4);
    }

    [Fact]
    public void is_in_arrears_by_its_schedule()
    {
        var ledger = Play(300, [new(0, 100, 10, 0)]);
        IReadOnlyList<Instalment> plan = [new(new(2016, 1, 31), 100), new(new(2016, 2, 29), 100), new(new(2016, 3, 31), 100)];

        ObligationRules.Agree(ledger, [.. plan.Take(2)], "SP-1").Faults[0].Code.ShouldBe("instalments.sum");
        ObligationRules.Agree(ledger, [.. plan.Reverse()], "SP-1").Faults[0].Code.ShouldBe("instalments.invalid");
        ledger = ObligationRecord.After(ledger, "ob-1", ObligationRules.Agree(ledger, plan, "SP-1").Events.Single(), Start.AddHours(1))!;
        new[] { new DateOnly(2016, 1, 31), new(2016, 2, 29), new(2016, 3, 1), new(2016, 12, 1) }.Select(day => Ledger.Arrears(ledger, day)).ShouldBe([0, 0, 100, 200]);
        Ledger.Arrears(ledger, Today, Start).ShouldBe(0);
    }

    [Theory]
    [InlineData("2015-06-01", "2016-05-31", "under1")]
    [InlineData("2015-06-01", "2016-06-01", "from1to3")]
    [InlineData("2012-02-29", "2015-02-28", "from3to5")]
    [InlineData("2010-06-01", "2015-06-01", "over5")]
    public void has_an_age_in_whole_years(string since, string on, string band) =>
        Ledger.Band(DateOnly.Parse(since, System.Globalization.CultureInfo.InvariantCulture), DateOnly.Parse(on, System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(band);

    [Fact]
    public void binds_no_contractor_by_what_binds_officials() => ObligationRules.Faults(
        new ObligationTerms("K-1", ObligorKind.Contractor, "CV Contoh", "DPU", 2014, 1, Begin, ObligationInstrument.Sktjm), new HashSet<string> { "DPU" }, Today).Single().Code.ShouldBe("instrument.officials_only");
}

public class An_amount
{
    [Theory]
    [InlineData("1250000", "1250000")]
    [InlineData("1.250.000", "1250000")]
    [InlineData("Rp 1.250.000,50", "1250000.5")]
    [InlineData("1250000.50", "1250000.5")]
    [InlineData("12.5", "12.5")]
    [InlineData("1.250", "1250")]
    [InlineData("1.250,-", "1250")]
    [InlineData("1.25.000", null)]
    [InlineData("1,250,000", null)]
    [InlineData("-5", null)]
    [InlineData("1,005", null)]
    [InlineData("", null)]
    public void is_read_as_people_write_it(string text, string? amount) =>
        Amount.Read(text)?.ToString(System.Globalization.CultureInfo.InvariantCulture).ShouldBe(amount);

    [Fact]
    public void comes_back_as_it_was_written() => Gen.Long[1, 999_999_999_999_999].Select(sen => sen / 100m).Sample(amount =>
    {
        Amount.Read(Amount.Write(amount)).ShouldBe(amount);
        Amount.IsEntry(amount).ShouldBeTrue();
        // Even a reader of doubles gets the same number back.
        ((decimal)double.Parse(amount.ToString(System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(amount);
    });

    [Theory]
    [InlineData(0, "nol")]
    [InlineData(11, "sebelas")]
    [InlineData(19, "sembilan belas")]
    [InlineData(100, "seratus")]
    [InlineData(1_999, "seribu sembilan ratus sembilan puluh sembilan")]
    [InlineData(21_011, "dua puluh satu ribu sebelas")]
    [InlineData(1_001_000, "satu juta seribu")]
    [InlineData(3_240_000_000, "tiga miliar dua ratus empat puluh juta")]
    public void has_words(long number, string words) => Terbilang.Write(number).ShouldBe(words);

    [Fact]
    public void in_words_is_the_same_number() => Gen.OneOf(Gen.Long[0, 3_000], Gen.Long[0, 9_999_999_999_999], Gen.Long[0, 9_000_000_000_000_000])
        .Sample(number => Value(Terbilang.Write(number)).ShouldBe(number));

    [Fact]
    public void in_words_names_rupiah_and_sen() => Terbilang.Rupiah(1_250_000.05m).ShouldBe("satu juta dua ratus lima puluh ribu rupiah lima sen");

    // Reads words back, by another way than they are written.
    private static long Value(string words)
    {
        string[] ones = ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"];
        var (total, group, digit) = (0L, 0L, 0L);
        foreach (var word in words.Replace("seribu", "satu ribu").Replace("seratus", "satu ratus").Replace("sepuluh", "satu puluh").Replace("sebelas", "satu belas").Split(' '))
        {
            switch (word)
            {
                case "belas": (group, digit) = (group + digit + 10, 0); break;
                case "puluh": (group, digit) = (group + (digit * 10), 0); break;
                case "ratus": (group, digit) = (group + (digit * 100), 0); break;
                case "ribu" or "juta" or "miliar" or "triliun" or "kuadriliun":
                    total += (group + digit) * (long)Math.Pow(1000, Array.IndexOf(["", "ribu", "juta", "miliar", "triliun", "kuadriliun"], word));
                    (group, digit) = (0, 0);
                    break;
                default: digit = Array.IndexOf(ones, word); break;
            }
        }

        return total + group + digit;
    }
}
