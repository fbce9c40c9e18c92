namespace Edge.Cluster.Transport;

/// <summary>What became of a call to a node.</summary>
public abstract record DialOutcome
{
    private DialOutcome()
    {
    }

    /// <summary>It answered, and is who it should be. The stream is the caller's to dispose; it breaks when the peer is removed from the book.</summary>
    public sealed record Connected(Stream Stream, NodeAddress Address) : DialOutcome;

    /// <summary>Nobody that may be trusted answered at any address.</summary>
    public sealed record Failed(string Node, IReadOnlyList<FailedAddress> Tried) : DialOutcome
    {
        /// <summary>For people: each address with its reason.</summary>
        public string Message => Tried.Count == 0
            ? $"No address of node '{Node}' is known. It announces itself on the LAN when it starts; where multicast is filtered, start it with --site HOST:PORT."
            : $"Node '{Node}' did not answer: {string.Join(", ", Tried)}. Check that it runs and that TCP {PeerProtocol.Port} is open between the nodes.";
    }
}

/// <summary>An address that was tried.</summary>
/// <param name="Address">Where.</param>
/// <param name="Reason">Why it is of no use.</param>
public sealed record FailedAddress(NodeAddress Address, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Address} ({Reason})";
}
