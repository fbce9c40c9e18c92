using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Edge.Node.Hosting;
using Edge.Node.Telemetry;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Edge.Node.Admin;

/// <summary>
/// The node's HTTP server: <c>/healthz</c>, <c>/readyz</c>, <c>/metrics</c>, <c>/api/v1/status</c> and <c>/schema/edge-v1.json</c>. It also carries what all rooms take from a
/// host: logs, meters, and the exporters' life. First up and last down, so that a node that starts or drains can say so. Asks for no credentials, hence loopback only.
/// </summary>
internal sealed class AdminServer : IAsyncDisposable
{
    private readonly WebApplication _web;

    private AdminServer(WebApplication web) => _web = web;

    /// <summary>Logs and meters.</summary>
    public IServiceProvider Services => _web.Services;

    /// <summary>Where it listens, with the port that the system picked.</summary>
    public IPEndPoint EndPoint
    {
        get
        {
            var address = _web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
            return IPEndPoint.Parse(new Uri(address).Authority);
        }
    }

    /// <summary>Starts it.</summary>
    /// <exception cref="NodeStartException">The address cannot be bound.</exception>
    public static async Task<AdminServer> StartAsync(NodeOptions options, AdminPages pages, TimeProvider time)
    {
        // Empty and not slim: no settings files, no file watchers, no wait for signals; this node has its own ways for all three.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "edge" });
        builder.Services.AddSingleton(time).AddMetrics().AddRoutingCore();
        NodeTelemetry.AddLogs(builder.Logging, options.JsonLog);
        NodeTelemetry.AddSettings(builder.Configuration);
        NodeTelemetry.AddSignals(builder.Services);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 << 10;
            kestrel.Listen(options.Http);
        });
        var web = builder.Build();
        web.UseRouting();
        Map(web, pages);
        try
        {
            await web.StartAsync();
            return new(web);
        }
        catch (IOException failure) when (failure.InnerException is AddressInUseException or SocketException)
        {
            await web.DisposeAsync();
            var error = failure.InnerException is SocketException socket ? socket.SocketErrorCode : SocketError.AddressAlreadyInUse;
            throw new NodeStartException(PortOwner.Explain("HTTP", "--http", options.Http, error), failure);
        }
        catch (SocketException failure)
        {
            await web.DisposeAsync();
            throw new NodeStartException(PortOwner.Explain("HTTP", "--http", options.Http, failure.SocketErrorCode), failure);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _web.StopAsync();
        await _web.DisposeAsync();
    }

    private static void Map(WebApplication web, AdminPages pages)
    {
        web.MapPrometheusScrapingEndpoint("/metrics");
        web.MapGet("/healthz", Handle(http => HealthAsync(http, pages.Health(), health => health.Alive)));
        web.MapGet("/readyz", Handle(http => HealthAsync(http, pages.Health(), health => health.Ready)));
        web.MapGet("/api/v1/status", Handle(http => WriteAsync(http, StatusCodes.Status200OK, pages.Status(), AdminJson.Default.StatusView)));
        web.MapGet("/schema/edge-v1.json", Handle(http =>
        {
            http.Response.ContentType = "application/schema+json";
            return http.Response.WriteAsync(pages.Schema());
        }));
    }

    // A RequestDelegate by type: any other lambda would have its parameters bound by reflection.
    private static RequestDelegate Handle(RequestDelegate handler) => handler;

    private static Task HealthAsync(HttpContext http, NodeHealth health, Func<NodeHealth, bool> good) =>
        WriteAsync(http, good(health) ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, HealthView.Of(health), AdminJson.Default.HealthView);

    private static async Task WriteAsync<T>(HttpContext http, int statusCode, T value, JsonTypeInfo<T> type)
    {
        http.Response.StatusCode = statusCode;
        http.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(http.Response.Body, value, type, http.RequestAborted);
    }
}
