using Edge.Messages.Tenants;
using Edge.Node.Storage;

namespace Edge.Node.Tests.Storage;

public sealed class DataFolderTests : IDisposable
{
    private readonly TestFolder _parent = new();

    private string Data => _parent["data"];

    public void Dispose() => _parent.Dispose();

    [Fact]
    public void A_missing_folder_is_made_with_its_version_and_a_key_for_this_user_alone()
    {
        byte[] key;
        using (var folder = DataFolder.Open(Data))
        {
            key = folder.CacheKey;
            Assert.Equal(32, key.Length);
            Assert.Equal("1", File.ReadAllText(Path.Combine(Data, "edge.version")).Trim());
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Data, "cache.key")));
            Assert.Equal(Path.Combine(Data, "tenants/acme/files"), folder.TenantFiles(new TenantName("acme")));
            Assert.True(folder.Room.TotalBytes > 0);
        }
        using var again = DataFolder.Open(Data);
        Assert.Equal(key, again.CacheKey);
    }

    [Fact]
    public void A_second_node_is_told_which_process_has_the_folder_and_what_to_do()
    {
        using var first = DataFolder.Open(Data);
        var refusal = Assert.Throws<DataFolderException>(() => DataFolder.Open(Data));
        Assert.Contains($"in use by process {Environment.ProcessId} (", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("stop that one", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lock_file_that_a_dead_process_left_is_no_obstacle()
    {
        DataFolder.Open(Data).Dispose();
        File.WriteAllText(Path.Combine(Data, "lock"), "1\n");
        DataFolder.Open(Data).Dispose();
    }

    [Fact]
    public void A_newer_folder_is_refused_with_both_versions_and_left_as_it_is()
    {
        DataFolder.Open(Data).Dispose();
        File.WriteAllText(Path.Combine(Data, "edge.version"), "9\n");
        var refusal = Assert.Throws<DataFolderException>(() => DataFolder.Open(Data));
        Assert.Contains("has format 9; this edge reads formats 1 to 1", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("9\n", File.ReadAllText(Path.Combine(Data, "edge.version")));
    }

    [Fact]
    public void An_older_folder_is_brought_up_step_by_step()
    {
        DataFolder.Open(Data).Dispose();
        File.WriteAllText(Path.Combine(Data, "old-name"), "kept");
        DataFolder.Open(Data, Three(crashAfterRename: false)).Dispose();
        Assert.Equal("kept and grown", File.ReadAllText(Path.Combine(Data, "new-name")));
        Assert.Equal("3", File.ReadAllText(Path.Combine(Data, "edge.version")).Trim());
    }

    [Fact]
    public void A_migration_that_is_cut_short_goes_on_where_it_was_at_the_next_start()
    {
        DataFolder.Open(Data).Dispose();
        File.WriteAllText(Path.Combine(Data, "old-name"), "kept");
        Assert.Throws<DataFolderException>(() => DataFolder.Open(Data, Three(crashAfterRename: true)));
        Assert.Equal("1", File.ReadAllText(Path.Combine(Data, "edge.version")).Trim());
        DataFolder.Open(Data, Three(crashAfterRename: false)).Dispose();
        Assert.Equal("kept and grown", File.ReadAllText(Path.Combine(Data, "new-name")));
    }

    [Fact]
    public void A_folder_older_than_any_step_is_refused()
    {
        DataFolder.Open(Data).Dispose();
        var refusal = Assert.Throws<DataFolderException>(() => DataFolder.Open(Data, new DataFolderVersion(5, 4, [])));
        Assert.Contains("Start an edge between the two first", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_with_other_things_in_it_is_not_taken()
    {
        Directory.CreateDirectory(Data);
        File.WriteAllText(Path.Combine(Data, "thesis.odt"), "");
        var refusal = Assert.Throws<DataFolderException>(() => DataFolder.Open(Data));
        Assert.Contains("holds 'thesis.odt'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_in_the_place_of_the_folder_is_answered_with_words()
    {
        File.WriteAllText(Data, "");
        var refusal = Assert.Throws<DataFolderException>(() => DataFolder.Open(Data));
        Assert.Contains(Data, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--data", refusal.Message, StringComparison.Ordinal);
    }

    private static DataFolderVersion Three(bool crashAfterRename) => new(3, 1,
    [
        new DataMigration(1, "renames a file", folder =>
        {
            if (File.Exists(Path.Combine(folder, "old-name")))
                File.Move(Path.Combine(folder, "old-name"), Path.Combine(folder, "new-name"));
            if (crashAfterRename)
                throw new IOException("The power goes.");
        }),
        new DataMigration(2, "rewrites it", folder => StableStorage.Replace(Path.Combine(folder, "new-name"), "kept and grown"u8)),
    ]);
}
