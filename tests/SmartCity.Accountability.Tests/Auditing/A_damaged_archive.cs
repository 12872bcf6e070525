using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SmartCity.Accountability.Tests.Auditing;

/// <summary>What happens to files on their way: each damage is found, by both verifiers, at the same place.</summary>
public sealed partial class A_damaged_archive(AuditHost host) : IClassFixture<AuditHost>, IAsyncLifetime
{
    private byte[] _archive = [];
    private string[] _lines = [];
    private string _keys = "", _held = "";

    public async ValueTask InitializeAsync()
    {
        await host.FileReport();
        await host.FileReport(description: "Jalan \"ambles\"\n100 % — é 😀");
        _held = await host.Settled();
        _keys = await host.Keys();
        var text = await host.Export();
        (_archive, _lines) = (Encoding.UTF8.GetBytes(text), text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task<string> Verify(byte[] archive) => AuditHost.Verify(archive, _keys, _held);

    private Task<string> Verify(IEnumerable<string> lines) => AuditHost.Verify(string.Concat(lines.Select(l => $"{l}\n")), _keys, _held);

    [Fact]
    public async Task with_a_flipped_bit_is_wrong_where_the_bit_is()
    {
        (await Verify(_archive)).ShouldStartWith("OK");
        var random = new Random(20161031);
        for (var tries = 0; tries < 60; tries++)
        {
            var (at, bit) = (random.Next(_archive.Length), random.Next(8));
            byte[] damaged = [.. _archive];
            damaged[at] ^= (byte)(1 << bit);
            var verdict = await Verify(damaged);
            var (line, offset) = Line(at);
            if (verdict.StartsWith("OK", StringComparison.Ordinal))
            {
                // The few words that serve to restore a regency and are not proved (docs/audit-format.md).
                (IsOfSignatureOnTheWay(line, offset) || Unproved().Matches(line).Any(m => offset >= Encoding.UTF8.GetByteCount(line[..m.Index]) && offset <= Encoding.UTF8.GetByteCount(line[..(m.Index + m.Length)]))).ShouldBeTrue($"bit {bit} of byte {at} in: {line}");
                continue;
            }

            verdict.ShouldStartWith("WRONG: ");
            if (verdict.StartsWith("WRONG: position ", StringComparison.Ordinal) && line.Contains("\"kind\":\"event\"", StringComparison.Ordinal) && !IsInPosition(line, offset))
            {
                verdict.ShouldStartWith($"WRONG: position {JsonDocument.Parse(line).RootElement.GetProperty("position").GetInt64()}: ");
            }
        }
    }

    [Fact]
    public async Task that_was_cut_off_anywhere_is_wrong()
    {
        var random = new Random(2016);
        foreach (var length in Enumerable.Range(0, 12).Select(_ => random.Next(_archive.Length - 1)).Append(0).Append(1))
        {
            (await Verify(_archive[..length])).ShouldStartWith("WRONG: ");
        }

        // At the end of a line, it breaks off after what it still has.
        var whole = _lines.Length / 2;
        (await Verify(_lines[..whole])).ShouldStartWith("WRONG: archive: it breaks off after position ");
    }

    [Fact]
    public async Task whose_lines_were_moved_doubled_or_left_out_is_wrong_there()
    {
        var events = Enumerable.Range(0, _lines.Length).Where(i => _lines[i].Contains("\"kind\":\"event\"", StringComparison.Ordinal)).ToArray();
        foreach (var i in new[] { events[0], events[events.Length / 2], events[^2] })
        {
            var next = events[Array.IndexOf(events, i) + 1];
            string[] swapped = [.. _lines];
            (swapped[i], swapped[next]) = (swapped[next], swapped[i]);
            (await Verify(swapped)).ShouldStartWith($"WRONG: position {Position(next)}: ");
            (await Verify([.. _lines[..(i + 1)], .. _lines[i..]])).ShouldStartWith($"WRONG: position {Position(i)}: ");
            (await Verify([.. _lines[..i], .. _lines[(i + 1)..]])).ShouldStartWith("WRONG: position ");
        }

        (await Verify(_lines.Skip(1))).ShouldStartWith("WRONG: archive");
        (await Verify(_lines.Reverse())).ShouldStartWith("WRONG: archive");
    }

    [Fact]
    public async Task that_was_packed_or_is_another_regencys_is_not_taken_for_right()
    {
        using var packed = new MemoryStream();
        await using (var zip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await zip.WriteAsync(_archive);
        }

        (await Verify(packed.ToArray())).ShouldStartWith("WRONG: archive");
        // Unpacked again it is what it was, and so it is with other ends of lines.
        packed.Position = 0;
        using var unpacked = new MemoryStream();
        await using (var zip = new GZipStream(packed, CompressionMode.Decompress))
        {
            await zip.CopyToAsync(unpacked);
        }

        (await Verify(unpacked.ToArray())).ShouldStartWith("OK");
        (await AuditHost.Verify(string.Concat(_lines.Select(l => $"{l}\r\n")), _keys, _held)).ShouldStartWith("OK");

        // The neighbour's archive is right by the neighbour's keys only.
        await host.FileReport("33.76");
        using var auditor = await host.SignIn("33.76", "auditor");
        var other = await AuditHost.Until(async () => await auditor.GetAsync("/api/v1/regencies/33.76/audit/export") is { IsSuccessStatusCode: true } answer ? await answer.Content.ReadAsStringAsync() : null, "an archive of the neighbour");
        var theirs = await host.Http.GetStringAsync("/.well-known/smartcity-audit-keys/33.76");
        (await AuditHost.Verify(other, theirs)).ShouldStartWith("OK");
        (await AuditHost.Verify(other, _keys)).ShouldStartWith("WRONG: checkpoint: ");
        (await AuditHost.Verify(other, theirs + _keys, _held)).ShouldStartWith("WRONG: checkpoint: ");
    }

    private long Position(int line) => JsonDocument.Parse(_lines[line]).RootElement.GetProperty("position").GetInt64();

    private (string Text, int Offset) Line(int at)
    {
        foreach (var line in _lines)
        {
            var length = Encoding.UTF8.GetByteCount(line) + 1;
            if (at < length)
            {
                return (line, at);
            }

            at -= length;
        }

        return ("", at);
    }

    private static bool IsInPosition(string line, int offset) => Encoding.UTF8.GetByteCount(line[..(line.IndexOf("\"stream\"", StringComparison.Ordinal) + 1)]) >= offset || offset >= Encoding.UTF8.GetByteCount(line[..line.LastIndexOf("\"index\"", StringComparison.Ordinal)]);

    // Whose root is right; it is looked at where the root is not.
    private static bool IsOfSignatureOnTheWay(string line, int offset) =>
        line.StartsWith("{\"kind\":\"checkpoint\"", StringComparison.Ordinal) && offset > Encoding.UTF8.GetByteCount(line[..line.IndexOf("\\n\\n", StringComparison.Ordinal)]);

    // The last digit of a hash in Base64 has two bits that say nothing.
    [GeneratedRegex("[A-Za-z0-9+/]=\"|[A-Za-z0-9+/]=\\\\n|\"place\":\\{.*?\\}|,\"aggregate\":\"[^\"]*\"|\"recorded\":|\"format\":\"smartcity-audit/2\"")]
    private static partial Regex Unproved();
}
