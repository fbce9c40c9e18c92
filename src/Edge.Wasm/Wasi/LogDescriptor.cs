using Edge.Wasm.HostFunctions;
using Edge.Wasm.Instances;
using Microsoft.Extensions.Logging;

namespace Edge.Wasm.Wasi;

/// <summary>
/// fd 2, and fd 1 of all that are no command: a line an entry of the log. What ends without a newline is told when the instance ends. Without the grant <c>log</c> the bytes are dropped.
/// </summary>
internal sealed class LogDescriptor(GuestContext guest, LogLevel level) : Descriptor
{
    private byte[]? _line;
    private int _length;

    public override FileType Type => FileType.CharacterDevice;

    public override Rights Rights => Rights.Stream & ~Rights.Read;

    public override Errno Write(ReadOnlySpan<byte> data, long? offset, out int count)
    {
        count = data.Length;
        if (offset is not null) return Errno.Spipe;
        while (guest.Grants.Log && !data.IsEmpty) Take(ref data);
        return Errno.Success;
    }

    protected override void Release() => Flush();

    private void Take(ref ReadOnlySpan<byte> data)
    {
        _line ??= new byte[GuestLog.LineMax];
        var end = data.IndexOf((byte)'\n');
        var part = end < 0 ? data : data[..end];
        var kept = part[..Math.Min(part.Length, _line.Length - _length)];
        kept.CopyTo(_line.AsSpan(_length));
        _length += kept.Length;
        // A line longer than the buffer is cut here and goes on as another: nothing of a long panic message is lost.
        var full = kept.Length < part.Length;
        data = data[(kept.Length + (end >= 0 && !full ? 1 : 0))..];
        if (end >= 0 || full) Flush();
    }

    private void Flush()
    {
        if (_length > 0) guest.Log.Write(level, _line.AsSpan(0, _length));
        _length = 0;
    }
}
