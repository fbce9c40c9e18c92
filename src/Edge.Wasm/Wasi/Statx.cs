using System.Runtime.InteropServices;

namespace Edge.Wasm.Wasi;

/// <summary>Linux's <c>struct statx</c>, the one form of stat that is laid out alike on all architectures.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct Statx
{
    [FieldOffset(16)] public uint Links;
    [FieldOffset(28)] public ushort Mode;
    [FieldOffset(32)] public ulong Inode;
    [FieldOffset(40)] public ulong Size;
    [FieldOffset(64)] public StatxTime Accessed;
    [FieldOffset(96)] public StatxTime Changed;
    [FieldOffset(112)] public StatxTime Modified;
    [FieldOffset(136)] public uint DeviceMajor;
    [FieldOffset(140)] public uint DeviceMinor;

    /// <summary>The kind of file, from the mode.</summary>
    public readonly FileType Type => (Mode & 0xF000) switch
    {
        0x8000 => FileType.RegularFile,
        0x4000 => FileType.Directory,
        0xA000 => FileType.SymbolicLink,
        0x2000 => FileType.CharacterDevice,
        0x6000 => FileType.BlockDevice,
        0xC000 => FileType.SocketStream,
        _ => FileType.Unknown,
    };
}

/// <summary>Seconds and nanoseconds since 1970, as <see cref="Statx"/> has them.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StatxTime
{
    public long Seconds;
    public uint Nanoseconds;
    private readonly int _reserved;

    /// <summary>As WASI counts time.</summary>
    public readonly ulong ToNanoseconds() => (ulong)((Seconds * 1_000_000_000) + Nanoseconds);
}

/// <summary>Linux's <c>struct timespec</c> for setting a file's times.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct FileTime(long seconds, long nanoseconds)
{
    private readonly long _seconds = seconds;
    private readonly long _nanoseconds = nanoseconds;

    /// <summary>Set by the kernel to its own clock.</summary>
    public static FileTime Now => new(0, 0x3FFFFFFF);

    /// <summary>Left as it is.</summary>
    public static FileTime Unchanged => new(0, 0x3FFFFFFE);

    /// <summary>From WASI's nanoseconds since 1970.</summary>
    public static FileTime At(ulong nanoseconds) => new((long)(nanoseconds / 1_000_000_000), (long)(nanoseconds % 1_000_000_000));
}
