using System.Globalization;
using Edge.Cluster.Book;
using Edge.Messages.Book;

namespace Edge.Node.Admin.Routes;

/// <summary>Who changed what.</summary>
internal static class AuditRoutes
{
    private const int LimitDefault = 100;

    /// <summary>GET /api/v1/audit: the newest entries, oldest first.</summary>
    public static async Task ListAsync(ApiCall call)
    {
        var text = call.Query("limit");
        var limit = LimitDefault;
        if (text.Length > 0 && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > BookLimits.Audit))
        {
            await call.ErrorAsync(StatusCodes.Status400BadRequest, "bad_request", $"limit is '{text}'; allowed: a whole number from 1 to {BookLimits.Audit}.");
            return;
        }
        var state = await call.ReadAsync();
        var entries = state.Audit.Where(entry => call.Caller.May(Role.Operator, TenantOf(entry))).TakeLast(limit);
        await call.OkAsync(new AuditView(state.Index, [.. entries.Select(entry => new AuditEntryView(entry.Index, entry.TimeUs, entry.Who, entry.Verb, entry.Subject, entry.Detail))]), ApiJson.Default.AuditView);
    }

    // A subject is Kind/tenant/name; one of two parts is the site's.
    private static string TenantOf(AuditEntry entry) => entry.Subject.Split('/') is [_, var tenant, _] ? tenant : "";
}
