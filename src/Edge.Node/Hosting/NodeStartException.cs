namespace Edge.Node.Hosting;

/// <summary>The node cannot start, for a reason that the operator can remedy; the message is for them: what failed, which thing, what to do.</summary>
public sealed class NodeStartException(string message, Exception? inner = null) : Exception(message, inner);
