using MediatR;

namespace SmartCity.Reports.Contracts;

// What the staff do among themselves: notes, and who of a department has a report in hand. Neither the public nor the reporter learns of it.

/// <summary>Somebody of the staff wrote down what only staff read.</summary>
/// <param name="Text">Sealed with a key of the notes on this report: it is destroyed with the reporter's, but a copy of the reporter's data does not open it.</param>
/// <param name="Key">Id of that key.</param>
/// <param name="By">Id of who wrote it.</param>
public sealed record StaffNoted(string Text, string Key, string By);

/// <summary>An officer has the report in hand, or nobody any more. Ends by itself when it leaves the department.</summary>
/// <param name="Handler">Id of the account; null: nobody.</param>
/// <param name="Former">Who had it before.</param>
public sealed record HandlerChanged(string? Handler, string? Former);

/// <summary>Somebody of the staff writes down what only staff are to read.</summary>
/// <param name="Text">What.</param>
public sealed record WriteStaffNote(string Regency, string Ticket, string? Text, long? ExpectedVersion = null) : IReportCommand;

/// <summary>An officer takes a report in hand, gives it to a colleague of the same department, or lets it go.</summary>
/// <param name="Handler"><see cref="Me"/>, <see cref="Nobody"/>, or the sign-in name of a colleague.</param>
public sealed record HandleReport(string Regency, string Ticket, string? Handler, long? ExpectedVersion = null) : IReportCommand
{
    /// <summary>The caller.</summary>
    public const string Me = "me";

    /// <summary>Nobody: it is let go, or nobody has it.</summary>
    public const string Nobody = "nobody";
}

/// <summary>To whom a report can be given: officers of the department that has it, for officers of that department; else nobody.</summary>
public sealed record GetColleagues(string Regency, string Ticket) : IRequest<IReadOnlyList<Colleague>>;

/// <summary>Somebody of the staff.</summary>
/// <param name="Account">Sign-in name.</param>
/// <param name="Name">As shown to colleagues.</param>
public sealed record Colleague(string Account, string Name);

/// <summary>Sends many reports to one department; each is decided by itself.</summary>
/// <param name="Tickets">At most <see cref="ManyReports.Most"/>.</param>
public sealed record AssignReports(string Regency, IReadOnlyList<string> Tickets, string Department, string? Note) : IRequest<Outcome<ManyReports>>;

/// <summary>Gives many reports the same answer; each is decided by itself.</summary>
/// <param name="Tickets">At most <see cref="ManyReports.Most"/>.</param>
/// <param name="IsSettled">The matter is done.</param>
public sealed record AnswerReports(string Regency, IReadOnlyList<string> Tickets, string? Text, bool IsSettled) : IRequest<Outcome<ManyReports>>;

/// <summary>What came of a move of many reports, in the order in which they were named.</summary>
public sealed record ManyReports(IReadOnlyList<OneOfMany> Results)
{
    /// <summary>So many at once.</summary>
    public const int Most = 100;
}

/// <summary>What came of one of many.</summary>
/// <param name="Ticket">The report.</param>
/// <param name="State">Where it stands now; null: nothing was done.</param>
/// <param name="Version">Its version now.</param>
/// <param name="Refusal">Why nothing was done.</param>
public sealed record OneOfMany(string Ticket, string? State, long? Version, Refusal? Refusal);
