namespace Edge.Node.Admin.Routes;

/// <summary>Who changed what.</summary>
internal sealed record AuditEntryView(ulong Index, long TimeUs, string Who, string Verb, string Subject, string Detail);

/// <summary>The audit log, oldest first.</summary>
internal sealed record AuditView(ulong Index, IReadOnlyList<AuditEntryView> Items);
