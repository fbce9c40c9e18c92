using Edge.Wasm.Native;

namespace Edge.Wasm.Instances;

/// <summary>
/// An export of integers, resolved once, for calls that are not one of the ABI's kinds (benchmarks, tests, tools). Every call has its own
/// deadline; nothing is allocated. Lives and dies with its instance.
/// </summary>
public sealed unsafe class TypedCall
{
    private readonly ModuleInstance _instance;
    private readonly string _export;
    private readonly int _parameters;
    private readonly ResultKind _result;
    private WasmFunc _function;

    internal TypedCall(ModuleInstance instance, string export, WasmFunc function, int parameters, ResultKind result)
    {
        _instance = instance;
        _export = export;
        _function = function;
        _parameters = parameters;
        _result = result;
    }

    internal enum ResultKind
    {
        None,
        I32,
        I64,
    }

    /// <summary>Calls an export without parameters. The value is what the guest returned, whatever its sign; 0 if it returns nothing.</summary>
    public CallOutcome Call()
    {
        ValueRaw value = default;
        return Finish(&value, 0);
    }

    /// <summary>Calls an export with one i32 parameter.</summary>
    public CallOutcome Call(int a)
    {
        var value = new ValueRaw { I32 = a };
        return Finish(&value, 1);
    }

    /// <summary>Calls an export with two i32 parameters.</summary>
    public CallOutcome Call(int a, int b)
    {
        var values = stackalloc ValueRaw[2];
        values[0].I64 = (uint)a;
        values[1].I64 = (uint)b;
        return Finish(values, 2);
    }

    private CallOutcome Finish(ValueRaw* values, int count)
    {
        if (count != _parameters) throw new ArgumentException($"Export {_export} has {_parameters} parameters; {count} were given.");
        var fault = _instance.CallRaw(ref _function, values, (nuint)Math.Max(1, count), _export);
        if (fault is not null) return new(0, fault);
        return new(_result switch { ResultKind.I32 => values->I32, ResultKind.I64 => values->I64, _ => 0 }, null);
    }
}
