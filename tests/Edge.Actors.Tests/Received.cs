using System.Text;
using Edge.Actors.Channels;

namespace Edge.Actors.Tests;

/// <summary>Where messages arrive; tests wait for them.</summary>
internal sealed class Received : IMessageSink
{
    private readonly Lock _gate = new();
    private readonly List<OutboundMessage> _messages = [];
    private readonly List<(Func<IReadOnlyList<OutboundMessage>, bool> Enough, TaskCompletionSource Done)> _waits = [];

    public IReadOnlyList<OutboundMessage> Messages
    {
        get { lock (_gate) return [.. _messages]; }
    }

    public IReadOnlyList<OutboundMessage> On(string topic) => [.. Messages.Where(m => m.Topic == topic)];

    public IReadOnlyList<string> TextsOn(string topic) => [.. On(topic).Select(m => Encoding.UTF8.GetString(m.Payload.Span))];

    public ValueTask PublishAsync(IReadOnlyList<OutboundMessage> messages)
    {
        lock (_gate)
        {
            _messages.AddRange(messages);
            foreach (var wait in _waits.ToList())
            {
                if (!wait.Enough(_messages)) continue;
                _waits.Remove(wait);
                wait.Done.SetResult();
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Completes when so many messages arrived on the topic.</summary>
    public Task Count(string topic, int count) => Until($"{count} messages on {topic}", all => all.Count(m => m.Topic == topic) >= count);

    public async Task Until(string what, Func<IReadOnlyList<OutboundMessage>, bool> enough)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (enough(_messages)) return;
            _waits.Add((enough, done));
        }

        try
        {
            await done.Task.WaitAsync(TestNode.Patience);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Waited {TestNode.Patience} for {what}; arrived: {string.Join(", ", Messages.GroupBy(m => m.Topic).Select(g => $"{g.Key} × {g.Count()}"))}");
        }
    }
}
