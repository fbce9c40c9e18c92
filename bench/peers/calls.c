/* Calls across the boundary from C: what the same library can do with nothing in between. Usage: calls MODULE.wasm
 * Prints one "id nanoseconds" a line: the median of rounds of about a millisecond, so that
 * other work on the machine spoils single rounds and not the median. Each call arms its deadline, as the module host does. */
#include "wasmtime_peer.h"

enum { ROUNDS = 301, CALLS = 20000, CALLBACKS = 20000, BLOCKS = 4000, DEADLINE_TICKS = 26 };

static context_t *context;
static memory_t memory;
static uint8_t emitted[4096];

/* gpio_read(line): no such line. */
static trap_t *gpio_read_import(void *env, caller_t *caller, raw_t *values, size_t count) {
  (void)env, (void)caller, (void)count;
  values[0].i32 = -3;
  return NULL;
}

/* emit(port, ptr, len, time_us): the bytes are copied out, as the host's buffered effects do. */
static trap_t *emit_import(void *env, caller_t *caller, raw_t *values, size_t count) {
  (void)env, (void)caller, (void)count;
  memcpy(emitted, wasmtime_memory_data(context, &memory) + (uint32_t)values[1].i32, (uint32_t)values[2].i32 & 4095);
  values[0].i32 = 0;
  return NULL;
}

static void call(func_t *function, raw_t *values, size_t count) {
  trap_t *trap = NULL;
  wasmtime_context_set_epoch_deadline(context, DEADLINE_TICKS);
  error_t *error = wasmtime_func_call_unchecked(context, function, values, count, &trap);
  require(error, trap, "call");
}

static void define(linker_t *linker, module_t *module) {
  pointers_t imports;
  wasmtime_module_imports(module, &imports);
  for (size_t i = 0; i < imports.size; i++) {
    const bytes_t *from = wasm_importtype_module(imports.data[i]), *name = wasm_importtype_name(imports.data[i]);
    callback_t body = name->size == 4 && !memcmp(name->data, "emit", 4) ? emit_import : gpio_read_import;
    require(wasmtime_linker_define_func_unchecked(
                linker, (char *)from->data, from->size, (char *)name->data, name->size,
                wasm_externtype_as_functype_const(wasm_importtype_type(imports.data[i])), body, NULL, NULL),
            NULL, "define");
  }
}

static double typed_call(func_t *add) {
  double start = now_ns();
  for (int i = 0; i < CALLS; i++) {
    raw_t values[2] = {{.i32 = i}, {.i32 = 1}};
    call(add, values, 2);
    if (values[0].i32 != i + 1) exit(3);
  }
  return (now_ns() - start) / CALLS;
}

static double callback(func_t *loop) {
  raw_t values[1] = {{.i32 = CALLBACKS}};
  double start = now_ns();
  call(loop, values, 1);
  return (now_ns() - start) / CALLBACKS;
}

static double bytes_1k(func_t *handle, uint32_t at) {
  static uint8_t in[1024], out[1024];
  double start = now_ns();
  for (int i = 0; i < BLOCKS; i++) {
    in[0] = (uint8_t)i;
    memcpy(wasmtime_memory_data(context, &memory) + at + 16, in, sizeof in);
    raw_t values[5] = {{.i32 = at}, {.i32 = 2}, {.i32 = at + 16}, {.i32 = sizeof in}, {.i64 = 0}};
    call(handle, values, 5);
    memcpy(out, emitted, sizeof out);
    if (out[0] != (uint8_t)~i) exit(4);
  }
  return (now_ns() - start) / BLOCKS;
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  engine_t *engine = new_engine(256);
  start_ticker(engine);
  bytes_t wasm = read_file(argv[1]);
  module_t *module;
  require(wasmtime_module_new(engine, wasm.data, wasm.size, &module), NULL, "compile");
  linker_t *linker = wasmtime_linker_new(engine);
  define(linker, module);
  pre_t *pre;
  require(wasmtime_linker_instantiate_pre(linker, module, &pre), NULL, "link");
  store_t *store = wasmtime_store_new(engine, NULL, NULL);
  context = wasmtime_store_context(store);
  wasmtime_context_set_epoch_deadline(context, DEADLINE_TICKS);
  instance_t instance;
  trap_t *trap = NULL;
  error_t *error = wasmtime_instance_pre_instantiate(pre, context, &instance, &trap);
  require(error, trap, "instantiate");
  extern_t item;
  if (!export_of(context, &instance, "memory", &item)) return 1;
  memory = item.of.memory;
  func_t add = func_of(context, &instance, "add"), loop = func_of(context, &instance, "callbacks");
  func_t alloc = func_of(context, &instance, "edge_alloc"), handle = func_of(context, &instance, "edge_handle");
  raw_t size[1] = {{.i32 = 2048}};
  call(&alloc, size, 1);

  double typed[ROUNDS], back[ROUNDS], bytes[ROUNDS];
  for (int r = 0; r < ROUNDS; r++) {
    typed[r] = typed_call(&add);
    back[r] = callback(&loop);
    bytes[r] = bytes_1k(&handle, (uint32_t)size[0].i32);
  }
  printf("typed_call %.2f\ncallback %.2f\nbytes_1k %.2f\n", median(typed, ROUNDS), median(back, ROUNDS), median(bytes, ROUNDS));
  return 0;
}
