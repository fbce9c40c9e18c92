using System.Runtime.InteropServices;

namespace Edge.Wasm.Instances;

/// <summary>Type of the samples of a block, as in guests/ABI.md §4.</summary>
public enum SampleType
{
    /// <summary>32-bit IEEE 754.</summary>
    F32 = 0,

    /// <summary>64-bit IEEE 754.</summary>
    F64 = 1,

    /// <summary>32-bit two's complement.</summary>
    I32 = 2,
}

/// <summary>What a block's header tells beyond its samples.</summary>
[Flags]
public enum BlockFlags
{
    /// <summary>The block follows its predecessor without loss.</summary>
    None = 0,

    /// <summary>Samples are missing between the previous block and this one.</summary>
    Gap = 1,

    /// <summary>The guest must forget its history first: a new stream begins.</summary>
    Reset = 2,
}

/// <summary>The header that <c>edge_stream</c> gets, 32 bytes, little-endian, 8-aligned, exactly as in guests/ABI.md §4.</summary>
/// <param name="TimeUs">UTC microseconds of the first sample.</param>
/// <param name="RateHz">Samples per second; 0 if irregular.</param>
/// <param name="Type">Type of each sample.</param>
/// <param name="Flags">Gap and reset.</param>
/// <param name="Sequence">Number of the first sample since the stream began.</param>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
public readonly record struct BlockHeader(long TimeUs, double RateHz, SampleType Type, BlockFlags Flags, long Sequence);
