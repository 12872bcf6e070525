using MediatR;

namespace SmartCity.Reports.Contracts;

/// <summary>A text that stands ready for officers who answer, ask or reject.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Version">Changes with every change.</param>
/// <param name="Department">The department it is for; null: all of the regency.</param>
/// <param name="Title">By which it is chosen.</param>
/// <param name="Text">The text, with placeholders; of <see cref="GetReadyAnswers"/> with what they stand for.</param>
/// <param name="Category">Only for reports of this category; null: all.</param>
/// <param name="Move">Only for this move: <see cref="ReadyAnswerMoves"/>; null: all.</param>
public sealed record ReadyAnswer(string Id, long Version, string? Department, string Title, string Text, string? Category, string? Move);

/// <summary>What a text can stand ready for.</summary>
public static class ReadyAnswerMoves
{
    /// <summary>Names of the moves, as at <c>/api/v1/report-life</c>.</summary>
    public static IReadOnlyList<string> All { get; } = ["answer", "ask", "reject"];
}

/// <summary>Texts that stand ready in a regency: for an officer those of all and of the own department; for other staff all.</summary>
public sealed record ListReadyAnswers(string Regency) : IRequest<IReadOnlyList<ReadyAnswer>>;

/// <summary>Texts that fit a report that the caller handles, with the report's number, department and category in the places where they belong.</summary>
public sealed record GetReadyAnswers(string Regency, string Ticket) : IRequest<IReadOnlyList<ReadyAnswer>>;

/// <summary>Writes a text, or writes it anew: a dispatcher for the regency, an officer for the own department.</summary>
/// <param name="Id">Which; null: a new one.</param>
/// <param name="ExpectedVersion">The version the caller saw; refused with 409 when somebody else was faster. Null: any.</param>
public sealed record WriteReadyAnswer(
    string Regency, string? Id, string? Title, string? Text, string? Category, string? Move, long? ExpectedVersion = null) : IRequest<Outcome<ReadyAnswer>>;

/// <summary>A text does not stand ready any more. Answers that were given with it stay.</summary>
public sealed record RemoveReadyAnswer(string Regency, string Id, long? ExpectedVersion = null) : IRequest<Outcome<ReadyAnswer>>;
