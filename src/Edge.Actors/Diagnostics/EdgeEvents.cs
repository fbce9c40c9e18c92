using System.Collections.Immutable;

namespace Edge.Actors.Diagnostics;

/// <summary>Publishes <see cref="EdgeEvent"/>s to whoever listens. Listeners are called on the publisher's thread, in order, and must be quick.</summary>
public sealed class EdgeEvents
{
    private ImmutableList<Action<EdgeEvent>> _listeners = [];

    /// <summary>Calls <paramref name="listener"/> for every event from now on, until the result is disposed.</summary>
    public IDisposable Subscribe(Action<EdgeEvent> listener)
    {
        ImmutableInterlocked.Update(ref _listeners, static (list, added) => list.Add(added), listener);
        return new Subscription(this, listener);
    }

    /// <summary>Tells everybody who listens.</summary>
    public void Publish(EdgeEvent happened)
    {
        foreach (var listener in Volatile.Read(ref _listeners)) listener(happened);
    }

    private sealed class Subscription(EdgeEvents events, Action<EdgeEvent> listener) : IDisposable
    {
        public void Dispose() => ImmutableInterlocked.Update(ref events._listeners, static (list, gone) => list.Remove(gone), listener);
    }
}
