using Edge.Cluster.Book;
using Edge.Node.Admin.Access;
using Edge.Node.Admin.Watch;
using Edge.Node.Storage;

namespace Edge.Node.Admin;

/// <summary>The parts of a running site that the admin API speaks to. Made when the node has a book; until then the API answers 503.</summary>
/// <param name="Book">The book.</param>
/// <param name="Modules">Module bytes on this node.</param>
/// <param name="Nodes">What the leader sees.</param>
/// <param name="Local">The token that lies in this node's data folder.</param>
/// <param name="History">Recent changes of resources, for watchers.</param>
internal sealed record AdminSite(IBook Book, ModuleBlobs Modules, INodeBoard Nodes, LocalToken Local, ResourceHistory History);
