using Edge.Node.Admin.Access;

namespace Edge.Node.Cli.Remote;

/// <summary>The node on this machine, as the files in its data folder name it.</summary>
/// <param name="Url">Where its admin server listens.</param>
/// <param name="Token">Its local token; null if this user may not read it.</param>
/// <param name="Fingerprint">SHA-256 of the site CA's certificate; null with plain HTTP.</param>
internal sealed record LocalNode(Uri Url, string? Token, byte[]? Fingerprint)
{
    /// <exception cref="RemoteException">The folder names no node.</exception>
    public static LocalNode Find(string data)
    {
        var addressFile = Path.Combine(data, LocalToken.AddressFileName);
        try
        {
            if (File.ReadAllText(addressFile).Split(' ', '\n') is [var address, var fingerprint, ..] && Uri.TryCreate(address, UriKind.Absolute, out var url))
                return new(url, ReadToken(data), ServerTrust.ParseFingerprint(fingerprint));
            throw new RemoteException($"{addressFile} holds no address. Start the node again, or name a node with --server.");
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new RemoteException($"No node is named: there is no --server, no EDGE_SERVER, and {addressFile} does not exist (no node ran there yet). Start one with 'edge up', or name one with --server URL.", EdgeCli.Failed, missing);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RemoteException($"The address of the local node cannot be read: {failure.Message} Name a node with --server.", EdgeCli.Failed, failure);
        }
    }

    private static string? ReadToken(string data)
    {
        try
        {
            return File.ReadAllText(Path.Combine(data, LocalToken.FileName)).Trim();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The node's answer to a call without a token says what to do.
            return null;
        }
    }
}
