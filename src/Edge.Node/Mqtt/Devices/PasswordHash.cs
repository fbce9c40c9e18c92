using System.Security.Cryptography;

namespace Edge.Node.Mqtt.Devices;

/// <summary>A salted, stretched password: PBKDF2 with HMAC-SHA-256 (RFC 8018), written <c>pbkdf2-sha256$ITERATIONS$SALT$HASH</c> with base64.</summary>
/// <param name="Iterations">Work factor.</param>
/// <param name="Salt">16 random bytes.</param>
/// <param name="Hash">32 bytes.</param>
internal sealed record PasswordHash(int Iterations, byte[] Salt, byte[] Hash)
{
    /// <summary>
    /// Iterations of new hashes: 20–40 ms of one core here, about 100 ms on a Raspberry Pi 4, where a site's devices all sign in again after a restart.
    /// Passwords are generated with 144 random bits by default, so stretching protects only those that people chose.
    /// </summary>
    public const int DefaultIterations = 100_000;

    private const string Scheme = "pbkdf2-sha256";
    private const int MaxIterations = 10_000_000;

    /// <summary>Hashes a password with a new salt.</summary>
    public static PasswordHash Of(ReadOnlySpan<byte> password)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        return new(DefaultIterations, salt, Rfc2898DeriveBytes.Pbkdf2(password, salt, DefaultIterations, HashAlgorithmName.SHA256, 32));
    }

    /// <summary>A password that nobody chose: 24 characters of 6 random bits.</summary>
    public static string NewPassword() =>
        RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 24);

    /// <summary>Reads what <see cref="ToString"/> wrote; null if it is something else.</summary>
    public static PasswordHash? TryParse(string text)
    {
        var parts = text.Split('$');
        return parts.Length == 4 && parts[0] == Scheme
            && int.TryParse(parts[1], out var iterations) && iterations is > 0 and <= MaxIterations
            && TryDecode(parts[2]) is { Length: >= 8 } salt && TryDecode(parts[3]) is { Length: 32 } hash
                ? new(iterations, salt, hash)
                : null;
    }

    /// <summary>Whether this is the password's hash. Takes as long for a wrong one; costs <see cref="Iterations"/>: not for a thread that others wait for.</summary>
    public bool Verify(ReadOnlySpan<byte> password) =>
        CryptographicOperations.FixedTimeEquals(Hash, Rfc2898DeriveBytes.Pbkdf2(password, Salt, Iterations, HashAlgorithmName.SHA256, Hash.Length));

    /// <inheritdoc/>
    public override string ToString() => $"{Scheme}${Iterations}${Convert.ToBase64String(Salt)}${Convert.ToBase64String(Hash)}";

    private static byte[]? TryDecode(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var written) ? bytes[..written] : null;
    }
}
