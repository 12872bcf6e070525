using MediatR;

namespace SmartCity.Reports.Contracts;

/// <summary>Somebody has the same to report, or wants to hear of it: follows a public report instead of filing another. Twice is as once.</summary>
/// <param name="Follower">Who, as far as known; some identity, e-mail or telephone is needed to tell people apart.</param>
/// <param name="Channel">Where the follower wrote.</param>
/// <param name="Conversation">The channel's id of the conversation to tell of answers in; null: the follower reads them with the report.</param>
public sealed record FollowReport(string Regency, string Ticket, ReporterDetails Follower, string Channel, string? Conversation = null) : IRequest<Outcome<FollowedReport>>;

/// <summary>Follows no longer.</summary>
/// <param name="Person">The follower, as <see cref="FollowedReport.Person"/>.</param>
public sealed record UnfollowReport(string Regency, string Ticket, string Person) : IRequest<Outcome<FollowedReport>>;

/// <summary>A report after somebody began or ceased to follow it.</summary>
/// <param name="Person">The follower's id in the regency; says nothing about the person.</param>
/// <param name="Followers">How many follow it now.</param>
/// <param name="IsNew">It was otherwise before.</param>
public sealed record FollowedReport(string Ticket, string Person, int Followers, bool IsNew);

/// <summary>Which of these people (<see cref="FollowedReport.Person"/>) follows a report; null: none.</summary>
public sealed record GetFollowing(string Regency, string Ticket, IReadOnlyList<string> People) : IRequest<string?>;

/// <summary>Who is to be told of a public report on a channel. For parts of the platform, not for callers.</summary>
public sealed record GetFollowers(string Regency, string Ticket) : IRequest<IReadOnlyList<Follower>>;

/// <summary>Somebody who is to be told.</summary>
/// <param name="Person">Person id.</param>
/// <param name="Channel">Channel code.</param>
/// <param name="Conversation">The channel's id of the conversation.</param>
public sealed record Follower(string Person, string Channel, string Conversation);

/// <summary>Somebody follows a report; in a stream of its own for each person and report.</summary>
/// <param name="Ticket">The report.</param>
/// <param name="Person">Person id; says nothing about the person.</param>
/// <param name="Channel">Where the follower wrote.</param>
/// <param name="Conversation">The channel's own id of the conversation, to tell of answers in it.</param>
/// <param name="Contact">Name and ways to reach the follower, sealed.</param>
public sealed record ReportFollowed(string Ticket, string Person, string Channel, string? Conversation, string? Contact);

/// <summary>Somebody follows a report no longer.</summary>
/// <param name="Ticket">The report.</param>
/// <param name="Person">Person id.</param>
public sealed record ReportUnfollowed(string Ticket, string Person);
