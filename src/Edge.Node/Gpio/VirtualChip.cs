using System.Device.Gpio;

namespace Edge.Node.Gpio;

/// <summary>
/// A GPIO chip in memory, a driver of System.Device.Gpio like the real one, so that machines without lines run the same code. Inputs read low until <see cref="Drive"/> says otherwise; nothing is kept
/// over a restart, as a real line keeps nothing over a power cut.
/// </summary>
internal sealed class VirtualChip : GpioDriver
{
    /// <summary>Lines of every virtual chip.</summary>
    public const int Lines = 64;

    private readonly Lock _gate = new();
    private readonly Line[] _lines = [.. Enumerable.Range(0, Lines).Select(_ => new Line())];

    protected override int PinCount => Lines;

    /// <summary>The level that the line has now, driven from either side.</summary>
    public bool IsHigh(int line)
    {
        lock (_gate) return _lines[line].Value == PinValue.High;
    }

    /// <summary>Whether the node drives the line.</summary>
    public bool IsOutput(int line)
    {
        lock (_gate) return _lines[line].Mode == PinMode.Output;
    }

    /// <summary>Drives an input from outside, as a sensor would; an output keeps what the node drives.</summary>
    public void Drive(int line, bool high)
    {
        if (!IsOutput(line)) Change(line, high ? PinValue.High : PinValue.Low);
    }

    protected override void OpenPin(int pinNumber) => ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)pinNumber, (uint)Lines, nameof(pinNumber));

    protected override void ClosePin(int pinNumber)
    {
        lock (_gate) _lines[pinNumber].Mode = PinMode.Input;
    }

    protected override bool IsPinModeSupported(int pinNumber, PinMode mode) => mode is PinMode.Input or PinMode.Output;

    protected override PinMode GetPinMode(int pinNumber)
    {
        lock (_gate) return _lines[pinNumber].Mode;
    }

    protected override void SetPinMode(int pinNumber, PinMode mode)
    {
        lock (_gate) _lines[pinNumber].Mode = mode;
    }

    protected override void SetPinMode(int pinNumber, PinMode mode, PinValue initialValue)
    {
        SetPinMode(pinNumber, mode);
        Change(pinNumber, initialValue);
    }

    protected override PinValue Read(int pinNumber)
    {
        lock (_gate) return _lines[pinNumber].Value;
    }

    protected override void Write(int pinNumber, PinValue value) => Change(pinNumber, value);

    protected override void Toggle(int pinNumber) => Change(pinNumber, !Read(pinNumber));

    protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback)
    {
        lock (_gate) _lines[pinNumber].Watchers.Add((eventTypes, callback));
    }

    protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback)
    {
        lock (_gate) _lines[pinNumber].Watchers.RemoveAll(watcher => watcher.Callback == callback);
    }

    protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken)
    {
        var changed = new TaskCompletionSource<PinEventTypes>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Changed(object sender, PinValueChangedEventArgs change) => changed.TrySetResult(change.ChangeType);
        AddCallbackForPinValueChangedEvent(pinNumber, eventTypes, Changed);
        try
        {
            changed.Task.Wait(cancellationToken);
            return new WaitForEventResult { EventTypes = changed.Task.Result };
        }
        catch (OperationCanceledException)
        {
            return new WaitForEventResult { TimedOut = true };
        }
        finally
        {
            RemoveCallbackForPinValueChangedEvent(pinNumber, Changed);
        }
    }

    private void Change(int line, PinValue value)
    {
        var edge = value == PinValue.High ? PinEventTypes.Rising : PinEventTypes.Falling;
        PinChangeEventHandler[] watchers;
        lock (_gate)
        {
            if (_lines[line].Value == value) return;
            _lines[line].Value = value;
            watchers = [.. _lines[line].Watchers.Where(watcher => (watcher.Events & edge) != 0).Select(watcher => watcher.Callback)];
        }
        foreach (var watcher in watchers) watcher(this, new PinValueChangedEventArgs(edge, line));
    }

    private sealed class Line
    {
        public PinMode Mode { get; set; } = PinMode.Input;

        public PinValue Value { get; set; } = PinValue.Low;

        public List<(PinEventTypes Events, PinChangeEventHandler Callback)> Watchers { get; } = [];
    }
}
