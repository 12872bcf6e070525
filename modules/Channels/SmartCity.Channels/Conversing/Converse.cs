using Marten;
using MediatR;
using SmartCity.Channels.Media;
using SmartCity.Channels.Outbox;
using SmartCity.Channels.Receiving;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.Files;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Reports.Contracts;

namespace SmartCity.Channels.Conversing;

/// <summary>
/// Goes on with a talk: makes a report of what was said, asks for what is missing, or adds to the report before. Everything that it does is
/// the same when the notification comes again: reports and additions by their cause, replies by their id.
/// </summary>
internal sealed class Converse(
    ISender sender, RegencySessions sessions, PersonalData personal, StoredMessages messages, OutboxSignal signal, PicturesOfReport photos, Photos limits, TalkLocks locks, ChannelList channels, TimeProvider time, CallContext call)
{
    /// <summary>How far back a message can be that must be dealt with first.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromHours(1);

    public async Task Handle(EventEnvelope envelope, IChannel channel, IncomingMessage message, Interpretation.Report report, CancellationToken cancel)
    {
        // Messages are published side by side; those of one talk belong one after another.
        var regency = envelope.Regency.Value;
        using (await locks.Enter(TalkOf.IdOf(personal, regency, channel.Code, message.Author.Id), cancel))
        {
            foreach (var (before, said, asks) in !channel.Converses ? [] : await Earlier(envelope, channel, message, cancel))
            {
                await One(before, channel, said, asks, cancel);
            }

            await One(envelope, channel, message, report, cancel);
        }
    }

    /// <summary>Messages of the same person that came before this one and have not been dealt with.</summary>
    private async Task<IReadOnlyList<(EventEnvelope Envelope, IncomingMessage Message, Interpretation.Report Report)>> Earlier(EventEnvelope envelope, IChannel channel, IncomingMessage message, CancellationToken cancel)
    {
        var regency = envelope.Regency.Value;
        await using var session = sessions.Query(regency);
        var (account, since, prefix) = (personal.PersonId(regency, ReceiveMessage.Identity(message.Channel, message.Author)), time.GetUtcNow() - Before, $"message-{message.Channel}-");
        var streams = (await session.Query<PersonalKey>().Where(k => k.Account == account && k.CreatedAt > since).ToListAsync(cancel))
            .Where(k => k.Stream is { } s && s != envelope.Stream && s.StartsWith(prefix, StringComparison.Ordinal)).Select(k => k.Stream!).ToArray();
        var earlier = new List<(EventEnvelope, IncomingMessage, Interpretation.Report)>();
        foreach (var waiting in streams.Length == 0 ? [] : await session.LoadManyAsync<Message>(cancel, streams))
        {
            if (waiting is { UnansweredSince: not null, SetAside: null }
                && (await session.Events.FetchStreamAsync(waiting.Id, version: 1, token: cancel)) is [var received, ..] && received.Envelope() is var known && known.Position < envelope.Position
                && await messages.Load(session, waiting.Id, cancel) is { } said && channel.Interpret(said) is Interpretation.Report report)
            {
                earlier.Add((known, said, report));
            }
        }

        return [.. earlier.OrderBy(e => e.Item1.Position)];
    }

    private async Task One(EventEnvelope envelope, IChannel channel, IncomingMessage message, Interpretation.Report report, CancellationToken cancel)
    {
        var (regency, stream, now) = (envelope.Regency.Value, envelope.Stream, time.GetUtcNow());
        await using var reading = sessions.Query(regency);
        // What is said to a department's own account is a talk of its own.
        var person = TalkOf.IdOf(personal, regency, channel.Converses && channels.DepartmentOf(message.Account) is not null ? $"{channel.Code} {message.Account}" : channel.Code, message.Author.Id);
        var known = await reading.LoadAsync<TalkOf>(person, cancel);
        var talk = known is not null && await reading.LoadAsync<Talk>(known.Talk, cancel) is { } going && (going.GoesOn(now) || going.Handled.Contains(stream)) ? going : new Talk { Id = Talk.NewId(channel.Code), Channel = channel.Code };
        if (talk.Handled.Contains(stream) || await reading.LoadAsync<Message>(stream, cancel) is { UnansweredSince: null } or { SetAside: not null })
        {
            return;
        }

        var draft = await Draft(reading, talk, cancel);
        var said = await Said(reading, regency, channel, message, report.Text, cancel);
        var soFar = new TalkSoFar(draft, talk.Ticket, talk.TicketAt) { Category = talk.Category, Places = talk.Places, Album = talk.Album };
        var to = new Place(talk, talk.Id == known?.Talk ? null : person);
        switch (Conversation.Decide(soFar, said, channel.Converses, now))
        {
            case Step.File:
                var streams = draft is null ? [stream] : (IReadOnlyList<string>)[.. talk.Draft, stream];
                await File(envelope, channel, to, streams, report.Phone, said, said is { IsReporter: false, IsUrgent: true, ThreadOf: { } thread } ? $"Di utas laporan / in the thread of report {thread}" : null, cancel);
                break;
            case Step.Ask ask:
                await Save(envelope, to, new TalkAsked(stream, ask.What, said.Album), ConversationWording.Question(ask.What), null, channel.Code, cancel);
                break;
            case Step.Keep:
                await Save(envelope, to, new TalkKept(stream, said.Album), null, "", channel.Code, cancel);
                break;
            case Step.Add add:
                await Add(envelope, channel, to, add, message, said, cancel);
                break;
            case Step.Greet:
                await Save(envelope, to, new TalkReplied(stream, "greeting", said.Album), ConversationWording.Greeting, null, channel.Code, cancel);
                break;
            case Step.Welcome:
                await Save(envelope, to, new TalkReplied(stream, "thanks", said.Album), ConversationWording.Welcome, null, channel.Code, cancel);
                break;
            case Step.Drop:
                await Save(envelope, to, new TalkDropped(stream, said.Album), ConversationWording.Dropped, null, channel.Code, cancel);
                break;
            case Step.Look:
                await messages.SetAside(regency, stream, new MessageSetAside("thread.stranger", "Somebody else wrote below an answer of ours, and it looks like spam or abuse.",
                    "Orang lain menulis di bawah jawaban kami, dan tampaknya spam atau kasar."), cancel);
                await Store(regency, to, new TalkHeld(stream, said.Album), cancel);
                break;
        }
    }

    /// <summary>Makes a report of a draft that has waited long enough, or leaves it to a person when it says no problem.</summary>
    public async Task CloseDraft(string regency, IChannel channel, Talk talk, CancellationToken cancel)
    {
        await using var reading = sessions.Query(regency);
        var draft = await Draft(reading, talk, cancel);
        if (draft is null || (draft.Category is null && Words.Count(draft.Text) < 3))
        {
            foreach (var stream in talk.Draft)
            {
                await messages.SetAside(regency, stream, new MessageSetAside("draft.unclear", "We asked what is wrong, and no answer came.", "Kami sudah bertanya apa masalahnya, dan belum dijawab."), cancel);
            }

            await Store(regency, new Place(talk, null), new TalkDropped(null, null), cancel);
            return;
        }

        await Store(regency, new Place(talk, null), await FileReport(regency, channel, talk.Draft, null, null, cancel) is { } ticket
            ? new TalkFiled(null, ticket, draft.Category, draft.Places, null) : new TalkDropped(null, null), cancel);
    }

    private async Task File(EventEnvelope envelope, IChannel channel, Place to, IReadOnlyList<string> streams, string? phone, Said said, string? where, CancellationToken cancel)
    {
        var (regency, stream) = (envelope.Regency.Value, envelope.Stream);
        await Store(regency, to, await FileReport(regency, channel, streams, phone, where, cancel) is { } ticket
            ? new TalkFiled(stream, ticket, said.Category, said.Places, said.Album) : new TalkHeld(stream, said.Album), cancel);
    }

    /// <summary>The report's ticket; null: none can be made of it, and a person looks.</summary>
    /// <param name="where">Where it is, in words, where its author did not say so.</param>
    private async Task<string?> FileReport(string regency, IChannel channel, IReadOnlyList<string> streams, string? phone, string? where, CancellationToken cancel)
    {
        await using var reading = sessions.Query(regency);
        var parts = new List<(string Stream, IncomingMessage Message, string Text)>();
        foreach (var stream in streams)
        {
            if (await messages.Load(reading, stream, cancel) is { } part)
            {
                parts.Add((stream, part, channel.Interpret(part) is Interpretation.Report said ? said.Text : part.Text));
            }
        }

        if (parts.Count == 0)
        {
            return null;
        }

        var (first, last) = (parts[0].Message, parts[^1].Message);
        var point = parts.LastOrDefault(p => p.Message.Latitude is not null).Message;
        // What was written when it was asked where it is.
        var words = parts.Select(p => p.Message.Place).LastOrDefault(p => p is not null) ?? (parts.Count > 1 && last.Latitude is null && parts[^1].Text.Length > 0 && Words.SayPlace(parts[^1].Text) ? parts[^1].Text : null) ?? where;
        var pictures = parts.SelectMany(p => p.Message.Media).Distinct().ToArray();
        var kept = pictures.Select(KeptPicture.Read).OfType<ReportPhoto>().Take(limits.Limits.Count).ToArray();
        var away = parts.SelectMany(p => p.Message.Media.Select((picture, index) => (p.Stream, picture, index))).Where(p => !IsLink(p.picture) && KeptPicture.Read(p.picture) is null).ToArray();
        var fetched = await photos.Fetch(regency, first.Channel, away.Take(Math.Max(0, limits.Limits.Count - kept.Length)), cancel);
        call.Actor = Actor.Citizen;
        var outcome = await sender.Send(
            new FileReport(
                regency, first.Channel, Cause: parts[0].Stream, Conversation: parts[^1].Stream, Category: null, string.Join('\n', parts.Select(p => p.Text).Where(t => t.Length > 0)),
                new ReportPlace(point?.Latitude, point?.Longitude, words),
                new ReporterDetails(ReceiveMessage.Identity(first.Channel, first.Author), first.Author.Name, Phone: phone, AccountId: first.Author.Handle),
                Photos: [.. kept, .. fetched.Values.DistinctBy(photo => photo.Id)], AddressedDepartment: await Department(regency, channel, [.. parts.Select(p => p.Message)], cancel), PlaceIsOptional: true,
                MediaUrls: [.. pictures.Where(IsLink)]),
            cancel);
        if (outcome.Refusals.FirstOrDefault(r => r.Kind == RefusalKind.Busy) is { } busy)
        {
            throw new InvalidOperationException($"Refused for now: {busy.Code}.");
        }

        if (outcome.Refusals is [var refusal, ..])
        {
            await messages.SetAside(regency, parts[^1].Stream, new MessageSetAside(refusal.Code, refusal.English, refusal.Indonesian), cancel);
            return null;
        }

        await photos.Join(regency, outcome.Value!.Ticket, away.Where(p => !fetched.ContainsKey((p.Stream, p.index))), cancel);
        return outcome.Value.Ticket;
    }

    private async Task Add(EventEnvelope envelope, IChannel channel, Place to, Step.Add add, IncomingMessage message, Said said, CancellationToken cancel)
    {
        var (regency, stream) = (envelope.Regency.Value, envelope.Stream);
        var kept = message.Media.Select(KeptPicture.Read).OfType<ReportPhoto>().ToArray();
        var place = message.Latitude is { } north && message.Longitude is { } east ? FormattableString.Invariant($"Lokasi / place: {north}, {east}") : null;
        var text = string.Join(' ', ((string?[])[said.IsReporter ? null : "[Orang lain di utas / somebody else in the thread]", said.Text.Length > 0 ? said.Text : null, place]).OfType<string>());
        call.Actor = said.IsReporter ? Actor.Citizen : Actor.System("channels");
        var secret = said.IsReporter ? await sender.Send(new GetReporterSecret(regency, add.Ticket), cancel) : null;
        if (text.Length > 0 || kept.Length > 0)
        {
            var outcome = await sender.Send(new SupplementReport(regency, add.Ticket, text.Length > 0 ? text : null, kept, Cause: stream, Secret: secret), cancel);
            if (outcome.Refusals.FirstOrDefault(r => r.Kind is RefusalKind.Busy) is { } busy)
            {
                throw new InvalidOperationException($"Refused for now: {busy.Code}.");
            }

            if (outcome.Refusals.Count > 0)
            {
                // It is done with: what is said now would be read by nobody.
                await Save(envelope, to, new TalkReplied(stream, "closed", said.Album), ConversationWording.Closed(add.Ticket), add.Ticket, channel.Code, cancel);
                return;
            }
        }

        await photos.Join(regency, add.Ticket, message.Media.Select((picture, index) => (stream, picture, index)).Where(p => KeptPicture.Read(p.picture) is null), cancel);
        await Save(envelope, to, new TalkAdded(stream, add.Ticket, said.IsReporter, said.Album), add.IsQuiet ? null : ConversationWording.Added(add.Ticket), add.Ticket, channel.Code, cancel);
    }

    private async Task<Draft?> Draft(IQuerySession session, Talk talk, CancellationToken cancel)
    {
        if (talk.Draft.Count == 0 || talk.DraftAt is not { } at)
        {
            return null;
        }

        var parts = new List<IncomingMessage>();
        foreach (var stream in talk.Draft)
        {
            if (await messages.Load(session, stream, cancel) is { } part)
            {
                parts.Add(part);
            }
        }

        var text = string.Join(' ', parts.Select(p => p.Text.Trim()).Where(t => t.Length > 0));
        var taken = text.Length == 0 ? null : await sender.Send(new ClassifyText(SmartCity.Platform.Regencies.RegencyCode.OfTenant(session.TenantId).Value, text), cancel);
        return parts.Count == 0 ? null : new Draft(text, parts.Any(p => p.Latitude is not null), parts.Any(p => p.Media.Count > 0), talk.Asked, at)
        {
            Category = taken?.Category,
            Places = await Places(SmartCity.Platform.Regencies.RegencyCode.OfTenant(session.TenantId).Value, text, cancel),
        };
    }

    private async Task<Said> Said(IQuerySession session, string regency, IChannel channel, IncomingMessage message, string text, CancellationToken cancel)
    {
        var taken = text.Length == 0 ? null : await sender.Send(new ClassifyText(regency, text), cancel);
        var thread = await Threads.Of(session, personal, regency, message, cancel);
        var isReporter = thread is { } found && (await Keywords.OwnReports.Of(session, personal, regency, ReceiveMessage.Identity(message.Channel, message.Author), cancel)).Contains(found.Ticket);
        return new Said(text, message.Latitude is not null || message.Place is not null, message.Media.Count > 0)
        {
            Category = taken?.Category ?? (taken is { Categories: [{ Confidence: >= 0.5 } likely, ..] } ? likely.Code : null),
            IsUrgent = taken is { IsEmergency: true },
            IsSuspicious = taken is { IsSuspicious: true },
            Places = await Places(regency, text, cancel),
            // In the thread that a report came from others speak for themselves; what they answer to us is about the report.
            ThreadOf = thread is { } t && (isReporter || t.IsDirect) ? t.Ticket : null,
            IsReporter = thread is null || isReporter,
            Album = message.Conversation.StartsWith("album:", StringComparison.Ordinal) ? personal.PersonId(regency, $"{channel.Code} {message.Conversation}") : null,
        };
    }

    private async Task<IReadOnlyList<string>> Places(string regency, string text, CancellationToken cancel) => text.Length == 0 ? []
        : [.. (await sender.Send(new GetDistricts(regency), cancel)).Where(d => text.Contains(d.Name, StringComparison.OrdinalIgnoreCase)).Select(d => d.Code)];

    /// <summary>The department whose own account it came to, else the first among those addressed.</summary>
    private async Task<string?> Department(string regency, IChannel channel, IReadOnlyList<IncomingMessage> messages, CancellationToken cancel)
    {
        if (messages.Select(m => channels.DepartmentOf(m.Account)).FirstOrDefault(d => d is not null) is { } own)
        {
            return own;
        }

        foreach (var account in messages.SelectMany(m => m.Addressed))
        {
            if (await sender.Send(new FindDepartmentByAccount(regency, channel.OfficialChannel, account), cancel) is { } department)
            {
                return department.Code;
            }
        }

        return null;
    }

    private async Task Store(string regency, Place to, object happened, CancellationToken cancel)
    {
        call.Actor = Actor.System("channels");
        await using var session = sessions.Open(regency);
        Append(session, to, happened);
        await session.SaveChangesAsync(cancel);
    }

    private static void Append(IDocumentSession session, Place to, object happened)
    {
        if (to.NewFor is { } person)
        {
            // In the place of an older one, whose talk is over.
            session.Store(new TalkOf { Id = person, Talk = to.Talk.Id });
            session.Events.Append(to.Talk.Id, new TalkBegan(to.Talk.Channel));
        }

        session.Events.Append(to.Talk.Id, happened);
    }

    /// <summary>The talk and what is said to the message, at once.</summary>
    /// <param name="text">Null: nothing is said; the message is dealt with.</param>
    private async Task Save(EventEnvelope envelope, Place to, object happened, string? text, string? ticket, string channel, CancellationToken cancel)
    {
        call.Actor = Actor.System("channels");
        await using var session = sessions.Open(envelope.Regency.Value);
        Append(session, to, happened);
        if (text is null)
        {
            session.Events.Append(envelope.Stream, new MessageActedOn(ticket!));
        }
        else
        {
            session.Insert(OutboundMessage.Because(envelope, OutboundMessage.Reply, time.GetUtcNow()) with
            {
                Ticket = ticket ?? "",
                Channel = channel,
                Conversation = envelope.Stream,
                Text = text,
            });
        }

        await session.SaveChangesAsync(cancel);
        signal.Raise();
    }

    /// <param name="NewFor">Whose talk it will be; null: it is already.</param>
    private sealed record Place(Talk Talk, string? NewFor);

    private static bool IsLink(string picture) => picture.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || picture.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
}
