using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using SmartCity.Platform.Regencies;

namespace SmartCity.Web.Shared;

/// <summary>Marks an endpoint that people look at: what goes wrong there is said on a page, not in JSON.</summary>
internal sealed record IsPage;

/// <summary>Writes problems of pages as pages; who must sign in first is sent there.</summary>
internal sealed class PageProblems : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context)
    {
        var http = context.HttpContext;
        var endpoint = http.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? http.GetEndpoint();
        return endpoint is null
            ? HttpMethods.IsGet(http.Request.Method) && http.Request.Headers.Accept.ToString().Contains("text/html")
            : endpoint.Metadata.GetMetadata<IsPage>() is not null;
    }

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var http = context.HttpContext;
        var status = context.ProblemDetails.Status ?? http.Response.StatusCode;
        var page = status == StatusCodes.Status401Unauthorized && http.Features.Get<Regency>() is { } regency
            ? Pages.SeeOther($"/{regency.Id}/masuk{(HttpMethods.IsGet(http.Request.Method) ? $"?kembali={Uri.EscapeDataString(http.Request.Path)}" : "")}")
            : Pages.Error(status);
        await page.ExecuteAsync(http);
    }
}
