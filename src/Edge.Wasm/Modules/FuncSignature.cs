using Edge.Wasm.Native;

namespace Edge.Wasm.Modules;

/// <summary>Type of a function. Kinds are those of the binary format, so that types beyond numbers can be named too.</summary>
internal sealed record FuncSignature(byte[] Parameters, byte[] Results)
{
    /// <summary>A signature of numbers.</summary>
    public static FuncSignature Of(ValueKind[] parameters, params ValueKind[] results) =>
        new([.. parameters.Select(Code)], [.. results.Select(Code)]);

    /// <summary>Same parameters and results.</summary>
    public bool Equals(FuncSignature? other) =>
        other is not null && Parameters.AsSpan().SequenceEqual(other.Parameters) && Results.AsSpan().SequenceEqual(other.Results);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Parameters);
        hash.Add(-1);
        hash.AddBytes(Results);
        return hash.ToHashCode();
    }

    /// <summary>As in guests/ABI.md: <c>(i32, i32) → i32</c>.</summary>
    public override string ToString() =>
        $"({string.Join(", ", Parameters.Select(Name))}) → {(Results.Length == 1 ? Name(Results[0]) : $"({string.Join(", ", Results.Select(Name))})")}";

    private static byte Code(ValueKind kind) => (byte)(0x7f - (byte)kind);

    private static string Name(byte code) => code switch
    {
        0x7f => "i32",
        0x7e => "i64",
        0x7d => "f32",
        0x7c => "f64",
        0x7b => "v128",
        0x70 => "funcref",
        0x6f => "externref",
        _ => $"type 0x{code:x2}",
    };
}
