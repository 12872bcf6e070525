using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.Problems;

namespace SmartCity.Departments.Boundaries;

/// <summary>Boundaries come in as GeoJSON, from an operator or a dispatcher.</summary>
internal sealed class ImportBoundariesEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapRegencyApi("/boundaries")
        .MapPut("", Put)
        .RequireRole(Role.Operator, Role.Dispatcher)
        .Accepts<object>("application/geo+json", "application/json")
        .WithTags("Departments").WithSummary("Import boundaries as a GeoJSON FeatureCollection (properties code, name, level); replaces the levels and regencies that it holds");

    private static async Task<IResult> Put(HttpContext http, ISender sender, CancellationToken cancel)
    {
        using var content = new MemoryStream();
        var buffer = new byte[81920];
        for (int read; (read = await http.Request.Body.ReadAsync(buffer, cancel)) > 0;)
        {
            content.Write(buffer, 0, read);
            if (content.Length > BoundaryFile.MaxBytes)
            {
                break;
            }
        }

        var import = await sender.Send(new ImportBoundaries(http.Regency().Id, content.GetBuffer().AsMemory(0, (int)content.Length)), cancel);
        return import.Faults.Count > 0
            ? Problem.From(content.Length > BoundaryFile.MaxBytes ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest, [.. import.Faults.Select(f => new Fault(f.Code, f.Detail, f.Field))])
            : Results.Ok(new { import.Sets });
    }
}

internal sealed class ImportBoundariesHandler(DirectoryStreams streams, RegencyBoundaries boundaries) : IRequestHandler<ImportBoundaries, BoundariesImport>
{
    public async Task<BoundariesImport> Handle(ImportBoundaries command, CancellationToken cancel)
    {
        var file = BoundaryFile.Read(command.GeoJson);
        if (file.Faults.Count > 0)
        {
            return new BoundariesImport(file.Faults, []);
        }

        var sets = new List<BoundarySetSummary>();
        foreach (var imported in file.Sets)
        {
            var isChanged = false;
            await streams.Change<BoundarySet>(command.Regency, BoundarySet.Stream(imported.Of, imported.Level), known =>
            {
                var @event = Decide(known, imported);
                isChanged = @event is not null;
                return @event;
            }, cancel);
            sets.Add(new BoundarySetSummary(imported.Of, imported.Level, imported.Areas.Count, isChanged));
        }

        boundaries.Changed(command.Regency);
        return new BoundariesImport([], sets);
    }

    public static BoundariesImported? Decide(BoundarySet? known, BoundariesImported imported) =>
        known is not null && DirectoryStreams.Same(known.Areas, imported.Areas) ? null : imported;
}
