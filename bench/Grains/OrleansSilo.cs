using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;

namespace Edge.Bench.Grains;

/// <summary>
/// A silo of Orleans in this process. Membership is by its own development clustering: the table lives in the first silo, so nothing else needs to run; that silo is not the one that is killed.
/// </summary>
internal sealed class OrleansSilo(IHost host) : IAsyncDisposable
{
    public const string Version = "Orleans 10.4.2";

    /// <summary>Its own client.</summary>
    public IGrainFactory Grains { get; } = host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>Starts one and waits until it takes part.</summary>
    /// <param name="port">Its port.</param>
    /// <param name="first">Port of the first silo.</param>
    /// <param name="tuned">Failure detection as its documentation says that it may be set for fast detection, instead of the defaults.</param>
    public static async Task<OrleansSilo> StartAsync(int port, int first, bool tuned)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(port, Processes.FreePort(), new IPEndPoint(IPAddress.Loopback, first));
            if (tuned)
            {
                silo.Configure<ClusterMembershipOptions>(membership =>
                {
                    // Default: 5 s, three missed probes, two votes.
                    membership.ProbeTimeout = TimeSpan.FromSeconds(1);
                    membership.NumMissedProbesLimit = 2;
                });
            }
        });
        var host = builder.Build();
        await host.StartAsync();
        return new OrleansSilo(host);
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync(new CancellationToken(canceled: true));
        host.Dispose();
    }
}
