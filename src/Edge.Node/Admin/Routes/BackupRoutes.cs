using System.Globalization;
using Edge.Cluster.Raft;

namespace Edge.Node.Admin.Routes;

/// <summary>The whole book, for a backup.</summary>
internal static class BackupRoutes
{
    /// <summary>Book index of the answer.</summary>
    public const string IndexHeader = "Edge-Book-Index";

    /// <summary>GET /api/v1/site/backup.</summary>
    public static async Task GetAsync(ApiCall call)
    {
        var state = await call.ReadAsync();
        var bytes = BookFile.Pack(state);
        call.Http.Response.ContentType = "application/octet-stream";
        call.Http.Response.ContentLength = bytes.Length;
        call.Http.Response.Headers[IndexHeader] = state.Index.ToString(CultureInfo.InvariantCulture);
        await call.Http.Response.Body.WriteAsync(bytes, call.Aborted);
    }
}
