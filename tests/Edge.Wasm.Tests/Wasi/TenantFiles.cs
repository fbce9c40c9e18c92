using Edge.Wasm.Tests.Scripts;
using Edge.Wasm.Wasi;

namespace Edge.Wasm.Tests.Wasi;

/// <summary>
/// A tenant's root on disk with <c>data/</c> inside and a secret beside it, and steps that name files as guests do. The first granted folder is fd 3, what is opened first is fd 4.
/// </summary>
internal sealed class TenantFiles : IDisposable
{
    private readonly string _top = Directory.CreateTempSubdirectory("edge-files-").FullName;

    public TenantFiles()
    {
        Directory.CreateDirectory(Data);
        File.WriteAllText(Path.Combine(_top, "secret.txt"), "secret");
        File.WriteAllText(Path.Combine(Data, "ok.txt"), "inside");
        Directory.CreateDirectory(Path.Combine(Data, "sub"));
    }

    public string Root => Path.Combine(_top, "tenant");

    public string Data => Path.Combine(Root, "data");

    public string Secret => Path.Combine(_top, "secret.txt");

    public const long ReadRights = (long)(Rights.Read | Rights.Seek);

    public const long WriteRights = (long)(Rights.Read | Rights.Write);

    public ScriptHost Host(params string[] grants)
    {
        var host = new ScriptHost(grants);
        host.Options = host.Options with { FilesRoot = Root };
        return host;
    }

    /// <summary>path_open, following links.</summary>
    public static Script Open(Script script, int folder, string path, OpenFlags open, long rights, bool follow = true)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(path);
        return script.Call("path_open", folder, follow ? 1 : 0, script.Bytes(bytes), bytes.Length, (long)open, rights, rights, 0, script.Buffer(4));
    }

    public static Errno OpenOnce(ScriptHost host, string path, OpenFlags open = OpenFlags.None, long rights = ReadRights, bool follow = true)
    {
        var result = host.Run(Open(new Script(), 3, path, open, rights, follow));
        Assert.Null(result.Fault);
        if (result.Results[0] == 0) host.Run(new Script().Call("fd_close", 4));
        return (Errno)result.Results[0];
    }

    public void Dispose() => Directory.Delete(_top, recursive: true);
}
