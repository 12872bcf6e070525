using System.Text.RegularExpressions;
using Carter;
using JasperFx.Events;
using Marten.Events.Aggregation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.Problems;

namespace SmartCity.Departments.Defining;

/// <summary>A category as an operator sends it; its code is in the address.</summary>
internal sealed record DefineCategoryBody(
    string? Name, string? EnglishName, string? Description, string? Group, IReadOnlyList<string?>? Keywords, string? Department,
    string? Class, string? Delivery, IReadOnlyList<AttributeBody?>? Attributes);

/// <summary>A question of a category as an operator sends it.</summary>
internal sealed record AttributeBody(
    string? Code, string? Datatype, string? Description, string? Hint, IReadOnlyList<AttributeValue?>? Values, bool IsVariable = true, bool IsRequired = false);

/// <summary>An operator defines a category or changes it.</summary>
internal sealed class DefineCategoryEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapRegencyApi("/categories")
        .MapPut("{category}", Put)
        .RequireRole(Role.Operator)
        .WithTags("Departments").WithSummary("Define a category or change it");

    private static async Task<IResult> Put(
        string category, DefineCategoryBody body, HttpContext http, DirectoryStreams streams, ISender sender, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        var faults = new List<Fault>();
        var defined = new Category(
            category, body.Name?.Trim() ?? "", body.EnglishName?.Trim() ?? "", body.Description?.Trim() ?? "", body.Group?.Trim() ?? "",
            [.. (body.Keywords ?? []).Select(k => k?.Trim() ?? "")], body.Department,
            Read(body.Class, ReportClass.Complaint, "class", faults), Read(body.Delivery, ServiceDelivery.Realtime, "delivery", faults),
            [.. (body.Attributes ?? []).Select((a, i) => new ServiceAttribute(
                a?.Code ?? "", Read(a?.Datatype, AttributeDatatype.String, $"attributes[{i}].datatype", faults), a?.IsVariable ?? true, a?.IsRequired ?? false,
                a?.Description?.Trim() ?? "", a?.Hint, [.. (a?.Values ?? []).Select(v => v ?? new AttributeValue("", ""))]))]);
        faults.AddRange(CategoryRules.Faults(defined, await streams.Directory(regency, cancel)));
        if (faults.Count > 0)
        {
            return Problem.BadRequest(faults);
        }

        await sender.Send(new DefineCategory(regency, defined), cancel);
        return Results.Ok(defined);
    }

    private static T Read<T>(string? text, T otherwise, string field, List<Fault> faults) where T : struct, Enum
    {
        if (text is null)
        {
            return otherwise;
        }

        if (Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) && !int.TryParse(text, out _))
        {
            return value;
        }

        faults.Add(new Fault($"{field}.unknown", $"'{text}' is none of {string.Join(", ", Enum.GetNames<T>().Select(n => n.ToLowerInvariant()))}.", field));
        return otherwise;
    }
}

internal sealed class DefineCategoryHandler(DirectoryStreams streams) : IRequestHandler<DefineCategory>
{
    public async Task Handle(DefineCategory command, CancellationToken cancel)
    {
        var category = command.Category;
        DirectoryStreams.ThrowIfAny(CategoryRules.Faults(category, await streams.Directory(command.Regency, cancel)), $"Category {category.Code}");
        await streams.Change<CategoryRecord>(command.Regency, CategoryRecord.Stream(category.Code), known => Decide(known?.Category, category), cancel);
    }

    public static object? Decide(Category? known, Category category) =>
        known is not null && DirectoryStreams.Same(known, category) ? null : new CategoryDefined(category);
}

