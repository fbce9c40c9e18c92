using System.Security.Cryptography;
using System.Threading.Channels;
using Edge.Actors;
using Edge.Actors.Channels;
using Edge.Cluster.Book;
using Edge.Cluster.Mirroring;
using Edge.Messages.Book;
using Edge.Messages.Channels;
using Edge.Messages.Modules;
using Edge.Node.Configuration;
using Edge.Node.Configuration.Book;
using Edge.Node.Storage;
using Google.Protobuf;

namespace Edge.Node.Site;

/// <summary>
/// Makes this node run what the book says: follows declared resources, placements, members and this node's own lease, gets the module bytes that are missing, and tells the book what was
/// released. One state at a time, the newest; what came between is passed over. Ends with <see cref="DisposeAsync"/>.
/// </summary>
internal sealed partial class SiteRun : IAsyncDisposable
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private readonly SiteNode _site;
    private readonly SiteMembership _membership;
    private readonly ModuleBlobs _blobs;
    private readonly ModuleFetch _fetch;
    private readonly SiteOutputs _outputs;
    private readonly LogMirror _mirror;
    private readonly ReplicatedTopics _durable;
    private readonly EdgeSystem _system;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _ending = new();
    private readonly IDisposable _watch;
    private readonly Task _running;
    private SiteView _view;
    private int _disposed;

    public SiteRun(SiteNode site, SiteMembership membership, ModuleBlobs blobs, ModuleFetch fetch, SiteOutputs outputs, LogMirror mirror, ReplicatedTopics durable, EdgeSystem system, SiteView first, TimeProvider time, ILogger<SiteRun> log)
    {
        (_site, _membership, _blobs, _fetch, _outputs, _mirror, _durable, _system, _view, _time, _log) = (site, membership, blobs, fetch, outputs, mirror, durable, system, first, time, log);
        durable.Declare(first.Whole);
        _membership.Changed += LeaseChanged;
        _watch = site.Book.Watch(change =>
        {
            if (change.Before.Resources != change.After.Resources || change.Before.Placements != change.After.Placements || change.Before.Nodes != change.After.Nodes) Look();
        });
        _running = Task.Run(RunAsync);
        Look();
    }

    /// <summary>Everything that is declared for the site.</summary>
    public SiteManifest Declared => Volatile.Read(ref _view).Whole;

    /// <summary>Mistakes of the declared site: what of it this node cannot run.</summary>
    public IReadOnlyList<Finding> Findings => Volatile.Read(ref _view).Findings;

    /// <summary>Ends it; a second time does nothing: a stop ends it before what it drives is drained, and its owner again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        _watch.Dispose();
        _membership.Changed -= LeaseChanged;
        await _ending.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }

    private void Look() => _changed.Writer.TryWrite(true);

    // The fence first, at once: what holds acts no more, whatever else goes on. Then the orderly way.
    private void LeaseChanged()
    {
        if (_membership.Member.Length == 0) _ = FenceAsync();
        Look();
    }

    private Task FenceAsync() => _system.FenceAsync(
        [.. _view.Site.Channels.Where(c => c.OnPartition == OnPartition.Hold).Select(c => c.Id)], "This node is no member of the site now; another may have taken the channel over.");

    private async Task RunAsync()
    {
        while (await _changed.Reader.ReadAsync(_ending.Token))
        {
            if (!await FollowAsync(_site.Book.Current)) _ = AgainAsync();
        }
    }

    private async Task AgainAsync()
    {
        await Task.Delay(Again, _time, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Look();
    }

    private async Task<bool> FollowAsync(BookState state)
    {
        var missing = await _fetch.FetchAsync(state, _ending.Token);
        var view = _view.Next(state, _blobs, missing);
        Volatile.Write(ref _view, view);
        _durable.Declare(view.Whole);
        await _outputs.FollowAsync(state);
        _mirror.Aim(MirrorChoice.Of(state, _site.Name));
        var applied = await _system.ApplyAsync(view.Site, ChannelDemands.Table(state, view.Site, _site.Name, _membership.Member));
        var told = true;
        foreach (var released in applied.Released) told &= await ReportAsync(state, released);
        return told && missing.Count == 0;
    }

    private async Task<bool> ReportAsync(BookState state, ReleasedChannel released)
    {
        var name = new ActorName(ChannelDemands.Channel, released.Channel.ToString());
        if (released.Problem is not null) LogReleasedBehind(released.Channel.ToString(), released.Problem);
        if (!state.Placements.TryGetValue(name, out var placement) || placement.Node != _site.Name || !Equals(placement.Epoch, released.Epoch)) return true;
        try
        {
            await _site.Book.AppendAsync(
                new BookCommand
                {
                    RequestId = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(16)),
                    Who = _site.Name,
                    TimeUs = (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond,
                    Format = BookFormat.Current,
                    ReportReleased = new() { Actor = new() { Kind = name.Kind, Identity = name.Identity }, Epoch = placement.Epoch, Member = placement.Member },
                },
                _ending.Token);
            return true;
        }
        catch (BookUnavailableException nobody)
        {
            LogNotReported(released.Channel.ToString(), nobody.Message);
            return false;
        }
    }

    [LoggerMessage(7080, LogLevel.Warning, "Channel {Channel} was released with an older state; its next owner reads the rest again: {Reason}")]
    private partial void LogReleasedBehind(string channel, string reason);

    [LoggerMessage(7081, LogLevel.Warning, "That channel {Channel} was released is not in the book yet: {Reason}")]
    private partial void LogNotReported(string channel, string reason);
}
