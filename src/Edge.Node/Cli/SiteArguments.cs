using Edge.Cluster.Transport;
using Edge.Cluster.Trust;

namespace Edge.Node.Cli;

/// <summary>What <c>edge up</c> was told of its site, read.</summary>
/// <param name="Token">The token to join with.</param>
/// <param name="Site">Addresses of the site.</param>
/// <param name="Labels">Labels of the node.</param>
internal sealed record SiteArguments(JoinToken? Token, IReadOnlyList<NodeAddress> Site, IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>Reads them. Returns every mistake in words, a line each; null if there is none.</summary>
    public static string? Read(string? token, IEnumerable<string> site, IEnumerable<string> labels, out SiteArguments arguments)
    {
        var mistakes = new List<string>();
        JoinToken? join = null;
        if (token is not null)
        {
            switch (JoinToken.Parse(token))
            {
                case TokenParse<JoinToken>.Parsed parsed:
                    join = parsed.Token;
                    break;
                case TokenParse<JoinToken>.Wrong wrong:
                    mistakes.Add($"--join: {wrong.Message}");
                    break;
            }
        }

        var addresses = new List<NodeAddress>();
        foreach (var text in site)
        {
            if (NodeAddress.TryParse(text, out var address)) addresses.Add(address);
            else mistakes.Add($"--site is '{text}'; allowed: HOST:PORT, such as pi-1.lan:{PeerProtocol.Port}.");
        }

        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in labels)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = equals < 0 ? (text, "") : (text[..equals], text[(equals + 1)..]);
            if (name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_')) named[name] = value;
            else mistakes.Add($"--label is '{text}'; allowed: NAME or NAME=VALUE, the name of letters, digits, '-', '.' and '_'.");
        }

        arguments = new(join, addresses, named);
        return mistakes.Count == 0 ? null : string.Join(Environment.NewLine, mistakes);
    }
}
