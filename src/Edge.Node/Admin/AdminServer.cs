using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Edge.Node.Admin.Access;
using Edge.Node.Admin.Routes;
using Edge.Node.Hosting;
using Edge.Node.Telemetry;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Edge.Node.Admin;

/// <summary>
/// The node's HTTP server: health, metrics and the admin API, exactly the routes of <see cref="AdminRoutes"/>. It also carries what all rooms take from a host: logs, meters, and the exporters' life.
/// First up and last down, so that a node that starts or drains can say so. HTTP on loopback, HTTPS with the node's certificate elsewhere; who may do what is decided by <see cref="Gate"/>.
/// </summary>
internal sealed class AdminServer : IAsyncDisposable
{
    private readonly WebApplication _web;

    private AdminServer(WebApplication web) => _web = web;

    /// <summary>Logs and meters.</summary>
    public IServiceProvider Services => _web.Services;

    /// <summary>Where it listens, with the port that the system picked.</summary>
    public IPEndPoint EndPoint => IPEndPoint.Parse(Address.Authority);

    /// <summary>Where a process on this machine reaches it.</summary>
    public Uri LocalUrl => new($"{Address.Scheme}://{Local(EndPoint)}/");

    private Uri Address => new(_web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>Starts it.</summary>
    /// <param name="options">How it listens.</param>
    /// <param name="pages">What it shows of this node.</param>
    /// <param name="site">The site, asked for at each request; null while the node has no book.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="NodeStartException">The address cannot be bound, or is off loopback and there is no certificate.</exception>
    public static async Task<AdminServer> StartAsync(AdminServerOptions options, AdminPages pages, Func<AdminSite?> site, TimeProvider time)
    {
        var secure = options.HttpsOnLoopback || !IPAddress.IsLoopback(options.EndPoint.Address);
        if (secure && options.Certificate is null)
            throw new NodeStartException($"HTTP may not listen on {options.EndPoint}: this node has no certificate, and off loopback the admin server speaks HTTPS only. Allowed without: a loopback address.");
        // Empty and not slim: no settings files, no file watchers, no wait for signals; this node has its own ways for all three.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "edge" });
        builder.Services.AddSingleton(time).AddMetrics().AddRoutingCore();
        NodeTelemetry.AddLogs(builder.Logging, options.JsonLog);
        NodeTelemetry.AddSettings(builder.Configuration);
        NodeTelemetry.AddSignals(builder.Services);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 << 10;
            kestrel.Listen(options.EndPoint, listen =>
            {
                if (secure) listen.UseHttps(Handshake(options));
            });
        });
        var web = builder.Build();
        web.UseRouting();
        var log = web.Services.GetRequiredService<ILoggerFactory>().CreateLogger<Gate>();
        web.Use(new AdminPipeline(options, site, new Gate(options.FailedAttemptsPerMinute, time, log), time, web.Lifetime.ApplicationStopping).RunAsync);
        Map(web, pages, options);
        try
        {
            await web.StartAsync();
            return new(web);
        }
        catch (IOException failure) when (failure.InnerException is AddressInUseException or SocketException)
        {
            await web.DisposeAsync();
            var error = failure.InnerException is SocketException socket ? socket.SocketErrorCode : SocketError.AddressAlreadyInUse;
            throw new NodeStartException(PortOwner.Explain("HTTP", "--http", options.EndPoint, error), failure);
        }
        catch (SocketException failure)
        {
            await web.DisposeAsync();
            throw new NodeStartException(PortOwner.Explain("HTTP", "--http", options.EndPoint, failure.SocketErrorCode), failure);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _web.StopAsync();
        await _web.DisposeAsync();
    }

    // The certificate is asked for at each handshake. The CA does not go with it (.NET leaves roots out): who needs it asks for /api/v1/authority.
    private static TlsHandshakeCallbackOptions Handshake(AdminServerOptions options) => new()
    {
        OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = SslStreamCertificateContext.Create(options.Certificate!(), additionalCertificates: null, offline: true) }),
    };

    private static void Map(WebApplication web, AdminPages pages, AdminServerOptions options)
    {
        foreach (var route in AdminRoutes.All)
        {
            var endpoint = route == AdminRoutes.Metrics ? web.MapPrometheusScrapingEndpoint(route.Path) : web.MapMethods(route.Path, [route.Method], route.Handle is null ? Page(route, pages, options) : AdminPipeline.ToSite);
            endpoint.WithMetadata(route);
        }
    }

    private static RequestDelegate Page(AdminRoute route, AdminPages pages, AdminServerOptions options) => route.Path switch
    {
        "/healthz" => http => HealthAsync(http, pages.Health(), health => health.Alive),
        "/readyz" => http => HealthAsync(http, pages.Health(), health => health.Ready),
        "/api/v1/status" => http => ApiAnswer.JsonAsync(http, StatusCodes.Status200OK, pages.Status(), AdminJson.Default.StatusView),
        "/schema/edge-v1.json" => http => TextAsync(http, "application/schema+json", pages.Schema()),
        "/api/v1/authority" => http => options.Authority is { } authority
            ? TextAsync(http, "application/x-pem-file", authority().ExportCertificatePem())
            : ApiAnswer.ErrorAsync(http, StatusCodes.Status404NotFound, "not_found", "This server speaks plain HTTP on loopback and shows no certificate, so there is no CA to know."),
        "/openapi/v1.json" => http => TextAsync(http, "application/json", OpenApiDocument.Text),
        _ => throw new InvalidOperationException($"Route {route.Method} {route.Path} has no handler."),
    };

    private static Task HealthAsync(HttpContext http, NodeHealth health, Func<NodeHealth, bool> good) =>
        ApiAnswer.JsonAsync(http, good(health) ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, HealthView.Of(health), AdminJson.Default.HealthView);

    private static Task TextAsync(HttpContext http, string type, string text)
    {
        http.Response.ContentType = type;
        return http.Response.WriteAsync(text);
    }

    private static IPEndPoint Local(IPEndPoint listens) =>
        listens.Address.Equals(IPAddress.Any) ? new(IPAddress.Loopback, listens.Port) : listens.Address.Equals(IPAddress.IPv6Any) ? new(IPAddress.IPv6Loopback, listens.Port) : listens;
}
