using MediatR;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;

namespace SmartCity.Departments.Suggesting.Learning;

/// <summary>
/// Takes the text of an erased person out of what a regency learns from, and has the model made anew without it. The decision stays, to be
/// counted.
/// </summary>
internal sealed class ForgetLessons(RegencySessions sessions, PersonalData personal, LearnSoon learning) : INotificationHandler<PersonForgotten>
{
    public async Task Handle(PersonForgotten forgotten, CancellationToken cancel)
    {
        var tickets = forgotten.Keys.Select(key => key.Stream).OfType<string>().Distinct().ToArray();
        await using var session = sessions.Open(forgotten.Regency);
        var verdicts = tickets.Length == 0 ? [] : await session.LoadManyAsync<Verdict>(cancel, tickets);
        var known = await personal.Reader(session, verdicts.Select(v => v.Text), cancel);
        foreach (var verdict in verdicts.Where(v => v.Text is not null && known.Open(v.Text) is null or PersonalReader.Erased))
        {
            session.Store(verdict with { Text = null });
        }

        await session.SaveChangesAsync(cancel);
        learning.Raise(forgotten.Regency);
    }
}
