using System.Net;
using Edge.Node.Configuration;
using Edge.Node.Hosting;

namespace Edge.Node.Demo;

/// <summary>A node of the demo's own: on loopback, on free ports, with the sample manifests and a data folder that is deleted at the end.</summary>
internal sealed class DemoNode : IAsyncDisposable
{
    private readonly DirectoryInfo _data;
    private readonly EdgeNode _node;

    private DemoNode(DirectoryInfo data, EdgeNode node) => (_data, _node) = (data, node);

    /// <summary>Where its MQTT broker listens.</summary>
    public IPEndPoint Mqtt => _node.Mqtt;

    /// <summary>Starts it.</summary>
    /// <exception cref="DemoException">The manifests have mistakes, or the node cannot start.</exception>
    public static async Task<DemoNode> StartAsync(string manifests, TimeProvider time)
    {
        var load = SiteLoader.Load([manifests]);
        if (load.Mistakes.Count > 0)
            throw new DemoException($"The demo's manifests are not as they were installed:{Environment.NewLine}{string.Join(Environment.NewLine, load.Mistakes)}");
        var data = Directory.CreateTempSubdirectory("edge-demo-");
        try
        {
            var options = new NodeOptions
            {
                Manifests = manifests,
                Data = data.FullName,
                Mqtt = new IPEndPoint(IPAddress.Loopback, 0),
                Http = new IPEndPoint(IPAddress.Loopback, 0),
                Peers = new IPEndPoint(IPAddress.Loopback, 0),
                Announce = false,
            };
            return new DemoNode(data, await EdgeNode.StartAsync(options, time));
        }
        catch (Exception failure) when (failure is NodeStartException or IOException)
        {
            data.Delete(recursive: true);
            throw new DemoException(failure.Message);
        }
    }

    /// <summary>Stops it as <c>edge up</c> stops, and deletes its data.</summary>
    public async ValueTask DisposeAsync()
    {
        await _node.StopAsync();
        _data.Delete(recursive: true);
    }
}
