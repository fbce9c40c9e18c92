using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Edge.Cluster.Book;
using Edge.Node.Admin.Routes;

namespace Edge.Node.Admin.Watch;

/// <summary><c>?watch=true</c> on nodes and placements: the whole view as an event <c>state</c>, at first and whenever it is another; a slow client misses some in between and gets the latest.</summary>
internal static class ViewWatcher
{
    /// <param name="call">The call.</param>
    /// <param name="matters">Which changes of the book may change the view.</param>
    /// <param name="view">Makes the view; null: what is watched is gone, and the watch ends with <c>gone</c>.</param>
    /// <param name="type">Its JSON on one line.</param>
    public static async Task RunAsync<T>(ApiCall call, Func<BookChange, bool> matters, Func<Task<T?>> view, JsonTypeInfo<T> type)
        where T : class
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(call.Aborted, call.Stopping);
        using var changes = new LatestState(call.Site.Book, matters);
        var events = new EventStream(call.Http.Response);
        await events.BeginAsync(ending.Token);
        var shown = "";
        var next = changes.NextAsync(ending.Token);
        while (call.CallerStillHolds)
        {
            if (await view() is not { } now)
            {
                await events.SendAsync("gone", null, "{}", ending.Token);
                return;
            }
            var text = JsonSerializer.Serialize(now, type);
            if (text != shown) await events.SendAsync("state", null, shown = text, ending.Token);
            try
            {
                await next.WaitAsync(call.Heartbeat, call.Time);
                next = changes.NextAsync(ending.Token);
            }
            catch (TimeoutException)
            {
                await events.BeatAsync(ending.Token);
            }
        }
        await events.SendAsync("denied", null, "{}", ending.Token);
    }
}
