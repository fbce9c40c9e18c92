namespace Edge.Node.Configuration;

/// <summary>One mistake in the manifests: where, and a text that says what is wrong (with its value), what is allowed and what to do.</summary>
/// <param name="Place">Where.</param>
/// <param name="Message">The text, one line, without control characters.</param>
public sealed record Finding(Place Place, string Message)
{
    /// <summary><c>file:line:column message</c>.</summary>
    public override string ToString() => $"{Place} {Message}";
}
