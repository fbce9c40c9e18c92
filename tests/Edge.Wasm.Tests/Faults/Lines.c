// A guest with line numbers: clang-19 --target=wasm32-wasi -nostdlib -O1 -g --no-wasm-opt -fdebug-prefix-map=$PWD=. -fno-inline
//   -Wl,--no-entry -Wl,--export=edge_alloc -Wl,--export=edge_handle -Wl,-z,stack-size=16384 -o Lines.wasm Lines.c
static unsigned char block[4096] __attribute__((aligned(16)));

void *edge_alloc(int size) { return size <= (int)sizeof block ? block : 0; }

static int ratio(int sum, int count)
{
    if (count == 0) __builtin_trap();
    return sum / count;
}

int edge_handle(const char *topic, int topic_len, const char *payload, int payload_len, long long time_us)
{
    (void)topic; (void)topic_len; (void)payload; (void)time_us;
    return ratio(100, payload_len);
}
