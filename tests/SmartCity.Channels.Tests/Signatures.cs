using System.Text;
using SmartCity.Channels.X;
using SmartCity.Channels.X.Replying;

namespace SmartCity.Channels.Tests;

public class A_delivery_of_X
{
    private const string Secret = "rahasia-konsumen", Body = """{"data":{"event_uuid":"1","event_type":"post.mention.create"}}""", Signature = "sha256=LDWv3wUr4B0jAL+S6EwX9lAWlDOe8R2nmXNdz4y6gc4=";

    [Fact]
    public void is_signed_with_the_consumer_secret() => XSignature.Of(Secret, Encoding.UTF8.GetBytes(Body)).ShouldBe(Signature);

    [Fact]
    public void is_known_by_its_signature() => XSignature.IsOf(Secret, Encoding.UTF8.GetBytes(Body), Signature).ShouldBeTrue();

    [Theory]
    [InlineData("rahasia-lain", Body, Signature)]
    [InlineData(Secret, Body + " ", Signature)]
    [InlineData(Secret, Body, "sha256=")]
    [InlineData(Secret, Body, "LDWv3wUr4B0jAL+S6EwX9lAWlDOe8R2nmXNdz4y6gc4=")]
    [InlineData(Secret, Body, "sha256=ldwv3wur4b0jal+s6ewx9lawldoe8r2nmxndz4y6gc4=")]
    public void is_refused_with_any_other(string secret, string body, string signature) =>
        XSignature.IsOf(secret, Encoding.UTF8.GetBytes(body), signature).ShouldBeFalse();

    [Fact]
    public void is_challenged_with_a_token() => XSignature.Of(Secret, "tantangan-123"u8).ShouldBe("sha256=LsQo/oCxlhjEgU0pXyzYyfgqBG4t17S53T30jeXPgh8=");
}

public class A_request_to_X
{
    [Fact]
    public void is_signed_as_in_the_providers_own_example()
    {
        var header = OAuth1.Header(
            "POST", new Uri("https://api.x.com/1.1/statuses/update.json?include_entities=true"),
            new("xvz1evFS4wEEPTGEFPHBog", "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw", "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb", "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE"),
            "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg", 1318622958,
            new KeyValuePair<string, string>("status", "Hello Ladies + Gentlemen, a signed OAuth request!"));

        header.ShouldContain($"oauth_signature=\"{Uri.EscapeDataString("Ls93hJiZbQ3akF3HF3x1Bz8/zU4=")}\"");
    }

    [Fact]
    public void does_not_sign_a_json_body() =>
        OAuth1.Header("POST", new Uri("https://api.x.com/2/tweets"), new("ck", "cs", "at", "ats"), "n1", 1700000000).ShouldBe(
            "OAuth oauth_consumer_key=\"ck\", oauth_nonce=\"n1\", oauth_signature_method=\"HMAC-SHA1\", oauth_timestamp=\"1700000000\", oauth_token=\"at\", "
            + $"oauth_version=\"1.0\", oauth_signature=\"{Uri.EscapeDataString("x0Vj8GqHhy8PyMXe+Hq+p3WSCog=")}\"");
}
