using SmartCity.Channels.Keywords;
using SmartCity.Channels.Radio;
using SmartCity.Channels.Receiving;

namespace SmartCity.Channels.Tests;

public class Adding_a_channel
{
    private static readonly string Root = Directories(AppContext.BaseDirectory).First(d => File.Exists(Path.Combine(d, "SmartCity.sln")));

    [Fact]
    public void is_shown_in_the_guide_by_an_example_that_compiles()
    {
        var example = File.ReadAllText(Path.Combine(Root, "tests/SmartCity.Channels.Tests/RadioChannel.cs")).ReplaceLineEndings("\n").Trim();

        example.Split('\n').Length.ShouldBeLessThan(150);
        File.ReadAllText(Path.Combine(Root, "docs/channels.md")).ReplaceLineEndings("\n").ShouldContain($"```csharp\n{example}\n```", Case.Sensitive);
    }

    [Fact]
    public void takes_a_rule_for_what_messages_ask()
    {
        var channel = new RadioChannel(null!, null!);
        Interpretation Read(string text) => channel.Interpret(new IncomingMessage("radio", "1", "1", null, new MessageAuthor("1", null, null), text, [], null, null, null, [], default, ""));

        Read("jalan rusak ").ShouldBe(new Interpretation.Report("jalan rusak"));
        Read("bantuan").ShouldBe(new Interpretation.Asks(new Keyword(KeywordKind.Help)));
        channel.Fit(new string('a', 600), "33.28", "2026-000017").Length.ShouldBeLessThanOrEqualTo(500);
    }

    private static IEnumerable<string> Directories(string? path)
    {
        for (; path is not null; path = Path.GetDirectoryName(path))
        {
            yield return path;
        }
    }
}
