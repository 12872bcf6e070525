using MediatR;

namespace SmartCity.Reports.Contracts;

/// <summary>Public reports that may be about the same as one that is not filed yet, most alike first.</summary>
/// <param name="Category">Category code, if known.</param>
/// <param name="Description">What was written so far.</param>
/// <param name="Place">Where; reports are found by coordinates.</param>
/// <param name="Looks">How the photos look (<see cref="ReportPhoto.Look"/>); reports with look-alikes are found wherever they are.</param>
/// <param name="Limit">At most so many.</param>
public sealed record FindSimilar(
    string Regency, string? Category, string? Description, ReportPlace Place, IReadOnlyList<string> Looks, int Limit = 5) : IRequest<IReadOnlyList<SimilarReport>>;

/// <summary>Reports that may be about the same as a filed one, as found when it or the other arrived; null when there is no such report for the caller.</summary>
public sealed record GetSimilar(string Regency, string Ticket) : IRequest<IReadOnlyList<SimilarReport>?>;

/// <summary>A report that may be about the same: a suggestion, a person decides.</summary>
/// <param name="Report">The report as the caller may see it.</param>
/// <param name="Score">How alike, 0 to 1.</param>
/// <param name="Reasons">Why: <c>near</c>, <c>same-category</c>, <c>similar-words</c>, <c>similar-photo</c>, <c>recent</c>.</param>
/// <param name="Metres">How far apart.</param>
public sealed record SimilarReport(ReportDetails Report, double Score, IReadOnlyList<string> Reasons, double? Metres);
