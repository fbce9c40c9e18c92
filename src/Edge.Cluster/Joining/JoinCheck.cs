using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Edge.Cluster.Book;
using Edge.Cluster.Transport;
using Edge.Cluster.Trust;
using Edge.Messages.Book;
using Edge.Messages.Site;

namespace Edge.Cluster.Joining;

/// <summary>
/// What can be said of a request to join before anything is written: only a request whose secret is right reaches the log, so a stranger cannot make it grow. Whether the token is still good and
/// the name is free is decided by the book's state machine. Pure.
/// </summary>
internal static class JoinCheck
{
    /// <summary>What is wrong with the request itself; null if nothing is.</summary>
    public static Refusal? Form(JoinRequest request) =>
        request.Protocol != PeerProtocol.Version ? Invalid(request, OtherVersion(request.Protocol))
        : !NodeName.IsValid(request.Node) ? Invalid(request, $"'{Shown(request.Node)}' cannot be a node's name; allowed are {NodeName.Allowed}. Choose one with --name.")
        : KeyOf(request) is null ? Invalid(request, $"The certificate request of node '{request.Node}' is not a signed PKCS #10 request for an ECDSA P-256 key. Start the node again; if it stays, its version differs too much from this one's.")
        : null;

    /// <summary>What is wrong with the token by this state of the book; null if its secret is right.</summary>
    public static Refusal? Token(BookState book, JoinRequest request) =>
        book.Tokens.TryGetValue(request.TokenId, out var token) && token.Purpose == TokenPurpose.Node && CryptographicOperations.FixedTimeEquals(token.Hash.Span, SHA256.HashData(request.TokenSecret.Span))
            ? null
            : new Refusal
            {
                Reason = RefusalReason.TokenUnknown,
                Subject = $"Token/{Shown(request.TokenId)}",
                Message = $"Site '{book.Site?.Name}' knows no join token '{Shown(request.TokenId)}' with that secret: it was revoked, or expired long ago. Make a new one on a node of the site: edge token create --node.",
            };

    /// <summary>The words for a node of another protocol version.</summary>
    public static string OtherVersion(uint theirs) =>
        $"The nodes speak different versions: the joiner {theirs}, the site {PeerProtocol.Version}. Run the same version of edge on both: {(theirs < PeerProtocol.Version ? "upgrade the joiner" : "upgrade the site first")}.";

    /// <summary>The key that the request is about.</summary>
    public static PublicKey? KeyOf(JoinRequest request) => SiteAuthority.KeyOf(request.CertificateRequest.ToByteArray());

    private static Refusal Invalid(JoinRequest request, string message) => new() { Reason = RefusalReason.Invalid, Subject = $"Node/{Shown(request.Node)}", Message = message };

    // A stranger's words: short, on one line.
    private static string Shown(string text) => new([.. text.Take(63).Select(letter => char.IsControl(letter) ? '?' : letter)]);
}
