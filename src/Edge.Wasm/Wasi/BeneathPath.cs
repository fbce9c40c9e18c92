using System.Text;
using System.Text.Unicode;
using Edge.Wasm.Instances;
using Microsoft.Win32.SafeHandles;

namespace Edge.Wasm.Wasi;

/// <summary>
/// Guest paths. What changes a folder (make, remove, rename, link) takes its parent, opened beneath the granted folder, and one last name that the system
/// call does not follow: nothing is resolved twice.
/// </summary>
internal static class BeneathPath
{
    private const int PathMax = 4_095;

    /// <summary>The guest's path: UTF-8 without NUL. False with the errno, or when the pointer ended the call.</summary>
    public static bool TryRead(GuestContext guest, int pointer, int length, out string path, out Errno errno)
    {
        path = "";
        errno = Errno.Fault;
        if (!guest.TrySlice(pointer, length, out var bytes)) return false;
        errno = bytes.Length > PathMax ? Errno.Nametoolong : bytes.IsEmpty ? Errno.Noent : bytes.Contains((byte)0) || !Utf8.IsValid(bytes) ? Errno.Ilseq : Errno.Success;
        if (errno == Errno.Success) path = Encoding.UTF8.GetString(bytes);
        return errno == Errno.Success;
    }

    /// <summary>The last name and what is before it (<c>.</c> for nothing); trailing slashes are dropped.</summary>
    public static (string Parent, string Name) Split(string path)
    {
        var trimmed = path.TrimEnd('/');
        var slash = trimmed.LastIndexOf('/');
        if (slash < 0) return (".", trimmed);
        return (slash == 0 ? "/" : trimmed[..slash], trimmed[(slash + 1)..]);
    }

    /// <summary>Whether following <paramref name="target"/> from a folder at <paramref name="depth"/> below the granted one leaves the granted one, as it is written.</summary>
    public static bool Escapes(string target, int depth)
    {
        if (target.StartsWith('/')) return true;
        foreach (var part in target.Split('/'))
        {
            depth += part switch { "" or "." => 0, ".." => -1, _ => 1 };
            if (depth < 0) return true;
        }
        return false;
    }

    /// <summary>How many folders below its start a path without links is; below 0 where it leaves it.</summary>
    public static int Depth(string path)
    {
        var depth = 0;
        foreach (var part in path.Split('/')) depth += part switch { "" or "." => 0, ".." => -1, _ => 1 };
        return depth;
    }

    /// <summary>Opens the parent of <paramref name="path"/>. Null with Linux's error; a last name that is no name (<c>..</c>, <c>/</c>) counts as leaving the folder.</summary>
    public static SafeFileHandle? OpenParent(SafeFileHandle folder, string path, out string name, out int error)
    {
        (var parent, name) = Split(path);
        error = LinuxErrno.Exdev;
        return name is "" or "." or ".." ? null : LinuxFiles.OpenBeneath(folder, parent, LinuxFiles.PathOnly | LinuxFiles.Directory, out error);
    }
}
