using Microsoft.Win32.SafeHandles;

namespace Edge.Wasm.Wasi;

/// <summary>
/// Opens the host folder of a file grant, the guest's path below the tenant's root, and makes it if it is missing. The path is resolved beneath the root: a link that a module of the tenant
/// left in place of a folder leads nowhere else.
/// </summary>
internal static class GrantedFolder
{
    private const uint Mode = 0x1ED; // rwxr-xr-x

    /// <summary>The folder, or null and why not.</summary>
    public static SafeFileHandle? Open(string root, string guestPath, out string error)
    {
        using var top = LinuxFiles.OpenRoot(root, out var number);
        if (top is null)
        {
            error = $"'{root}': {LinuxErrno.ToWasi(number)}";
            return null;
        }

        var path = guestPath.Trim('/');
        MakeMissing(top, path);
        var folder = LinuxFiles.OpenBeneath(top, path.Length == 0 ? "." : path, LinuxFiles.ReadOnly | LinuxFiles.Directory, out number);
        error = folder is null ? $"'{path}' below '{root}': {(number == LinuxErrno.Exdev ? Errno.Notcapable : LinuxErrno.ToWasi(number))}" : "";
        return folder;
    }

    private static void MakeMissing(SafeFileHandle top, string path)
    {
        for (var end = path.IndexOf('/', StringComparison.Ordinal); ; end = path.IndexOf('/', end + 1))
        {
            var part = end < 0 ? path : path[..end];
            if (part.Length > 0 && BeneathPath.OpenParent(top, part, out var name, out _) is { } parent)
            {
                // Fails where it is there already, which the opening tells apart from other failures.
                using (parent) _ = LinuxFiles.MakeFolder(parent, name, Mode);
            }
            if (end < 0) return;
        }
    }
}
