using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.Personal;

namespace SmartCity.Departments.Planning;

/// <summary>What is decided about a planned work: an event, nothing, or why not.</summary>
internal readonly record struct PlanDecision(object? Event, IReadOnlyList<PlanFault> Faults, PlanFaultKind Kind)
{
    /// <summary>It is so already.</summary>
    public static PlanDecision Nothing => new(null, [], default);

    public static PlanDecision Happens(object @event) => new(@event, [], default);

    public static PlanDecision Refused(PlanFaultKind kind, params IReadOnlyList<PlanFault> faults) => new(null, faults, kind);
}

/// <summary>The rules of planned works: no I/O.</summary>
internal static class PlannedWorkRules
{
    public const int MaxName = 200, MaxReason = 1000, MaxCode = 64, FirstYear = 2000, YearsAhead = 20;

    /// <summary>Why somebody may not plan for a department; officers plan for their own.</summary>
    public static PlanFault? Check(Actor actor, string regency, params ReadOnlySpan<string> departments)
    {
        var isPlanner = actor.Is(regency, Role.Dispatcher, Role.Regent) || (actor.Role == Role.Operator && Actor.IsSystem(actor.Id));
        if (isPlanner || (actor.Is(regency, Role.Officer) && actor.Department is { } own && departments.IndexOfAnyExcept(own) < 0))
        {
            return null;
        }

        return new PlanFault("plannedWork.not_yours", "Officers plan for their own department; a dispatcher or the regent for all.",
            "Petugas hanya merencanakan untuk OPD-nya sendiri; petugas disposisi dan bupati untuk semua.", "department");
    }

    /// <summary>All that is wrong with terms in this regency.</summary>
    /// <param name="thisYear">The year on the regency's clock.</param>
    public static IReadOnlyList<PlanFault> Faults(PlannedWorkTerms terms, RegencyDirectory directory, int thisYear)
    {
        var faults = new List<PlanFault>();
        void Fault(string code, string english, string indonesian, string field) => faults.Add(new(code, english, indonesian, field));
        if (string.IsNullOrWhiteSpace(terms.Name) || terms.Name.Length > MaxName || terms.Name.Any(char.IsControl))
        {
            Fault("name.invalid", $"Name the work in one line of at most {MaxName} characters: what is done, and where.", $"Beri nama pekerjaan dalam satu baris, paling banyak {MaxName} huruf: apa dan di mana.", "name");
        }
        else if (PublicText.Mask(terms.Name) != terms.Name)
        {
            Fault("name.personal", "Everybody reads the name: leave out telephone numbers, e-mail addresses and identity numbers.", "Nama dibaca semua orang: jangan menulis nomor telepon, surel, atau NIK.", "name");
        }

        if (directory.Departments.All(d => d.Code != terms.Department))
        {
            Fault("department.unknown", $"There is no department '{terms.Department}' here.", $"Tidak ada OPD '{terms.Department}' di sini.", "department");
        }

        foreach (var district in terms.Districts.Where(code => directory.Districts.All(d => d.Code != code)))
        {
            Fault("district.unknown", $"There is no district '{district}' here; a code looks like 33.28.10.", $"Tidak ada kecamatan '{district}' di sini; kodenya seperti 33.28.10.", "districts");
        }

        if (terms.FiscalYear < FirstYear || terms.FiscalYear > thisYear + YearsAhead)
        {
            Fault("fiscalYear.invalid", $"Give a budget year between {FirstYear} and {thisYear + YearsAhead}.", $"Isi tahun anggaran antara {FirstYear} dan {thisYear + YearsAhead}.", "fiscalYear");
        }

        if (!Rupiah.IsCost(terms.Cost))
        {
            Fault("cost.invalid", "Give the cost in whole rupiah, 0 or more, below one thousand trillion: 1250000.", "Isi biaya dalam rupiah bulat, 0 atau lebih: 1250000.", "cost");
        }

        if (!FundingSources.All.Contains(terms.Source))
        {
            Fault("source.unknown", $"Choose the source of the money: {string.Join(", ", FundingSources.All)}.", "Pilih sumber dana: APBD, APBD Perubahan, provinsi, nasional, atau desa.", "source");
        }

        return faults;
    }

    /// <summary>A work is written into the plan; one that is there already must say the same.</summary>
    public static PlanDecision Plan(PlannedWorkRecord? known, PlannedWorkTerms terms, string? code) => known switch
    {
        null => PlanDecision.Happens(new PlannedWorkPlanned(terms, code)),
        _ when Same(known.Terms, terms) && known.State != PlannedWorkState.Cancelled => PlanDecision.Nothing,
        _ => PlanDecision.Refused(PlanFaultKind.Conflict, new PlanFault("plannedWork.exists",
            $"{known.Terms.Department} has planned “{known.Terms.Name}” already ({known.Id}, {known.State.ToString().ToLowerInvariant()}): {Rupiah.Write(known.Terms.Cost)} in {known.Terms.FiscalYear}, source {known.Terms.Source}. Use that one by its id, change it, or choose another name.",
            $"{known.Terms.Department} sudah merencanakan “{known.Terms.Name}” ({known.Id}): {Rupiah.Write(known.Terms.Cost)}, {FundingSources.Name(known.Terms.Source).Indonesian} {known.Terms.FiscalYear}. Pilih pekerjaan itu, ubah, atau beri nama lain.", "name")),
    };

