using Edge.Wasm.Tests.Scripts;
using Edge.Wasm.Wasi;

namespace Edge.Wasm.Tests.Wasi;

/// <summary>A guest reaches nothing outside its granted folders, whatever lies in them.</summary>
public sealed class FileConfinementTests : IDisposable
{
    private readonly TenantFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("ok.txt")]
    [InlineData("./sub/../ok.txt")]
    [InlineData("inner-link")]
    [InlineData("inner-folder/../ok.txt")]
    public void Inside_a_granted_folder_paths_and_links_work(string path)
    {
        PlantLinks();
        using var host = _files.Host("fs:/data:ro");
        Assert.Equal(Errno.Success, TenantFiles.OpenOnce(host, path));
        Assert.Empty(host.Denials);
    }

    [Theory]
    [InlineData("../../secret.txt")]
    [InlineData("sub/../../../secret.txt")]
    [InlineData("..")]
    [InlineData("/etc/passwd")]
    [InlineData("/")]
    [InlineData("escaping-link")]
    [InlineData("absolute-link")]
    [InlineData("folder-link/secret.txt")]
    [InlineData("root-link/etc/passwd")]
    [InlineData("chain")]
    public void Every_way_out_is_refused_and_counted(string path)
    {
        PlantLinks();
        using var host = _files.Host("fs:/data:rw");
        Assert.Equal(Errno.Notcapable, TenantFiles.OpenOnce(host, path));
        Assert.Equal(Errno.Notcapable, TenantFiles.OpenOnce(host, path, OpenFlags.Create | OpenFlags.Truncate, TenantFiles.WriteRights));
        Assert.Equal(["fs", "fs"], host.Denials);
        Assert.Equal("secret", File.ReadAllText(_files.Secret));
    }

    [Fact]
    public void Process_links_lead_nowhere()
    {
        File.CreateSymbolicLink(Path.Combine(_files.Data, "cwd"), "/proc/self/cwd");
        using var host = _files.Host("fs:/data:ro");
        Assert.Equal(Errno.Notcapable, TenantFiles.OpenOnce(host, "cwd/anything"));
    }

    [Fact]
    public void Changing_what_is_outside_is_refused_in_every_function()
    {
        PlantLinks();
        using var host = _files.Host("fs:/data:rw");
        var script = new Script();
        var (outside, length) = (script.Bytes("../../secret.txt"u8), 16);
        var (inside, insideLength) = (script.Bytes("folder-link/made"u8), 16);
        var ok = script.Bytes("ok.txt"u8);
        var results = host.Run(script
            .Call("path_unlink_file", 3, outside, length)
            .Call("path_remove_directory", 3, script.Bytes(".."u8), 2)
            .Call("path_create_directory", 3, inside, insideLength)
            .Call("path_rename", 3, ok, 6, 3, inside, insideLength)
            .Call("path_rename", 3, outside, length, 3, ok, 6)
            .Call("path_link", 3, 0, outside, length, 3, script.Bytes("new"u8), 3)
            .Call("path_symlink", ok, 6, 3, inside, insideLength)
            .Call("path_filestat_set_times", 3, 1, outside, length, 0, 0, 5)
            .Call("path_filestat_get", 3, 1, outside, length, 0)
            .Call("path_filestat_get", 3, 1, script.Bytes("escaping-link"u8), 13, 0)
            .Call("path_readlink", 3, outside, length, 0, 64, 128)).Results;
        Assert.All(results, errno => Assert.Equal(Errno.Notcapable, (Errno)errno));
        Assert.Equal(results.Count, host.Denials.Count);
        Assert.Equal(["data"], Directory.EnumerateFileSystemEntries(_files.Root).Select(Path.GetFileName));
        Assert.Equal("secret", File.ReadAllText(_files.Secret));
    }

    [Theory]
    [InlineData("/etc", Errno.Notcapable)]
    [InlineData("../../secret.txt", Errno.Notcapable)]
    [InlineData("..", Errno.Notcapable)]
    [InlineData("sub/../ok.txt", Errno.Success)]
    [InlineData("ok.txt", Errno.Success)]
    internal void A_link_that_leads_out_is_not_even_made(string target, Errno expected)
    {
        using var host = _files.Host("fs:/data:rw");
        var script = new Script();
        var (text, link) = (script.Bytes(System.Text.Encoding.UTF8.GetBytes(target)), script.Bytes("link"u8));
        Assert.Equal((int)expected, host.Run(script.Call("path_symlink", text, target.Length, 3, link, 4)).Results[0]);
        Assert.Equal(expected == Errno.Success, new FileInfo(Path.Combine(_files.Data, "link")).LinkTarget is not null);
    }

    [Fact]
    public void A_link_itself_can_be_looked_at_but_not_followed_where_it_leads_out()
    {
        PlantLinks();
        using var host = _files.Host("fs:/data:ro");
        var script = new Script();
        var (link, buffer) = (script.Bytes("escaping-link"u8), script.Buffer(64));
        var result = host.Run(script.Call("path_readlink", 3, link, 13, buffer, 64, script.Buffer(4)).Show(buffer, 16)
            .Call("path_filestat_get", 3, 0, link, 13, buffer).Show(buffer + 16, 1));
        Assert.Equal([0, 0, 0, 0], result.Results);
        Assert.Equal("../../secret.txt"u8.ToArray(), result.Emitted[0]);
        Assert.Equal((byte)FileType.SymbolicLink, result.Emitted[1][0]);
        Assert.Equal(Errno.Loop, TenantFiles.OpenOnce(host, "escaping-link", follow: false));
    }

    [Fact]
    public void A_granted_folder_that_is_a_link_out_of_the_tenants_root_is_not_opened()
    {
        Directory.Delete(_files.Data, recursive: true);
        Directory.CreateSymbolicLink(_files.Data, Path.GetDirectoryName(_files.Secret)!);
        using var host = _files.Host("fs:/data:rw");
        Assert.Equal(Errno.Badf, TenantFiles.OpenOnce(host, "secret.txt"));
        Assert.Contains(host.Log.Lines, line => line.Text.Contains("fs:/data:rw cannot be opened", StringComparison.Ordinal));
    }

    [Fact]
    public void A_pipe_or_device_that_someone_left_in_the_folder_does_not_block_the_guest()
    {
        Assert.Equal(0, MakeFifo(Path.Combine(_files.Data, "pipe"), 0x1B6));
        using var host = _files.Host("fs:/data:rw");
        Assert.Equal(Errno.Notsup, TenantFiles.OpenOnce(host, "pipe"));
        // For writing Linux itself says that nobody reads.
        Assert.Equal(Errno.Nxio, TenantFiles.OpenOnce(host, "pipe", rights: (long)Rights.Write));
    }

    [Fact]
    public void Without_a_folder_grant_there_is_no_descriptor_to_start_from()
    {
        using var host = _files.Host("fs");
        Assert.Equal(Errno.Badf, TenantFiles.OpenOnce(host, "ok.txt"));
    }

    [Theory]
    [InlineData("", Errno.Noent)]
    [InlineData("a\0b", Errno.Ilseq)]
    internal void A_path_is_text(string path, Errno expected)
    {
        using var host = _files.Host("fs:/data:ro");
        Assert.Equal(expected, TenantFiles.OpenOnce(host, path));
        Assert.Equal(Errno.Nametoolong, TenantFiles.OpenOnce(host, new string('x', 4_096)));
        Assert.Equal(Errno.Nametoolong, TenantFiles.OpenOnce(host, new string('x', 300)));
    }

    private void PlantLinks()
    {
        void Link(string name, string target) => File.CreateSymbolicLink(Path.Combine(_files.Data, name), target);
        Link("inner-link", "sub/../ok.txt");
        Link("inner-folder", "sub");
        Link("escaping-link", "../../secret.txt");
        Link("absolute-link", _files.Secret);
        Link("folder-link", "../..");
        Link("root-link", "/");
        Link("chain", "escaping-link");
    }

    [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "mkfifo", CharSet = System.Runtime.InteropServices.CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int MakeFifo(string path, uint mode);
}
