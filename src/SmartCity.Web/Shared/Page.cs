using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using SmartCity.Platform.Access;
using SmartCity.Platform.Regencies;
using SmartCity.Reports.Contracts;

namespace SmartCity.Web.Shared;

/// <summary>What every page and part of one knows: its request, its language and its regency.</summary>
public abstract class Page : ComponentBase
{
    /// <summary>The request.</summary>
    [CascadingParameter]
    public HttpContext Http { get; set; } = null!;

    /// <summary>The clock.</summary>
    [Inject]
    protected TimeProvider Time { get; set; } = null!;

    /// <summary>The language of the page.</summary>
    protected Language Language => Http.Request.Language();

    /// <summary>The regency of the page, if it is in one.</summary>
    protected Regency? Here => Http.Features.Get<Regency>();

    /// <summary>Where the regency's pages begin: <c>/33.28</c>.</summary>
    protected string Base => Here is { } regency ? $"/{regency.Id}" : "";

    /// <summary>Who is signed in; somebody of another regency is a citizen here.</summary>
    protected Actor Actor => Http.Actor() is { } actor && (actor.Regency is null || actor.Regency == Here?.Id) ? actor : Actor.Citizen;

    /// <summary>A text in the language of the page.</summary>
    protected string T(string indonesian, string english) => Language == Language.English ? english : indonesian;

    /// <summary>Date and time on the clock of the regency.</summary>
    protected string When(DateTimeOffset at) => Dates.DateAndTime(at, Here?.Zone ?? TimeZoneInfo.Utc, Language);

    /// <summary>Date on the clock of the regency.</summary>
    protected string Day(DateTimeOffset at) => Dates.Day(at, Here?.Zone ?? TimeZoneInfo.Utc, Language);

    /// <summary>How long ago.</summary>
    protected string Ago(DateTimeOffset at) => Dates.Ago(at, Time.GetUtcNow(), Language);

    /// <summary>A refusal in the language of the page.</summary>
    protected string T(Refusal refusal) => T(refusal.Indonesian, refusal.English);
}

/// <summary>Answers with pages.</summary>
internal static class Pages
{
    /// <summary>A page as an answer.</summary>
    /// <param name="parameters">Parameters of the component by name, as an anonymous object.</param>
    public static IResult Show<TPage>(object? parameters = null, int status = StatusCodes.Status200OK) where TPage : Page =>
        new PageResult(new RazorComponentResult<TPage>(parameters ?? new { }) { StatusCode = status, PreventStreamingRendering = true });

    /// <summary>A page that other sites may show in a frame; it remembers nothing.</summary>
    public static IResult Framed<TPage>(object parameters) where TPage : Page => new FramedResult(new RazorComponentResult<TPage>(parameters) { PreventStreamingRendering = true });

    /// <summary>A page that says that something is not there.</summary>
    public static IResult NotFound() => Error(StatusCodes.Status404NotFound);

    /// <summary>A page that says what went wrong.</summary>
    public static IResult Error(int status, string? reason = null) => Show<ErrorPage>(new { Status = status, Reason = reason }, status);

    /// <summary>After a form was taken: the browser gets the next page, and going back or reloading sends nothing again.</summary>
    public static IResult SeeOther(string path) => new SeeOtherResult(path);

    private sealed class PageResult(IResult page) : IResult
    {
        public Task ExecuteAsync(HttpContext http)
        {
            http.RememberLanguage();
            PageHeaders.Write(http);
            return page.ExecuteAsync(http);
        }
    }

    private sealed class FramedResult(IResult page) : IResult
    {
        public Task ExecuteAsync(HttpContext http)
        {
            PageHeaders.Write(http, isFramed: true);
            return page.ExecuteAsync(http);
        }
    }

    private sealed class SeeOtherResult(string path) : IResult
    {
        public Task ExecuteAsync(HttpContext http)
        {
            PageHeaders.Write(http);
            http.Response.StatusCode = StatusCodes.Status303SeeOther;
            http.Response.Headers.Location = path;
            return Task.CompletedTask;
        }
    }
}

/// <summary>The frame of every page: title, navigation, language, who is signed in.</summary>
public partial class Shell;

/// <summary>Says what went wrong and what to do.</summary>
public partial class ErrorPage;
