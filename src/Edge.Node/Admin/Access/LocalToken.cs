using System.Security.Cryptography;
using System.Text;
using Edge.Node.Storage;

namespace Edge.Node.Admin.Access;

/// <summary>
/// The token of who may read this node's data folder: such a person has the node's keys anyway. New at each start, in a file that only the node's user can read, taken from loopback connections only, never in the
/// book. It lets the CLI on the same machine work without a token of its own, and <c>curl -H "Authorization: Bearer $(cat edge-data/admin.token)"</c>.
/// </summary>
internal sealed class LocalToken
{
    /// <summary>Name of the file with the token, in the data folder.</summary>
    public const string FileName = "admin.token";

    /// <summary>Name of the file that says where the server listens and which CA its certificate is of, in the data folder.</summary>
    public const string AddressFileName = "admin.address";

    /// <summary>How such a token begins.</summary>
    public const string Prefix = "edgel-";

    private readonly byte[] _hash;

    private LocalToken(byte[] hash) => _hash = hash;

    /// <summary>Makes a token and writes both files.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="url">Where the server listens.</param>
    /// <param name="fingerprint">SHA-256 of the site CA's certificate in hexadecimal digits; null: none yet, or plain HTTP.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static LocalToken Write(string folder, Uri url, string? fingerprint)
    {
        var text = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        StableStorage.Replace(Path.Combine(folder, FileName), Encoding.ASCII.GetBytes(text), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        StableStorage.Replace(Path.Combine(folder, AddressFileName), Encoding.ASCII.GetBytes($"{url.GetLeftPart(UriPartial.Authority)} {fingerprint ?? "-"}\n"));
        return new LocalToken(Hash(text));
    }

    /// <summary>Whether a text is the token, compared in constant time.</summary>
    public bool Is(string text) => CryptographicOperations.FixedTimeEquals(Hash(text), _hash);

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
