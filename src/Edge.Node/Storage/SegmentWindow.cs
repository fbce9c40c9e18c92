using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Edge.Node.Storage;

/// <summary>A part of a segment file in memory that moves forwards with its reader. A sector that the disk cannot read is seen as zeros.</summary>
internal sealed class SegmentWindow(SafeFileHandle file, long end) : IDisposable
{
    private const int ChunkBytes = 256 << 10;
    private const int SectorBytes = 4096;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
    private long _start;
    private int _length;

    /// <summary>The bytes at an offset, fewer at the end; valid until the next call.</summary>
    public ReadOnlySpan<byte> At(long offset, int count)
    {
        count = (int)Math.Clamp(end - offset, 0, count);
        if (offset < _start || offset + count > _start + _length)
            Fill(offset, count);
        return _buffer.AsSpan((int)(offset - _start), count);
    }

    /// <summary>The first offset from here where a record could start: long runs of zeros hold none.</summary>
    public long SkipZeros(long offset)
    {
        while (offset < end)
        {
            var rest = At(offset, 1).IsEmpty ? [] : _buffer.AsSpan((int)(offset - _start), _length - (int)(offset - _start));
            var some = rest.IndexOfAnyExcept((byte)0);
            // A length may begin with up to three zero bytes.
            if (some >= 0)
                return offset + Math.Max(0, some - 3);
            offset += Math.Max(1, rest.Length - 3);
        }
        return offset;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private void Fill(long offset, int count)
    {
        if (count > _buffer.Length)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(count);
        }
        _start = offset;
        _length = (int)Math.Min(_buffer.Length, end - offset);
        Read(_buffer.AsSpan(0, _length), offset);
    }

    private void Read(Span<byte> target, long offset)
    {
        try
        {
            ReadAll(target, offset);
        }
        catch (IOException) when (target.Length > SectorBytes)
        {
            for (var done = 0; done < target.Length; done += SectorBytes)
                Read(target[done..Math.Min(done + SectorBytes, target.Length)], offset + done);
        }
        catch (IOException)
        {
            target.Clear();
        }
    }

    private void ReadAll(Span<byte> target, long offset)
    {
        while (!target.IsEmpty)
        {
            var read = RandomAccess.Read(file, target, offset);
            if (read == 0)
            {
                target.Clear(); // The file is shorter than its segment: cut off, and seen as zeros.
                return;
            }
            target = target[read..];
            offset += read;
        }
    }
}
