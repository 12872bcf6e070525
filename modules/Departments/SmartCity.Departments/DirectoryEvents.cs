using SmartCity.Departments.Contracts;

namespace SmartCity.Departments;

// The directory of a regency: one stream a department, one a category, one for the districts. Names on the wire are given in the module.

/// <summary>A department is there for the first time.</summary>
internal sealed record DepartmentRegistered(Department Department);

/// <summary>Something about a department is different now; holds it as it is after the change.</summary>
internal sealed record DepartmentChanged(Department Department);

/// <summary>A department has another name. What it did stays under the old one.</summary>
/// <param name="On">From this day on.</param>
internal sealed record DepartmentRenamed(string Name, string EnglishName, DateOnly On);

/// <summary>A category is there, or different; holds it as it is now.</summary>
internal sealed record CategoryDefined(Category Category);

/// <summary>The list of districts was replaced.</summary>
internal sealed record DistrictsImported(IReadOnlyList<District> Districts);
