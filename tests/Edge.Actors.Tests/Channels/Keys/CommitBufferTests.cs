using Edge.Actors.Channels;
using Edge.Actors.Channels.Keys;
using Edge.Messages.Channels;

namespace Edge.Actors.Tests.Channels.Keys;

public sealed class CommitBufferTests
{
    [Fact]
    public void A_failed_commit_comes_again_but_for_keys_that_changed_since()
    {
        var buffer = new CommitBuffer();
        buffer.Put("a", State(1));
        buffer.Put("b", State(1));
        buffer.Begin(At(1), "local");
        buffer.Put("a", State(2));
        buffer.Failed();

        var again = buffer.Begin(At(2), "local").Changed.ToDictionary(k => k.Key, k => KeyState.Parser.ParseFrom(k.State.Span).Position);

        Assert.Equal(new() { ["a"] = 2, ["b"] = 1 }, again);
        buffer.Succeeded();
        Assert.Equal(0, buffer.Bytes);
    }

    [Fact]
    public void A_key_is_found_until_it_is_stored()
    {
        var buffer = new CommitBuffer();
        buffer.Put("a", State(1));
        Assert.True(buffer.TryGet("a", out _));
        buffer.Begin(At(1), "local");
        Assert.True(buffer.TryGet("a", out _));
        buffer.Succeeded();
        Assert.False(buffer.TryGet("a", out _));
    }

    private static KeyState State(long position) => new() { Position = position };

    private static StoredHead At(long sequence) => new(Position.Of("local", sequence), null, 0);
}
