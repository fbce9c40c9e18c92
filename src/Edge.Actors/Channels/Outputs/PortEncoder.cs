using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Edge.Wasm.Instances;

namespace Edge.Actors.Channels.Outputs;

/// <summary>Turns what a guest emitted into a payload by the port's <see cref="PortFormat"/>. Pure, reused by one channel.</summary>
internal sealed class PortEncoder
{
    private readonly ArrayBufferWriter<byte> _buffer = new(256);

    /// <summary>The payload, owned by the caller; null when the bytes are no whole number of the port's type.</summary>
    public byte[]? Encode(PortSpec port, ReadOnlySpan<byte> emitted, long timeUs)
    {
        if (port.Format == PortFormat.Bytes) return emitted.ToArray();
        if (emitted.Length % Width(port.Type) != 0) return null;
        return port.Format == PortFormat.Json ? Json(port.Type, emitted, timeUs) : Csv(port.Type, emitted);
    }

    private byte[] Json(SampleType type, ReadOnlySpan<byte> numbers, long timeUs)
    {
        _buffer.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_buffer);
        json.WriteStartObject();
        json.WriteNumber("t"u8, timeUs);
        json.WriteStartArray("v"u8);
        for (; numbers.Length > 0; numbers = numbers[Width(type)..])
        {
            var value = Read(type, numbers);
            // JSON has no NaN and no infinity.
            if (!double.IsFinite(value)) json.WriteNullValue();
            else if (type == SampleType.F32) json.WriteNumberValue((float)value);
            else if (type == SampleType.I32) json.WriteNumberValue((int)value);
            else json.WriteNumberValue(value);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return _buffer.WrittenSpan.ToArray();
    }

    private static byte[] Csv(SampleType type, ReadOnlySpan<byte> numbers)
    {
        var line = new StringBuilder();
        for (; numbers.Length > 0; numbers = numbers[Width(type)..])
        {
            if (line.Length > 0) line.Append(',');
            var value = Read(type, numbers);
            line.Append(type == SampleType.F32
                ? ((float)value).ToString(CultureInfo.InvariantCulture)
                : value.ToString(CultureInfo.InvariantCulture));
        }

        return Encoding.ASCII.GetBytes(line.ToString());
    }

    private static int Width(SampleType type) => type == SampleType.F64 ? 8 : 4;

    private static double Read(SampleType type, ReadOnlySpan<byte> bytes) => type switch
    {
        SampleType.F32 => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        SampleType.F64 => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        _ => BinaryPrimitives.ReadInt32LittleEndian(bytes),
    };
}
