namespace Edge.Node.Admin.Routes;

/// <summary>A token to be made.</summary>
internal sealed record NewTokenView
{
    /// <summary>node or person.</summary>
    public string Purpose { get; set; } = "person";

    /// <summary>viewer, operator or admin.</summary>
    public string Role { get; set; } = "";

    /// <summary>The one tenant that it is for; empty: all.</summary>
    public string Tenant { get; set; } = "";

    /// <summary>Whose it is; stands in the audit log.</summary>
    public string Name { get; set; } = "";

    /// <summary>After how many seconds it ends. 0: a person's never, a node's after an hour.</summary>
    public long ExpiresInS { get; set; }
}

/// <summary>A token that was made; its text is shown this once.</summary>
internal sealed record IssuedTokenView(string Token, TokenView About);

/// <summary>A token, without its secret.</summary>
internal sealed record TokenView(string Id, string Purpose, string? Role, string? Tenant, string? Name, long CreatedUs, long ExpiresUs, string CreatedBy, string? SpentByNode);

/// <summary>Tokens.</summary>
internal sealed record TokenListView(ulong Index, IReadOnlyList<TokenView> Items);
