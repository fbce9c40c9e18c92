using System.Security.Cryptography;
using System.Text;
using Edge.Cluster.Members;
using Edge.Messages.Site;
using Edge.Node.Storage;

namespace Edge.Node.Site;

/// <summary>
/// Keeps this node a member of its site: one membership after the other, each under an id of its own that is written down before it is used. Tells when the right to act comes and goes.
/// Ends with <see cref="DisposeAsync"/>.
/// </summary>
internal sealed partial class SiteMembership : IAsyncDisposable
{
    private const int IdBytes = 8;

    private readonly SiteNode _site;
    private readonly string _file;
    private readonly Func<Load> _load;
    private readonly Func<TimeSpan> _flushP99;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _logs;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _ending = new();
    private Task _running = Task.CompletedTask;
    private volatile SiteMember? _member;
    private volatile bool _leaving;

    /// <param name="site">The site.</param>
    /// <param name="file">Where the id is written down; in the data folder, which one process holds.</param>
    /// <param name="load">Load of this node.</param>
    /// <param name="flushP99">Flush time of its disk.</param>
    /// <param name="logs">Logs.</param>
    /// <param name="time">The clock.</param>
    public SiteMembership(SiteNode site, string file, Func<Load> load, Func<TimeSpan> flushP99, ILoggerFactory logs, TimeProvider time)
    {
        (_site, _file, _load, _flushP99, _logs, _time) = (site, file, load, flushP99, logs, time);
        _log = logs.CreateLogger<SiteMembership>();
    }

    /// <summary>The right to act came, or went. Called on no particular thread; must be quick.</summary>
    public event Action? Changed;

    /// <summary>The present member id; empty while there is none.</summary>
    public string Member => _member is { Lease.IsValid: true } member ? member.Lease.Member : "";

    /// <summary>The present lease; null before the first.</summary>
    public MemberLease? Lease => _member?.Lease;

    /// <summary>The leader's clock less this node's.</summary>
    public TimeSpan ClockOffset => TimeSpan.FromMicroseconds(_member?.ClockOffsetUs ?? 0);

    /// <summary>Why this node is no member now; empty if it is one.</summary>
    public string Reason => _member is { Lease.IsValid: false } member ? member.Reason : "";

    /// <summary>Asks for membership from now on.</summary>
    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>Asks the leader to move this node's actors away; waits until it is no member, or <paramref name="limit"/> is over. It does not join again.</summary>
    public async Task LeaveAsync(TimeSpan limit)
    {
        _leaving = true;
        if (_member is not { Lease.IsValid: true } member) return;
        member.Leave();
        await ((Task)member.Lease.Lost).WaitAsync(limit, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_ending.IsCancellationRequested && !_leaving)
        {
            var (id, replaces) = NextId();
            await using var member = new SiteMember(
                new()
                {
                    Node = _site.Name,
                    Member = id,
                    Replaces = replaces,
                    Applied = () => _site.Book.Current.Index,
                    Load = _load,
                    FlushP99 = _flushP99,
                    Ask = _site.Renewals.AskAsync,
                },
                _time,
                _logs.CreateLogger<SiteMember>());
            _member = member;
            await Task.WhenAny(member.Granted, member.Lease.Lost).WaitAsync(_ending.Token);
            Changed?.Invoke();
            var loss = await member.Lease.Lost.WaitAsync(_ending.Token);
            Changed?.Invoke();
            if (!_leaving) LogLost(id, loss.Reason);
        }
    }

    private (string Id, string Replaces) NextId()
    {
        var before = File.Exists(_file) ? File.ReadAllText(_file) : "";
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        StableStorage.Replace(_file, Encoding.ASCII.GetBytes(id));
        return (id, before);
    }

    [LoggerMessage(7070, LogLevel.Warning, "This node's membership {Member} is over ({Reason}); what may not act without one has stopped, and the node joins again")]
    private partial void LogLost(string member, string reason);
}
