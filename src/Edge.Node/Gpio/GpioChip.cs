using System.Device.Gpio;

namespace Edge.Node.Gpio;

/// <summary>One open chip. A line that fails is told once and tried again the next time.</summary>
internal sealed partial class GpioChip(string name, GpioController controller, ILogger log) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<int> _failing = [];

    /// <summary>Null when the line does not exist or does not answer. A line that was driven before keeps its direction.</summary>
    public bool? Read(int line)
    {
        lock (_gate)
        {
            return Try(line, () =>
            {
                if (!controller.IsPinOpen(line)) controller.OpenPin(line, PinMode.Input);
                return controller.Read(line) == PinValue.High;
            });
        }
    }

    /// <summary>Makes it an output with this value from the first moment, then drives it. False when it does not exist or does not answer.</summary>
    public bool Write(int line, bool high)
    {
        var value = high ? PinValue.High : PinValue.Low;
        lock (_gate)
        {
            return Try(line, () =>
            {
                if (!controller.IsPinOpen(line))
                {
                    controller.OpenPin(line, PinMode.Output, value);
                    return true;
                }
                if (controller.GetPinMode(line) != PinMode.Output) controller.SetPinMode(line, PinMode.Output);
                controller.Write(line, value);
                return true;
            }) ?? false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => controller.Dispose();

    private bool? Try(int line, Func<bool> use)
    {
        try
        {
            var result = use();
            _failing.Remove(line);
            return result;
        }
        catch (Exception failure) when (failure is IOException or InvalidOperationException or ArgumentException or UnauthorizedAccessException or NotSupportedException or System.ComponentModel.Win32Exception)
        {
            if (_failing.Add(line)) LineFails(log, name, line, failure.Message);
            return null;
        }
    }

    [LoggerMessage(7052, LogLevel.Warning, "GPIO line {Chip}/{Line} does not answer: {Reason}")]
    private static partial void LineFails(ILogger log, string chip, int line, string reason);
}
