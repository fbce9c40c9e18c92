namespace Edge.Node.Admin.Routes;

/// <summary>Manifests handed in. Settable, as all requests are: the generated reader gives init-only properties that a request leaves out null instead of their default.</summary>
internal sealed record ApplyView
{
    /// <summary>The manifests.</summary>
    public IReadOnlyList<ManifestFileView> Files { get; set; } = [];

    /// <summary>Judge and say what would be done, and do nothing.</summary>
    public bool DryRun { get; set; }

    /// <summary>Refuse what is there already.</summary>
    public bool Create { get; set; }

    /// <summary>Versions that the edits were made of; those not named are taken as they are.</summary>
    public IReadOnlyList<ExpectedVersionView> Expected { get; set; } = [];
}

/// <summary>A manifest file: its name for messages, its YAML or JSON, and of each module file that it names the digest.</summary>
internal sealed record ManifestFileView(string Name, string Text)
{
    /// <summary>Module file as written in the manifest → <c>sha256:…</c>.</summary>
    public IReadOnlyDictionary<string, string> Modules { get; set; } = new Dictionary<string, string>();
}

/// <summary>A version that an edit was made of.</summary>
internal sealed record ExpectedVersionView(string Kind, string Tenant, string Name, ulong Version);

/// <summary>What applying did, or would do.</summary>
internal sealed record AppliedView(ulong Index, bool DryRun, IReadOnlyList<AppliedItemView> Items);

/// <summary>What became of one document: created, changed or unchanged.</summary>
internal sealed record AppliedItemView(string Kind, string Tenant, string Name, string Outcome, ulong Version);

/// <summary>What was read, and every mistake.</summary>
internal sealed record ValidatedView(int Files, int Objects, IReadOnlyList<FindingView> Mistakes);

/// <summary>How documents differ from the book.</summary>
internal sealed record DiffView(ulong Index, IReadOnlyList<DiffItemView> Items);

/// <summary>How one document differs.</summary>
internal sealed record DiffItemView(string Kind, string Tenant, string Name, string Outcome, ulong Version, IReadOnlyList<FieldChangeView> Changes);

/// <summary>A field that differs; a side that does not have it is absent.</summary>
internal sealed record FieldChangeView(string Path, string? Old, string? New);

/// <summary>What was deleted, and at which index.</summary>
internal sealed record DeletedView(ulong Index, string Subject);

/// <summary>Bytes that were taken in.</summary>
internal sealed record UploadedView(string Digest, bool WasThere);

/// <summary>A command that was carried out.</summary>
internal sealed record DoneView(ulong Index);
