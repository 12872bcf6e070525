using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Open311;

namespace SmartCity.Reports.Tests.Open311;

public class An_open311_date
{
    [Theory]
    [InlineData("2026-10-31T09:00:00Z", "2026-10-31T09:00:00Z")]
    [InlineData("2026-10-31T16:00:00+07:00", "2026-10-31T09:00:00Z")]
    [InlineData("2026-10-31T16:00:00 07:00", "2026-10-31T09:00:00Z")]
    [InlineData("2026-10-31T06:00:00-03:00", "2026-10-31T09:00:00Z")]
    [InlineData("2026-10-31T09:00Z", "2026-10-31T09:00:00Z")]
    [InlineData("2026-10-31t09:00:00.123z", "2026-10-31T09:00:00Z")]
    [InlineData(" 2026-10-31 09:00:00Z ", "2026-10-31T09:00:00Z")]
    public void is_read_with_its_time_zone(string text, string expected)
    {
        Dates.TryRead(text, out var instant).ShouldBeTrue();
        Dates.Write(instant).ShouldBe(expected);
    }

    [Theory]
    [InlineData("2026-10-31")]
    [InlineData("2026-10-31T09:00:00")]
    [InlineData("2026-13-31T09:00:00Z")]
    [InlineData("2026-02-30T09:00:00Z")]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("2026-10-31T09:00:00+99:00")]
    [InlineData("yesterday")]
    [InlineData("1761901200")]
    public void is_refused_otherwise(string text) => Dates.TryRead(text, out _).ShouldBeFalse();

    [Fact]
    public void is_written_in_whole_seconds() =>
        Dates.Write(new DateTimeOffset(2026, 1, 31, 19, 0, 0, 999, TimeSpan.FromHours(7))).ShouldBe("2026-01-31T12:00:00Z");
}

public class The_window_of_a_list
{
    private static readonly DateTimeOffset Now = new(2026, 10, 31, 9, 0, 0, TimeSpan.Zero);

    private static (RequestQuery Query, List<Open311Error> Errors) Read(string query)
    {
        var errors = new List<Open311Error>();
        return (RequestQuery.Read(new QueryCollection(QueryHelpers.ParseQuery(query)), Now, errors), errors);
    }

    private static ReportFilter Filter(string query)
    {
        var (read, errors) = Read(query);
        errors.ShouldBeEmpty();
        return read.Filter;
    }

    [Theory]
    [InlineData("")]
    [InlineData("?start_date=&end_date=")]
    public void is_the_last_90_days_by_itself(string query) => (Filter(query).From, Filter(query).Until).ShouldBe((Now.AddDays(-90), null));

