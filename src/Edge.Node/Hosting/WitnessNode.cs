using Edge.Cluster.Trust;
using Edge.Messages.Site;
using Edge.Node.Site;
using Edge.Node.Storage;
using Edge.Node.Telemetry;

namespace Edge.Node.Hosting;

/// <summary>
/// A node that holds a vote and nothing else: no broker, no admin server, no actors. It makes the third vote of a site with two working nodes. It renews a lease like every member, because
/// that is how the site knows that it is there and how fast its disk is; nothing is ever placed on it. Ends with <see cref="DisposeAsync"/>.
/// </summary>
internal sealed class WitnessNode : IAsyncDisposable
{
    // There as long as the data folder is a witness's.
    private const string Marker = "witness";

    private readonly DataFolder _data;
    private readonly ServiceProvider _services;
    private readonly CpuShare _cpu;
    private SiteMembership? _membership;

    private WitnessNode(DataFolder data, ServiceProvider services, TimeProvider time) => (_data, _services, _cpu) = (data, services, new(time));

    /// <summary>Its part in the site.</summary>
    public SiteNode Site { get; private set; } = null!;

    /// <summary>Whether a site folder is a witness's.</summary>
    public static bool IsWitness(string siteFolder) => File.Exists(Path.Combine(siteFolder, Marker));

    /// <summary>Joins the site, or comes back to it.</summary>
    /// <exception cref="NodeStartException">It cannot: in words.</exception>
    public static async Task<WitnessNode> StartAsync(WitnessOptions options, TimeProvider time)
    {
        var data = DataFolder.Open(options.Data);
        var witness = new WitnessNode(data, new ServiceCollection().AddSingleton(time).AddLogging(logs => NodeTelemetry.AddLogs(logs, options.JsonLog)).BuildServiceProvider(), time);
        try
        {
            await witness.StartAsync(data, options, time);
            return witness;
        }
        catch
        {
            await witness.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_membership is not null) await _membership.DisposeAsync();
        if (Site is not null) await Site.DisposeAsync();
        await _services.DisposeAsync();
        _data.Dispose();
    }

    private async Task StartAsync(DataFolder data, WitnessOptions options, TimeProvider time)
    {
        if (Directory.Exists(data.IntakeFolder))
            throw new NodeStartException($"Data folder {data.Path} is that of a node that takes readings. A witness keeps none: name another folder with --data, or start it with 'edge up'.");
        Directory.CreateDirectory(data.SiteFolder);
        if (options.Join is null && new IdentityFolder(Path.Combine(data.SiteFolder, "identity")).Read() is IdentityRead.None)
            throw new NodeStartException("A witness joins a site that is there. Give it a token with --join; 'edge token create --node' makes one on a node of the site.");
        StableStorage.Replace(Path.Combine(data.SiteFolder, Marker), []);
        var about = NodeAbout.OfWitness(options.Labels);
        var logs = _services.GetRequiredService<ILoggerFactory>();
        var flushes = new FlushTimes(time);
        Site = await SiteNode.StartAsync(
            new() { Folder = data.SiteFolder, Name = options.Name ?? NodeNames.OfMachine(), Listen = options.Peers, Token = options.Join, Written = options.Site, About = about, Announce = options.Announce, Flushes = flushes },
            state => ChannelDemands.Of(Configuration.Book.SiteFromBook.Load(state, _ => "").Site),
            _ => { },
            _ => { },
            logs,
            time,
            CancellationToken.None);
        _membership = new(Site, Path.Combine(data.SiteFolder, "member"), () => new Load { MemoryBytes = Environment.WorkingSet, Cpu = _cpu.Share }, () => flushes.P99, logs, time);
        _membership.Start();
    }
}
