using System.Security.Cryptography;
using SmartCity.Accountability.Auditing;

namespace SmartCity.Accountability.Tests.Auditing;

public class A_signed_checkpoint
{
    private readonly ECDsa _secret = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly Checkpoint _checkpoint = new("smartcity/33.28", 42, SHA256.HashData("root"u8));

    private AuditKey Key => new("smartcity/33.28", _secret.ExportSubjectPublicKeyInfo());

    private SignedNote Note => SignedNote.Sign(_checkpoint.Text, Key, _secret);

    [Fact]
    public void is_three_lines_and_a_signature()
    {
        var lines = Note.ToString().Split('\n');
        lines[..4].ShouldBe(["smartcity/33.28", "42", Convert.ToBase64String(_checkpoint.Root), ""]);
        lines[4].ShouldStartWith("— smartcity/33.28 ");
        lines[5..].ShouldBe([""]);
        Checkpoint.Read(Note.Text)!.Text.ShouldBe(_checkpoint.Text);
    }

    [Fact]
    public void is_read_back_alone_and_among_others()
    {
        var note = Note;
        SignedNote.Read(note.ToString())!.IsSignedBy(AuditKey.ReadAll($"{Key}\n")).ShouldBeTrue();
        SignedNote.ReadAll($"{note}\n\n{Note}{Note}").Count.ShouldBe(3);
        SignedNote.Read("no note").ShouldBeNull();
        Should.Throw<FormatException>(() => SignedNote.ReadAll($"{note}\nunsigned"));
    }

    [Fact]
    public void counts_only_when_a_known_key_signed_just_that()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var stranger = new AuditKey("smartcity/33.28", other.ExportSubjectPublicKeyInfo());

        Note.IsSignedBy([stranger]).ShouldBeFalse();
        Note.IsSignedBy([]).ShouldBeFalse();
        Note.IsSignedBy([stranger, Key]).ShouldBeTrue();
        Note.IsSignedBy([Key with { Name = "smartcity/33.76" }]).ShouldBeFalse();
        (Note with { Text = (_checkpoint with { Size = 41 }).Text }).IsSignedBy([Key]).ShouldBeFalse();
    }

    [Theory]
    [InlineData("smartcity/33.28\n042\n")]
    [InlineData("smartcity/33.28\n-1\n")]
    [InlineData("\n1\n")]
    public void of_another_form_is_none(string start) => Checkpoint.Read($"{start}{Convert.ToBase64String(_checkpoint.Root)}\n").ShouldBeNull();

    [Theory]
    [InlineData("a+00000000+AjBZ")]
    [InlineData("a")]
    [InlineData("a+zz+!")]
    public void has_a_key_that_can_be_read(string line) => Should.Throw<FormatException>(() => AuditKey.ReadAll(line));

    [Fact]
    public void is_signed_by_the_new_key_after_a_rotation_and_the_old_one_stays_published()
    {
        var folder = Directory.CreateTempSubdirectory("smartcity-keys-").FullName;
        try
        {
            var keys = new AuditKeys(new AuditOptions(folder, "smartcity", TimeSpan.FromSeconds(1), null, null));
            keys.Published("33.28").ShouldBeEmpty();
            var before = keys.Sign("33.28", _checkpoint);
            var secret = Path.Combine(folder, "33.28", "1.key");
            if (!OperatingSystem.IsWindows())
            {
                File.GetUnixFileMode(secret).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            keys.Rotate("33.28");
            var after = keys.Sign("33.28", _checkpoint);

            File.Exists(secret).ShouldBeFalse();
            var published = keys.Published("33.28");
            published.Count.ShouldBe(2);
            before.IsSignedBy(published).ShouldBeTrue();
            before.IsSignedBy(published.Skip(1).ToArray()).ShouldBeFalse();
            after.IsSignedBy(published.Skip(1).ToArray()).ShouldBeTrue();
            keys.Published("33.76").ShouldBeEmpty();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
