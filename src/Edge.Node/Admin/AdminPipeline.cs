using Edge.Cluster.Book;
using Edge.Node.Admin.Access;
using Edge.Node.Admin.Routes;
using Microsoft.AspNetCore.Http.Features;

namespace Edge.Node.Admin;

/// <summary>What every request passes between routing and its handler: the gate, the bound of its body, and words for what goes wrong outside of handlers.</summary>
internal sealed class AdminPipeline(AdminServerOptions options, Func<AdminSite?> site, Gate gate, TimeProvider time, CancellationToken stopping)
{
    private const string CallItem = "edge.call";

    /// <summary>The endpoint of routes that speak to the site. A RequestDelegate by type: any other lambda would have its parameters bound by reflection.</summary>
    public static RequestDelegate ToSite { get; } = http => http.GetEndpoint()!.Metadata.GetMetadata<AdminRoute>()!.Handle!((ApiCall)http.Items[CallItem]!);

    public async Task RunAsync(HttpContext http, RequestDelegate next)
    {
        if (http.GetEndpoint() is not { } endpoint)
        {
            await ApiAnswer.ErrorAsync(http, StatusCodes.Status404NotFound, "not_found", $"There is no page {http.Request.Path}. /openapi/v1.json lists those that there are.");
            return;
        }
        if (endpoint.Metadata.GetMetadata<AdminRoute>() is not { } route)
        {
            // Routing's own answer to a method that the path does not have: it names those that it has.
            await next(http);
            return;
        }
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body) body.MaxRequestBodySize = route.BodyMax;
        var here = site();
        if (await gate.AdmitAsync(http, route, here) is not { } caller) return;
        if (route.Handle is not null) http.Items[CallItem] = new ApiCall(http, here!, caller, gate, time, options.WatchHeartbeat, stopping);
        await GuardAsync(http, route, () => next(http));
    }

    private async Task GuardAsync(HttpContext http, AdminRoute route, Func<Task> handle)
    {
        try
        {
            await handle();
        }
        catch (BookUnavailableException unavailable) when (!http.Response.HasStarted)
        {
            await ApiAnswer.ErrorAsync(http, StatusCodes.Status503ServiceUnavailable, "unavailable", $"{unavailable.Message} With ?stale=ok this node answers reads by what it has.");
        }
        catch (BadHttpRequestException bad) when (!http.Response.HasStarted)
        {
            await ApiAnswer.ErrorAsync(http, bad.StatusCode, bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? "too_large" : "bad_request",
                bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? $"The request's body is larger than {route.BodyMax >> 10} KiB, the most that {route.Method} {route.Path} takes. Send less at a time." : bad.Message);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested || stopping.IsCancellationRequested)
        {
            // The client has gone, or the node goes: nobody waits for an answer.
            http.Abort();
        }
        catch (IOException) when (http.RequestAborted.IsCancellationRequested)
        {
            http.Abort();
        }
    }
}
