namespace Edge.Node.Storage;

/// <summary>The data folder cannot be used; the message says which, why, and what to do.</summary>
public sealed class DataFolderException(string message, Exception? inner = null) : IOException(message, inner);
