using CsCheck;
using Edge.Actors.Channels;
using Edge.Actors.Intake;
using Edge.Messages.Intake;

namespace Edge.Actors.Tests.Intake;

public sealed class ChannelInboxTests
{
    private int _woken;
    private int _dropped;

    [Theory]
    [InlineData(QueueFullPolicy.DropOldest, "2 3")]
    [InlineData(QueueFullPolicy.DropNewest, "1 2")]
    public void A_full_queue_drops_qos_0_by_its_policy_and_counts_it(QueueFullPolicy policy, string kept)
    {
        var inbox = Inbox(new() { Max = 2, OnFull = policy });
        foreach (var name in new[] { "1", "2", "3" }) inbox.OfferVolatile(0, Named(name, 0));

        Assert.Equal(kept, string.Join(' ', Taken(inbox, new()).Select(e => e.Reading.Topic)));
        Assert.Equal(1, _dropped);
    }

    [Fact]
    public void An_offer_wakes_once_after_a_pull_found_nothing()
    {
        var inbox = Inbox(new());
        inbox.Take(10, []);
        inbox.OfferVolatile(0, Named("1", 0));
        inbox.OfferVolatile(0, Named("2", 0));

        Assert.Equal(1, _woken);
    }

    [Fact]
    public void The_log_may_be_trimmed_up_to_what_is_committed_and_further_when_nothing_is_wanted()
    {
        var inbox = Inbox(new());
        inbox.OfferLogged(5, Named("5", 1));
        inbox.Committed(3);
        Assert.Equal(3, inbox.Floor(9));
        inbox.Committed(5);
        Assert.Equal(9, inbox.Floor(9));
    }

    [Fact]
    public void Whatever_the_pace_logged_readings_come_all_once_and_in_order() =>
        Gen.Select(Gen.Int[1, 6], Gen.Int[0, 3].List[0, 80]).Sample((max, steps) =>
        {
            var log = new MemoryIntakeLog();
            var inbox = Inbox(new() { Max = max });
            var taken = new List<InboxEntry>();
            foreach (var step in steps)
            {
                if (step == 0) inbox.OfferVolatile(log.Last, Named("v", 0));
                else if (step == 3) taken.AddRange(Taken(inbox, log, credit: 2));
                else
                {
                    var reading = Named("l", 1);
                    inbox.OfferLogged(log.Append(reading), reading);
                }
            }

            while (Taken(inbox, log) is { Count: > 0 } rest) taken.AddRange(rest);
            return taken.Where(e => e.Logged).Select(e => e.Place).SequenceEqual(Enumerable.Range(1, (int)log.Last).Select(i => (long)i))
                && taken.Select(e => e.Place).SequenceEqual(taken.Select(e => e.Place).Order());
        });

    [Fact]
    public void A_channel_that_begins_anew_gets_again_what_it_did_not_commit()
    {
        var log = new MemoryIntakeLog();
        var inbox = Inbox(new());
        for (var i = 0; i < 5; i++)
        {
            var reading = Named("l", 1);
            inbox.OfferLogged(log.Append(reading), reading);
        }

        Taken(inbox, log);
        inbox.Seek(2);

        Assert.Equal([3L, 4, 5], Taken(inbox, log).Select(e => e.Place));
    }

    private static List<InboxEntry> Taken(ChannelInbox inbox, MemoryIntakeLog log, int credit = 100)
    {
        var batch = new List<InboxEntry>();
        while (true)
        {
            var take = inbox.Take(credit, batch);
            if (!take.Hole) return batch;
            var read = log.Read(take.Cursor, credit);
            inbox.Fill(take.Cursor, read, read.Count > 0 ? read[^1].Sequence : take.HoleEnd, batch);
            if (batch.Count > 0) return batch;
        }
    }

    private static Reading Named(string name, uint qos) => new() { Topic = name, Qos = qos };

    private ChannelInbox Inbox(QueueSpec queue) => new(TestNode.Channel(), "local", queue, logged: 0, _ => _woken++, () => _dropped++);
}
