using Carter;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Problems;

namespace SmartCity.Departments.Suggesting.Learning;

/// <summary>How often the suggestions were right, for those who decide and those who watch over it.</summary>
internal sealed class ReadAccuracyEndpoint : ICarterModule
{
    private const int MostDays = 3660;

    public void AddRoutes(IEndpointRouteBuilder app) => app.MapRegencyApi("/classifications/accuracy")
        .MapGet("", async (int? days, HttpContext http, ISender sender, CancellationToken cancel) => days is < 1 or > MostDays
            ? Problem.BadRequest(new Fault("days.invalid", $"Between 1 and {MostDays}.", "days"))
            : Results.Ok(await sender.Send(new GetAccuracy(http.Regency().Id, days ?? 90), cancel)))
        .RequireRole(Role.Dispatcher, Role.Regent, Role.Auditor)
        .WithTags("Classification").WithSummary("How often suggestions were what people decided in the end, per department and category, and what the base model is worth; ?days=90");
}

internal sealed class GetAccuracyHandler(RegencySessions sessions, RegencyDirectories directories, LearnedModels learned, TimeProvider time) : IRequestHandler<GetAccuracy, ClassificationAccuracy>
{
    // Of more the latest count: it is a rolling measure.
    private const int Most = 20_000;

    public async Task<ClassificationAccuracy> Handle(GetAccuracy query, CancellationToken cancel)
    {
        var since = time.GetUtcNow().AddDays(-query.Days);
        await using var session = sessions.Query(query.Regency);
        var verdicts = await session.Query<Verdict>().Where(v => v.At >= since).OrderByDescending(v => v.At).Take(Most).ToListAsync(cancel);
        var directory = await directories.Of(query.Regency, sessions, cancel);
        var model = await learned.Of(query.Regency, sessions, cancel);
        return Count(verdicts, directory, query.Days, $"{BaseModel.Version}+{model?.Decisions ?? 0}");
    }

    private static BaseAccuracy BaseAccuracyOf(BaseMeasure measure)
    {
        static double Rounded(float share) => Math.Round((double)share, 3);
        return new BaseAccuracy(measure.Messages, measure.Parts, Rounded(measure.Department), Rounded(measure.Category), Rounded(measure.Urgency), Rounded(measure.Kind));
    }

    /// <summary>Counts decisions and those that were suggested so: each suggestion was made before its decision was learnt from.</summary>
    public static ClassificationAccuracy Count(IReadOnlyList<Verdict> verdicts, RegencyDirectory directory, int days, string model)
    {
        IReadOnlyList<AnswerAccuracy> By(Func<Verdict, string?> decided, Func<Verdict, string?> suggested, Func<string, string> name) =>
            [.. verdicts.Where(v => decided(v) is not null).GroupBy(decided).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => new AnswerAccuracy(g.Key!, name(g.Key!), g.Count(), g.Count(v => suggested(v) == g.Key),
                    [.. g.Where(v => suggested(v) != g.Key).GroupBy(v => suggested(v) ?? "").OrderByDescending(x => x.Count()).ThenBy(x => x.Key, StringComparer.Ordinal).Take(3).Select(x => new Mistaken(x.Key, x.Count()))]))];
        var departments = By(v => v.Department, v => v.SuggestedDepartment, code => directory.Departments.FirstOrDefault(d => d.Code == code)?.Name ?? code);
        var categories = By(v => v.Category, v => v.SuggestedCategory, code => directory.Categories.FirstOrDefault(c => c.Code == code)?.Name ?? code);
        var held = verdicts.Where(v => v.WasHeld && v.Kind is not null).ToArray();
        return new ClassificationAccuracy(
            days, model, BaseAccuracyOf(BaseModel.Current.Measure), departments.Sum(d => d.Decided), departments.Sum(d => d.Right), categories.Sum(c => c.Decided), categories.Sum(c => c.Right),
            held.Length, held.Count(v => v.Kind == TextKinds.Spam), departments, categories);
    }
}
