using MediatR;

namespace SmartCity.Accountability.Contracts;

/// <summary>What a letter of the treasury is.</summary>
public enum LetterKind
{
    /// <summary>The first letter: what is owed, and by when to pay (<i>surat penagihan</i>).</summary>
    Demand,

    /// <summary>A later one, because the days of the one before are over (<i>surat teguran</i>).</summary>
    Reminder,
}

/// <summary>An obligation as a letter names it.</summary>
/// <param name="Obligation">Id of the obligation.</param>
/// <param name="Reference">The paper it stands on.</param>
/// <param name="Department">Code of the department.</param>
/// <param name="DepartmentName">Its name on the day of the letter, Indonesian.</param>
/// <param name="Year">Budget year.</param>
/// <param name="Owed">What was owed on the day of the letter.</param>
/// <param name="Deposited">What the treasury had on that day.</param>
/// <param name="Outstanding">What was left on that day.</param>
public sealed record LetterLine(string Obligation, string Reference, string Department, string DepartmentName, int Year, decimal Owed, decimal Deposited, decimal Outstanding);

/// <summary>A letter to somebody who must pay something back, as it was issued.</summary>
/// <param name="Id">Obligor, a point, and the number of the letter to that obligor; empty: of a draft.</param>
/// <param name="Obligor">To whom.</param>
/// <param name="Kind">Demand or reminder.</param>
/// <param name="Level">1, 2 or 3: first, second, third and last letter about what is still not paid.</param>
/// <param name="Number">In the register of letters.</param>
/// <param name="On">Date of the letter, of which its balance is.</param>
/// <param name="Days">Days given to pay.</param>
/// <param name="DueOn">The last of them.</param>
/// <param name="Signatory">Who signs.</param>
/// <param name="Position">The office of who signs.</param>
/// <param name="Previous">The letter before, which it follows: number and date.</param>
/// <param name="Lines">What it names.</param>
/// <param name="Outstanding">The sum that it names.</param>
/// <param name="IssuedBy">Account of who issued it; null: of a draft.</param>
/// <param name="IssuedAt">When.</param>
public sealed record Letter(
    string Id, Obligor Obligor, LetterKind Kind, int Level, string Number, DateOnly On, int Days, DateOnly DueOn, string Signatory, string Position, string? Previous,
    IReadOnlyList<LetterLine> Lines, decimal Outstanding, string? IssuedBy, DateTimeOffset? IssuedAt);

/// <summary>A letter as it would be issued on a day; nothing is written. Null when nothing is known of the obligor.</summary>
public sealed record DraftLetter(string Regency, string Obligor, string? Number, DateOnly? On, int? Days, string? Signatory, string? Position) : IRequest<Letter?>;

/// <summary>
/// Issues the next letter to an obligor: the first is a demand, those after it are reminders, each only when the days of the one before are over. What it
/// named stays as it was.
/// </summary>
/// <param name="On">Date of the letter; null: today.</param>
/// <param name="Days">Days given to pay; null: 30.</param>
public sealed record IssueLetter(string Regency, string Obligor, string Number, DateOnly? On, int? Days, string Signatory, string? Position) : IRequest<MoneyOutcome<Letter>>;

/// <summary>Letters that were issued, as the caller may read them: by obligor, by obligation, up to a day.</summary>
public sealed record GetLetters(string Regency, string? Obligor = null, string? Obligation = null, DateOnly? AsOf = null) : IRequest<IReadOnlyList<Letter>>;
