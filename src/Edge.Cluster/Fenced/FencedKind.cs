using Proto;

namespace Edge.Cluster.Fenced;

/// <summary>A kind of actor that acts only while its node holds a lease.</summary>
/// <param name="Name">The kind, as in a cluster identity.</param>
/// <param name="Props">What an actor is made of. Its context holds the <see cref="Proto.Cluster.ClusterIdentity"/> and the <see cref="Messages.Book.Epoch"/> that it acts under.</param>
public sealed record FencedKind(string Name, Props Props);
