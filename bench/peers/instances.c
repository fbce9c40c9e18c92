/* Instances from C. Usage: instances MODULE.wasm LIVE CYCLES; prints "compile ms", "load ms", "cycle us", "rss kB" (per instance, of LIVE live ones)
 * and "total_rss MB" of this process with LIVE live ones. WASI is the library's own; imports of the module "edge" do nothing. */
#include "wasmtime_peer.h"

enum { COMPILES = 5, LOADS = 31, ROUNDS = 101, DEADLINE_TICKS = 501 };

static engine_t *engine;
static pre_t *pre;
static bool needs_wasi;

static trap_t *nothing(void *env, caller_t *caller, raw_t *values, size_t count) {
  (void)env, (void)caller;
  if (count) values[0].i64 = 0;
  return NULL;
}

static void link_module(module_t *module) {
  linker_t *linker = wasmtime_linker_new(engine);
  require(wasmtime_linker_define_wasi(linker), NULL, "wasi");
  pointers_t imports;
  wasmtime_module_imports(module, &imports);
  for (size_t i = 0; i < imports.size; i++) {
    const bytes_t *from = wasm_importtype_module(imports.data[i]), *name = wasm_importtype_name(imports.data[i]);
    if (from->size != 4 || memcmp(from->data, "edge", 4)) { needs_wasi = true; continue; }
    require(wasmtime_linker_define_func_unchecked(
                linker, "edge", 4, (char *)name->data, name->size,
                wasm_externtype_as_functype_const(wasm_importtype_type(imports.data[i])), nothing, NULL, NULL),
            NULL, "define");
  }
  require(wasmtime_linker_instantiate_pre(linker, module, &pre), NULL, "link");
}

static int32_t call(context_t *context, instance_t *instance, const char *name, int32_t argument) {
  extern_t item;
  if (!export_of(context, instance, name, &item)) return 0;
  raw_t values[2] = {{.i32 = argument}, {.i32 = 0}};
  trap_t *trap = NULL;
  error_t *error = wasmtime_func_call_unchecked(context, &item.of.func, values, 2, &trap);
  require(error, trap, name);
  return values[0].i32;
}

static store_t *create(void) {
  store_t *store = wasmtime_store_new(engine, NULL, NULL);
  context_t *context = wasmtime_store_context(store);
  wasmtime_store_limiter(store, 64 << 20, 65536, 1, 1, 1);
  if (needs_wasi) require(wasmtime_context_set_wasi(context, wasi_config_new()), NULL, "wasi");
  wasmtime_context_set_epoch_deadline(context, DEADLINE_TICKS);
  instance_t instance;
  trap_t *trap = NULL;
  error_t *error = wasmtime_instance_pre_instantiate(pre, context, &instance, &trap);
  require(error, trap, "instantiate");
  call(context, &instance, "_initialize", 0);
  call(context, &instance, "edge_init", 0);
  return store;
}

static long rss_kb(void) {
  long pages = 0, resident = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  if (!file || fscanf(file, "%ld %ld", &pages, &resident) != 2) exit(1);
  fclose(file);
  return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static double compile_ms(bytes_t wasm, module_t **module) {
  double times[COMPILES];
  for (int i = 0; i < COMPILES; i++) {
    double start = now_ns();
    require(wasmtime_module_new(engine, wasm.data, wasm.size, module), NULL, "compile");
    times[i] = (now_ns() - start) / 1e6;
    if (i + 1 < COMPILES) wasmtime_module_delete(*module);
  }
  return median(times, COMPILES);
}

static double load_ms(module_t *module) {
  char path[] = "/tmp/edge-bench-XXXXXX";
  int fd = mkstemp(path);
  bytes_t code;
  require(wasmtime_module_serialize(module, &code), NULL, "serialize");
  if (fd < 0 || write(fd, code.data, code.size) != (ssize_t)code.size) { perror(path); exit(1); }
  close(fd);
  double times[LOADS];
  for (int i = 0; i < LOADS; i++) {
    module_t *loaded;
    double start = now_ns();
    require(wasmtime_module_deserialize_file(engine, path, &loaded), NULL, "load");
    times[i] = (now_ns() - start) / 1e6;
    wasmtime_module_delete(loaded);
  }
  unlink(path);
  return median(times, LOADS);
}

static double cycle_us(int cycles) {
  double times[ROUNDS];
  for (int r = -20; r < ROUNDS; r++) {
    double start = now_ns();
    for (int i = 0; i < cycles; i++) wasmtime_store_delete(create());
    if (r >= 0) times[r] = (now_ns() - start) / 1e3 / cycles;
  }
  return median(times, ROUNDS);
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  int live = atoi(argv[2]);
  engine = new_engine(20001);
  start_ticker(engine);
  module_t *module;
  printf("compile %.3f\n", compile_ms(read_file(argv[1]), &module));
  printf("load %.4f\n", load_ms(module));
  link_module(module);
  printf("cycle %.2f\n", cycle_us(atoi(argv[3])));
  wasmtime_store_delete(create());
  long before = rss_kb();
  for (int i = 0; i < live; i++) create();
  long after = rss_kb();
  printf("rss %.1f\ntotal_rss %.1f\n", (double)(after - before) / live, after / 1024.0);
  return 0;
}
