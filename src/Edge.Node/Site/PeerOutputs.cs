using System.Threading.Channels;
using Edge.Messages.Site;
using Grpc.Core;

namespace Edge.Node.Site;

/// <summary>
/// This node's outputs on their way to one other node: follows what its clients subscribe to, and sends what matches, in order. What was sent and not answered when the connection breaks
/// is sent again. Ends with <see cref="DisposeAsync"/>, when the other node is no member any more: its clients are elsewhere by then.
/// </summary>
internal sealed partial class PeerOutputs : IAsyncDisposable
{
    // Batches on their way. At the bound a channel's output waits, until the other node takes them or is no member any more.
    private const int BatchesMax = 256;

    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(200);

    private readonly string _peer;
    private readonly Func<string, CallInvoker> _dial;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly PeerInterest _interest = new();
    private readonly Channel<Batch> _waiting = Channel.CreateBounded<Batch>(new BoundedChannelOptions(BatchesMax) { SingleReader = true });
    private readonly Queue<Batch> _sent = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _running;
    private long _number;

    /// <param name="peer">The other node.</param>
    /// <param name="dial">Connects to a node by its name.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Log.</param>
    public PeerOutputs(string peer, Func<string, CallInvoker> dial, TimeProvider time, ILogger logger)
    {
        (_peer, _dial, _time, _logger) = (peer, dial, time, logger);
        _running = Task.WhenAll(Task.Run(() => AgainAsync(FollowAsync)), Task.Run(() => AgainAsync(SendAsync)));
    }

    /// <summary>Whether a client there subscribes to <paramref name="topic"/> (with the tenant's prefix).</summary>
    public bool Wants(string topic) => _interest.Wants(topic);

    /// <summary>Sends messages after all that were given before. Completes when the other node's broker has taken them, or the other node is no member any more.</summary>
    public async Task SendAsync(IReadOnlyList<ForwardedMessage> messages)
    {
        var batch = new Batch(new() { Number = Interlocked.Increment(ref _number), Messages = { messages } });
        try
        {
            await _waiting.Writer.WriteAsync(batch, _ending.Token);
            await batch.Taken.Task.WaitAsync(_ending.Token);
        }
        catch (OperationCanceledException)
        {
            // The node left the site; whoever subscribed there subscribes elsewhere now.
        }
        catch (ChannelClosedException)
        {
            // The same, a moment later.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _waiting.Writer.TryComplete();
        await _running;
    }

    private async Task AgainAsync(Func<CallInvoker, CancellationToken, Task> once)
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                await once(_dial(_peer), _ending.Token);
            }
            catch (Exception ended) when (_ending.IsCancellationRequested && ended is OperationCanceledException or RpcException)
            {
                return;
            }
            catch (RpcException failure)
            {
                LogAgain(_peer, failure.Status.Detail);
            }

            await Task.Delay(Retry, _time, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FollowAsync(CallInvoker peer, CancellationToken cancellation)
    {
        using var call = new Forwarding.ForwardingClient(peer).Interest(new(), cancellationToken: cancellation);
        while (await call.ResponseStream.MoveNext(cancellation)) _interest.Apply(call.ResponseStream.Current);
    }

    private async Task SendAsync(CallInvoker peer, CancellationToken cancellation)
    {
        using var call = new Forwarding.ForwardingClient(peer).Forward(cancellationToken: cancellation);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Batch[] again;
        lock (_sent) again = [.. _sent];
        foreach (var batch in again) await call.RequestStream.WriteAsync(batch.Message, cancellation);
        var answers = AnswersAsync(call.ResponseStream, ending);
        try
        {
            await foreach (var batch in _waiting.Reader.ReadAllAsync(ending.Token))
            {
                lock (_sent) _sent.Enqueue(batch);
                await call.RequestStream.WriteAsync(batch.Message, ending.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The answers ended first; what ended them is thrown below.
        }
        finally
        {
            await ending.CancelAsync();
        }

        await answers;
    }

    private async Task AnswersAsync(IAsyncStreamReader<ForwardTaken> answers, CancellationTokenSource ending)
    {
        try
        {
            while (await answers.MoveNext(ending.Token)) Taken(answers.Current.Number);
        }
        finally
        {
            await ending.CancelAsync();
        }
    }

    private void Taken(long number)
    {
        lock (_sent)
        {
            while (_sent.TryPeek(out var batch) && batch.Message.Number <= number) _sent.Dequeue().Taken.TrySetResult();
        }
    }

    [LoggerMessage(7040, LogLevel.Debug, "Outputs for subscribers of node {Peer} wait: {Reason}")]
    private partial void LogAgain(string peer, string reason);

    private sealed record Batch(ForwardBatch Message)
    {
        public TaskCompletionSource Taken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
