using System.Security.Cryptography;

namespace Edge.Messages.Modules;

/// <summary>The address of a module's bytes: their SHA-256, written <c>sha256:</c> and 64 lower-case hexadecimal digits.</summary>
/// <param name="Hex">The 64 digits without the prefix.</param>
public readonly record struct ModuleDigest(string Hex)
{
    /// <summary>Computes the digest of <paramref name="wasm"/>.</summary>
    public static ModuleDigest Of(ReadOnlySpan<byte> wasm) => new(Convert.ToHexStringLower(SHA256.HashData(wasm)));

    /// <summary>The first eight digits and an ellipsis, for people.</summary>
    public string Abbreviated => $"sha256:{Hex[..8]}…";

    /// <inheritdoc/>
    public override string ToString() => $"sha256:{Hex}";
}
