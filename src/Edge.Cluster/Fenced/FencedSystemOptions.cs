using Edge.Cluster.Book;
using Edge.Messages.Book;
using Google.Protobuf.Reflection;
using Microsoft.Extensions.Logging;
using Proto;

namespace Edge.Cluster.Fenced;

/// <summary>What a <see cref="FencedSystem"/> is made of.</summary>
public sealed record FencedSystemOptions
{
    /// <summary>This node's name: the host of its actors' addresses, resolved to today's address at each connect.</summary>
    public required string Node { get; init; }

    /// <summary>The site's book: who is a member, and what runs where.</summary>
    public required IBook Book { get; init; }

    /// <summary>Whether the lease of this system holds now. Asked for each message, so it must be quick.</summary>
    public required Func<bool> Holds { get; init; }

    /// <summary>The kinds, those first that others ask; they stop in the reverse order.</summary>
    public required IReadOnlyList<FencedKind> Kinds { get; init; }

    /// <summary>Dials a node by the host part of an address, which is its name, with mutual TLS.</summary>
    public required HttpMessageHandler Peers { get; init; }

    /// <summary>Contracts of the messages that cross nodes.</summary>
    public IReadOnlyList<FileDescriptor> Contracts { get; init; } = [];

    /// <summary>
    /// Called when an actor that the site moves has stopped, its state with the standby: commits that it was released. Default: nothing.
    /// </summary>
    public Func<ActorName, Epoch, Task> Released { get; init; } = static (_, _) => Task.CompletedTask;

    /// <summary>Called when an actor failed again and again and was stopped.</summary>
    public Action<ActorName, string> GivenUp { get; init; } = static (_, _) => { };

    /// <summary>Log.</summary>
    public required ILoggerFactory Logs { get; init; }
}
