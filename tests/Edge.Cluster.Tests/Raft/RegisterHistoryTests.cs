namespace Edge.Cluster.Tests.Raft;

public sealed class RegisterHistoryTests
{
    [Fact]
    public void Reads_that_follow_one_order_of_concurrent_writes_are_linearizable()
    {
        var history = new RegisterHistory();
        history.Put("k", "1", 0, 100);
        history.Put("k", "2", 10, 90);
        history.Get("k", "1", 20, 30);
        history.Get("k", "2", 40, 50);
        Assert.Null(history.Violation());
    }

    [Fact]
    public void A_read_of_an_old_value_after_a_newer_one_was_acknowledged_is_not()
    {
        var history = new RegisterHistory();
        history.Put("k", "1", 0, 10);
        history.Put("k", "2", 20, 30);
        history.Get("k", "1", 40, 50);
        Assert.Contains("register k", history.Violation(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_was_seen_cannot_be_unseen()
    {
        var history = new RegisterHistory();
        history.Put("k", "1", 0, 10);
        history.Put("k", "2", 20, null);
        history.Get("k", "2", 30, 40);
        history.Get("k", "1", 50, 60);
        Assert.NotNull(history.Violation());
    }

    [Fact]
    public void A_write_without_an_answer_may_take_effect_late_or_never()
    {
        var history = new RegisterHistory();
        history.Put("k", "1", 0, 10);
        history.Put("k", "2", 20, null);
        history.Get("k", "1", 30, 40);
        history.Get("k", "2", 50, 60);
        history.Put("k", "3", 70, null);
        Assert.Null(history.Violation());
    }
}
