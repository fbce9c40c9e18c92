using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Edge.Cluster.Book;
using Edge.Messages.Book;
using Edge.Node.Admin.Access;
using Edge.Node.Configuration;
using Google.Protobuf;
using Microsoft.Net.Http.Headers;

namespace Edge.Node.Admin.Routes;

/// <summary>A request that was let in, with what its handler needs. Its answers say what failed as words and a sentence.</summary>
internal sealed class ApiCall(HttpContext http, AdminSite site, Caller caller, Gate gate, TimeProvider time, TimeSpan heartbeat, CancellationToken stopping)
{
    /// <summary>A caller that may have lost its answer sends the same 32 hexadecimal digits again: the command is carried out once.</summary>
    public const string RequestIdHeader = "Edge-Request-Id";

    private const int RequestIdBytes = 16;

    public HttpContext Http => http;

    public AdminSite Site => site;

    public Caller Caller => caller;

    public TimeProvider Time => time;

    /// <summary>How often a watch sends a line when nothing happens.</summary>
    public TimeSpan Heartbeat => heartbeat;

    /// <summary>The client has gone.</summary>
    public CancellationToken Aborted => http.RequestAborted;

    /// <summary>The server stops: what runs long ends.</summary>
    public CancellationToken Stopping => stopping;

    /// <summary>Whether the caller's token is still good: asked by what runs long.</summary>
    public bool CallerStillHolds => gate.StillHolds(caller, site);

    /// <summary>A value of the path.</summary>
    public string Path(string name) => (string)http.Request.RouteValues[name]!;

    /// <summary>A parameter of the query; empty if it was not given.</summary>
    public string Query(string name) => http.Request.Query[name].ToString();

    /// <summary>Whether a parameter of the query is <c>true</c>.</summary>
    public bool Asks(string name) => Query(name) == "true";

    /// <summary>The book: every command that was answered before is in it, or with <c>?stale=ok</c> what this node has.</summary>
    /// <exception cref="BookUnavailableException">No majority answered.</exception>
    public async Task<BookState> ReadAsync() => Query("stale") == "ok" ? site.Book.Current : await site.Book.ReadAsync(Aborted);

    /// <summary>The body; null after it was answered with 400.</summary>
    public async Task<T?> BodyAsync<T>(JsonTypeInfo<T> type)
        where T : class, new()
    {
        if (http.Request.ContentLength == 0 || (http.Request.ContentLength is null && !http.Request.Headers.ContainsKey(HeaderNames.TransferEncoding))) return new T();
        try
        {
            if (await JsonSerializer.DeserializeAsync(http.Request.Body, type, Aborted) is { } body) return body;
            await ErrorAsync(StatusCodes.Status400BadRequest, "bad_request", "The body is null; a JSON object is wanted. See /openapi/v1.json.");
        }
        catch (JsonException mistake)
        {
            await ErrorAsync(StatusCodes.Status400BadRequest, "bad_request", $"The body is not the JSON that this route takes: {mistake.Message} See /openapi/v1.json.");
        }
        return null;
    }

    /// <summary>Whether the caller chose the request id: then the command is sent once and never replanned.</summary>
    public bool HasRequestId => http.Request.Headers.ContainsKey(RequestIdHeader);

    /// <summary>Sends a command in the caller's name.</summary>
    /// <exception cref="BookUnavailableException">No leader answered.</exception>
    public Task<BookOutcome> AppendAsync(Action<BookCommand> change)
    {
        var command = new BookCommand { RequestId = RequestId(), Who = caller.Who, TimeUs = BookTime.Now(time), Format = 1 };
        change(command);
        return site.Book.AppendAsync(command, Aborted);
    }

    /// <summary>Sends a command and answers with its index, or with why not.</summary>
    public async Task CommandAsync(Action<BookCommand> change)
    {
        var outcome = await AppendAsync(change);
        if (outcome.Refusals.Count > 0) await RefusalsAsync(outcome);
        else await OkAsync(new DoneView(outcome.Index), ApiJson.Default.DoneView);
    }

    public Task OkAsync<T>(T value, JsonTypeInfo<T> type) => ApiAnswer.JsonAsync(http, StatusCodes.Status200OK, value, type);

    public Task ErrorAsync(int statusCode, string error, string message) => ApiAnswer.ErrorAsync(http, statusCode, error, message);

    /// <summary>422 with every mistake.</summary>
    public Task FindingsAsync(IReadOnlyList<Finding> findings, string message) =>
        ApiAnswer.JsonAsync(http, StatusCodes.Status422UnprocessableEntity, new ErrorView("invalid", message) { Findings = FindingViews(findings) }, ApiJson.Default.ErrorView);

    /// <summary>409 with both versions of each.</summary>
    public Task ConflictsAsync(IReadOnlyList<ConflictView> conflicts) =>
        ApiAnswer.JsonAsync(http, StatusCodes.Status409Conflict, new ErrorView("conflict", string.Join(" ", conflicts.Select(conflict => conflict.Message))) { Conflicts = conflicts }, ApiJson.Default.ErrorView);

    /// <summary>What the book said no to.</summary>
    public Task RefusalsAsync(BookOutcome outcome)
    {
        var first = outcome.Refusals[0];
        var (statusCode, error) = first.Reason switch
        {
            RefusalReason.NotFound or RefusalReason.TokenUnknown => (StatusCodes.Status404NotFound, "not_found"),
            RefusalReason.Invalid => (StatusCodes.Status422UnprocessableEntity, "invalid"),
            RefusalReason.InUse => (StatusCodes.Status409Conflict, "in_use"),
            _ => (StatusCodes.Status409Conflict, "conflict"),
        };
        var conflicts = outcome.Refusals.Where(refusal => refusal.Reason is RefusalReason.Conflict or RefusalReason.NameTaken)
            .Select(refusal => new ConflictView(refusal.Subject, refusal.ExpectedVersion, refusal.FoundVersion, refusal.Message)).ToList();
        return ApiAnswer.JsonAsync(
            http, statusCode, new ErrorView(error, string.Join(" ", outcome.Refusals.Select(refusal => refusal.Message))) { Conflicts = conflicts.Count > 0 ? conflicts : null }, ApiJson.Default.ErrorView);
    }

    public static IReadOnlyList<FindingView> FindingViews(IReadOnlyList<Finding> findings) =>
        [.. findings.Select(finding => new FindingView(finding.Place.File, finding.Place.Line, finding.Place.Column, finding.Message))];

    private ByteString RequestId() =>
        http.Request.Headers[RequestIdHeader].ToString() is { Length: RequestIdBytes * 2 } given && given.All(char.IsAsciiHexDigit)
            ? ByteString.CopyFrom(Convert.FromHexString(given))
            : ByteString.CopyFrom(RandomNumberGenerator.GetBytes(RequestIdBytes));
}
