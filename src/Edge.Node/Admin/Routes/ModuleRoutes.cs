using Edge.Messages.Modules;
using Edge.Node.Configuration.Book;
using Edge.Node.Storage;

namespace Edge.Node.Admin.Routes;

/// <summary>Module bytes, addressed by digest.</summary>
internal static class ModuleRoutes
{
    /// <summary>PUT /api/v1/modules/{sha256}.</summary>
    public static async Task PutAsync(ApiCall call)
    {
        if (await DigestAsync(call) is not { } digest) return;
        switch (await call.Site.Modules.PutAsync(digest, call.Http.Request.Body, call.Aborted))
        {
            case BlobOutcome.Stored stored:
                await ApiAnswer.JsonAsync(call.Http, stored.WasThere ? StatusCodes.Status200OK : StatusCodes.Status201Created, new UploadedView(digest.ToString(), stored.WasThere), ApiJson.Default.UploadedView);
                break;
            case BlobOutcome.Refused refused:
                var (statusCode, error) = refused.Problem switch
                {
                    BlobProblem.WrongDigest => (StatusCodes.Status422UnprocessableEntity, "wrong_digest"),
                    BlobProblem.TooLarge => (StatusCodes.Status413PayloadTooLarge, "too_large"),
                    _ => (StatusCodes.Status507InsufficientStorage, "no_room"),
                };
                await call.ErrorAsync(statusCode, error, refused.Message);
                break;
        }
    }

    /// <summary>GET /api/v1/modules/{sha256}.</summary>
    public static async Task GetAsync(ApiCall call)
    {
        if (await DigestAsync(call) is not { } digest) return;
        if (call.Site.Modules.Has(digest)) await call.OkAsync(new UploadedView(digest.ToString(), WasThere: true), ApiJson.Default.UploadedView);
        else await call.ErrorAsync(StatusCodes.Status404NotFound, "not_found", $"This node does not have the bytes {digest}. Upload them with PUT.");
    }

    private static async Task<ModuleDigest?> DigestAsync(ApiCall call)
    {
        var text = call.Path("sha256");
        if (SubmittedManifests.IsHex(text)) return new(text);
        await call.ErrorAsync(StatusCodes.Status400BadRequest, "bad_request", $"'{text}' is no digest; allowed: 64 lower-case hexadecimal digits, the SHA-256 of the bytes.");
        return null;
    }
}
