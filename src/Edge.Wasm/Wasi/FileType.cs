namespace Edge.Wasm.Wasi;

/// <summary>WASI's <c>filetype</c>.</summary>
internal enum FileType : byte
{
    Unknown = 0,
    BlockDevice = 1,
    CharacterDevice = 2,
    Directory = 3,
    RegularFile = 4,
    SocketDatagram = 5,
    SocketStream = 6,
    SymbolicLink = 7,
}

/// <summary>WASI's <c>fdflags</c>.</summary>
[Flags]
internal enum DescriptorFlags : ushort
{
    None = 0,
    Append = 1,
    DataSync = 2,
    NonBlocking = 4,
    ReadSync = 8,
    Sync = 16,
    All = 31,
}

/// <summary>WASI's <c>oflags</c> of <c>path_open</c>.</summary>
[Flags]
internal enum OpenFlags : ushort
{
    None = 0,
    Create = 1,
    Directory = 2,
    Exclusive = 4,
    Truncate = 8,
    All = 15,
}

/// <summary>
/// WASI's <c>rights</c>. The specification has given them up, and so does this host: what a descriptor can do follows from the grant and from how it was opened. They are
/// reported because wasi-libc reads them, and of those asked for only reading and writing count.
/// </summary>
[Flags]
internal enum Rights : ulong
{
    None = 0,
    DataSync = 1 << 0,
    Read = 1 << 1,
    Seek = 1 << 2,
    Tell = 1 << 5,
    Write = 1 << 6,
    Allocate = 1 << 8,
    SetSize = 1 << 22,
    Poll = 1 << 27,
    All = (1 << 30) - 1,

    /// <summary>What only a descriptor that is open for writing can do.</summary>
    Writing = Write | Allocate | SetSize,

    /// <summary>Asking for any of these is asking to change the content. <see cref="SetSize"/> is not: Go asks for it with each file that it opens for reading (syscall/fs_wasip1.go).</summary>
    AsksToWrite = Write | Allocate,

    /// <summary>A stream: neither seekable nor a folder. wasi-libc's <c>isatty</c> looks at this.</summary>
    Stream = Read | Write | Poll,
}
