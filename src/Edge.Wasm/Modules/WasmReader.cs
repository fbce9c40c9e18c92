using System.Text;

namespace Edge.Wasm.Modules;

/// <summary>Reads the primitives of the WebAssembly binary format (core specification 2.0, §5) from untrusted bytes.</summary>
internal ref struct WasmReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    /// <summary>Whether everything was read.</summary>
    public readonly bool AtEnd => _at == _bytes.Length;

    /// <summary>What is left.</summary>
    public readonly ReadOnlySpan<byte> Rest => _bytes[_at..];

    /// <summary>One byte.</summary>
    public byte Byte() => AtEnd ? throw Malformed("ends early") : _bytes[_at++];

    /// <summary>A u32 in LEB128.</summary>
    public uint U32()
    {
        ulong value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7f) << shift;
            if ((next & 0x80) == 0) return value <= uint.MaxValue ? (uint)value : throw Malformed("has a number that is too large");
        }

        throw Malformed("has a number that is too long");
    }

    /// <summary>An i32 or i64 in signed LEB128.</summary>
    public long Signed()
    {
        long value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var next = Byte();
            value |= (long)(next & 0x7f) << shift;
            if ((next & 0x80) != 0) continue;
            return (next & 0x40) != 0 && shift + 7 < 64 ? value | (-1L << (shift + 7)) : value;
        }

        throw Malformed("has a number that is too long");
    }

    /// <summary>So many bytes.</summary>
    public ReadOnlySpan<byte> Take(uint length)
    {
        if (length > (uint)(_bytes.Length - _at)) throw Malformed("ends early");
        var taken = _bytes.Slice(_at, (int)length);
        _at += (int)length;
        return taken;
    }

    /// <summary>A name: UTF-8 with its length.</summary>
    public string Name() => Encoding.UTF8.GetString(Take(U32()));

    /// <summary>The length of a vector whose items take at least a byte each.</summary>
    public int Count()
    {
        var count = U32();
        return count <= (uint)(_bytes.Length - _at) ? (int)count : throw Malformed("ends early");
    }

    /// <summary>What is thrown for bytes that are no module.</summary>
    public static FormatException Malformed(string what) => new($"The file is no WebAssembly module: it {what}.");
}
