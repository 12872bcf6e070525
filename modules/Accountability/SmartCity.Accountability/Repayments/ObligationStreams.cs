using Marten;
using SmartCity.Accountability.Contracts;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Regencies;

namespace SmartCity.Accountability.Repayments;

/// <summary>Takes decisions on obligations and commits them: one, or a whole list in one transaction.</summary>
internal sealed class ObligationStreams(RegencySessions sessions, PersonalData personal, RegencyRegistry regencies, TimeProvider time)
{
    private const int Attempts = 5;

    /// <summary>The day on the regency's clock.</summary>
    public async Task<DateOnly> Today(string regency, CancellationToken cancel) => await regencies.Find(RegencyCode.Parse(regency), cancel) is { } place
        ? DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), place.Zone).Date) : DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    /// <summary>Decides on one obligation; who loses a race decides again on what the winner wrote.</summary>
    /// <param name="decide">Given what is known, which is null when there is no such obligation, and a pen that seals a person's name.</param>
    public async Task<MoneyOutcome<Obligation>> Decide(string regency, string id, Func<ObligationRecord?, Pen, Task<MoneyDecision>> decide, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var batch = Open(regency);
            var known = await batch.Load(id, cancel);
            var decision = await decide(known, batch.Pen);
            if (decision.Faults.Count > 0)
            {
                return new MoneyOutcome<Obligation>(null, decision.Faults, decision.Kind);
            }

            batch.Append(id, decision.Events);
            if (await batch.Commit(isLast: attempt == Attempts, cancel))
            {
                return new MoneyOutcome<Obligation>(await Show(regency, batch.Now(id)!, new FigureTime(await Today(regency, cancel)), cancel), [], IsNew: known is null);
            }
        }
    }

    /// <summary>Begins a list of decisions that are committed together.</summary>
    public Batch Open(string regency) => new(sessions.Open(regency), regency, personal, time);

    /// <summary>As others see it at a day; the name of a person is opened.</summary>
    public async Task<Obligation> Show(string regency, ObligationRecord record, FigureTime at, CancellationToken cancel) => (await Show(regency, [record], at, cancel))[0];

    /// <summary>As others see them at a day; names of persons are opened.</summary>
    public async Task<IReadOnlyList<Obligation>> Show(string regency, IReadOnlyList<ObligationRecord> records, FigureTime at, CancellationToken cancel)
    {
        await using var session = sessions.Query(regency);
        var reader = await personal.Reader(session, records.Select(r => r.Name), cancel);
        return [.. records.Select(r => new Obligation(
            r.Id, r.Version, r.Reference, new Obligor(r.Obligor, r.Kind, reader.Open(r.Name)!), r.Department, r.Year, r.Entries[0].Amount, r.On, r.Instrument, r.Cause, r.Finding,
            Ledger.Schedule(r, at.KnownAt), [.. r.Entries.Where(e => e.On <= at.AsOf && (at.KnownAt is null || e.RecordedAt <= at.KnownAt)).Select(e => at.KnownAt < e.ConfirmedAt ? e with { ConfirmedAt = null } : e)],
            Ledger.At(r, at), Ledger.Unconfirmed(r, at.AsOf, at.KnownAt), Ledger.Arrears(r, at.AsOf, at.KnownAt)))];
    }

    /// <summary>Decisions that are committed together or not at all.</summary>
    internal sealed class Batch(IDocumentSession session, string regency, PersonalData personal, TimeProvider time) : IAsyncDisposable
    {
        private readonly Dictionary<string, (ObligationRecord? Record, long Version, List<object> Events)> _streams = [];

        public Pen Pen { get; } = new(session, regency, personal);

        public async Task Prepare(IReadOnlyCollection<string> ids, CancellationToken cancel)
        {
            var known = (await session.LoadManyAsync<ObligationRecord>(cancel, [.. ids])).ToDictionary(r => r.Id);
            foreach (var id in ids)
            {
                _streams.TryAdd(id, (known.GetValueOrDefault(id), known.GetValueOrDefault(id)?.Version ?? 0, []));
            }
        }

        public async Task<ObligationRecord?> Load(string id, CancellationToken cancel)
        {
            await Prepare([id], cancel);
            return Now(id);
        }

        /// <summary>As it is with all that is decided so far.</summary>
        public ObligationRecord? Now(string id) => _streams.GetValueOrDefault(id).Record;

        public void Append(string id, IReadOnlyList<object> events)
        {
            var (record, version, all) = _streams[id];
            foreach (var one in events)
            {
                record = ObligationRecord.After(record, id, one, time.GetUtcNow());
                record!.Version = version + all.Count + 1;
                all.Add(one);
            }

            _streams[id] = (record, version, all);
        }

        /// <summary>Commits.</summary>
        /// <returns>False when somebody else was faster, unless it is the last attempt, which fails.</returns>
        public async Task<bool> Commit(bool isLast, CancellationToken cancel)
        {
            foreach (var (id, (_, version, events)) in _streams.Where(s => s.Value.Events.Count > 0))
            {
                if (version == 0)
                {
                    session.Events.StartStream<ObligationRecord>(id, events);
                }
                else
                {
                    session.Events.Append(id, version + events.Count, events);
                }
            }

            try
            {
                await session.SaveChangesAsync(cancel);
                return true;
            }
            catch (Exception failure) when (!isLast && LostRace.Is(failure))
            {
                return false;
            }
        }

        public ValueTask DisposeAsync() => session.DisposeAsync();
    }
}

/// <summary>Writes names: a company's as it is, a person's sealed with the key of that person.</summary>
internal sealed class Pen(IDocumentSession session, string regency, PersonalData personal)
{
    private readonly Dictionary<string, PersonSeal> _seals = [];

    /// <summary>The obligor's id, and the name as it is kept.</summary>
    public async Task<(string Id, string Name)> Write(ObligorKind kind, string name, CancellationToken cancel)
    {
        if (kind == ObligorKind.Contractor)
        {
            return (ObligationRecord.ContractorId(name), name);
        }

        var id = personal.PersonId(regency, $"obligor {ObligationRecord.Plain(name)}");
        if (!_seals.TryGetValue(id, out var seal))
        {
            _seals[id] = seal = await personal.SealFor(session, id, cancel);
        }

        return (id, seal.Seal(name)!);
    }
}
