namespace Edge.Node.Admin;

/// <summary>What the admin server shows; each is asked for at each request.</summary>
/// <param name="Health">How the node does.</param>
/// <param name="Status">Everything on it.</param>
/// <param name="Schema">JSON Schema of the manifests.</param>
internal sealed record AdminPages(Func<NodeHealth> Health, Func<StatusView> Status, Func<string> Schema);
