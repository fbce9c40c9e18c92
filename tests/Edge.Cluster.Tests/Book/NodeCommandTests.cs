using Edge.Cluster.Book;
using Edge.Messages.Book;

namespace Edge.Cluster.Tests.Book;

/// <summary>Founding, joining, updating, cordoning, removing.</summary>
public sealed class NodeCommandTests
{
    [Fact]
    public void A_founded_site_has_its_node_its_administrator_and_one_voter()
    {
        var script = BookScript.Site("pi-1");

        Assert.Equal(1u, script.State.Site!.Incarnation);
        Assert.Equal(["pi-1"], script.State.Voters);
        Assert.Equal(Role.Admin, script.State.Tokens["admin"].Role);
        Assert.Equal("found", script.State.Audit.Single().Verb);
    }

    [Fact]
    public void A_site_is_founded_once() => BookScript.Site("pi-1").Refused(RefusalReason.NameTaken, BookScript.Founding("pi-2"));

    [Fact]
    public void Nothing_happens_in_a_book_without_a_site() =>
        Assert.Equal(RefusalReason.Invalid, new BookScript().Try(BookScript.Issue("t")).Refusals.Single().Reason);

    [Fact]
    public void A_token_admits_one_key_and_tells_it_the_same_again()
    {
        var script = BookScript.Site("pi-1");
        script.Do(BookScript.Issue("t"));

        script.Do(BookScript.Admit("t", "pi-2"));
        var first = script.State;
        script.Do(BookScript.Admit("t", "pi-2"));

        Assert.Equal(first.Nodes, script.State.Nodes);
        Assert.Equal("pi-2", script.State.Tokens["t"].SpentByNode);
        var refusal = script.Refused(RefusalReason.TokenSpent, BookScript.Admit("t", "pi-3"));
        Assert.Contains("edge token create --node", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_expires_by_the_time_of_the_command_but_not_for_the_key_that_spent_it()
    {
        var script = BookScript.Site("pi-1");
        script.Do(BookScript.Issue("t", expires: 1000));

        script.Refused(RefusalReason.TokenExpired, BookScript.Admit("t", "pi-2", at: 1000));
        script.Do(BookScript.Admit("t", "pi-2", at: 999));
        script.Do(BookScript.Admit("t", "pi-2", at: 5000));
    }

    [Fact]
    public void A_wrong_secret_and_a_persons_token_are_unknown()
    {
        var script = BookScript.Site("pi-1");
        script.Do(BookScript.Issue("t"));
        var wrong = BookScript.Admit("t", "pi-2");
        wrong.AdmitNode.TokenHash = BookScript.Hash("other");

        script.Refused(RefusalReason.TokenUnknown, wrong);
        script.Refused(RefusalReason.TokenUnknown, BookScript.Admit("admin", "pi-2"));
        script.Refused(RefusalReason.TokenUnknown, BookScript.Admit("never", "pi-2"));
    }

    [Fact]
    public void A_name_that_another_key_holds_is_taken_until_that_node_is_removed()
    {
        var script = BookScript.Site("pi-1", "pi-2");
        script.Do(BookScript.Issue("t"));

        var refusal = script.Refused(RefusalReason.NameTaken, BookScript.Admit("t", "pi-2", key: "new"));
        Assert.Contains("edge node rm pi-2", refusal.Message, StringComparison.Ordinal);
        Assert.True(script.State.Tokens["t"].SpentByKey.IsEmpty);

        script.Do(new BookCommand { RemoveNode = new RemoveNode { Name = "pi-2" } });
        script.Do(BookScript.Admit("t", "pi-2", key: "new"));
    }

    [Fact]
    public void A_key_has_one_name()
    {
        var script = BookScript.Site("pi-1", "pi-2");
        script.Do(BookScript.Issue("t"));

        script.Refused(RefusalReason.NameTaken, BookScript.Admit("t", "pi-3", key: "pi-2"));
    }

    [Fact]
    public void A_removed_node_does_not_come_back_with_its_old_token()
    {
        var script = BookScript.Site("pi-1", "pi-2");
        script.Do(new BookCommand { RemoveNode = new RemoveNode { Name = "pi-2" } });

        script.Refused(RefusalReason.TokenSpent, BookScript.Admit("for-pi-2", "pi-2"));
    }

    [Fact]
    public void A_node_whose_program_cannot_read_the_book_is_not_admitted()
    {
        var script = BookScript.Site("pi-1");
        script.Do(BookScript.Issue("t"));
        var old = BookScript.Admit("t", "pi-2");
        old.AdmitNode.Node.FormatMax = 0;

        Assert.Contains("Upgrade", script.Refused(RefusalReason.Format, old).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_tells_of_itself_only_with_its_own_key_and_not_what_the_site_decides()
    {
        var script = BookScript.Running("pi-1", "pi-2");
        script.Do(new BookCommand { CordonNode = new CordonNode { Name = "pi-2", Reason = "fan", Drain = true } });
        var about = BookScript.Node("pi-2");
        (about.Version, about.AdmittedIndex, about.Member) = ("2", 99, new MemberRecord { Id = "mine" });

        script.Do(new BookCommand { UpdateNode = new UpdateNode { Node = about } });

        var node = script.State.Nodes["pi-2"];
        Assert.Equal(("2", "fan", true, "m-pi-2"), (node.Version, node.Cordoned, node.Draining, node.Member.Id));
        Assert.NotEqual(99u, node.AdmittedIndex);
        script.Refused(RefusalReason.NameTaken, new BookCommand { UpdateNode = new UpdateNode { Node = BookScript.Node("pi-2", key: "other") } });
        script.Refused(RefusalReason.NotFound, new BookCommand { UpdateNode = new UpdateNode { Node = BookScript.Node("pi-9") } });
    }

    [Fact]
    public void Labels_in_another_order_are_the_same_bytes()
    {
        var one = BookScript.Site("pi-1");
        var about = BookScript.Node("pi-1");
        about.Labels.Clear();
        about.Labels.Add("arch", "arm64");
        about.Labels.Add("model", "rpi4");

        var before = BookScript.Bytes(one.State with { Index = 0, Remembered = BookState.Empty.Remembered, RememberedOrder = [] });
        one.Do(new BookCommand { UpdateNode = new UpdateNode { Node = about } });

        Assert.Equal(before, BookScript.Bytes(one.State with { Index = 0, Remembered = BookState.Empty.Remembered, RememberedOrder = [] }));
    }

    [Fact]
    public void Uncordoning_ends_a_drain_and_a_drain_needs_a_reason()
    {
        var script = BookScript.Site("pi-1");
        script.Refused(RefusalReason.Invalid, new BookCommand { CordonNode = new CordonNode { Name = "pi-1", Drain = true } });
        script.Do(new BookCommand { CordonNode = new CordonNode { Name = "pi-1", Reason = "new disk", Drain = true } });
        script.Do(new BookCommand { CordonNode = new CordonNode { Name = "pi-1" } });

        Assert.False(script.State.Nodes["pi-1"].HasCordoned || script.State.Nodes["pi-1"].Draining);
        Assert.Equal(["found", "drain", "uncordon"], script.State.Audit.Select(entry => entry.Verb));
        script.Refused(RefusalReason.NotFound, new BookCommand { CordonNode = new CordonNode { Name = "pi-9" } });
    }

    [Fact]
    public void A_removed_node_stays_named_as_owner_until_its_lease_is_over_and_is_nobodys_standby()
    {
        var script = BookScript.Running("pi-1", "pi-2");
        script.Do(BookScript.Place("a", "pi-2", standby: "pi-1"));
        script.Do(BookScript.Place("b", "pi-1", standby: "pi-2"));
        var epoch = script.Placed("a").Epoch;

        script.Do(new BookCommand { RemoveNode = new RemoveNode { Name = "pi-2" } });

        Assert.Equal(("pi-2", "m-pi-2", "pi-1"), (script.Placed("a").Node, script.Placed("a").Member, script.Placed("a").Standby));
        Assert.Equal(epoch, script.Placed("a").Epoch);
        Assert.Equal(("pi-1", ""), (script.Placed("b").Node, script.Placed("b").Standby));
        script.Refused(RefusalReason.NotFound, new BookCommand { RemoveNode = new RemoveNode { Name = "pi-2" } });
        script.Refused(RefusalReason.InUse, new BookCommand { RemoveNode = new RemoveNode { Name = "pi-1" } });
    }
}
