using System.Buffers.Binary;
using System.Text;
using Edge.Wasm.Tests.Scripts;
using Edge.Wasm.Wasi;

namespace Edge.Wasm.Tests.Wasi;

/// <summary>Reading, writing, listing; and that a read-only folder stays as it is.</summary>
public sealed class FileAccessTests : IDisposable
{
    private readonly TenantFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_file_is_read_sought_and_told()
    {
        using var host = _files.Host("fs:/data:ro");
        var script = new Script();
        var (buffer, count, position) = (script.Buffer(8), script.Buffer(4), script.Buffer(8));
        var vector = script.Vector(buffer, 4);
        var result = host.Run(TenantFiles.Open(script, 3, "ok.txt", OpenFlags.None, TenantFiles.ReadRights)
            .Call("fd_read", 4, vector, 1, count).Show(buffer, 4).Show(count, 4)
            .Call("fd_pread", 4, vector, 1, 1, count).Show(buffer, 4)
            .Call("fd_seek", 4, -2, 2, position).Show(position, 8)
            .Call("fd_read", 4, vector, 1, count).Show(buffer, 2).Show(count, 4)
            .Call("fd_read", 4, vector, 1, count).Show(count, 4)
            .Call("fd_tell", 4, position).Show(position, 8)
            .Call("fd_seek", 4, -99, 0, position)
            .Call("fd_write", 4, vector, 1, count)
            .Call("fd_close", 4).Call("fd_close", 4));
        Assert.Equal("insi", Text(result.Emitted[0]));
        Assert.Equal(4, Number(result.Emitted[1]));
        Assert.Equal("nsid", Text(result.Emitted[2]));
        Assert.Equal(4, Number(result.Emitted[3]));
        Assert.Equal("de", Text(result.Emitted[4]));
        Assert.Equal(2, Number(result.Emitted[5]));
        Assert.Equal(0, Number(result.Emitted[6]));
        Assert.Equal(6, Number(result.Emitted[7]));
        Assert.Equal([(int)Errno.Inval, (int)Errno.Badf, 0, (int)Errno.Badf], result.Results.TakeLast(4));
    }