/// <summary>What a category must be like.</summary>
internal static partial class CategoryRules
{
    /// <summary>All that is wrong with a category in this regency.</summary>
    public static IReadOnlyList<Fault> Faults(Category category, RegencyDirectory directory)
    {
        var faults = new List<Fault>();
        // Open311 puts the code into addresses and comma-separated lists: no '.', ',' or '/'.
        if (!Code().IsMatch(category.Code))
        {
            faults.Add(new("code.invalid", "A code is 2 to 48 small letters, digits and dashes, such as jalan-rusak.", "code"));
        }

        Need(category.Name, "name", "Give the name in Indonesian.", faults);
        Need(category.EnglishName, "englishName", "Give the name in English.", faults);
        Need(category.Description, "description", "Say in Indonesian what belongs here.", faults);
        Need(category.Group, "group", "Name the group it is listed under.", faults);
        if (category.Keywords.Any(string.IsNullOrWhiteSpace))
        {
            faults.Add(new("keywords.empty", "Leave out empty keywords.", "keywords"));
        }

        if (category.Department is { } department && directory.Departments.All(d => d.Code != department))
        {
            faults.Add(new("department.unknown", $"There is no department '{department}' here; register it first.", "department"));
        }

        if (category.IsOversight && category.Department is { } body && directory.Departments.Any(d => d.Code == body && d.Kind != DepartmentKind.Oversight))
        {
            faults.Add(new("department.not_oversight", "Reports on the conduct of officials go to the oversight body only.", "department"));
        }

        for (var i = 0; i < category.Attributes.Count; i++)
        {
            CheckAttribute(category, i, faults);
        }

        return faults;
    }

    private static void CheckAttribute(Category category, int i, List<Fault> faults)
    {
        var (attribute, field) = (category.Attributes[i], $"attributes[{i}]");
        if (!AttributeCode().IsMatch(attribute.Code))
        {
            faults.Add(new("attribute.code", "A code is 1 to 48 letters, digits, dashes and underscores.", $"{field}.code"));
        }
        else if (category.Attributes.Take(i).Any(a => a.Code.Equals(attribute.Code, StringComparison.OrdinalIgnoreCase)))
        {
            faults.Add(new("attribute.twice", $"The code '{attribute.Code}' is used twice.", $"{field}.code"));
        }

        Need(attribute.Description, $"{field}.description", "Write the question, or the text to be shown.", faults);
        if (attribute is { IsRequired: true, IsVariable: false })
        {
            faults.Add(new("attribute.required", "A text that is only shown cannot be answered, so it cannot be required.", $"{field}.isRequired"));
        }

        var isList = attribute.Datatype is AttributeDatatype.SingleValueList or AttributeDatatype.MultiValueList;
        if (isList && attribute.Values.Count == 0)
        {
            faults.Add(new("attribute.values_missing", "A list needs the values to choose from.", $"{field}.values"));
        }
        else if (!isList && attribute.Values.Count > 0)
        {
            faults.Add(new("attribute.values_unused", "Only lists have values.", $"{field}.values"));
        }

        if (attribute.Values.Any(v => string.IsNullOrWhiteSpace(v.Key) || string.IsNullOrWhiteSpace(v.Name)))
        {
            faults.Add(new("attribute.value_incomplete", "Each value needs a key and a name.", $"{field}.values"));
        }
        else if (attribute.Values.DistinctBy(v => v.Key).Count() < attribute.Values.Count)
        {
            faults.Add(new("attribute.value_twice", "A key stands twice.", $"{field}.values"));
        }
    }

    private static void Need(string text, string field, string fix, List<Fault> faults)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            faults.Add(new($"{field}.missing", fix, field));
        }
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{1,47}$")]
    private static partial Regex Code();

    [GeneratedRegex("^[A-Za-z0-9_-]{1,48}$")]
    private static partial Regex AttributeCode();
}

/// <summary>A category as its events make it.</summary>
internal sealed record CategoryRecord
{
    /// <summary>The stream.</summary>
    public required string Id { get; init; }

    public required Category Category { get; init; }

    /// <summary>When it became as it is.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    public static string Stream(string code) => $"category-{code}";
}

/// <summary>Keeps <see cref="CategoryRecord"/> in step with its stream, in the same transaction.</summary>
internal sealed class CategoryProjection : SingleStreamProjection<CategoryRecord, string>
{
    public CategoryProjection() => IncludeType<CategoryDefined>();

    public override CategoryRecord? Evolve(CategoryRecord? snapshot, string id, IEvent e) =>
        e.Data is CategoryDefined defined ? new CategoryRecord { Id = id, Category = defined.Category, ChangedAt = e.Timestamp } : snapshot;
}
