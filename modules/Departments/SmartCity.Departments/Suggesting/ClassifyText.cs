using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Departments.Contracts;
using SmartCity.Departments.RoutingReports;
using SmartCity.Departments.Suggesting.Learning;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Problems;

namespace SmartCity.Departments.Suggesting;

/// <summary>A text to be classified.</summary>
/// <param name="Text">What somebody wrote.</param>
/// <param name="Channel">Where it came from.</param>
/// <param name="Place">Where it is about.</param>
internal sealed record ClassifyTextBody(string? Text, string? Channel, ClassifyTextPlace? Place);

/// <summary>Where a text is about.</summary>
internal sealed record ClassifyTextPlace(double? Latitude, double? Longitude, string? Address);

/// <summary>Ranked suggestions for integrators, and for the form while somebody types. Nothing is stored.</summary>
internal sealed class ClassifyTextEndpoint : ICarterModule
{
    private const int LongestChannel = 32;

    public void AddRoutes(IEndpointRouteBuilder app) => app.MapRegencyApi("/classifications")
        .MapPost("", Classify)
        .RequireScope(Scopes.Read, Role.Citizen, Role.Officer, Role.Dispatcher, Role.Regent, Role.Auditor, Role.Operator)
        .OpenToAuditors("It is a question; nothing is stored.")
        .WithTags("Classification").WithSummary("What a text seems to be about: ranked categories and departments, urgency and kind, each with its confidence; nothing is stored");

    private static async Task<IResult> Classify(ClassifyTextBody body, HttpContext http, ISender sender, RegencyDirectories directories, RegencySessions sessions, CancellationToken cancel)
    {
        var faults = Faults(body);
        if (faults.Count > 0)
        {
            return Problem.BadRequest(faults);
        }

        var regency = http.Regency().Id;
        var classification = await sender.Send(new ClassifyText(regency, body.Text!), cancel);
        var district = body.Place is not { } place ? null : Routing.DistrictOf(
            (await directories.Of(regency, sessions, cancel)).Districts, new RouteReport(regency, null, null, place.Latitude, place.Longitude, place.Address));
        return Results.Ok(new
        {
            classification.Categories,
            classification.Departments,
            classification.Urgency,
            classification.Kind,
            classification.Category,
            classification.Department,
            classification.IsEmergency,
            classification.IsSuspicious,
            district = district is null ? null : new { district.Code, district.Name },
            classification.Model,
        });
    }

    /// <summary>All that is wrong with what was sent.</summary>
    public static IReadOnlyList<Fault> Faults(ClassifyTextBody body)
    {
        var faults = new List<Fault>();
        if (string.IsNullOrWhiteSpace(body.Text))
        {
            faults.Add(new("text.missing", "Send the text to be classified.", "text"));
        }
        else if (body.Text.Length > Suggester.MaxText)
        {
            faults.Add(new("text.too_long", $"At most {Suggester.MaxText} characters; this has {body.Text.Length}.", "text"));
        }

        if (body.Channel?.Length > LongestChannel)
        {
            faults.Add(new("channel.invalid", "Give the channel's code, such as x or sms.", "channel"));
        }

        if (body.Place is { } place)
        {
            Check(place.Latitude, 90, "place.latitude", faults);
            Check(place.Longitude, 180, "place.longitude", faults);
            if (place.Latitude is null != place.Longitude is null)
            {
                faults.Add(new("place.incomplete", "Send latitude and longitude together.", place.Latitude is null ? "place.latitude" : "place.longitude"));
            }
        }

        return faults;
    }

    private static void Check(double? degrees, double most, string field, List<Fault> faults)
    {
        if (degrees is { } value && !(Math.Abs(value) <= most))
        {
            faults.Add(new($"{field}.invalid", $"Degrees between -{most} and {most}.", field));
        }
    }
}

internal sealed class ClassifyTextHandler(RegencyDirectories directories, LearnedModels learned, RegencySessions sessions) : IRequestHandler<ClassifyText, TextClassification>
{
    public async Task<TextClassification> Handle(ClassifyText query, CancellationToken cancel)
    {
        var directory = await directories.Of(query.Regency, sessions, cancel);
        return directory.Suggester.Classify(query.Text, query.AddressedDepartment, await learned.Of(query.Regency, sessions, cancel));
    }
}
