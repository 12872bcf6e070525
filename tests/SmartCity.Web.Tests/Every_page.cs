using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Testing;

namespace SmartCity.Web.Tests;

/// <summary>
/// Every page there is, as those who may open it get it, in both languages: what a screen reader needs. Found by the routes, so nobody has to remember
/// a new page. Colours and what scripts do are looked at in a browser (docs/development.md).
/// </summary>
public sealed partial class Every_page(SmartCityHost host)
{
    private static readonly string[] Readers = ["", "dispatcher", "officer.dpu", "regent", "auditor", "bpkad", "pdp", "humas"];

    // Voids never end; of the others one that is left open changes what follows.
    private static readonly HashSet<string> Voids = ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

    [Fact]
    public async Task can_be_read_by_everybody()
    {
        var ticket = await host.FileReport();
        await host.Reaches(ticket, "assigned");
        var (faults, seen) = (new SortedSet<string>(StringComparer.Ordinal), new HashSet<string>());
        foreach (var reader in Readers)
        {
            using var client = reader.Length == 0 ? host.Browser() : await host.SignIn("33.28", reader);
            // Of what one of the staff has opened others see the same, but for the desk and what stands under a report.
            foreach (var path in Paths(ticket).Where(path => reader.Length == 0 || !seen.Contains(path) || path.EndsWith("/meja", StringComparison.Ordinal) || path.EndsWith(ticket, StringComparison.Ordinal)))
            {
                foreach (var language in reader.Length == 0 ? new[] { "id", "en" } : ["en"])
                {
                    using var answer = await client.GetAsync(path + (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "lang=" + language);
                    if (answer.Content.Headers.ContentType?.MediaType != "text/html")
                    {
                        continue;
                    }

                    if (answer.IsSuccessStatusCode && (reader.Length > 0 || !path.Contains("/rencana", StringComparison.Ordinal)))
                    {
                        seen.Add(path);
                    }

                    foreach (var fault in Faults(await answer.Content.ReadAsStringAsync(), language))
                    {
                        faults.Add($"{path} ({language}, {reader}): {fault}");
                    }
                }
            }
        }

        faults.ShouldBeEmpty();
        seen.Count.ShouldBeGreaterThan(25);
    }

    private IEnumerable<string> Paths(string ticket) => host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(e => e.Metadata.Any(m => m.GetType().Name == "IsPage") && e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") == true)
        .Select(e => Path(e.RoutePattern, ticket)).Distinct();

    private static string Path(RoutePattern pattern, string ticket) => "/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart { Name: "code" } => "33.28",
        RoutePatternParameterPart { Name: "ticket" } => ticket,
        RoutePatternParameterPart => "1",
        _ => "",
    }))));

    private static IEnumerable<string> Faults(string html, string language)
    {
        if (!html.StartsWith("<!DOCTYPE html>", StringComparison.Ordinal) || !html.Contains($"<html lang=\"{language}\">", StringComparison.Ordinal))
        {
            yield return "no doctype, or not the page's language";
        }

        var elements = Read(html, out var open);
        if (open is not null)
        {
            yield return $"<{open}> is not closed";
        }

        if (elements.Count(e => e.Name == "title" && e.Text.Length > 3) != 1)
        {
            yield return "no title";
        }

        foreach (var (name, count) in new[] { ("main", 1), ("h1", 1) })
        {
            if (elements.Count(e => e.Name == name) != count)
            {
                yield return $"<{name}> is there {elements.Count(e => e.Name == name)} times";
            }
        }

        var ids = elements.Select(e => e.Of("id")).OfType<string>().ToArray();
        foreach (var twice in ids.GroupBy(id => id).Where(group => group.Count() > 1))
        {
            yield return $"id {twice.Key} is there {twice.Count()} times";
        }

        var level = 0;
        foreach (var heading in elements.Where(e => e.Name is ['h', >= '1' and <= '6']))
        {
            if (heading.Name[1] - '0' > level + 1)
            {
                yield return $"<{heading.Name}> {heading.Text} follows a heading of level {level}";
            }

            if (heading.Text.Length == 0)
            {
                yield return $"<{heading.Name}> is empty";
            }

            level = heading.Name[1] - '0';
        }

        foreach (var element in elements)
        {
            var isNamed = element.Of("aria-label") is { Length: > 0 } || element.Of("aria-labelledby") is { Length: > 0 };
            if (element.Name == "img" && element.Of("alt") is null)
            {
                yield return $"an image without alt: {element.Of("src")}";
            }

            if (element.Name is "select" or "textarea" or "input" && element.Of("type") is not ("hidden" or "submit" or "button") && !isNamed
                && !element.Within.Contains("label") && (element.Of("id") is not { } id || elements.All(e => e.Name != "label" || e.Of("for") != id)))
            {
                yield return $"<{element.Name} name={element.Of("name")}> without a label";
            }

            if (element.Name is "a" or "button" or "summary" or "legend" or "label" && element.Text.Length == 0 && !isNamed && element.Of("title") is null)
            {
                yield return $"<{element.Name}> without words: {element.Of("href") ?? element.Of("class")}";
            }

            if (element.Name is "nav" or "section" or "form" or "aside" or "div" && element.Of("role") is "region" or "group" && !isNamed)
            {
                yield return $"<{element.Name} role={element.Of("role")}> without a name";
            }

            if (element.Name == "table" && !elements.Any(e => e.Name == "th" && e.Within.Contains("table")))
            {
                yield return "a table without heads";
            }

            // On a telephone a wide table scrolls by itself, not the page. A letter is as wide as its paper.
            if (element.Name == "table" && !element.Inside.Any(outer => outer.Of("class")?.Split(' ').Any(name => name is "scroll" or "letter") == true))
            {
                yield return "a table that cannot scroll by itself";
            }

            if (element.Name == "li" && element.Within.LastOrDefault() is not ("ul" or "ol" or "menu"))
            {
                yield return "<li> outside of a list";
            }

            if (int.TryParse(element.Of("tabindex"), out var tab) && tab > 0)
            {
                yield return $"tabindex {tab}";
            }

            foreach (var attribute in new[] { "aria-describedby", "aria-labelledby", "for", "aria-controls", "list" })
            {
                foreach (var target in (element.Of(attribute) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Except(ids))
                {
                    yield return $"{attribute} of <{element.Name}> names {target}, which is not there";
                }
            }

            if (element.Name == "a" && element.Of("href") is ['#', .. var anchor] && anchor.Length > 0 && !ids.Contains(anchor))
            {
                yield return $"a link leads to #{anchor}, which is not there";
            }
        }
    }

    private static List<Element> Read(string html, out string? open)
    {
        var (elements, stack) = (new List<Element>(), new List<Element>());
        open = null;
        html = Blocks().Replace(html, match => match.Groups[1].Value + match.Groups[3].Value);
        var at = 0;
        foreach (Match tag in Tag().Matches(html))
        {
            var text = html[at..tag.Index];
            foreach (var outer in stack)
            {
                outer.Text += text;
            }

            at = tag.Index + tag.Length;
            var name = tag.Groups["name"].Value.ToLowerInvariant();
            if (tag.Value.StartsWith("</", StringComparison.Ordinal))
            {
                if (stack.Count == 0 || stack[^1].Name != name)
                {
                    open ??= stack.Count == 0 ? name : stack[^1].Name;
                    return elements;
                }

                stack.RemoveAt(stack.Count - 1);
                continue;
            }

            var element = new Element(name, Attribute().Matches(tag.Groups["attributes"].Value).GroupBy(a => a.Groups["name"].Value.ToLowerInvariant()).ToDictionary(g => g.Key, g => WebUtility.HtmlDecode(g.First().Groups["value"].Value)), [.. stack]);
            elements.Add(element);
            if (!Voids.Contains(name) && !tag.Value.EndsWith("/>", StringComparison.Ordinal))
            {
                stack.Add(element);
            }
        }

        open = stack.LastOrDefault()?.Name;
        foreach (var element in elements)
        {
            element.Text = WebUtility.HtmlDecode(element.Text).Trim();
        }

        return elements;
    }

    private sealed record Element(string Name, Dictionary<string, string> Attributes, IReadOnlyList<Element> Inside)
    {
        public IEnumerable<string> Within => Inside.Select(outer => outer.Name);

        public string Text { get; set; } = "";

        public string? Of(string attribute) => Attributes.GetValueOrDefault(attribute);
    }

    [GeneratedRegex("""<(?:/)?(?<name>[a-zA-Z][a-zA-Z0-9]*)(?<attributes>(?:[^<>"']|"[^"]*"|'[^']*')*)>""")]
    private static partial Regex Tag();

    [GeneratedRegex("""(?<name>[a-zA-Z-]+)(?:="(?<value>[^"]*)")?""")]
    private static partial Regex Attribute();

    [GeneratedRegex("(<(script|style)\\b[^>]*>).*?(</\\2>)|<!--.*?-->", RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
