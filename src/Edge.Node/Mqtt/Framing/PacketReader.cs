using MQTTnet.Adapter;

namespace Edge.Node.Mqtt.Framing;

/// <summary>
/// Cuts a byte stream into MQTT packets (MQTT 5 §2.1) under a length limit. Memory follows the bytes that arrived, not the length that was announced:
/// the library's own adapter allocates the announced length, which lets five bytes cost 256 MB.
/// </summary>
/// <param name="receive">Reads some bytes, 0 at the end of the stream. One call at a time.</param>
internal sealed class PacketReader(Func<Memory<byte>, CancellationToken, ValueTask<int>> receive)
{
    private const int FirstBodyBytes = 16 << 10;
    private const int MaxHeaderBytes = 5;

    private readonly byte[] _buffer = new byte[4 << 10];
    private int _start;
    private int _end;

    /// <summary>Longest body that is read. A longer one is <see cref="PacketReadOutcome.TooLarge"/>, and the stream is of no use any more.</summary>
    public required int MaxBytes { get; set; }

    /// <summary>Reads the next packet. Not thread-safe.</summary>
    public async ValueTask<PacketRead> ReadAsync(CancellationToken cancellation)
    {
        FixedHeader header;
        while (!FixedHeader.TryParse(_buffer.AsSpan(_start, _end - _start), out header))
        {
            if (_end - _start >= MaxHeaderBytes)
            {
                return new(PacketReadOutcome.Malformed);
            }

            if (!await FillAsync(cancellation))
            {
                return new(PacketReadOutcome.Closed);
            }
        }

        if (header.BodyBytes > MaxBytes)
        {
            return new(PacketReadOutcome.TooLarge, AnnouncedBytes: header.BodyBytes);
        }

        _start += header.HeaderBytes;
        var body = await ReadBodyAsync(header.BodyBytes, cancellation);
        return body is null
            ? new(PacketReadOutcome.Closed)
            : new(PacketReadOutcome.Packet, new ReceivedMqttPacket(header.Flags, body, header.HeaderBytes + header.BodyBytes), header.BodyBytes);
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }
        else if (_end == _buffer.Length)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        var read = await receive(_buffer.AsMemory(_end), cancellation);
        _end += read;
        return read > 0;
    }

    // The body is the packet's own array: the payload is a slice of it, and lives as long as the message does.
    private async ValueTask<byte[]?> ReadBodyAsync(int length, CancellationToken cancellation)
    {
        var buffered = Math.Min(length, _end - _start);
        var body = new byte[Math.Min(length, Math.Max(FirstBodyBytes, buffered))];
        _buffer.AsSpan(_start, buffered).CopyTo(body);
        _start += buffered;

        for (var have = buffered; have < length;)
        {
            if (have == body.Length)
            {
                Array.Resize(ref body, Math.Min(length, 2 * have));
            }

            var read = await receive(body.AsMemory(have), cancellation);
            if (read == 0)
            {
                return null;
            }

            have += read;
        }

        return body;
    }
}