    [Fact]
    public void A_writable_folder_can_be_changed()
    {
        using var host = _files.Host("fs:/data:rw");
        var script = new Script();
        var count = script.Buffer(4);
        var vector = script.Vector(script.Bytes("hello"u8), 5);
        var (made, ok, moved) = (script.Bytes("made"u8), script.Bytes("ok.txt"u8), script.Bytes("sub/moved"u8));
        var results = host.Run(TenantFiles.Open(script, 3, "new.txt", OpenFlags.Create | OpenFlags.Exclusive, TenantFiles.WriteRights)
            .Call("fd_write", 4, vector, 1, count)
            .Call("fd_pwrite", 4, vector, 1, 3, count)
            .Call("fd_sync", 4).Call("fd_datasync", 4)
            .Call("fd_filestat_set_size", 4, 7)
            .Call("fd_filestat_set_times", 4, 0, 1_000_000_000, 4)
            .Call("path_create_directory", 3, made, 4)
            .Call("path_rename", 3, ok, 6, 3, moved, 9)
            .Call("path_link", 3, 0, moved, 9, 3, ok, 6)
            .Call("path_unlink_file", 3, moved, 9)
            .Call("path_remove_directory", 3, made, 4)).Results;
        Assert.All(results, errno => Assert.Equal(Errno.Success, (Errno)errno));
        Assert.Equal("helhell", File.ReadAllText(Path.Combine(_files.Data, "new.txt")));
        Assert.Equal(DateTime.UnixEpoch.AddSeconds(1), File.GetLastWriteTimeUtc(Path.Combine(_files.Data, "new.txt")));
        Assert.Equal("inside", File.ReadAllText(Path.Combine(_files.Data, "ok.txt")));
        Assert.Equal(["new.txt", "ok.txt", "sub"], Directory.EnumerateFileSystemEntries(_files.Data, "*", SearchOption.AllDirectories).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Nothing_below_a_read_only_folder_can_be_changed()
    {
        using var host = _files.Host("fs:/data:ro", "fs:/scratch:rw");
        var before = File.GetLastWriteTimeUtc(Path.Combine(_files.Data, "ok.txt"));
        var script = new Script();
        var (ok, made) = (script.Bytes("ok.txt"u8), script.Bytes("made"u8));
        TenantFiles.Open(script, 3, "ok.txt", OpenFlags.None, TenantFiles.WriteRights);
        TenantFiles.Open(script, 3, "ok.txt", OpenFlags.Truncate, TenantFiles.ReadRights);
        TenantFiles.Open(script, 3, "new.txt", OpenFlags.Create, TenantFiles.ReadRights);
        var results = host.Run(script
            .Call("path_create_directory", 3, made, 4)
            .Call("path_remove_directory", 3, script.Bytes("sub"u8), 3)
            .Call("path_unlink_file", 3, ok, 6)
            .Call("path_rename", 3, ok, 6, 3, made, 4)
            .Call("path_rename", 3, ok, 6, 4, made, 4)
            .Call("path_link", 3, 0, ok, 6, 3, made, 4)
            .Call("path_link", 3, 0, ok, 6, 4, made, 4)
            .Call("path_symlink", ok, 6, 3, made, 4)
            .Call("path_filestat_set_times", 3, 1, ok, 6, 0, 0, 5)
            .Call("path_filestat_set_times", 3, 0, ok, 6, 0, 0, 5)
            .Call("fd_filestat_set_times", 3, 0, 0, 5)).Results;
        Assert.All(results, errno => Assert.Equal(Errno.Rofs, (Errno)errno));
        Assert.Equal(results.Count, host.Denials.Count);

        // A file or folder opened for reading does not help either.
        var opened = host.Run(TenantFiles.Open(TenantFiles.Open(new Script(), 3, "ok.txt", OpenFlags.None, TenantFiles.ReadRights), 3, "sub", OpenFlags.Directory, TenantFiles.WriteRights)
            .Call("fd_filestat_set_size", 5, 0).Call("fd_filestat_set_times", 5, 0, 0, 5).CallWithTextAfter("path_create_directory", 6, "x")).Results;
        Assert.Equal([0, 0, (int)Errno.Badf, (int)Errno.Rofs, (int)Errno.Rofs], opened);
        Assert.Equal("inside", File.ReadAllText(Path.Combine(_files.Data, "ok.txt")));
        Assert.Equal(before, File.GetLastWriteTimeUtc(Path.Combine(_files.Data, "ok.txt")));
        Assert.Equal(["ok.txt", "sub"], Directory.EnumerateFileSystemEntries(_files.Data).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_folder_is_listed_in_pieces_with_cookies()
    {
        for (var i = 0; i < 40; i++) File.WriteAllText(Path.Combine(_files.Data, $"file-{i:D2}"), "");
        using var host = _files.Host("fs:/data:ro");
        var names = new List<string>();
        long cookie = 0;
        while (true)
        {
            var script = new Script();
            var (buffer, used) = (script.Buffer(200), script.Buffer(4));
            var result = host.Run(script.Call("fd_readdir", 3, buffer, 200, cookie, used).Show(buffer, 200).Show(used, 4));
            Assert.Equal(0, result.Results[0]);
            var length = (int)Number(result.Emitted[1]);
            for (ReadOnlySpan<byte> rest = result.Emitted[0].AsSpan(0, length); rest.Length >= 24;)
            {
                var nameLength = BinaryPrimitives.ReadInt32LittleEndian(rest[16..]);
                if (rest.Length < 24 + nameLength) break;
                cookie = BinaryPrimitives.ReadInt64LittleEndian(rest);
                names.Add($"{rest[20]}:{Encoding.UTF8.GetString(rest.Slice(24, nameLength))}");
                rest = rest[(24 + nameLength)..];
            }
            if (length < 200) break;
        }
        Assert.Equal(["3:.", "3:..", .. Enumerable.Range(0, 40).Select(i => $"4:file-{i:D2}"), "4:ok.txt", "3:sub"], names.Order(StringComparer.Ordinal).OrderBy(name => name[2..], StringComparer.Ordinal));
    }

    [Fact]
    public void Descriptors_are_bounded_and_the_lowest_free_number_comes_first()
    {
        using var host = _files.Host("fs:/data:ro");
        for (var i = 4; i < DescriptorTable.Most; i++)
            Assert.Equal(0, host.Run(TenantFiles.Open(new Script(), 3, "ok.txt", OpenFlags.None, TenantFiles.ReadRights)).Results[0]);
        Assert.Equal((int)Errno.Mfile, host.Run(TenantFiles.Open(new Script(), 3, "ok.txt", OpenFlags.None, TenantFiles.ReadRights)).Results[0]);
        var result = host.Run(TenantFiles.Open(new Script().Call("fd_close", 10), 3, "ok.txt", OpenFlags.None, TenantFiles.ReadRights).Call("fd_tell", 10, 0));
        Assert.Equal([0, 0, 0], result.Results);
    }

    [Fact]
    public void Preopens_are_named_in_the_order_of_the_grants_and_made_if_missing()
    {
        using var host = _files.Host("fs:/logs/today:rw", "log", "fs:/data:ro");
        var script = new Script();
        var (prestat, name) = (script.Buffer(8), script.Buffer(16));
        var result = host.Run(script.Call("fd_prestat_get", 3, prestat).Show(prestat, 8).Call("fd_prestat_dir_name", 3, name, 11).Show(name, 11)
            .Call("fd_prestat_dir_name", 4, name, 16).Show(name, 5).Call("fd_prestat_get", 5, prestat).Call("fd_prestat_get", 0, prestat).Call("fd_prestat_dir_name", 3, name, 3));
        Assert.Equal([0, 0, 0, 0, 11, 0, 0], result.Emitted[0].Take(7).Select(b => (int)b));
        Assert.Equal("/logs/today", Text(result.Emitted[1]));
        Assert.Equal("/data", Text(result.Emitted[2]));
        Assert.Equal([(int)Errno.Badf, (int)Errno.Badf, (int)Errno.Nametoolong], result.Results.TakeLast(3));
        Assert.True(Directory.Exists(Path.Combine(_files.Root, "logs", "today")));
    }

    [Fact]
    public void File_status_is_laid_out_as_specified()
    {
        using var host = _files.Host("fs:/data:ro");
        var script = new Script();
        var stat = script.Buffer(64);
        var result = host.Run(script.Call("path_filestat_get", 3, 1, script.Bytes("ok.txt"u8), 6, stat).Show(stat, 64)
            .Call("fd_filestat_get", 3, stat).Show(stat, 64).Call("fd_filestat_get", 1, stat).Show(stat, 64));
        var file = result.Emitted[0];
        Assert.Equal((byte)FileType.RegularFile, file[16]);
        Assert.Equal(1UL, BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(24)));
        Assert.Equal(6UL, BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(32)));
        var modified = (File.GetLastWriteTimeUtc(Path.Combine(_files.Data, "ok.txt")) - DateTime.UnixEpoch).Ticks * 100;
        Assert.Equal(modified / 100, (long)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(48)) / 100);
        Assert.Equal((byte)FileType.Directory, result.Emitted[1][16]);
        Assert.Equal((byte)FileType.CharacterDevice, result.Emitted[2][16]);
    }

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    private static long Number(byte[] bytes) => bytes.Length == 8 ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : BinaryPrimitives.ReadInt32LittleEndian(bytes);
}
