using Edge.Cluster.Trust;
using Edge.Messages.Book;
using Edge.Messages.Spelling;
using Edge.Node.Admin.Access;
using Edge.Node.Configuration;
using Edge.Node.Configuration.Fields;
using Google.Protobuf;

namespace Edge.Node.Admin.Routes;

/// <summary>Tokens of people, and of nodes that are to join.</summary>
internal static class TokenRoutes
{
    private const long YearsMaxS = 10L * 366 * 24 * 3600;

    private static readonly string[] Roles = ["viewer", "operator", "admin"];

    /// <summary>GET /api/v1/tokens.</summary>
    public static async Task ListAsync(ApiCall call)
    {
        var state = await call.ReadAsync();
        var tokens = state.Tokens.Values.Where(token => MayManage(call, token)).OrderBy(token => token.CreatedUs).ThenBy(token => token.Id, StringComparer.Ordinal);
        await call.OkAsync(new TokenListView(state.Index, [.. tokens.Select(View)]), ApiJson.Default.TokenListView);
    }

    /// <summary>POST /api/v1/tokens.</summary>
    public static async Task CreateAsync(ApiCall call)
    {
        if (await call.BodyAsync(ApiJson.Default.NewTokenView) is not { } asked) return;
        if (Problem(asked) is { } problem)
        {
            await call.ErrorAsync(StatusCodes.Status400BadRequest, "bad_request", problem);
            return;
        }
        var isNode = asked.Purpose == "node";
        if (!call.Caller.May(Role.Admin, isNode ? "" : asked.Tenant))
        {
            await call.ErrorAsync(StatusCodes.Status403Forbidden, "forbidden", $"{call.Caller} may not make a token {(isNode ? "for a node" : asked.Tenant.Length == 0 ? "for all tenants" : $"for tenant '{asked.Tenant}'")}. Needed: admin of {(isNode || asked.Tenant.Length == 0 ? "all tenants" : $"tenant '{asked.Tenant}'")}.");
            return;
        }
        var site = (await call.Site.Book.ReadAsync(call.Aborted)).Site!;
        var (text, record) = isNode ? ForNode(call, asked, site) : ForPerson(call, asked);
        var outcome = await call.AppendAsync(command => command.IssueToken = new IssueToken { Token = record });
        if (outcome.Refusals.Count > 0) await call.RefusalsAsync(outcome);
        else await ApiAnswer.JsonAsync(call.Http, StatusCodes.Status201Created, new IssuedTokenView(text, View(call.Site.Book.Current.Tokens.GetValueOrDefault(record.Id) ?? record)), ApiJson.Default.IssuedTokenView);
    }

    /// <summary>DELETE /api/v1/tokens/{id}.</summary>
    public static async Task RevokeAsync(ApiCall call)
    {
        var id = call.Path("id");
        var state = await call.Site.Book.ReadAsync(call.Aborted);
        // One that the caller may not manage is not there for it.
        if (state.Tokens.TryGetValue(id, out var token) && MayManage(call, token))
        {
            await call.CommandAsync(command => command.RevokeToken = new RevokeToken { Id = id });
            return;
        }
        string[] known = [.. state.Tokens.Values.Where(one => MayManage(call, one)).Select(one => one.Id).Order(StringComparer.Ordinal)];
        await call.ErrorAsync(StatusCodes.Status404NotFound, "not_found", $"There is no token '{id}'. Tokens: {Quote.List(known)}.{NearestName.Hint(id, known)}");
    }

    private static bool MayManage(ApiCall call, TokenRecord token) => call.Caller.May(Role.Admin, token.Purpose == TokenPurpose.Person ? token.Tenant : "");

    private static string? Problem(NewTokenView asked)
    {
        if (asked.Purpose is not ("node" or "person")) return $"purpose is '{asked.Purpose}'; allowed: node, person.{NearestName.Hint(asked.Purpose, ["node", "person"])}";
        if (asked.Purpose == "person" && !Roles.Contains(asked.Role)) return $"role is '{asked.Role}'; allowed: {string.Join(", ", Roles)}.{NearestName.Hint(asked.Role, Roles)}";
        if (asked.Purpose == "node" && (asked.Role.Length > 0 || asked.Tenant.Length > 0)) return "A node's token has no role and no tenant. Leave both out.";
        if (asked.Tenant.Length > 0 && !NameAttribute.IsName(asked.Tenant)) return $"tenant is {Quote.Of(asked.Tenant)}; allowed: the name of a tenant, or nothing for all tenants.";
        if (asked.Name.Length > 0 && !NameAttribute.IsName(asked.Name)) return $"name is {Quote.Of(asked.Name)}; allowed: 1–63 of a–z, 0–9 and '-', which neither begins nor ends it.";
        if (asked.Name is "local" or "site" or "nobody") return $"name is '{asked.Name}', which the audit log uses for others. Choose another.";
        return asked.ExpiresInS is < 0 or > YearsMaxS ? $"expires_in_s is {asked.ExpiresInS}; allowed: 0 to {YearsMaxS}." : null;
    }

    private static (string, TokenRecord) ForNode(ApiCall call, NewTokenView asked, SiteRecord site)
    {
        var token = JoinToken.New(site);
        var record = token.Record(call.Caller.Who, call.Time.GetUtcNow());
        record.Name = asked.Name;
        if (asked.ExpiresInS > 0) record.ExpiresUs = record.CreatedUs + asked.ExpiresInS * 1_000_000;
        return (token.Text(), record);
    }

    private static (string, TokenRecord) ForPerson(ApiCall call, NewTokenView asked)
    {
        var token = PersonToken.New();
        var now = BookTime.Now(call.Time);
        return (token.Text(), new TokenRecord
        {
            Id = token.Id,
            Hash = ByteString.CopyFrom(token.SecretHash),
            Purpose = TokenPurpose.Person,
            CreatedUs = now,
            ExpiresUs = asked.ExpiresInS > 0 ? now + asked.ExpiresInS * 1_000_000 : 0,
            CreatedBy = call.Caller.Who,
            Role = Enum.Parse<Role>(asked.Role, ignoreCase: true),
            Tenant = asked.Tenant,
            Name = asked.Name,
        });
    }

    private static TokenView View(TokenRecord token)
    {
        var isPerson = token.Purpose == TokenPurpose.Person;
        return new(
            token.Id, isPerson ? "person" : "node", isPerson ? Caller.RoleName(token.Role) : null, token.Tenant.Length > 0 ? token.Tenant : null, token.Name.Length > 0 ? token.Name : null,
            token.CreatedUs, token.ExpiresUs, token.CreatedBy, token.SpentByNode.Length > 0 ? token.SpentByNode : null);
    }
}
