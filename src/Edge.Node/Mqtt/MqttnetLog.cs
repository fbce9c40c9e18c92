using Microsoft.Extensions.Logging;
using MQTTnet.Diagnostics.Logger;

namespace Edge.Node.Mqtt;

/// <summary>
/// The library's log. It reports what clients do wrong as its own warnings and errors, which the broker has counted and answered already: so all of it is Debug.
/// </summary>
internal sealed partial class MqttnetLog(ILogger log) : IMqttNetLogger
{
    /// <inheritdoc/>
    public bool IsEnabled => log.IsEnabled(LogLevel.Debug);

    /// <inheritdoc/>
    public void Publish(MqttNetLogLevel level, string source, string message, object[] parameters, Exception? exception)
    {
        if (level is MqttNetLogLevel.Warning or MqttNetLogLevel.Error && IsEnabled)
        {
            LogLibrary(source, parameters is { Length: > 0 } ? string.Format(System.Globalization.CultureInfo.InvariantCulture, message, parameters) : message, exception);
        }
    }

    [LoggerMessage(3010, LogLevel.Debug, "{Source}: {Message}")]
    private partial void LogLibrary(string source, string message, Exception? exception);
}
