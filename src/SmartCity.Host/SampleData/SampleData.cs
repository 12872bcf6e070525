using MediatR;
using SmartCity.Accountability.Contracts;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.Regencies;

namespace SmartCity.Host.SampleData;

/// <summary>How much sample data a start brings: configuration <c>SmartCity:SampleData</c>.</summary>
internal enum SampleAmount
{
    /// <summary>None.</summary>
    None,

    /// <summary>Two regencies with districts, departments, categories, holidays; in development also accounts and a key.</summary>
    Reference,

    /// <summary>The same, and reports, some answered.</summary>
    Full,
}

/// <summary>Registers the sample data.</summary>
internal static class SampleDataSetup
{
    /// <summary>Brings sample data before the server listens, as far as the configuration asks for it.</summary>
    public static void AddSampleData(this WebApplicationBuilder builder)
    {
        var text = builder.Configuration["SmartCity:SampleData"] ?? nameof(SampleAmount.None);
        if (!Enum.TryParse<SampleAmount>(text, ignoreCase: true, out var amount) || !Enum.IsDefined(amount))
        {
            throw new InvalidOperationException($"Configuration SmartCity:SampleData must be none, reference or full; it is '{text}'.");
        }

        if (amount >= SampleAmount.Reference)
        {
            builder.Services.AddHostedService<ReferenceData>();
        }

        if (amount >= SampleAmount.Full)
        {
            builder.Services.AddHostedService<SampleRepayments>();
            builder.Services.AddHostedService<SampleReports>();
            builder.Services.AddHostedService<Welcome>();
        }
    }
}

/// <summary>Adds what is missing of the two sample regencies. What is there already stays as it is, also when somebody has changed it since.</summary>
internal sealed class ReferenceData(
    IServiceScopeFactory scopes, RegencyRegistry regencies, StaffSignIn staff, ApiKeys keys, IHostEnvironment environment) : IHostedService
{
    public const string Password = "rahasia-tegal", KeySecret = "demo";

    public async Task StartAsync(CancellationToken cancel)
    {
        foreach (var sample in SampleRegency.All)
        {
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<CallContext>().Actor = Actor.System("sample-data");
            await Add(sample, scope.ServiceProvider.GetRequiredService<ISender>(), cancel);
            if (environment.IsDevelopment())
            {
                await AddPeople(sample, cancel);
            }
        }

        if (environment.IsDevelopment())
        {
            await AddAccount(RegencyCode.Platform, new StaffAccount { Id = "operator", DisplayName = "Operator", Role = Role.Operator }, cancel);
        }
    }

    public Task StopAsync(CancellationToken cancel) => Task.CompletedTask;

    private async Task Add(SampleRegency sample, ISender sender, CancellationToken cancel)
    {
        var regency = sample.Regency.Id;
        if (await regencies.Find(sample.Regency.Code, cancel) is null)
        {
            await regencies.Save(sample.Regency, cancel);
        }

        var categories = (await sender.Send(new GetCategories(regency), cancel)).Select(c => c.Code).ToHashSet();
        if (categories.Count == 0)
        {
            // Before the categories, so that a start that was cut short here begins again.
            await sender.Send(new ImportDistricts(regency, sample.Districts), cancel);
            foreach (var (year, holidays) in SampleHolidays.ByYear)
            {
                await sender.Send(new ImportHolidays(regency, int.Parse(year, System.Globalization.CultureInfo.InvariantCulture), holidays.Dates, holidays.Source), cancel);
            }
        }

        var departments = (await sender.Send(new GetDepartments(regency), cancel)).Select(d => d.Code).ToHashSet();
        foreach (var department in sample.WithDistrictOffices().Where(d => !departments.Contains(d.Code)))
        {
            await sender.Send(new RegisterDepartment(regency, department), cancel);
        }

        var offices = (await sender.Send(new GetOfficeTerms(regency), cancel)).Select(t => t.Office).ToHashSet();
        foreach (var office in sample.Offices.Where(o => !offices.Contains(o.Office)))
        {
            await sender.Send(new AppointToOffice(regency, office.ToTerm()), cancel);
        }

        foreach (var category in sample.WithDepartments(SampleCategory.All).Where(c => !categories.Contains(c.Code)))
        {
            await sender.Send(new DefineCategory(regency, category), cancel);
        }
    }

    private async Task AddPeople(SampleRegency sample, CancellationToken cancel)
    {
        var place = sample.Regency.Code;
        StaffAccount Officer(string name, string department) =>
            new() { Id = $"officer.{name}", DisplayName = $"Petugas {department}", Role = Role.Officer, Department = department };
        // The roads department of Kota Tegal has another code; its officer's name is the same everywhere.
        StaffAccount[] accounts =
        [
            Officer("dpu", sample.Categories["jalan-rusak"]!), Officer("dishub", "DISHUB"), Officer("inspektorat", "INSPEKTORAT"),
            new() { Id = "head.dpu", DisplayName = "Kepala DPU", Role = Role.Officer, Department = sample.Categories["jalan-rusak"]! },
            new() { Id = "sekda", DisplayName = "Sekretaris Daerah", Role = Role.Dispatcher },
            new() { Id = "humas", DisplayName = "Humas", Role = Role.PublicRelations },
            new() { Id = "dispatcher", DisplayName = "Petugas disposisi", Role = Role.Dispatcher },
            new() { Id = "regent", DisplayName = sample.Regency.Name.StartsWith("Kota", StringComparison.Ordinal) ? "Wali Kota" : "Bupati", Role = Role.Regent },
            new() { Id = "auditor", DisplayName = "Auditor", Role = Role.Auditor },
            new() { Id = "pdp", DisplayName = "Pejabat pelindungan data", Role = Role.DataProtection },
            new() { Id = "bpkad", DisplayName = "Petugas kas daerah (BPKAD)", Role = Role.Treasurer },
            // Another person confirms a deposit than who entered it.
            new() { Id = "kasda", DisplayName = "Pemeriksa kas daerah (BPKAD)", Role = Role.Treasurer },
        ];
        foreach (var account in accounts)
        {
            await AddAccount(place, account, cancel);
        }

        if (!await keys.Has(place, KeySecret, cancel))
        {
            await keys.Save(place, new ApiKey { Id = ApiKey.Hash(KeySecret), Name = "demo", Scopes = Scopes.All }, cancel);
        }
    }

    private async Task AddAccount(RegencyCode place, StaffAccount account, CancellationToken cancel)
    {
        if (!await staff.Has(place, account.Id, cancel))
        {
            await staff.Save(place, account.WithPassword(Password), cancel);
        }
    }
}
