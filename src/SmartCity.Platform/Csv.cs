using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using SmartCity.Platform.Problems;

namespace SmartCity.Platform;

/// <summary>Comma-separated values (RFC 4180); a semicolon in the first line instead of a comma will do, as spreadsheets in Indonesian write it.</summary>
public static class Csv
{
    /// <summary>Whether an answer is to be CSV and not JSON: <c>format=csv</c>, or an Accept header that begins with <c>text/csv</c> where no format is asked for.</summary>
    public static bool IsWanted(HttpContext http, string? format, ICollection<Fault> faults)
    {
        if (format is not (null or "csv" or "json"))
        {
            faults.Add(new Fault("format.unknown", "Use json or csv.", "format"));
        }

        return format == "csv" || (format is null && http.Request.Headers.Accept.ToString().StartsWith("text/csv", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The fields of every line, the first line's too.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Read(string text)
    {
        var separator = text.Split('\n')[0] is var first && !first.Contains(',') && first.Contains(';') ? ';' : ',';
        var (records, record, field, isQuoted) = (new List<IReadOnlyList<string>>(), new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (isQuoted)
            {
                if (c != '"')
                {
                    field.Append(c);
                }
                else if (i + 1 < text.Length && text[i + 1] == '"')
                {
                    field.Append('"');
                    i++;
                }
                else
                {
                    isQuoted = false;
                }
            }
            else if (c == '"' && field.Length == 0)
            {
                isQuoted = true;
            }
            else if (c == separator)
            {
                EndField();
            }
            else if (c == '\n')
            {
                EndField();
                records.Add(record);
                record = [];
            }
            else if (c != '\r')
            {
                field.Append(c);
            }
        }

        if (field.Length > 0 || record.Count > 0)
        {
            EndField();
            records.Add(record);
        }

        return records;

        void EndField()
        {
            record.Add(field.ToString());
            field.Clear();
        }
    }

    /// <summary>A line for each row; dates as 2016-10-31, numbers with a point and no groups, nothing for null.</summary>
    public static string Write(IReadOnlyList<string> names, IEnumerable<IReadOnlyList<object?>> rows) => string.Join(',', names) + "\r\n" + Lines(rows);

    /// <summary>The same without the first line, for what is written page by page.</summary>
    public static string Lines(IEnumerable<IReadOnlyList<object?>> rows)
    {
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            text.AppendJoin(',', row.Select(Field)).Append("\r\n");
        }

        return text.ToString();
    }

    private static string Field(object? value)
    {
        var text = value switch
        {
            null => "",
            string words => Harmless(words),
            DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            DateTimeOffset at => at.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture),
            bool yes => yes ? "true" : "false",
            Enum name => JsonNamingPolicy.CamelCase.ConvertName(name.ToString()),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };
        return text.AsSpan().IndexOfAny(",;\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    // A spreadsheet would run a text that begins like a formula.
    private static string Harmless(string text) => text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + text : text;
}
