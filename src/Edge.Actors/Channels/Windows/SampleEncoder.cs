using System.Buffers.Binary;
using Edge.Wasm.Instances;

namespace Edge.Actors.Channels.Windows;

/// <summary>Writes a block's samples as the guest takes them: little-endian numbers of one type. One buffer, reused.</summary>
internal sealed class SampleEncoder(SampleType type)
{
    private byte[] _bytes = new byte[1024];

    /// <summary>The samples' bytes; valid until the next call.</summary>
    public ReadOnlySpan<byte> Encode(ReadOnlySpan<double> samples)
    {
        var width = type == SampleType.F64 ? 8 : 4;
        if (_bytes.Length < samples.Length * width) _bytes = new byte[samples.Length * width * 2];
        var to = _bytes.AsSpan(0, samples.Length * width);
        for (var i = 0; i < samples.Length; i++)
        {
            var at = to[(i * width)..];
            if (type == SampleType.F64) BinaryPrimitives.WriteDoubleLittleEndian(at, samples[i]);
            else if (type == SampleType.F32) BinaryPrimitives.WriteSingleLittleEndian(at, (float)samples[i]);
            else BinaryPrimitives.WriteInt32LittleEndian(at, (int)Math.Round(samples[i]));
        }

        return to;
    }
}
