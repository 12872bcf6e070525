using MediatR;

namespace SmartCity.Reports.Contracts;

/// <summary>An emergency was opened. Name on the wire: <c>incident.opened.v1</c>. Nothing of a person.</summary>
/// <param name="Title">What has happened and where, for everybody.</param>
/// <param name="District">District code.</param>
/// <param name="Latitude">Of its middle, degrees WGS 84.</param>
/// <param name="Longitude">Of its middle, degrees WGS 84.</param>
/// <param name="Tickets">Reports that it gathers from the start.</param>
public sealed record IncidentOpened(string Title, string? District, double? Latitude, double? Longitude, IReadOnlyList<string> Tickets);

/// <summary>Something is told to everybody whose report an emergency gathers, on their own channels. Name on the wire: <c>incident.broadcast.v1</c>.</summary>
/// <param name="Text">What; for everybody, so nothing of a person.</param>
/// <param name="Tickets">Whose reporters hear it.</param>
public sealed record IncidentBroadcast(string Text, IReadOnlyList<string> Tickets);

/// <summary>Opens an emergency; those on duty are alerted on their channels.</summary>
/// <param name="Title">What has happened and where: everybody reads it.</param>
/// <param name="Tickets">Reports of it.</param>
public sealed record OpenIncident(string Regency, string? Title, string? District, double? Latitude, double? Longitude, IReadOnlyList<string> Tickets) : IRequest<Outcome<IncidentDetails>>;

/// <summary>Puts reports to an emergency. One that is there already stays.</summary>
public sealed record GatherReports(string Regency, string Incident, IReadOnlyList<string> Tickets) : IRequest<Outcome<IncidentDetails>>;

/// <summary>Takes a report out of an emergency.</summary>
/// <param name="Reason">Why; in the log for staff.</param>
public sealed record TakeOutReport(string Regency, string Incident, string Ticket, string? Reason) : IRequest<Outcome<IncidentDetails>>;

/// <summary>Writes into the log of an emergency.</summary>
/// <param name="IsPublic">Everybody reads it on the page.</param>
public sealed record LogIncident(string Regency, string Incident, string? Text, bool IsPublic) : IRequest<Outcome<IncidentDetails>>;

/// <summary>Tells something to everybody whose report an emergency gathers, each once. For dispatchers and the regent.</summary>
/// <param name="Text">What: it stands in the log for everybody too.</param>
public sealed record BroadcastToIncident(string Regency, string Incident, string? Text) : IRequest<Outcome<IncidentDetails>>;

/// <summary>The emergency is over.</summary>
/// <param name="Reason">What was done, for everybody.</param>
public sealed record CloseIncident(string Regency, string Incident, string? Reason) : IRequest<Outcome<IncidentDetails>>;

/// <summary>Emergencies, newest first, as the caller may see them.</summary>
/// <param name="AsOf">As they were at the end of this day on the regency's clock; null: now.</param>
/// <param name="IsOpen">Only those that are open then, or only the others.</param>
/// <param name="After">Continue after this id of an earlier page.</param>
/// <param name="From">Only those that were opened from this day on.</param>
public sealed record ListIncidents(string Regency, DateOnly? AsOf = null, bool? IsOpen = null, string? After = null, int Limit = 50, DateOnly? From = null) : IRequest<IncidentPage>;

/// <summary>A page of emergencies.</summary>
/// <param name="Next">Cursor of the next page; null at the end.</param>
public sealed record IncidentPage(IReadOnlyList<IncidentDetails> Incidents, string? Next);

/// <summary>One emergency, or null.</summary>
public sealed record GetIncident(string Regency, string Id) : IRequest<IncidentDetails?>;

/// <summary>An emergency as the caller may see it.</summary>
/// <param name="Reports">How many reports it gathers; for the public the public ones.</param>
/// <param name="Tickets">Those of them that the caller may see.</param>
/// <param name="Log">What happened, oldest first; for the public what is for the public.</param>
public sealed record IncidentDetails(
    string Id, long Version, string Title, string? District, double? Latitude, double? Longitude, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, int Reports, IReadOnlyList<string> Tickets,
    IReadOnlyList<IncidentEntry> Log);

/// <summary>A line of the log.</summary>
/// <param name="What"><c>opened</c>, <c>gathered</c>, <c>released</c>, <c>note</c>, <c>broadcast</c>, <c>closed</c>.</param>
/// <param name="Text">What was written.</param>
/// <param name="IsPublic">Everybody reads it.</param>
/// <param name="Tickets">Reports concerned that the caller may see.</param>
public sealed record IncidentEntry(DateTimeOffset At, string What, string? Text, bool IsPublic, IReadOnlyList<string>? Tickets = null);

/// <summary>Reports of people in danger that are near each other in place and time and in no open emergency: perhaps one. For staff; others get none.</summary>
public sealed record SuggestIncidents(string Regency) : IRequest<IReadOnlyList<IncidentSuggestion>>;

/// <summary>Perhaps an emergency.</summary>
/// <param name="Tickets">Its reports, oldest first.</param>
/// <param name="Latitude">Of their middle.</param>
/// <param name="Longitude">Of their middle.</param>
/// <param name="Since">When the first came.</param>
public sealed record IncidentSuggestion(IReadOnlyList<string> Tickets, string? District, double Latitude, double Longitude, DateTimeOffset Since);
