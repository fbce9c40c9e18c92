using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Edge.Wasm.Wasi;

/// <summary>A regular file below a granted folder.</summary>
internal sealed class OpenFile(SafeFileHandle handle, bool readable, bool writable, DescriptorFlags flags) : Descriptor
{
    public SafeFileHandle Handle => handle;

    /// <summary>Opened for writing, which only a writable grant allows.</summary>
    public bool Writable => writable;

    public override FileType Type => FileType.RegularFile;

    public override DescriptorFlags Flags => flags;

    public override Rights Rights => Rights.All & ~(readable ? Rights.None : Rights.Read) & ~(writable ? Rights.None : Rights.Writing);

    public override Errno Read(Span<byte> buffer, long? offset, out int count)
    {
        count = 0;
        return readable ? Outcome(LinuxFiles.Read(handle, buffer[..Math.Min(buffer.Length, TransferMax)], offset), out count) : Errno.Badf;
    }

    public override Errno Write(ReadOnlySpan<byte> data, long? offset, out int count)
    {
        count = 0;
        return writable ? Outcome(LinuxFiles.Write(handle, data[..Math.Min(data.Length, TransferMax)], offset), out count) : Errno.Badf;
    }

    protected override void Release() => handle.Dispose();

    private static Errno Outcome(nint result, out int count)
    {
        count = (int)Math.Max(0, result);
        return result < 0 ? LinuxErrno.ToWasi(Marshal.GetLastPInvokeError()) : Errno.Success;
    }
}
