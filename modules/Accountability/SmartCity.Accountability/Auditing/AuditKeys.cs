using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace SmartCity.Accountability.Auditing;

/// <summary>How the log is kept, from configuration section <c>SmartCity:Audit</c>.</summary>
internal sealed record AuditOptions(string Folder, string Origin, TimeSpan Pause, string? CopyTo, Uri? Webhook, AuditMailOptions? Mail = null)
{
    /// <exception cref="InvalidOperationException">A value is wrong.</exception>
    public static AuditOptions Read(IConfiguration configuration)
    {
        var section = configuration.GetSection("SmartCity:Audit");
        var origin = section["Origin"] ?? "smartcity";
        if (origin.Length == 0 || origin.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c == '+'))
        {
            throw Wrong("Origin", "a name such as lapor.example.go.id, without spaces and plus signs");
        }

        if (!double.TryParse(section["Seconds"] ?? "2", CultureInfo.InvariantCulture, out var seconds) || seconds is < 0.05 or > 3600)
        {
            throw Wrong("Seconds", "the pause between two looks for new events, 0.05 to 3600");
        }

        return new AuditOptions(
            Path.GetFullPath(section["Folder"] ?? Path.Combine(configuration["SmartCity:DataDirectory"] ?? ".data", "audit")), origin, TimeSpan.FromSeconds(seconds),
            section["CopyTo"] is { Length: > 0 } folder ? Path.GetFullPath(folder) : null,
            section["Webhook"] is not { Length: > 0 } url ? null : Uri.TryCreate(url, UriKind.Absolute, out var webhook) ? webhook : throw Wrong("Webhook", "an absolute address"),
            AuditMailOptions.Read(section.GetSection("Mail")));
    }

    public string OriginOf(string regency) => $"{Origin}/{regency}";

    private static InvalidOperationException Wrong(string name, string expected) => new($"Configuration SmartCity:Audit:{name} must be {expected}.");
}

/// <summary>
/// The signing keys, outside the database: <c>REGENCY/N.key</c> for the owner's eyes only, <c>REGENCY/N.pub</c> for everybody's. The highest
/// number signs; old public keys stay, since what they signed stays.
/// </summary>
internal sealed class AuditKeys(AuditOptions options)
{
    /// <summary>All public keys of a regency, the oldest first.</summary>
    public IReadOnlyList<AuditKey> Published(string regency) => Directory.Exists(Folder(regency))
        ? [.. Numbers(regency, ".pub").SelectMany(n => AuditKey.ReadAll(File.ReadAllText(Path.Combine(Folder(regency), $"{n}.pub"))))]
        : [];

    /// <summary>Signs a checkpoint; makes the first key when there is none.</summary>
    public SignedNote Sign(string regency, Checkpoint checkpoint) => Sign(regency, checkpoint.Text);

    /// <summary>Signs a text that begins with the log's origin.</summary>
    public SignedNote Sign(string regency, string text)
    {
        var number = Numbers(regency, ".key").LastOrDefault();
        if (number == 0)
        {
            number = Make(regency);
        }

        using var secret = ECDsa.Create();
        secret.ImportFromPem(File.ReadAllText(Path.Combine(Folder(regency), $"{number}.key")));
        return SignedNote.Sign(text, new AuditKey(options.OriginOf(regency), secret.ExportSubjectPublicKeyInfo()), secret);
    }

    /// <summary>A new key signs from now on; the old secret is deleted.</summary>
    public void Rotate(string regency)
    {
        var old = Numbers(regency, ".key");
        Make(regency);
        foreach (var number in old)
        {
            File.Delete(Path.Combine(Folder(regency), $"{number}.key"));
        }
    }

    private string Folder(string regency) => Path.Combine(options.Folder, regency);

    private int[] Numbers(string regency, string extension) => Directory.Exists(Folder(regency))
        ? [.. Directory.GetFiles(Folder(regency), $"*{extension}").Select(f => int.TryParse(Path.GetFileNameWithoutExtension(f), CultureInfo.InvariantCulture, out var n) ? n : 0).Where(n => n > 0).Order()]
        : [];

    private int Make(string regency)
    {
        Directory.CreateDirectory(Folder(regency));
        var number = Numbers(regency, ".pub").LastOrDefault() + 1;
        using var secret = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // The public half first: what is signed must always find its key.
        File.WriteAllText(Path.Combine(Folder(regency), $"{number}.pub"), $"{new AuditKey(options.OriginOf(regency), secret.ExportSubjectPublicKeyInfo())}\n");
        var file = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            file.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(Path.Combine(Folder(regency), $"{number}.key"), file);
        writer.Write(secret.ExportPkcs8PrivateKeyPem());
        return number;
    }
}
