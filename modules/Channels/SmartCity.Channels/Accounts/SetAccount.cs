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

namespace SmartCity.Channels.Accounts;

/// <summary>An account at a provider was set, changed or removed; says which settings, never their values.</summary>
internal sealed record ChannelAccountChanged(string Account, IReadOnlyList<string> Set, IReadOnlyList<string> Removed);

/// <summary>An operator enters a regency's accounts. A secret that was entered is never shown again.</summary>
internal sealed class AccountEndpoints : ICarterModule
{
    private const int Longest = 2000;

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var accounts = app.MapRegencyApi("/channel-accounts").WithTags("Channels");
        accounts.MapGet("", List).RequireRole(Role.Operator).WithSummary("Accounts at providers: which settings they take and which are set; secrets are not shown");
        accounts.MapPut("/{account}", Put).RequireRole(Role.Operator)
            .WithSummary("Set an account: settings by name; what is left out stays as it is, null removes it. A department's own account is named x.DPU");
        accounts.MapDelete("/{account}", Delete).RequireRole(Role.Operator).WithSummary("Remove an account: nothing comes in and nothing leaves by it any more");
    }

    private static async Task<IResult> List(HttpContext http, ChannelList channels, RegencySessions sessions, AccountSeal seal, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        await using var session = sessions.Query(regency);
        var known = (await session.Query<ChannelAccount>().ToListAsync(cancel)).ToDictionary(a => a.Id);
        return Results.Ok(channels.All.SelectMany(c => c.Accounts.SelectMany(form => known.Keys.Where(name => form.DepartmentOf(name) is not null).Order(StringComparer.Ordinal).Prepend(form.Name)
            .Select(name => Shown(c.Code, form, name, regency, known.GetValueOrDefault(name), seal)))));
    }

    private static async Task<IResult> Put(
        string account, Dictionary<string, string?> body, HttpContext http, ChannelList channels, ChannelAccounts accounts, RegencySessions sessions, AccountSeal seal,
        ISender sender, TimeProvider time, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        if (channels.OfAccount(account) is not { } found)
        {
            return Problem.NotFound("account.unknown", $"No channel has an account '{account}'; GET /channel-accounts lists them.", "account");
        }

        var (channel, form) = found;
        if (form.DepartmentOf(account) is { } department && (await sender.Send(new GetDepartments(regency), cancel)).All(d => d.Code != department || d.Kind == DepartmentKind.Outside))
        {
            return Problem.NotFound("department.unknown", $"No department has the code '{department}' here; an account of its own is named {form.Of("CODE")}.", "account");
        }

        var asked = form.SettingsOf(account);

        await using var session = sessions.Open(regency);
        var known = await session.LoadAsync<ChannelAccount>(account, cancel);
        var settings = known is null ? [] : new Dictionary<string, string>(seal.Open(regency, known));
        foreach (var (name, value) in body)
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

        if (Faults(asked, settings) is { Count: > 0 } faults)
        {
            return Problem.BadRequest(faults);
        }

        async ValueTask<IReadOnlyDictionary<string, string>> Whole(IReadOnlyDictionary<string, string> own) => await accounts.Whole(regency, form, account, own, cancel);
        var after = new ChannelAccount { Id = account, Sealed = seal.Seal(regency, account, settings), ChangedAt = time.GetUtcNow() };
        session.Store(after);
        session.Events.Append($"channel-account-{account}", new ChannelAccountChanged(
            account, [.. body.Where(s => !string.IsNullOrWhiteSpace(s.Value)).Select(s => s.Key)], [.. body.Where(s => string.IsNullOrWhiteSpace(s.Value)).Select(s => s.Key)]));
        await session.SaveChangesAsync(cancel);
        accounts.Forget(regency, account);
        var note = await channel.AccountChanged(regency, account, known is null ? null : await Whole(seal.Open(regency, known)), await Whole(settings), cancel);
        // The regency's may be set elsewhere than here.
        if (form.DepartmentOf(account) is { } whose && await accounts.Named(regency, form, account, cancel) is null && await channel.From(regency, [account], whose, cancel) != account)
        {
            note = $"It is used as soon as the regency's own account {form.Name} is set.";
        }

        return Results.Ok(Shown(channel.Code, form, account, regency, after, seal, note));
    }

    private static async Task<IResult> Delete(string account, HttpContext http, ChannelList channels, ChannelAccounts accounts, RegencySessions sessions, AccountSeal seal, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        await using var session = sessions.Open(regency);
        if (await session.LoadAsync<ChannelAccount>(account, cancel) is not { } known)
        {
            return Problem.NotFound("account.unknown", $"There is no account '{account}' here.", "account");
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

        return Results.NoContent();
    }

    private static List<Fault> Faults(IReadOnlyList<AccountSetting> asked, Dictionary<string, string> settings) =>
    [
        .. settings.Keys.Where(name => asked.All(s => s.Name != name))
            .Select(name => new Fault("setting.unknown", $"This account has {string.Join(", ", asked.Select(s => s.Name))}.", name)),
        .. asked.Where(s => s.IsRequired && !settings.ContainsKey(s.Name)).Select(s => new Fault("setting.missing", $"Give {s.Help}.", s.Name)),
        .. asked.Where(s => settings.TryGetValue(s.Name, out var value)
                && (value.Length > Longest || value.Any(char.IsControl) || (s.IsAddress && !(Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))))
            .Select(s => new Fault("setting.invalid", $"Give {s.Help}.", s.Name)),
    ];

    private static object Shown(string channel, AccountForm form, string name, string regency, ChannelAccount? account, AccountSeal seal, string? note = null)
    {
        var settings = account is null ? new Dictionary<string, string>() : seal.Open(regency, account);
        return new
        {
            Account = name,
            Channel = channel,
            Department = form.DepartmentOf(name),
            IsSet = account is not null,
            account?.ChangedAt,
            Note = note,
            Settings = form.SettingsOf(name).Select(s => new
            {
                s.Name,
                s.IsSecret,
                s.IsRequired,
                IsSet = settings.ContainsKey(s.Name),
                Value = s.IsSecret ? null : settings.GetValueOrDefault(s.Name),
                s.Help,
            }),
        };
    }
}
