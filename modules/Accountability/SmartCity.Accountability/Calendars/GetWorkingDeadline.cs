using MediatR;
using SmartCity.Accountability.Contracts;
using SmartCity.Platform.History;

namespace SmartCity.Accountability.Calendars;

internal sealed class GetWorkingDeadlineHandler(WorkingCalendars calendars, RegencySessions sessions) : IRequestHandler<GetWorkingDeadline, WorkingDeadline>
{
    public async Task<WorkingDeadline> Handle(GetWorkingDeadline query, CancellationToken cancel) =>
        new((await calendars.Of(query.Regency, sessions, cancel)).Days.Deadline(query.From, query.WorkingDays));
}
