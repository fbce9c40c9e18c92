namespace Edge.Node.Configuration.Fields;

/// <summary>Of these fields of a manifest type exactly one is written.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ExactlyOneAttribute(params string[] fields) : Attribute
{
    public IReadOnlyList<string> Fields => fields;
}
