using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SmartCity.Accountability.Auditing;

/// <summary>How large a regency's log was and what its root hash was (C2SP tlog-checkpoint).</summary>
/// <param name="Origin">Which log.</param>
internal sealed record Checkpoint(string Origin, long Size, byte[] Root)
{
    /// <summary>What is signed.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Convert.ToBase64String(Root)}\n");

    /// <summary>Reads a checkpoint; null when it is none.</summary>
    public static Checkpoint? Read(string text)
    {
        var lines = text.Split('\n');
        var root = new byte[33];
        return lines.Length >= 4 && lines[0].Length > 0 && long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            && lines[1] == size.ToString(CultureInfo.InvariantCulture)
            && Convert.TryFromBase64String(lines[2], root, out var length) && length == 32
            ? new Checkpoint(lines[0], size, root[..32])
            : null;
    }
}

/// <summary>A text with signatures (C2SP signed-note).</summary>
internal sealed record SignedNote(string Text, IReadOnlyList<(string Name, byte[] Signature)> Signatures)
{
    private const string Dash = "— ";

    public static SignedNote Sign(string text, AuditKey key, ECDsa secret) => new(
        text, [(key.Name, [.. key.Id, .. secret.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)])]);

    /// <summary>Whether one of the keys has signed it, and none of them wrongly.</summary>
    public bool IsSignedBy(IReadOnlyList<AuditKey> keys)
    {
        var known = Signatures.Select(s => (s.Signature, Key: keys.FirstOrDefault(k => k.Name == s.Name && s.Signature.AsSpan().StartsWith(k.Id)))).Where(s => s.Key is not null).ToArray();
        return known.Length > 0 && known.All(s => s.Key!.HasSigned(Text, s.Signature.AsSpan(4)));
    }

    /// <summary>Reads the notes of a file, one after another.</summary>
    /// <exception cref="FormatException">There is something else in it.</exception>
    public static IReadOnlyList<SignedNote> ReadAll(string file)
    {
        var notes = new List<SignedNote>();
        var (text, signatures) = (new List<string>(), new List<(string, byte[])>());
        foreach (var line in file.ReplaceLineEndings("\n").Split('\n'))
        {
            if (line.StartsWith(Dash, StringComparison.Ordinal) && text is [.., ""])
            {
                var parts = line[Dash.Length..].Split(' ');
                signatures.Add((parts[0], Convert.FromBase64String(parts.Length == 2 ? parts[1] : "?")));
                continue;
            }

            if (signatures.Count > 0)
            {
                Close();
            }

            if (line.Length > 0 || text.Count > 0)
            {
                text.Add(line);
            }
        }

        if (signatures.Count > 0)
        {
            Close();
        }

        return text.Count == 0 ? notes : throw new FormatException("A text without a signature.");

        void Close()
        {
            notes.Add(new SignedNote(string.Concat(text[..^1].Select(l => l + "\n")), [.. signatures]));
            text.Clear();
            signatures.Clear();
        }
    }

    /// <summary>Reads one note; null when it is none.</summary>
    public static SignedNote? Read(string? text)
    {
        try
        {
            return text is not null && ReadAll(text) is [var only] ? only : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    public override string ToString() => $"{Text}\n{string.Concat(Signatures.Select(s => $"{Dash}{s.Name} {Convert.ToBase64String(s.Signature)}\n"))}";
}

/// <summary>The public half of a signing key: ECDSA on P-256 with SHA-256, type 0x02 of C2SP signed-note.</summary>
/// <param name="Name">The log's origin.</param>
/// <param name="Public">SubjectPublicKeyInfo, DER.</param>
internal sealed record AuditKey(string Name, byte[] Public)
{
    private const byte Type = 2;

    public byte[] Id => SHA256.HashData(Public)[..4];

    public bool HasSigned(string text, ReadOnlySpan<byte> signature)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(Public, out _);
        return key.VerifyData(Encoding.UTF8.GetBytes(text), signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    /// <summary>Reads the keys of a file, one a line.</summary>
    /// <exception cref="FormatException">A line is no key.</exception>
    public static IReadOnlyList<AuditKey> ReadAll(string file) =>
        [.. file.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Read)];

    public override string ToString() => $"{Name}+{Convert.ToHexStringLower(Id)}+{Convert.ToBase64String([Type, .. Public])}";

    private static AuditKey Read(string line)
    {
        var parts = line.Split('+', 3);
        if (parts.Length != 3 || Convert.FromBase64String(parts[2]) is not [Type, .. var key] || new AuditKey(parts[0], key) is not { } read || Convert.ToHexStringLower(read.Id) != parts[1])
        {
            throw new FormatException($"'{line}' is no key of an audit log; one looks like NAME+12345678+AjBZ…");
        }

        try
        {
            using var check = ECDsa.Create();
            check.ImportSubjectPublicKeyInfo(key, out _);
            return check.ExportParameters(false).Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value ? read : throw new FormatException("A key of an audit log is on P-256.");
        }
        catch (CryptographicException failure)
        {
            throw new FormatException($"The key of '{parts[0]}' cannot be read.", failure);
        }
    }
}
