using MediatR;

namespace SmartCity.Departments.Contracts;

/// <summary>What a text seems to be about, as the regency's model has it. It suggests; where it is not sure, a person decides.</summary>
/// <param name="Text">What somebody wrote; at most 4,000 characters count.</param>
/// <param name="AddressedDepartment">Department whose account was written to: it weighs, but does not decide.</param>
public sealed record ClassifyText(string Regency, string Text, string? AddressedDepartment = null) : IRequest<TextClassification>;

/// <summary>The answer to <see cref="ClassifyText"/>.</summary>
/// <param name="Categories">The likeliest categories of the regency, best first; none when the text is about nothing.</param>
/// <param name="Departments">The likeliest departments, best first; none when no department is concerned.</param>
/// <param name="Urgency"><c>low</c>, <c>normal</c>, <c>high</c> or <c>emergency</c>.</param>
/// <param name="Kind">See <see cref="TextKinds"/>.</param>
/// <param name="Category">The category, when it is sure enough to be taken without asking a person.</param>
/// <param name="Department">The department, when it is sure enough to be taken without asking a person.</param>
/// <param name="IsEmergency">Somebody is in danger now: it goes to the top, and an alert goes out.</param>
/// <param name="IsSuspicious">Spam or abuse: a person looks before it becomes public.</param>
/// <param name="MayBeOversight">It may be on the conduct of officials: better not shown to everybody until that is known.</param>
/// <param name="Model">Which model said so: the base's version, and how many of the regency's own decisions it has learnt from.</param>
public sealed record TextClassification(
    IReadOnlyList<Suggestion> Categories, IReadOnlyList<Suggestion> Departments, Likelihood Urgency, Likelihood Kind,
    string? Category, string? Department, bool IsEmergency, bool IsSuspicious, bool MayBeOversight, string Model);

/// <summary>A suggested category or department.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Name">Its Indonesian name.</param>
/// <param name="Confidence">How likely it is right, 0 to 1: of a hundred suggestions with 0.8, about eighty are.</param>
public sealed record Suggestion(string Code, string Name, double Confidence);

/// <summary>The likeliest of a few answers.</summary>
/// <param name="Confidence">How likely it is right, 0 to 1.</param>
public sealed record Likelihood(string Code, double Confidence);

/// <summary>What sort of message a text is.</summary>
public static class TextKinds
{
    /// <summary>Something is wrong.</summary>
    public const string Complaint = "complaint";

    /// <summary>A wish or an opinion.</summary>
    public const string Aspiration = "aspiration";

    /// <summary>A question.</summary>
    public const string Information = "information";

    /// <summary>Something that should be built or bought.</summary>
    public const string Proposal = "proposal";

    /// <summary>Thanks for what was done.</summary>
    public const string Thanks = "thanks";

    /// <summary>A greeting, a try, a cry for help that says nothing yet.</summary>
    public const string Greeting = "greeting";

    /// <summary>A word that is meant for the system: PUAS, STATUS 2026-000017.</summary>
    public const string Command = "command";

    /// <summary>Advertising, fraud, gambling.</summary>
    public const string Spam = "spam";

    /// <summary>Insults and nothing else.</summary>
    public const string Abuse = "abuse";
}

/// <summary>Urgencies, from the least.</summary>
public static class Urgencies
{
    /// <summary>Can wait.</summary>
    public const string Low = "low";

    /// <summary>As usual.</summary>
    public const string Normal = "normal";

    /// <summary>Somebody may come to harm, or many are without what they need.</summary>
    public const string High = "high";

    /// <summary>Somebody is in danger now.</summary>
    public const string Emergency = "emergency";
}

/// <summary>How often suggestions were what people decided in the end.</summary>
/// <param name="Days">How far to look back.</param>
public sealed record GetAccuracy(string Regency, int Days = 90) : IRequest<ClassificationAccuracy>;

/// <summary>The answer to <see cref="GetAccuracy"/>.</summary>
/// <param name="Days">How far it looks back.</param>
/// <param name="Model">The model that is in use now.</param>
/// <param name="DepartmentsDecided">How many reports a person gave to a department, or answered.</param>
/// <param name="DepartmentsRight">For how many of them that department had been suggested.</param>
/// <param name="CategoriesDecided">How many reports a person put under a category.</param>
/// <param name="CategoriesRight">For how many of them that category had been suggested.</param>
/// <param name="HeldDecided">How many reports that were held back as spam or abuse a person has looked at.</param>
/// <param name="HeldRight">How many of them were that.</param>
/// <param name="Departments">By the department that it came to.</param>
/// <param name="Categories">By the category that it came to.</param>
/// <param name="Base">What the shared base model is worth before anything was learnt.</param>
public sealed record ClassificationAccuracy(
    int Days, string Model, BaseAccuracy Base, int DepartmentsDecided, int DepartmentsRight, int CategoriesDecided, int CategoriesRight, int HeldDecided, int HeldRight,
    IReadOnlyList<AnswerAccuracy> Departments, IReadOnlyList<AnswerAccuracy> Categories);

/// <summary>How often the base model is right about labelled messages that it has not seen, nor any much like them; 0 to 1.</summary>
/// <param name="Messages">With how many it was measured, by cross-validation.</param>
/// <param name="Parts">Into how many parts they were divided.</param>
public sealed record BaseAccuracy(int Messages, int Parts, double Department, double Category, double Urgency, double Kind);

/// <summary>How often one answer was suggested rightly.</summary>
/// <param name="Decided">How many reports came to it.</param>
/// <param name="Right">For how many it had been suggested.</param>
/// <param name="MistakenFor">What had been suggested instead, the most frequent first.</param>
public sealed record AnswerAccuracy(string Code, string Name, int Decided, int Right, IReadOnlyList<Mistaken> MistakenFor);

/// <summary>What was suggested instead.</summary>
/// <param name="Code">Its code; empty: nothing was.</param>
public sealed record Mistaken(string Code, int Count);
