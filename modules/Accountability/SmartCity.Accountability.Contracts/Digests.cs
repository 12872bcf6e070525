namespace SmartCity.Accountability.Contracts;

/// <summary>What every department of a regency owes in the morning of a working day.</summary>
public sealed record DigestMade(DateOnly Day, IReadOnlyList<DepartmentDigest> Departments);

/// <summary>What a department owes.</summary>
/// <param name="Open">Reports for which it owes something.</param>
/// <param name="DueToday">Of these, due today.</param>
/// <param name="Overdue">Tickets that are late, longest first.</param>
/// <param name="OnLadder">How many stand above the officers.</param>
/// <param name="HasHead">Its head, if it has one, hears of it too; a body outside has none here.</param>
/// <param name="IsOversight">There are reports on the conduct of officials among them.</param>
public sealed record DepartmentDigest(string Department, int Open, int DueToday, IReadOnlyList<string> Overdue, int OnLadder, bool HasHead, bool IsOversight);
