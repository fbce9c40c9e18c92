using System.Text.Json;
using Edge.Cluster.Book;
using Edge.Node.Admin.Routes;

namespace Edge.Node.Admin.Watch;

/// <summary>
/// <c>?watch=true</c> on resources: server-sent events <c>put</c> and <c>delete</c> with the watch point as id, so that a client which comes back with <c>Last-Event-ID</c> (or <c>?after=</c>) misses nothing. One that is new or was
/// away too long gets <c>reset</c>, every resource as <c>put</c>, and <c>synced</c>. Ends when the client or the node goes, the client is too slow (<c>cut</c>), or its token is revoked (<c>denied</c>).
/// </summary>
internal sealed class ResourceWatcher(ApiCall call, Func<ResourceId, bool> wanted, CancellationToken ending)
{
    private readonly EventStream _events = new(call.Http.Response);

    public static async Task RunAsync(ApiCall call, Func<ResourceId, bool> wanted)
    {
        var text = call.Query("after") is { Length: > 0 } asked ? asked : call.Http.Request.Headers["Last-Event-ID"].ToString();
        var after = WatchPoint.Parse(text);
        if (after is null && text.Length > 0)
        {
            await call.ErrorAsync(StatusCodes.Status400BadRequest, "bad_request", $"A watch cannot go on after '{text}'; allowed: the id of an event, such as 1.42.");
            return;
        }
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(call.Aborted, call.Stopping);
        using var watch = call.Site.History.Watch(after);
        var watcher = new ResourceWatcher(call, wanted, ending.Token);
        await watcher.BeginAsync(watch);
        await watcher.FollowAsync(watch);
    }

    private async Task BeginAsync(ResourceWatch watch)
    {
        await _events.BeginAsync(ending);
        if (watch.Whole is { } state)
        {
            await _events.SendAsync("reset", null, "{}", ending);
            foreach (var resource in ResourceRoutes.Sorted(state).Where(resource => wanted(ResourceId.Of(resource)))) await SendAsync(new(ResourceId.Of(resource), resource), watch.At, null);
        }
        foreach (var command in watch.Missed) await SendAsync(command);
        await _events.SendAsync("synced", watch.At.ToString(), "{}", ending);
    }

    private async Task FollowAsync(ResourceWatch watch)
    {
        var more = watch.Changes.WaitToReadAsync(ending).AsTask();
        while (call.CallerStillHolds)
        {
            try
            {
                if (!await more.WaitAsync(call.Heartbeat, call.Time))
                {
                    await _events.SendAsync("cut", null, "{}", ending);
                    return;
                }
            }
            catch (TimeoutException)
            {
                await _events.BeatAsync(ending);
                continue;
            }
            while (call.CallerStillHolds && watch.Changes.TryRead(out var command)) await SendAsync(command);
            more = watch.Changes.WaitToReadAsync(ending).AsTask();
        }
        await _events.SendAsync("denied", null, "{}", ending);
    }

    // Only the last change of a command carries its point: who is cut off before it gets all of that command again.
    private async Task SendAsync(ResourceChanges command)
    {
        ResourceChange[] changes = [.. command.Changes.Where(change => wanted(change.Id))];
        for (var i = 0; i < changes.Length; i++) await SendAsync(changes[i], command.At, i == changes.Length - 1 ? command.At.ToString() : null);
    }

    private Task SendAsync(ResourceChange change, WatchPoint at, string? id)
    {
        var view = new ResourceEventView(change.Id.Kind, change.Id.Tenant, change.Id.Name, change.Resource?.Version ?? at.Index, change.Resource is { } resource ? ResourceRoutes.View(resource) : null);
        return _events.SendAsync(change.Resource is null ? "delete" : "put", id, JsonSerializer.Serialize(view, EventJson.Default.ResourceEventView), ending);
    }
}
