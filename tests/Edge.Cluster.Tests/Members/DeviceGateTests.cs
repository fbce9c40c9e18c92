using Edge.Cluster.Book;
using Edge.Cluster.Members;
using Edge.Messages.Book;
using Microsoft.Extensions.Time.Testing;

namespace Edge.Cluster.Tests.Members;

public sealed class DeviceGateTests : IDisposable
{
    private static readonly ActorName Valve = new("bridge", "acme/valve");
    private readonly FakeTimeProvider _time = new();
    private readonly MemberLease _lease;
    private readonly DeviceGate _gate;
    private readonly List<Epoch> _wire = [];
    private Placement? _placement = new() { Kind = Valve.Kind, Identity = Valve.Identity, Node = "pi-1", Member = "m1", Epoch = At(7) };

    public DeviceGateTests()
    {
        _lease = new("m1", _time);
        _gate = new(_lease, _ => _placement, _time);
        _lease.Extend(_lease.BeginRenewal(), TimeSpan.FromSeconds(1));
    }

    public void Dispose() => _lease.Dispose();

    [Fact]
    public async Task An_owner_with_a_lease_writes_and_hands_its_epoch_on()
    {
        Assert.IsType<WriteOutcome.Written>(await Write());
        Assert.Equal([At(7)], _wire);
    }

    [Fact]
    public async Task Nothing_is_written_once_the_lease_is_over()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("m1", Assert.IsType<WriteOutcome.LeaseOver>(await Write()).Member);
        Assert.Empty(_wire);
    }

    [Fact]
    public async Task Nothing_is_written_in_an_epoch_that_is_not_the_actors()
    {
        _placement = new() { Kind = Valve.Kind, Identity = Valve.Identity, Node = "pi-2", Member = "m2", Epoch = At(9) };
        Assert.Equal(At(9), Assert.IsType<WriteOutcome.NotOwner>(await Write()).Current);
        _placement = null;
        Assert.IsType<WriteOutcome.NotOwner>(await Write());
        Assert.Empty(_wire);
    }

    [Fact]
    public async Task A_write_is_aborted_at_its_limit()
    {
        var aborted = new TaskCompletionSource();
        var writing = _gate.WriteAsync(At(7), Valve, async (_, cancellation) =>
        {
            await using var abort = cancellation.Register(aborted.SetResult);
            await aborted.Task;
            cancellation.ThrowIfCancellationRequested();
        }, TestContext.Current.CancellationToken);
        _time.Advance(_lease.IoLimit);
        Assert.Equal(TimeSpan.FromMilliseconds(200), Assert.IsType<WriteOutcome.TimedOut>(await writing).Limit);
        Assert.True(aborted.Task.IsCompleted);
    }

    [Fact]
    public async Task A_failed_connection_is_an_outcome()
    {
        var outcome = await _gate.WriteAsync(At(7), Valve, (_, _) => Task.FromException(new IOException("reset")), TestContext.Current.CancellationToken);
        Assert.Equal("reset", Assert.IsType<WriteOutcome.Failed>(outcome).Cause.Message);
    }

    private static Epoch At(ulong index) => new() { Incarnation = 1, Index = index };

    private Task<WriteOutcome> Write() => _gate.WriteAsync(At(7), Valve, (epoch, _) =>
    {
        _wire.Add(epoch);
        return Task.CompletedTask;
    }, TestContext.Current.CancellationToken);
}
