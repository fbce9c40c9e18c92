using System.IO.Pipelines;
using Edge.Cluster.Book;
using Edge.Messages.Modules;
using Edge.Messages.Site;
using Edge.Node.Storage;
using Grpc.Core;

namespace Edge.Node.Site;

/// <summary>Gets module bytes that the book names and this node does not have from whichever node has them. One module at a time; what fails is asked for again by the next change of the book, or by the caller.</summary>
/// <param name="self">This node.</param>
/// <param name="book">The book.</param>
/// <param name="blobs">Where they go.</param>
/// <param name="dial">Connects to a node by its name.</param>
/// <param name="log">Log.</param>
internal sealed partial class ModuleFetch(string self, IBook book, ModuleBlobs blobs, Func<string, CallInvoker> dial, ILogger<ModuleFetch> log)
{
    /// <summary>Gets all that is missing. Returns those that no node could give now.</summary>
    public async Task<IReadOnlyList<ModuleDigest>> FetchAsync(BookState state, CancellationToken cancellation)
    {
        var missing = state.Resources.Values.Where(r => r.Digest.Length > 0).Select(r => new ModuleDigest(r.Digest)).Distinct().Where(d => !blobs.Has(d)).OrderBy(d => d.Hex, StringComparer.Ordinal).ToList();
        var left = new List<ModuleDigest>();
        foreach (var digest in missing)
        {
            if (!await FetchAsync(digest, cancellation)) left.Add(digest);
        }

        return left;
    }

    private async Task<bool> FetchAsync(ModuleDigest digest, CancellationToken cancellation)
    {
        var reasons = new List<string>();
        foreach (var node in book.Current.Nodes.Values.Where(n => n.Name != self && !n.Witness).OrderBy(n => n.Member is null))
        {
            try
            {
                var outcome = await FetchAsync(node.Name, digest, cancellation);
                if (outcome is BlobOutcome.Stored) return true;
                reasons.Add($"{node.Name}: {((BlobOutcome.Refused)outcome).Message}");
            }
            catch (RpcException failure)
            {
                cancellation.ThrowIfCancellationRequested();
                reasons.Add($"{node.Name}: {failure.Status.Detail}");
            }
        }

        LogMissing(digest.Abbreviated, string.Join("; ", reasons));
        return false;
    }

    private async Task<BlobOutcome> FetchAsync(string node, ModuleDigest digest, CancellationToken cancellation)
    {
        using var call = new ModuleBytes.ModuleBytesClient(dial(node)).Fetch(new() { Digest = digest.Hex }, cancellationToken: cancellation);
        var pipe = new Pipe();
        var reading = CopyAsync(call.ResponseStream, pipe.Writer, cancellation);
        try
        {
            return await blobs.PutAsync(digest, pipe.Reader.AsStream(), cancellation);
        }
        finally
        {
            await pipe.Reader.CompleteAsync();
            await reading;
        }
    }

    private static async Task CopyAsync(IAsyncStreamReader<ModulePart> parts, PipeWriter to, CancellationToken cancellation)
    {
        try
        {
            while (await parts.MoveNext(cancellation))
            {
                if ((await to.WriteAsync(parts.Current.Bytes.Memory, cancellation)).IsCompleted) break;
            }

            await to.CompleteAsync();
        }
        catch (RpcException failure)
        {
            await to.CompleteAsync(failure);
        }
    }

    [LoggerMessage(7060, LogLevel.Warning, "Module {Digest} is needed here and no node gives its bytes: {Reasons}")]
    private partial void LogMissing(string digest, string reasons);
}
