using MediatR;

namespace SmartCity.Channels.Contracts;

/// <summary>The newest alerts to the caller's office: of people in danger, and of incidents. Dispatchers, public relations and the regent have some; others get none.</summary>
public sealed record GetAlerts(string Regency, int Limit = 20) : IRequest<IReadOnlyList<AlertShown>>;

/// <summary>An alert.</summary>
/// <param name="About">The report, or the incident.</param>
/// <param name="IsIncident">It is about an incident.</param>
/// <param name="Text">As it was sent.</param>
/// <param name="Channel">Where it went; <c>desk</c>: it is read here.</param>
/// <param name="At">When.</param>
public sealed record AlertShown(string About, bool IsIncident, string Text, string Channel, DateTimeOffset At);
