namespace Edge.Node.Demo;

/// <summary>The demo cannot go on; the message is for the person at the terminal and says what to do.</summary>
internal sealed class DemoException(string message) : Exception(message);
