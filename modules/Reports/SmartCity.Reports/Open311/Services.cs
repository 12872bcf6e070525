using MediatR;
using Microsoft.AspNetCore.Http;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;

namespace SmartCity.Reports.Open311;

/// <summary>What can be reported.</summary>
internal static class ServiceList
{
    public static async Task<Answer> Get(HttpContext http, ISender sender, CancellationToken cancel)
    {
        var categories = await sender.Send(new GetCategories(http.Regency().Id), cancel);
        // "locale" is an extension of CitySDK.
        var english = http.Request.Query["locale"].FirstOrDefault()?.StartsWith("en", StringComparison.OrdinalIgnoreCase) == true;
        return Answer.Of(writer =>
        {
            writer.BeginList("services");
            foreach (var category in categories)
            {
                writer.BeginItem("service");
                writer.Text("service_code", category.Code);
                writer.Text("service_name", english ? category.EnglishName : category.Name);
                writer.Text("description", category.Description);
                writer.Flag("metadata", category.Attributes.Count > 0);
                writer.Text("type", category.Delivery switch
                {
                    ServiceDelivery.Batch => "batch",
                    ServiceDelivery.Blackbox => "blackbox",
                    _ => "realtime",
                });
                writer.Text("keywords", string.Join(",", category.Keywords));
                writer.Text("group", category.Group);
                writer.EndItem();
            }

            writer.EndList();
        });
    }
}

/// <summary>What is asked with a report of one service.</summary>
internal static class ServiceDefinition
{
    public static async Task<Answer> Get(string service, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var categories = await sender.Send(new GetCategories(http.Regency().Id), cancel);
        return categories.FirstOrDefault(c => c.Code == service) is { } category
            ? Answer.Of(writer => Write(writer, category))
            : Answer.Refused(Unknown(service));
    }

    public static Open311Error Unknown(string service) => Open311Error.Of(404,
        $"There is no service '{service}' here; see services.", $"Tidak ada layanan '{service}' di sini; lihat services.", "service_code");

    private static void Write(AnswerWriter writer, Category category)
    {
        writer.BeginObject("service_definition");
        writer.Text("service_code", category.Code);
        writer.BeginList("attributes");
        for (var i = 0; i < category.Attributes.Count; i++)
        {
            var attribute = category.Attributes[i];
            writer.BeginItem("attribute");
            writer.Flag("variable", attribute.IsVariable);
            writer.Text("code", attribute.Code);
            writer.Text("datatype", Name(attribute.Datatype));
            writer.Flag("required", attribute.IsRequired);
            writer.Text("datatype_description", attribute.Hint);
            writer.Whole("order", i + 1);
            writer.Text("description", attribute.Description);
            if (attribute.Datatype is AttributeDatatype.SingleValueList or AttributeDatatype.MultiValueList)
            {
                writer.BeginList("values");
                foreach (var value in attribute.Values)
                {
                    writer.BeginItem("value");
                    writer.Text("key", value.Key);
                    writer.Text("name", value.Name);
                    writer.EndItem();
                }

                writer.EndList();
            }

            writer.EndItem();
        }

        writer.EndList();
        writer.EndObject();
    }

    private static string Name(AttributeDatatype datatype) => datatype switch
    {
        AttributeDatatype.String => "string",
        AttributeDatatype.Number => "number",
        AttributeDatatype.Datetime => "datetime",
        AttributeDatatype.Text => "text",
        AttributeDatatype.SingleValueList => "singlevaluelist",
        _ => "multivaluelist",
    };
}
