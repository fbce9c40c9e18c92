using Edge.Node.Storage;

namespace Edge.Node.Cli.Remote;

/// <summary>The file in which the CA fingerprints of servers are kept after the first contact, a line each: <c>host:port sha256-digits</c>. Like ssh's known_hosts.</summary>
internal sealed class KnownSites(string path)
{
    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>This user's: <c>$XDG_CONFIG_HOME/edge/known-sites</c> or <c>~/.config/edge/known-sites</c>.</summary>
    public static KnownSites OfUser() => new(System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "edge", "known-sites"));

    /// <summary>What is kept for a server; null if it was never met.</summary>
    /// <exception cref="RemoteException">The file cannot be read, or its line is damaged.</exception>
    public byte[]? Find(string authority)
    {
        try
        {
            if (!File.Exists(path)) return null;
            var line = File.ReadLines(path).FirstOrDefault(line => line.StartsWith(authority + " ", StringComparison.Ordinal));
            return line is null ? null : ServerTrust.ParseFingerprint(line[(authority.Length + 1)..].Trim()) ?? throw new RemoteException($"{path} has a damaged line for {authority}. Remove it, and give --ca-fingerprint at the next call.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RemoteException($"{path} cannot be read: {failure.Message} Give --ca-fingerprint.", EdgeCli.Failed, failure);
        }
    }

    /// <summary>Keeps a server's.</summary>
    /// <exception cref="RemoteException">The file cannot be written.</exception>
    public void Keep(string authority, byte[] fingerprint)
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            string[] others = File.Exists(path) ? [.. File.ReadAllLines(path).Where(line => !line.StartsWith(authority + " ", StringComparison.Ordinal))] : [];
            string[] lines = [.. others, $"{authority} {Convert.ToHexStringLower(fingerprint)}"];
            StableStorage.Replace(path, System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RemoteException($"{path} cannot be written: {failure.Message} Give --ca-fingerprint {Convert.ToHexStringLower(fingerprint)} if that is the site's.", EdgeCli.Failed, failure);
        }
    }
}
