using Carter;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Channels.Contracts;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Problems;

namespace SmartCity.Channels.Accounts;

/// <summary>An account at a provider was set, changed or removed; says which settings, never their values.</summary>
internal sealed record ChannelAccountChanged(string Account, IReadOnlyList<string> Set, IReadOnlyList<string> Removed);

/// <summary>An operator enters a regency's accounts. A secret that was entered is never shown again.</summary>
internal sealed class AccountEndpoints : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var accounts = app.MapRegencyApi("/channel-accounts").WithTags("Channels");
        accounts.MapGet("", (HttpContext http, ISender sender, CancellationToken cancel) => sender.Send(new GetChannelAccounts(http.Regency().Id), cancel))
            .RequireRole(Role.Operator).WithSummary("Accounts at providers: which settings they take and which are set; secrets are not shown");
        accounts.MapPut("/{account}", Put).RequireRole(Role.Operator)
            .WithSummary("Set an account: settings by name; what is left out stays as it is, null removes it. A department's own account is named x.DPU");
        accounts.MapDelete("/{account}", Delete).RequireRole(Role.Operator).WithSummary("Remove an account: nothing comes in and nothing leaves by it any more");
    }

    private static async Task<IResult> Put(string account, Dictionary<string, string?> body, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var outcome = await sender.Send(new SetChannelAccount(http.Regency().Id, account, body), cancel);
        return outcome switch
        {
            { Account: { } set } => Results.Ok(set),
            { IsUnknown: true, Faults: [var fault, ..] } => Problem.NotFound(fault.Code, fault.English, fault.Field),
            _ => Problem.BadRequest([.. outcome.Faults.Select(f => new Fault(f.Code, f.English, f.Field))]),
        };
    }

    private static async Task<IResult> Delete(string account, HttpContext http, ISender sender, CancellationToken cancel) =>
        await sender.Send(new RemoveChannelAccount(http.Regency().Id, account), cancel) ? Results.NoContent()
            : Problem.NotFound("account.unknown", $"There is no account '{account}' here.", "account");
}

