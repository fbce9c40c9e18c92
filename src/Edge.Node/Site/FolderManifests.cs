using System.Security.Cryptography;
using System.Text;
using Edge.Cluster.Book;
using Edge.Messages.Book;
using Edge.Messages.Modules;
using Edge.Node.Cli.Remote;
using Edge.Node.Configuration.Book;
using Edge.Node.Configuration.Files;
using Edge.Node.Hosting;
using Edge.Node.Storage;
using Google.Protobuf;

namespace Edge.Node.Site;

/// <summary>
/// The manifests of <c>edge up -f</c>: written to the site's book at the start, as <c>edge apply</c> would. What an earlier start wrote from the folder and is not in it any more is deleted, so that
/// a node on its own runs what its folder says.
/// </summary>
/// <param name="book">The book.</param>
/// <param name="blobs">Where module bytes go.</param>
/// <param name="file">Where it is written down what came from the folder.</param>
/// <param name="who">Who applies, for the audit log.</param>
/// <param name="time">The clock.</param>
internal sealed class FolderManifests(IBook book, ModuleBlobs blobs, string file, string who, TimeProvider time)
{
    /// <summary>Applies a folder or file.</summary>
    /// <exception cref="NodeStartException">A mistake, all of them in the message; or no leader took it.</exception>
    public async Task ApplyAsync(string path, CancellationToken cancellation)
    {
        try
        {
            var submission = Submission.Read([path]);
            await submission.StoreAsync(blobs, cancellation);
            var submitted = submission.Submitted();
            var state = await book.ReadAsync(cancellation);
            var plan = ApplyPlan.Of(state, submitted, digest => blobs.Has(digest) ? ModuleFiles.Look(blobs.PathOf(digest)) : null);
            if (plan.Findings.Count > 0) throw new NodeStartException(string.Join(Environment.NewLine, plan.Findings));
            await WriteAsync(plan, cancellation);
            await DeleteAsync(plan, state, cancellation);
        }
        catch (RemoteException mistakes)
        {
            throw new NodeStartException(mistakes.Message, mistakes);
        }
        catch (BookUnavailableException nobody)
        {
            throw new NodeStartException($"The manifests of {path} could not be written to the site's book: {nobody.Message} Start without -f to run what the book says.", nobody);
        }
    }

    private async Task WriteAsync(ApplyPlan plan, CancellationToken cancellation)
    {
        var edits = plan.Edits.Where(edit => edit.Outcome != ApplyOutcome.Unchanged).Select(edit => new ResourceEdit { Resource = edit.Resource, ExpectedVersion = edit.Now?.Version ?? 0 }).ToList();
        if (edits.Count > 0) await AppendAsync(command => command.ApplyResources = new() { Edits = { edits } }, cancellation);
    }

    private async Task DeleteAsync(ApplyPlan plan, BookState state, CancellationToken cancellation)
    {
        var now = plan.Edits.Select(edit => edit.Id).ToHashSet();
        var gone = Before().Where(id => !now.Contains(id) && state.Resources.ContainsKey(id)).Select(id => new ResourceKey { Kind = id.Kind, Tenant = id.Tenant, Name = id.Name }).ToList();
        if (gone.Count > 0) await AppendAsync(command => command.DeleteResources = new() { Keys = { gone } }, cancellation);
        StableStorage.Replace(file, Encoding.UTF8.GetBytes(string.Join('\n', now.Select(id => $"{id.Kind} {id.Tenant} {id.Name}"))));
    }

    private IEnumerable<ResourceId> Before() => File.Exists(file)
        ? File.ReadAllLines(file).Select(line => line.Split(' ')).Where(parts => parts.Length == 3).Select(parts => new ResourceId(parts[0], parts[1], parts[2]))
        : [];

    private async Task AppendAsync(Action<BookCommand> change, CancellationToken cancellation)
    {
        var command = new BookCommand
        {
            RequestId = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(16)),
            Who = who,
            TimeUs = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond,
            Format = BookFormat.Current,
        };
        change(command);
        var outcome = await book.AppendAsync(command, cancellation);
        if (outcome.Refusals.Count > 0) throw new NodeStartException(string.Join(Environment.NewLine, outcome.Refusals.Select(refusal => refusal.Message)));
    }
}
