namespace Edge.Cluster.Trust;

/// <summary>What became of a token's text.</summary>
/// <typeparam name="T">Kind of token.</typeparam>
public abstract record TokenParse<T>
{
    private TokenParse()
    {
    }

    /// <summary>It is one.</summary>
    public sealed record Parsed(T Token) : TokenParse<T>;

    /// <summary>It is none.</summary>
    /// <param name="Message">For people; never repeats the secret.</param>
    public sealed record Wrong(string Message) : TokenParse<T>;
}