    /// <summary>Something about a work is different.</summary>
    public static PlanDecision Change(PlannedWorkRecord known, PlannedWorkTerms terms, string? reason)
    {
        if (known.State == PlannedWorkState.Done)
        {
            return PlanDecision.Refused(PlanFaultKind.Conflict, new PlanFault("plannedWork.done", "The work is done; what it was planned as stays.", "Pekerjaan sudah selesai; rencananya tidak diubah lagi."));
        }

        if (Same(known.Terms, terms) && known.State != PlannedWorkState.Cancelled)
        {
            return PlanDecision.Nothing;
        }

        return Reason(reason, isNeeded: true) is { } fault ? PlanDecision.Refused(PlanFaultKind.Invalid, fault) : PlanDecision.Happens(new PlannedWorkChanged(terms, reason!.Trim()));
    }

    /// <summary>A work begins, is done, or is cancelled; it goes back only by being changed.</summary>
    public static PlanDecision MoveTo(PlannedWorkRecord known, PlannedWorkState to, string? reason)
    {
        if (known.State == to)
        {
            return PlanDecision.Nothing;
        }

        if (!CanMove(known.State, to))
        {
            return PlanDecision.Refused(PlanFaultKind.Conflict, new PlanFault("plannedWork.state",
                $"The work is {known.State.ToString().ToLowerInvariant()}: it cannot be {to.ToString().ToLowerInvariant()} now.{(known.State == PlannedWorkState.Cancelled ? " Change it to plan it again." : "")}",
                $"Status pekerjaan tidak memungkinkan langkah ini.{(known.State == PlannedWorkState.Cancelled ? " Ubah pekerjaan untuk merencanakannya lagi." : "")}"));
        }

        if (Reason(reason, isNeeded: to == PlannedWorkState.Cancelled) is { } fault)
        {
            return PlanDecision.Refused(PlanFaultKind.Invalid, fault);
        }

        var said = string.IsNullOrWhiteSpace(reason) ? null : reason.Trim();
        return PlanDecision.Happens(to switch
        {
            PlannedWorkState.Started => new PlannedWorkStarted(said),
            PlannedWorkState.Done => new PlannedWorkFinished(said),
            _ => new PlannedWorkCancelled(said!),
        });
    }

    /// <summary>Where a work can go from where it stands.</summary>
    public static bool CanMove(PlannedWorkState from, PlannedWorkState to) => (from, to) switch
    {
        (PlannedWorkState.Planned, PlannedWorkState.Started or PlannedWorkState.Done or PlannedWorkState.Cancelled) => true,
        (PlannedWorkState.Started, PlannedWorkState.Done or PlannedWorkState.Cancelled) => true,
        _ => false,
    };

    /// <summary>Whether two plans say the same; districts in any order.</summary>
    public static bool Same(PlannedWorkTerms one, PlannedWorkTerms other) =>
        (one.Name, one.Department, one.FiscalYear, one.Cost, one.Source) == (other.Name, other.Department, other.FiscalYear, other.Cost, other.Source)
        && one.Districts.Order(StringComparer.Ordinal).SequenceEqual(other.Districts.Order(StringComparer.Ordinal));

    /// <summary>Terms as they are kept: without blanks around the name, each district once.</summary>
    public static PlannedWorkTerms Tidy(PlannedWorkTerms terms) => terms with
    {
        Name = terms.Name.Trim(),
        Department = terms.Department.Trim(),
        Districts = [.. terms.Districts.Select(d => d.Trim()).Where(d => d.Length > 0).Distinct().Order(StringComparer.Ordinal)],
    };

    private static PlanFault? Reason(string? reason, bool isNeeded) =>
        string.IsNullOrWhiteSpace(reason)
            ? isNeeded ? new PlanFault("reason.missing", "Say why: everyone who asked for the work reads it.", "Tulis alasannya: semua yang meminta pekerjaan ini membacanya.", "reason") : null
            : reason.Length > MaxReason ? new PlanFault("reason.too_long", $"At most {MaxReason} characters.", $"Paling banyak {MaxReason} huruf.", "reason")
            : PublicText.Mask(reason) != reason ? new PlanFault("reason.personal", "Everybody reads it: leave out telephone numbers, e-mail addresses and identity numbers.", "Dibaca semua orang: jangan menulis nomor telepon, surel, atau NIK.", "reason")
            : null;
}
