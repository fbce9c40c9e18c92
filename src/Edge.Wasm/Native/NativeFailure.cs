using System.Text;

namespace Edge.Wasm.Native;

/// <summary>
/// What a <c>wasmtime_error_t</c> or <c>wasm_trap_t</c> said, read once; the native object is freed. <see cref="Text"/> is Wasmtime's whole message: cause, backtrace
/// with <c>file:line</c> where the module has DWARF, context.
/// </summary>
internal sealed record NativeFailure(string Text, TrapCode? Code, IReadOnlyList<NativeFrame> Frames)
{
    /// <summary>The text without the backtrace, in one line.</summary>
    public string Cause
    {
        get
        {
            var at = Text.IndexOf("Caused by:", StringComparison.Ordinal);
            var cause = at < 0 ? Text : Text[(at + "Caused by:".Length)..];
            return string.Join("; ", cause.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        }
    }

    /// <summary>Takes the error or the trap of a call; null when there is neither.</summary>
    public static NativeFailure? Take(nint error, nint trap) => error != 0 ? TakeError(error) : trap != 0 ? TakeTrap(trap) : null;

    /// <summary>Takes an error that has no guest behind it.</summary>
    public static unsafe NativeFailure TakeError(nint error)
    {
        WasmVector message, frames;
        WasmtimeApi.ErrorMessage(error, &message);
        WasmtimeApi.ErrorTrace(error, &frames);
        // The frames point into the error: read them before it goes.
        var failure = new NativeFailure(TakeText(&message), null, TakeFrames(&frames));
        WasmtimeApi.ErrorDelete(error);
        return failure;
    }

    private static unsafe NativeFailure TakeTrap(nint trap)
    {
        WasmVector message, frames;
        byte code;
        WasmtimeApi.TrapMessage(trap, &message);
        WasmtimeApi.TrapTrace(trap, &frames);
        var hasCode = WasmtimeApi.TrapCode(trap, &code);
        var failure = new NativeFailure(TakeText(&message), hasCode ? (TrapCode)code : null, TakeFrames(&frames));
        WasmtimeApi.TrapDelete(trap);
        return failure;
    }

    private static unsafe string TakeText(WasmVector* bytes)
    {
        var text = Encoding.UTF8.GetString(bytes->Bytes).TrimEnd('\0');
        WasmtimeApi.BytesDelete(bytes);
        return text;
    }

    private static unsafe NativeFrame[] TakeFrames(WasmVector* frames)
    {
        var read = new NativeFrame[(int)frames->Count];
        for (var i = 0; i < read.Length; i++)
        {
            var frame = frames->Items[i];
            var name = WasmtimeApi.FrameFunctionName(frame);
            read[i] = new(
                name is null ? null : Encoding.UTF8.GetString(name->Bytes),
                WasmtimeApi.FrameFunctionIndex(frame),
                (long)WasmtimeApi.FrameModuleOffset(frame));
        }

        WasmtimeApi.FramesDelete(frames);
        return read;
    }
}

/// <summary>A guest frame as Wasmtime gives it: no line, and no name without a name section.</summary>
internal readonly record struct NativeFrame(string? Name, uint Index, long Offset);

/// <summary><c>wasmtime_trap_code_t</c>, as far as core modules of ABI 1 can trap.</summary>
internal enum TrapCode : byte
{
    StackOverflow = 0,
    MemoryOutOfBounds = 1,
    HeapMisaligned = 2,
    TableOutOfBounds = 3,
    IndirectCallToNull = 4,
    BadSignature = 5,
    IntegerOverflow = 6,
    IntegerDivisionByZero = 7,
    BadConversionToInteger = 8,
    UnreachableCodeReached = 9,
    Interrupt = 10,
}