    [Fact]
    public void opens_90_days_after_a_start_alone()
    {
        var filter = Filter("?start_date=2026-01-01T00:00:00Z");
        filter.From.ShouldBe(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Dates.Write(filter.Until!.Value).ShouldBe("2026-04-01T00:00:00Z");
    }

    [Fact]
    public void opens_90_days_before_an_end_alone() => Dates.Write(Filter("?end_date=2026-04-01T00:00:00Z").From!.Value).ShouldBe("2026-01-01T00:00:00Z");

    [Fact]
    public void takes_in_the_whole_last_second() =>
        Filter("?start_date=2026-10-01T00:00:00Z&end_date=2026-10-02T00:00:00Z").Until!.Value.ShouldBeGreaterThan(new DateTimeOffset(2026, 10, 2, 0, 0, 0, 999, TimeSpan.Zero));

    [Fact]
    public void does_not_hold_when_changes_are_asked_for()
    {
        var filter = Filter("?updated_after=2020-01-01T00:00:00Z");
        (filter.From, filter.Until).ShouldBe((null, null));
        filter.UpdatedAfter.ShouldBe(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public void does_not_hold_for_ids_which_override_everything()
    {
        var filter = Filter("?service_request_id=2026-000017,2026-000025&service_request_id=2026-000017&start_date=nonsense&status=broken&page=2");
        filter.ShouldBe(new ReportFilter(Tickets: filter.Tickets));
        filter.Tickets.ShouldBe(["2026-000017", "2026-000025"]);
    }

    [Theory]
    [InlineData("?q=jalan+rusak&bbox=109,-7.1,109.2,-6.9&has_photo=TRUE", "jalan rusak", -7.1, true)]
    [InlineData("?search=banjir&has_photo=0", "banjir", null, false)]
    [InlineData("?q=&bbox=&has_photo=", null, null, null)]
    public void looks_for_words_a_box_and_photos_as_other_cities_have_it(string query, string? words, double? south, bool? hasPhoto) =>
        (Filter(query).Words, Filter(query).Box?.South, Filter(query).HasPhoto).ShouldBe((words, south, hasPhoto));

    [Theory]
    [InlineData("?start_date=2026-01-01T00:00:00Z&end_date=2026-04-02T00:00:00Z", "end_date")]
    [InlineData("?start_date=2026-02-01T00:00:00Z&end_date=2026-01-02T00:00:00Z", "start_date")]
    [InlineData("?start_date=soon", "start_date")]
    [InlineData("?end_date=2026-01-01", "end_date")]
    [InlineData("?updated_after=x", "updated_after")]
    [InlineData("?status=done", "status")]
    [InlineData("?page=0", "page")]
    [InlineData("?page=-1", "page")]
    [InlineData("?page=9999999999", "page")]
    [InlineData("?page_size=1001", "page_size")]
    [InlineData("?bbox=109,-7,109.2", "bbox")]
    [InlineData("?bbox=109,-6,109.2,-7", "bbox")]
    [InlineData("?has_photo=yes", "has_photo")]
    [InlineData("?q=jalan&page=1000&page_size=1000", "page")]
    public void is_refused_when_it_cannot_be(string query, string field) => Read(query).Errors.ShouldHaveSingleItem().Description.ShouldStartWith($"{field}:");

    [Fact]
    public void is_refused_with_all_that_is_wrong() => Read("?start_date=x&end_date=y&status=z,open&page=p").Errors.Count.ShouldBe(4);

    [Theory]
    [InlineData("", null, 1000)]
    [InlineData("?page=3", 3, 50)]
    [InlineData("?page_size=20", 1, 20)]
    [InlineData("?page=2&page_size=7", 2, 7)]
    public void comes_in_pages_when_asked(string query, int? page, int size) => (Read(query).Query.Page, Read(query).Query.PageSize).ShouldBe((page, size));

    [Theory]
    [InlineData("?status=closed", 5)]
    [InlineData("?status=open", 9)]
    [InlineData("?status=open,closed", 14)]
    [InlineData("?status=OPEN&status=closed", 14)]
    public void knows_open_and_closed(string query, int states) => Filter(query).States!.Count.ShouldBe(states);

    [Fact]
    public void takes_codes_in_a_list_and_repeated() => Filter("?service_code=a,b&service_code=c,,a").Categories.ShouldBe(["a", "b", "c"]);

    [Theory]
    [InlineData("?extensions=true", true)]
    [InlineData("?extensions=media,citysdk", true)]
    [InlineData("?extensions=other", false)]
    [InlineData("", false)]
    public void shows_extensions_only_when_asked(string query, bool expected) => Read(query).Query.Extensions.ShouldBe(expected);
}

public class Answers_to_a_services_questions
{
    private static Dictionary<string, IReadOnlyList<string>>? Read(params (string Name, string[] Values)[] form) =>
        RequestAttributes.Read(form.Select(f => new KeyValuePair<string, StringValues>(f.Name, f.Values)));

    private static List<Open311Error> Check(params (string Code, string[] Values)[] answers)
    {
        var errors = new List<Open311Error>();
        RequestAttributes.Check(Open311Host.Lamp, answers.ToDictionary(a => a.Code, a => (IReadOnlyList<string>)a.Values), errors);
        return errors;
    }

    [Theory]
    [InlineData("attribute[tiang]")]
    [InlineData("attribute[tiang][]")]
    [InlineData("attribute[tiang][0]")]
    [InlineData("attribute%5Btiang%5D")]
    [InlineData("attribute%5btiang%5d%5B%5D")]
    public void are_found_in_every_bracket(string name) => Read((name, ["a"]))!["tiang"].ShouldBe(["a"]);

    [Fact]
    public void are_gathered_from_all_their_fields_each_once() =>
        Read(("attribute[b][]", ["1", "2"]), ("attribute[b]", ["2", "3"]), ("lat", ["4"]))!["b"].ShouldBe(["1", "2", "3"]);

    [Fact]
    public void count_as_not_sent_when_empty() => Read(("attribute[b]", ["", " "]), ("attribute[]", ["x"]), ("attribute[b", ["x"]), ("attributes", ["x"])).ShouldBeNull();

    [Fact]
    public void fit() => Check(
        ("tiang", ["TGL-1"]), ("jumlah", ["2.5"]), ("sejak", ["2026-10-31T09:00:00+07:00"]), ("catatan", ["dua\nbaris"]), ("jenis", ["led"]), ("bahaya", ["kabel", "gelap"]),
        ("easting", ["12"])).ShouldBeEmpty();

    [Theory]
    [InlineData("jumlah", "dua")]
    [InlineData("jumlah", "NaN")]
    [InlineData("jumlah", "1,5")]
    [InlineData("sejak", "kemarin")]
    [InlineData("sejak", "2026-02-30")]
    [InlineData("jenis", "LED")]
    [InlineData("bahaya", "api")]
    public void are_refused_when_they_are_of_another_kind(string code, string value) =>
        Check(("tiang", ["1"]), (code, [value])).ShouldHaveSingleItem().Description.ShouldStartWith($"attribute[{code}]:");

    [Fact]
    public void are_refused_when_there_are_two_for_one() => Check(("tiang", ["1", "2"]), ("jenis", ["led", "merkuri"])).Count.ShouldBe(2);

    [Fact]
    public void are_required_where_the_service_says_so() => Check().ShouldHaveSingleItem().Description.ShouldBe("attribute[tiang]: This must be answered: Nomor tiang? / Wajib diisi.");
}

public class The_jurisdiction
{
    [Theory]
    [InlineData(null, null, null)]
    [InlineData("", " ", null)]
    [InlineData("33.28", null, "33.28")]
    [InlineData(null, "33.28", "33.28")]
    [InlineData("33.28", "33.28", "33.28")]
    public void may_stand_in_query_or_form(string? query, string? form, string? expected) => Open311Frame.Jurisdiction(query, form).ShouldBe((expected, null));

    [Fact]
    public void is_refused_when_they_differ() => Open311Frame.Jurisdiction("33.28", "33.76").Refusal!.Code.ShouldBe(400);
}

public class An_answer
{
    private static readonly Answer Sample = Answer.Of(writer =>
    {
        writer.BeginList("service_requests");
        writer.BeginItem("request");
        writer.Text("service_request_id", "2026-000017");
        writer.Text("description", "a\u0000b \u001b<&>\"\ud83d\ude00\ud83d \r\n\u00e9");
        writer.Text("address", "");
        writer.Text("zipcode", null);
        writer.Number("lat", -6.98);
        writer.Number("long", null);
        writer.BeginObject("extended_attributes");
        writer.Flag("x", true);
        writer.BeginList("media_urls");
        writer.Value("media_url", "https://example.org/1");
        writer.EndList();
        writer.EndObject();
        writer.EndItem();
        writer.EndList();
    });

    [Fact]
    public void has_in_xml_only_what_xml_allows()
    {
        Sample.ToText(json: false).ShouldStartWith("<?xml version=\"1.0\" encoding=\"utf-8\"?><service_requests><request>");
        var request = System.Xml.Linq.XDocument.Parse(Sample.ToText(json: false)).Root!.Element("request")!;

        request.Element("description")!.Value.ShouldBe("ab <&>\"\ud83d\ude00 \n\u00e9");
        request.Element("address")!.IsEmpty.ShouldBeTrue();
        request.Element("lat")!.Value.ShouldBe("-6.98");
        request.Element("extended_attributes")!.Element("media_urls")!.Elements("media_url").ShouldHaveSingleItem();
    }

    [Fact]
    public void loses_in_json_the_names_of_root_and_members()
    {
        var request = System.Text.Json.JsonDocument.Parse(Sample.ToText(json: true)).RootElement[0];

        request.GetProperty("address").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        request.GetProperty("lat").GetDouble().ShouldBe(-6.98);
        request.GetProperty("extended_attributes").GetProperty("media_urls")[0].GetString().ShouldBe("https://example.org/1");
    }

    [Fact]
    public void says_errors_in_both()
    {
        var refused = Answer.Refused(Open311Error.Of(403, "No", "Tidak", "api_key"), new Open311Error(400, "Also"));

        refused.Status.ShouldBe(403);
        refused.ToText(json: true).ShouldBe("""[{"code":403,"description":"api_key: No / Tidak"},{"code":400,"description":"Also"}]""");
        refused.ToText(json: false).ShouldEndWith("<errors><error><code>403</code><description>api_key: No / Tidak</description></error><error><code>400</code><description>Also</description></error></errors>");
    }
}
