using Edge.Cluster.Trust;
using Edge.Messages.Book;
using Google.Protobuf;

namespace Edge.Cluster.Tests.Trust;

public sealed class IdentityFolderTests : IDisposable
{
    private readonly TestSite _site = new();

    [Fact]
    public void A_new_folder_belongs_to_no_site() => Assert.IsType<IdentityRead.None>(_site.Folder("new").Read());

    [Fact]
    public void The_key_that_was_made_before_joining_is_the_same_after_a_restart()
    {
        using var first = _site.Folder("b").ReadOrMakeKey();
        using var second = _site.Folder("b").ReadOrMakeKey();
        Assert.Equal(first.Fingerprint, second.Fingerprint);
    }

    [Fact]
    public void An_identity_is_the_same_after_a_restart()
    {
        var before = _site.Node("b");
        using var after = Assert.IsType<IdentityRead.Found>(_site.Folder("b").Read()).Identity;
        Assert.Equal((before.Name, before.SiteName, before.SiteId), (after.Name, after.SiteName, after.SiteId));
        Assert.Equal(before.KeyFingerprint, after.KeyFingerprint);
        Assert.True(after.Certificate.HasPrivateKey);
    }

    [Fact]
    public void Secrets_are_readable_by_their_owner_alone()
    {
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(_site.PathOf("a", "x"))!))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(_site.PathOf("a", "x"))!));
    }

    [Theory]
    [InlineData("node.key")]
    [InlineData("membership")]
    public void A_damaged_file_is_named_with_what_to_do(string file)
    {
        _site.Node("b");
        File.WriteAllBytes(_site.PathOf("b", file), [0xff, 1, 2, 3]);
        var damaged = Assert.IsType<IdentityRead.Damaged>(_site.Folder("b").Read());
        Assert.Contains(file, damaged.Message, StringComparison.Ordinal);
        Assert.Contains("edge node rm", damaged.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_of_another_node_does_not_fit_the_membership()
    {
        _site.Node("b");
        _site.Node("c");
        File.Copy(_site.PathOf("c", "node.key"), _site.PathOf("b", "node.key"), overwrite: true);
        Assert.IsType<IdentityRead.Damaged>(_site.Folder("b").Read());
    }

    [Fact]
    public void The_authority_opens_under_its_own_secret_only()
    {
        using (var opened = _site.Folder("a").ReadAuthority())
            Assert.Equal(_site.Authority.Certificate.RawData, opened?.Certificate.RawData);
        Directory.CreateDirectory(Path.GetDirectoryName(_site.PathOf("thief", "x"))!);
        File.Copy(_site.PathOf("a", "authority"), _site.PathOf("thief", "authority"));
        Assert.Null(_site.Folder("thief").ReadAuthority());
        Assert.DoesNotContain("plant", System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(_site.PathOf("a", "authority"))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_voter_keeps_the_authority_of_its_own_site_only()
    {
        using var other = new TestSite("lab");
        var b = _site.Node("b");
        Assert.False(_site.Folder("b").KeepAuthority(other.Authority.Export(), b));
        Assert.False(_site.Folder("b").KeepAuthority([1, 2], b));
        Assert.Null(_site.Folder("b").ReadAuthority());
        Assert.True(_site.Folder("b").KeepAuthority(_site.Authority.Export(), b));
        using var kept = _site.Folder("b").ReadAuthority();
        Assert.NotNull(kept);
    }

    [Theory]
    [InlineData("two words", "a")]
    [InlineData("plant", "A")]
    public void A_site_is_not_founded_under_a_name_that_is_none(string site, string node) => Assert.Throws<ArgumentException>(() => _site.Folder("new").Found(site, node));

    [Fact]
    public void A_node_may_be_called_like_its_site()
    {
        var founded = _site.Folder("new").Found("north", "north");
        Assert.Equal("north", founded.Identity.Name);
        founded.Identity.Dispose();
        founded.Authority.Dispose();
    }

    [Fact]
    public void An_authority_that_was_let_go_is_gone()
    {
        _site.Folder("a").ForgetAuthority();
        Assert.Null(_site.Folder("a").ReadAuthority());
    }

    [Fact]
    public void Yesterdays_folder_and_a_token_of_another_site_are_told_apart_in_words()
    {
        using var other = new TestSite("lab");
        var foreign = JoinToken.New(other.Book.Current.Site!);
        var message = _site.Folder("a").Contradiction(foreign);
        Assert.NotNull(message);
        Assert.Contains("site 'plant'", message, StringComparison.Ordinal);
        Assert.Contains("site 'lab'", message, StringComparison.Ordinal);
        Assert.Contains("--data", message, StringComparison.Ordinal);
        Assert.Null(_site.Folder("a").Contradiction(JoinToken.New(_site.Book.Current.Site!)));
        Assert.Null(_site.Folder("new").Contradiction(foreign));
    }

    public void Dispose() => _site.Dispose();
}
