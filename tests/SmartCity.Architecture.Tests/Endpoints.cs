using Marten;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Platform.Access;
using SmartCity.Testing;

namespace SmartCity.Architecture.Tests;

public sealed class An_endpoint(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private IEnumerable<RouteEndpoint> Endpoints => host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        // Static files of the pages carry no data.
        .Where(e => !e.Metadata.Any(m => m.GetType().Name == "StaticAssetDescriptor"));

    [Fact]
    public void says_how_it_finds_its_regency() =>
        Endpoints.Where(e => e.Metadata.GetMetadata<RegencyScope>() is not { } scope || (scope.RouteValue is null && string.IsNullOrWhiteSpace(scope.Why)))
            .Select(e => e.DisplayName).ShouldBeEmpty();

    [Fact]
    public void with_a_code_in_its_route_works_in_that_regency() =>
        Endpoints.Where(e => e.RoutePattern.Parameters.Any(p => p.Name == "code") && e.Metadata.GetMetadata<RegencyScope>()!.RouteValue != "code" && e.RoutePattern.RawText != "/api/v1/regencies/{code}")
            .Select(e => e.DisplayName).ShouldBeEmpty();

    [Fact]
    public void of_the_native_api_is_in_a_regency_or_says_why_not() =>
        Endpoints.Where(e => e.RoutePattern.RawText!.StartsWith("/api/v1/regencies/{code}/", StringComparison.Ordinal))
            .ShouldAllBe(e => e.Metadata.GetMetadata<RegencyScope>()!.RouteValue == "code");
}

public sealed class The_history(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    [Fact]
    public void names_every_event_type_by_a_stable_wire_name()
    {
        var options = host.Services.GetRequiredService<IDocumentStore>().Options;
        var names = options.Events.AllKnownEventTypes()
            .Where(e => e.EventType.Assembly.GetName().Name!.StartsWith("SmartCity.", StringComparison.Ordinal)).Select(e => e.EventTypeName).ToArray();

        names.ShouldNotBeEmpty();
        names.ShouldAllBe(n => System.Text.RegularExpressions.Regex.IsMatch(n, @"^[a-z-]+\.[a-z-]+\.v[0-9]+$"));
    }

    [Fact]
    public void cannot_be_opened_without_a_regency()
    {
        var store = host.Services.GetRequiredService<IDocumentStore>();

        Should.Throw<Exception>(() => store.LightweightSession());
        Should.Throw<Exception>(() => store.QuerySession("99_99"));
    }
}
