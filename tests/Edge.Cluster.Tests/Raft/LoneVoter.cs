using System.Net;
using Edge.Cluster.Book;
using Edge.Cluster.Raft;
using Edge.Messages.Book;
using Google.Protobuf;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace Edge.Cluster.Tests.Raft;

/// <summary>A log with one voter in this process: nobody calls, and nobody is called.</summary>
internal sealed class LoneVoter : IConnectionListenerFactory, IConnectionListener, IConnectionFactory
{
    private readonly TaskCompletionSource<ConnectionContext?> _unbound = new(TaskCreationOptions.RunContinuationsAsynchronously);

    EndPoint IConnectionListener.EndPoint => VoterName.ToEndPoint("n1");

    public static async Task<RaftBookOpening> OpenAsync(RaftBookOptions options)
    {
        var alone = new LoneVoter();
        return await RaftBook.OpenAsync(
            options,
            new RaftTransport(alone, alone),
            new BookForwarding((node, _, _) => throw new IOException($"{node} is not there"), (node, _, _) => throw new IOException($"{node} is not there")),
            TimeProvider.System,
            NullLoggerFactory.Instance,
            TestContext.Current.CancellationToken);
    }

    /// <summary>Makes a site, and a book open on it.</summary>
    public static async Task<RaftBook> FoundAsync(RaftBookOptions options)
    {
        new LogFolder(options.Folder).Found(options.Self);
        var book = Assert.IsType<RaftBookOpening.Opened>(await OpenAsync(options)).Book;
        var node = new NodeRecord { Name = options.Self, KeyFingerprint = ByteString.CopyFrom(new byte[32]), MayVote = true };
        var founded = await book.AppendAsync(new BookCommand { Who = options.Self, FoundSite = new FoundSite { Site = new SiteRecord { Id = ByteString.CopyFrom(new byte[16]), Name = "test" }, Node = node } }, CancellationToken.None);
        Assert.Empty(founded.Refusals);
        return book;
    }

    public static BookCommand Put(string key, string value) => new()
    {
        Who = "test",
        ApplyResources = new ApplyResources { Edits = { new ResourceEdit { Resource = new Resource { Kind = "Register", Tenant = "default", Name = key, Document = ByteString.CopyFromUtf8(value) } } } },
    };

    public static string Value(BookState state, string key) => state.Resources[new ResourceId("Register", "default", key)].Document.ToStringUtf8();

    ValueTask<IConnectionListener> IConnectionListenerFactory.BindAsync(EndPoint endpoint, CancellationToken cancellationToken) => new(this);

    async ValueTask<ConnectionContext?> IConnectionListener.AcceptAsync(CancellationToken cancellationToken) => await _unbound.Task.WaitAsync(cancellationToken);

    ValueTask<ConnectionContext> IConnectionFactory.ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken) => throw new IOException($"{endpoint} is not there");

    ValueTask IConnectionListener.UnbindAsync(CancellationToken cancellationToken)
    {
        _unbound.TrySetResult(null);
        return ValueTask.CompletedTask;
    }

    ValueTask IAsyncDisposable.DisposeAsync()
    {
        _unbound.TrySetResult(null);
        return ValueTask.CompletedTask;
    }
}
