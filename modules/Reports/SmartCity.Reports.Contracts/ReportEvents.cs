namespace SmartCity.Reports.Contracts;

// The life of a report, as it stands in its stream. Names on the wire (report.filed.v1, …) are given in the module.
// Members marked "sealed" hold text encrypted with the reporter's own key: erasing the reporter leaves the event and takes the text.

/// <summary>A citizen's message has become a report.</summary>
/// <param name="Ticket">Number of the report: <c>2026-000017</c>.</param>
/// <param name="Channel">Where it came from and where it is answered: <c>x</c>, <c>web</c>, <c>open311</c>.</param>
/// <param name="Conversation">The channel's own id of the conversation, to answer in it.</param>
/// <param name="Reporter">Id of the reporter's key for this report; says nothing about the person.</param>
/// <param name="Category">Category code, if known.</param>
/// <param name="Description">What was written, sealed.</param>
/// <param name="Contact">Name and ways to reach the reporter, sealed.</param>
/// <param name="Place">Where.</param>
/// <param name="Photos">Stored photos.</param>
/// <param name="MediaUrl">Links to pictures elsewhere, one a line, sealed.</param>
/// <param name="AddressedDepartment">Department whose account was written to.</param>
/// <param name="Attributes">Answers to the category's questions, sealed.</param>
/// <param name="IsAnonymous">The department does not learn who it was.</param>
/// <param name="IsConfidential">Not public.</param>
/// <param name="IsOversight">On the conduct of officials: for the Inspectorate and the regent only.</param>
/// <param name="Cause">Keyed hash of what the sender calls this message, so that the same one twice makes one report.</param>
public sealed record ReportFiled(
    string Ticket, string Channel, string? Conversation, string Reporter, string? Category, string? Description, string? Contact, ReportPlace Place,
    IReadOnlyList<ReportPhoto> Photos, string? MediaUrl, string? AddressedDepartment, string? Attributes,
    bool IsAnonymous, bool IsConfidential, bool IsOversight, string? Cause);

/// <summary>The report was sent to the department that must act on it (<i>disposisi</i>).</summary>
/// <param name="Department">Department code.</param>
/// <param name="Ground">Why: <c>category</c>, <c>account</c>, <c>district</c>, <c>dispatcher</c>.</param>
/// <param name="District">District code where it lies, if known.</param>
/// <param name="Note">What the dispatcher adds.</param>
public sealed record ReportAssigned(string Department, string Ground, string? District, string? Note);

/// <summary>Nothing says who is responsible: a dispatcher must decide.</summary>
/// <param name="District">District code where it lies, if known.</param>
public sealed record ReportQueued(string? District);

/// <summary>The department answered the reporter.</summary>
/// <param name="Department">Who answers.</param>
/// <param name="Text">The answer, sealed with the reporter's key: it may speak of the person.</param>
/// <param name="IsSettled">The matter is done; else the answer says what will come.</param>
/// <param name="Photos">How it was before, and is after.</param>
public sealed record ReportAnswered(string Department, string Text, bool IsSettled, IReadOnlyList<AnswerPhoto>? Photos = null);

/// <summary>A picture that the reporter had linked to was fetched and is kept with the report.</summary>
/// <param name="Link">Which link of the report, from 1.</param>
/// <param name="Photo">The picture.</param>
public sealed record ReportPhotoFetched(int Link, ReportPhoto Photo);

/// <summary>A picture that the reporter had linked to could not be had, and is not tried again.</summary>
/// <param name="Link">Which link of the report, from 1.</param>
/// <param name="Reason">Why: <c>link.not_public</c>, <c>photo.too_large</c>, …</param>
public sealed record ReportPhotoMissed(int Link, string Reason);

/// <summary>Where a report's matter lies: coordinates, or words.</summary>
/// <param name="Latitude">Degrees WGS 84.</param>
/// <param name="Longitude">Degrees WGS 84.</param>
/// <param name="Address">Place in words, sealed in events.</param>
/// <param name="AddressId">The sender's id of an address, sealed in events.</param>
public sealed record ReportPlace(double? Latitude, double? Longitude, string? Address, string? AddressId = null);

/// <summary>A stored photo of a report.</summary>
/// <param name="Id">File id.</param>
/// <param name="Thumbnail">File id of the small copy.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Look">How it looks in 64 bits, hexadecimal; look-alikes differ in few.</param>
/// <param name="Evidence">Where and when it was taken, as its file said; sealed in events.</param>
public sealed record ReportPhoto(string Id, string Thumbnail, int Width, int Height, string? Look = null, string? Evidence = null);

/// <summary>A photo of an answer.</summary>
/// <param name="Kind"><see cref="Before"/> or <see cref="After"/> the work.</param>
/// <param name="Photo">The picture.</param>
public sealed record AnswerPhoto(string Kind, ReportPhoto Photo)
{
    /// <summary>How it was.</summary>
    public const string Before = "before";

    /// <summary>How it is now.</summary>
    public const string After = "after";
}
