using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Problems;
using SmartCity.Platform.Regencies;

namespace SmartCity.Platform.Access;

/// <summary>
/// Before anything of a request is read: puts it into its regency (404 when it is not served here), and turns away who
/// may not call the endpoint (401, 403). Fills the <see cref="CallContext"/>.
/// </summary>
internal sealed partial class AccessMiddleware(RequestDelegate next)
{
    public async Task Invoke(HttpContext http, RegencyRegistry regencies, CallContext call)
    {
        var endpoint = http.GetEndpoint();
        if (endpoint?.Metadata.GetMetadata<RegencyScope>() is { RouteValue: { } value })
        {
            var text = http.GetRouteValue(value) as string;
            if (!RegencyCode.TryParse(text, out var code) || await regencies.Find(code, http.RequestAborted) is not { } regency)
            {
                await Problem.NotFound("regency.unknown", $"No regency '{text}' is served here. A code looks like 33.28.", "code").ExecuteAsync(http);
                return;
            }

            http.Enter(regency);
        }

        var actor = http.Actor();
        // Who sends a key means to be known by it: one that is unknown or revoked is not quietly less than it was, not even where nobody needs one.
        if (actor.Role == Role.Citizen && endpoint?.Metadata.GetMetadata<RegencyScope>() is { RouteValue: not null } && ApiKeyAuthentication.IsSentIn(http.Request))
        {
            await Problem.Unauthorized().ExecuteAsync(http);
            return;
        }

        // Not even as a citizen, while he is signed in: what an auditor sees, he has not made.
        if (actor.Role == Role.Auditor && !IsSafe(http.Request.Method) && endpoint is not null && endpoint.Metadata.GetMetadata<OpenToAuditors>() is null)
        {
            await Problem.From(StatusCodes.Status403Forbidden, new Fault("access.auditor", "An auditor changes nothing. Sign out to write as a citizen.")).ExecuteAsync(http);
            return;
        }

        if (endpoint?.Metadata.GetMetadata<RequiredRoles>() is { } required)
        {
            if (actor.Role == Role.Citizen && !required.Roles.Contains(Role.Citizen))
            {
                await Problem.Unauthorized().ExecuteAsync(http);
                return;
            }

            var here = actor.Regency is null || actor.Regency == http.Features.Get<Regency>()?.Id;
            var allowed = required.Roles.Contains(actor.Role) && here;
            if (!allowed || (actor.Role == Role.Integrator && required.Scope is not null && !http.User.HasScope(required.Scope)))
            {
                await Problem.Forbidden(required).ExecuteAsync(http);
                return;
            }
        }

        // An account of another regency is a citizen here.
        call.Actor = actor.Regency is null || http.Features.Get<Regency>() is not { } current || actor.Regency == current.Id ? actor : Actor.Citizen;
        if (http.Request.Headers["X-On-Behalf-Of"].FirstOrDefault() is { Length: > 0 } other && call.Actor.Role != Role.Citizen)
        {
            if (!OtherPerson().IsMatch(other))
            {
                await Problem.BadRequest(new Fault("onBehalfOf.invalid",
                    "An id of your own for that person: letters, digits and : . _ - only, at most 64, no name or number of a person; it stays in the history.", "X-On-Behalf-Of")).ExecuteAsync(http);
                return;
            }

            call.OnBehalfOf = other;
        }

        call.CorrelationId = Activity.Current?.TraceId.ToHexString() ?? call.CorrelationId;
        call.CausationId = $"http:{http.TraceIdentifier}";
        await next(http);
    }

    private static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9:._-]{0,63}$")]
    private static partial Regex OtherPerson();
}
