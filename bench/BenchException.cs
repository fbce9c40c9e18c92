namespace Edge.Bench;

/// <summary>The benchmark cannot measure us; the message says why and what to do.</summary>
internal sealed class BenchException(string message) : Exception(message);