internal sealed class SetAccount(ChannelList channels, ChannelAccounts accounts, RegencySessions sessions, AccountSeal seal, ISender sender, TimeProvider time) :
    IRequestHandler<GetChannelAccounts, IReadOnlyList<ChannelAccountSettings>>, IRequestHandler<GetChannelAccount, ChannelAccountSettings?>,
    IRequestHandler<SetChannelAccount, ChannelAccountOutcome>, IRequestHandler<RemoveChannelAccount, bool>
{
    private const int Longest = 2000;

    public async Task<IReadOnlyList<ChannelAccountSettings>> Handle(GetChannelAccounts query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        var known = (await session.Query<ChannelAccount>().ToListAsync(cancel)).ToDictionary(a => a.Id);
        return
        [
            .. channels.All.SelectMany(c => c.Accounts.SelectMany(form => known.Keys.Where(name => form.DepartmentOf(name) is not null).Order(StringComparer.Ordinal).Prepend(form.Name)
                .Select(name => Shown(c.Code, form, name, query.Regency, known.GetValueOrDefault(name))))),
        ];
    }

    public async Task<ChannelAccountSettings?> Handle(GetChannelAccount query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        return await Unknown(query.Regency, query.Account, cancel) is null && channels.OfAccount(query.Account) is { } found
            ? Shown(found.Channel.Code, found.Form, query.Account, query.Regency, await session.LoadAsync<ChannelAccount>(query.Account, cancel)) : null;
    }

    public async Task<ChannelAccountOutcome> Handle(SetChannelAccount command, CancellationToken cancel)
    {
        var (regency, account) = (command.Regency, command.Account);
        if (await Unknown(regency, account, cancel) is { } unknown)
        {
            return new ChannelAccountOutcome(null, [unknown]) { IsUnknown = true };
        }

        var (channel, form) = channels.OfAccount(account)!.Value;
        await using var session = sessions.Open(regency);
        var known = await session.LoadAsync<ChannelAccount>(account, cancel);
        var settings = known is null ? [] : new Dictionary<string, string>(seal.Open(regency, known));
        foreach (var (name, value) in command.Settings)
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                settings.Remove(name);
            }
            else
            {
                settings[name] = value.Trim();
            }
        }

        if (Faults(form.SettingsOf(account), settings) is { Count: > 0 } faults)
        {
            return new ChannelAccountOutcome(null, faults);
        }

        async ValueTask<IReadOnlyDictionary<string, string>> Whole(IReadOnlyDictionary<string, string> own) => await accounts.Whole(regency, form, account, own, cancel);
        var after = new ChannelAccount { Id = account, Sealed = seal.Seal(regency, account, settings), ChangedAt = time.GetUtcNow() };
        session.Store(after);
        session.Events.Append($"channel-account-{account}", new ChannelAccountChanged(
            account, [.. command.Settings.Where(s => !string.IsNullOrWhiteSpace(s.Value)).Select(s => s.Key)], [.. command.Settings.Where(s => string.IsNullOrWhiteSpace(s.Value)).Select(s => s.Key)]));
        await session.SaveChangesAsync(cancel);
        accounts.Forget(regency, account);
        var note = await channel.AccountChanged(regency, account, known is null ? null : await Whole(seal.Open(regency, known)), await Whole(settings), cancel);
        // The regency's may be set elsewhere than here.
        if (form.DepartmentOf(account) is { } whose && await accounts.Named(regency, form, account, cancel) is null && await channel.From(regency, [account], whose, cancel) != account)
        {
            note = $"It is used as soon as the regency's own account {form.Name} is set.";
        }

        return new ChannelAccountOutcome(Shown(channel.Code, form, account, regency, after, note), []);
    }

    public async Task<bool> Handle(RemoveChannelAccount command, CancellationToken cancel)
    {
        var (regency, account) = (command.Regency, command.Account);
        await using var session = sessions.Open(regency);
        if (await session.LoadAsync<ChannelAccount>(account, cancel) is not { } known)
        {
            return false;
        }

        var before = seal.Open(regency, known);
        session.Delete(known);
        session.Events.Append($"channel-account-{account}", new ChannelAccountChanged(account, [], [.. before.Keys]));
        await session.SaveChangesAsync(cancel);
        accounts.Forget(regency, account);
        if (channels.OfAccount(account) is { } found)
        {
            await found.Channel.AccountChanged(regency, account, await accounts.Whole(regency, found.Form, account, before, cancel), null, cancel);
        }

        return true;
    }

    private async Task<ChannelAccountFault?> Unknown(string regency, string account, CancellationToken cancel) => channels.OfAccount(account) is not { } found
        ? new("account.unknown", "account", $"No channel has an account '{account}'; GET /channel-accounts lists them.", $"Tidak ada kanal dengan akun '{account}'.")
        : found.Form.DepartmentOf(account) is { } department && (await sender.Send(new GetDepartments(regency), cancel)).All(d => d.Code != department || d.Kind == DepartmentKind.Outside)
            ? new("department.unknown", "account", $"No department has the code '{department}' here; an account of its own is named {found.Form.Of("CODE")}.", $"Tidak ada perangkat daerah dengan kode '{department}' di sini.")
            : null;

    private static List<ChannelAccountFault> Faults(IReadOnlyList<AccountSetting> asked, Dictionary<string, string> settings) =>
    [
        .. settings.Keys.Where(name => asked.All(s => s.Name != name))
            .Select(name => new ChannelAccountFault("setting.unknown", name, $"This account has {string.Join(", ", asked.Select(s => s.Name))}.", $"Akun ini punya {string.Join(", ", asked.Select(s => s.Name))}.")),
        .. asked.Where(s => s.IsRequired && !settings.ContainsKey(s.Name)).Select(s => Wrong("setting.missing", s)),
        .. asked.Where(s => settings.TryGetValue(s.Name, out var value)
                && (value.Length > Longest || value.Any(char.IsControl) || (s.IsAddress && !(Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))))
            .Select(s => Wrong("setting.invalid", s)),
    ];

    private static ChannelAccountFault Wrong(string code, AccountSetting setting) => new(code, setting.Name, $"Give {setting.Help}.", $"Isi {setting.Indonesian ?? setting.Help}.");

    private ChannelAccountSettings Shown(string channel, AccountForm form, string name, string regency, ChannelAccount? account, string? note = null)
    {
        var settings = account is null ? new Dictionary<string, string>() : seal.Open(regency, account);
        return new ChannelAccountSettings(name, channel, form.DepartmentOf(name), account is not null, account?.ChangedAt, note, form.OfDepartment.Count > 0,
        [
            .. form.SettingsOf(name).Select(s => new ChannelAccountSetting(
                s.Name, s.IsSecret, s.IsRequired, settings.ContainsKey(s.Name), s.IsSecret ? null : settings.GetValueOrDefault(s.Name), s.Help, s.Indonesian ?? s.Help)),
        ]);
    }
}
