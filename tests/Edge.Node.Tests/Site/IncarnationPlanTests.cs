using Edge.Cluster.Book;
using Edge.Cluster.Trust;
using Edge.Messages.Book;
using Edge.Node.Site.Recovery;
using Google.Protobuf;

namespace Edge.Node.Tests.Site;

/// <summary>The book with which a site goes on from one node.</summary>
public sealed class IncarnationPlanTests : IDisposable
{
    private static readonly byte[] Request = new byte[16];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edge-plan-");
    private readonly FoundedSite _site;

    public IncarnationPlanTests() => _site = new IdentityFolder(_folder.FullName).Found("plant", "n1");

    [Fact]
    public void The_node_votes_alone_in_the_next_incarnation_and_nothing_of_before_acts()
    {
        var plan = Plan(Book(), above: 4);

        var book = plan.Book!;
        Assert.Equal(5u, book.Site!.Incarnation);
        Assert.Equal(101ul, book.Index);
        Assert.Equal(["n1"], book.Voters);
        Assert.Equal(["n1"], book.Nodes.Keys);
        Assert.Null(book.Nodes["n1"].Member);
        Assert.Equal(["f", "n2", "n3"], plan.Removed.Order());
    }

    [Fact]
    public void A_follower_may_remain_and_a_node_that_held_a_vote_may_not()
    {
        Assert.Equal(["f", "n1"], Plan(Book(), keep: ["f"]).Book!.Nodes.Keys);
        Assert.Contains("n2, which held a vote", Plan(Book(), keep: ["n2"]).Refusal, StringComparison.Ordinal);
        Assert.Contains("x, which the book does not have", Plan(Book(), keep: ["x"]).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void With_another_authority_the_site_has_its_certificate_and_nobody_remains()
    {
        var book = Book();
        var site = book.Site!.Clone();
        site.CaFingerprint = ByteString.CopyFrom(new byte[32]);
        book = book with { Site = site };

        Assert.Equal(_site.Identity.AuthorityFingerprint, Plan(book).Book!.Site!.CaFingerprint.ToByteArray());
        Assert.Contains("authority that this node does not hold", Plan(book, keep: ["f"]).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_the_book_does_not_have_is_put_into_it()
    {
        var plan = Plan(Book() with { Nodes = Book().Nodes.Remove("n1") });
        Assert.Equal(_site.Identity.KeyFingerprint, plan.Book!.Nodes["n1"].KeyFingerprint.ToByteArray());
    }

    public void Dispose()
    {
        _site.Authority.Dispose();
        _site.Identity.Dispose();
        _folder.Delete(recursive: true);
    }

    private IncarnationPlan Plan(BookState book, uint above = 0, params string[] keep) =>
        IncarnationPlan.Of(book, above, _site.Identity, keep, "test", Request, DateTimeOffset.UnixEpoch.AddYears(56));

    private BookState Book() => BookState.Empty with
    {
        Index = 100,
        Site = new() { Id = _site.Identity.SiteId, Name = "plant", Incarnation = 1, Format = 1, CaFingerprint = ByteString.CopyFrom(_site.Identity.AuthorityFingerprint) },
        Voters = ["n1", "n2", "n3"],
        Nodes = BookState.Empty.Nodes.AddRange(new[] { "n1", "n2", "n3", "f" }.Select(name =>
            KeyValuePair.Create(name, new NodeRecord { Name = name, KeyFingerprint = ByteString.CopyFromUtf8(name), MayVote = name != "f", Member = new() { Id = $"m-{name}" } }))),
    };
}
