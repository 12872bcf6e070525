using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace SmartCity.Host.SampleData;

/// <summary>Says, once the host listens, what to open and try.</summary>
internal sealed class Welcome(IServer server, IHostEnvironment environment, IHostApplicationLifetime lifetime) : IHostedService
{
    public Task StartAsync(CancellationToken cancel)
    {
        if (environment.IsDevelopment())
        {
            lifetime.ApplicationStarted.Register(() => Console.WriteLine(Text(
                server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "http://127.0.0.1:5080")));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancel) => Task.CompletedTask;

    private static string Text(string at) => $"""

        SmartCity is ready, with sample data of Kabupaten Tegal (33.28) and Kota Tegal (33.76).

          reports, list and map   {at}/33.28
          file one, with a photo  {at}/33.28/lapor
          the desk of officers    {at}/33.28/meja
          money to be paid back   {at}/33.28/pengembalian
          what went out           {at}/dev/outbox
          the API                 {at}/docs

        Sign in as officer.dpu, officer.dishub, officer.inspektorat, head.dpu, dispatcher, sekda, humas, regent, auditor, bpkad, kasda, pdp or operator;
        the password is {ReferenceData.Password}. The API key of both regencies is {ReferenceData.KeySecret}. Try:

          curl -d jurisdiction_id=33.28 -d api_key={ReferenceData.KeySecret} -d service_code=jalan-rusak -d lat=-6.98 -d long=109.13 \
               -d 'description=Jalan berlubang di depan pasar' {at}/open311/v2/requests.json

        Ctrl-C stops everything; the data stays for the next start.

        """;
}
