using Microsoft.Win32.SafeHandles;

namespace Edge.Wasm.Wasi;

/// <summary>A granted folder or one below it: the start of paths. What is opened through it inherits whether it may be changed.</summary>
/// <param name="handle">The open folder.</param>
/// <param name="writable">Whether the grant is <c>rw</c>.</param>
/// <param name="preopenName">The guest path of a granted folder, null for folders that the guest opened itself.</param>
internal sealed class OpenFolder(SafeFileHandle handle, bool writable, string? preopenName) : Descriptor
{
    public SafeFileHandle Handle => handle;

    public bool Writable => writable;

    public string? PreopenName => preopenName;

    public override FileType Type => FileType.Directory;

    public override Rights Rights => Rights.All & ~(Rights.Seek | Rights.Tell | Rights.Read | Rights.Write);

    public override Errno Read(Span<byte> buffer, long? offset, out int count)
    {
        count = 0;
        return Errno.Isdir;
    }

    protected override void Release() => handle.Dispose();
}
