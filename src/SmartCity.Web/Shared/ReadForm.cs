using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;

namespace SmartCity.Web.Shared;

/// <summary>Reads a form before its endpoint runs; one that cannot be read, or was not made by us, goes no further.</summary>
internal sealed class ReadForm(IAntiforgery antiforgery) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (!http.Request.HasFormContentType)
        {
            return Pages.Error(StatusCodes.Status400BadRequest, "form");
        }

        try
        {
            await http.Request.ReadFormAsync(http.RequestAborted);
        }
        catch (BadHttpRequestException failure)
        {
            return Pages.Error(failure.StatusCode);
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException)
        {
            return Pages.Error(StatusCodes.Status400BadRequest, "form");
        }

        return await antiforgery.IsRequestValidAsync(http) ? await next(context) : Pages.Error(StatusCodes.Status400BadRequest, "stale");
    }
}

/// <summary>Fields of a form.</summary>
internal static class FormFields
{
    /// <summary>What was typed, without blanks around it; empty when the field is not there.</summary>
    public static string Text(this IFormCollection form, string name) => form[name].ToString().Trim();

    /// <summary>The same, or null when nothing was typed.</summary>
    public static string? TextOrNull(this IFormCollection form, string name) => form.Text(name) is { Length: > 0 } text ? text : null;

    /// <summary>Whether a box was ticked.</summary>
    public static bool IsTicked(this IFormCollection form, string name) => form[name].Count > 0;
}
