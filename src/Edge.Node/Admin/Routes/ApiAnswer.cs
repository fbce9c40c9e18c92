using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Edge.Node.Admin.Routes;

/// <summary>Writes answers.</summary>
internal static class ApiAnswer
{
    /// <summary>A value as JSON.</summary>
    public static async Task JsonAsync<T>(HttpContext http, int statusCode, T value, JsonTypeInfo<T> type)
    {
        http.Response.StatusCode = statusCode;
        http.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(http.Response.Body, value, type, http.RequestAborted);
    }

    /// <summary>An error: a word for programs and a sentence for people.</summary>
    public static Task ErrorAsync(HttpContext http, int statusCode, string error, string message) =>
        JsonAsync(http, statusCode, new ErrorView(error, message), ApiJson.Default.ErrorView);
}
