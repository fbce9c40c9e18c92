/* The part of Wasmtime's C API 50 that the C peers use, declared here so that they need the library and no headers, and an engine
 * configured as src/Edge.Wasm/Native/EngineConfiguration.cs does: epoch deadlines, pooled slots, no collector, no threads. */
#ifndef WASMTIME_PEER_H
#define WASMTIME_PEER_H

#define _GNU_SOURCE
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

typedef struct config config_t;
typedef struct pool pool_t;
typedef struct engine engine_t;
typedef struct module module_t;
typedef struct linker linker_t;
typedef struct store store_t;
typedef struct context context_t;
typedef struct pre pre_t;
typedef struct error error_t;
typedef struct trap trap_t;
typedef struct caller caller_t;
typedef struct functype functype_t;
typedef struct wasi_config wasi_config_t;
typedef struct { size_t size; uint8_t *data; } bytes_t;
typedef struct { size_t size; void **data; } pointers_t;
typedef union { int32_t i32; int64_t i64; double f64; uint8_t v128[16]; } raw_t;
typedef struct { uint64_t store; void *inner; } func_t;
typedef struct { uint64_t store; uint32_t a; uint32_t pad; uint32_t b; uint32_t pad2; } memory_t;
typedef struct { uint64_t store; size_t inner; } instance_t;
typedef struct { uint8_t kind; union { func_t func; memory_t memory; } of; } extern_t;
typedef trap_t *(*callback_t)(void *env, caller_t *caller, raw_t *values, size_t count);

config_t *wasm_config_new(void);
engine_t *wasm_engine_new_with_config(config_t *);
void wasmtime_engine_increment_epoch(engine_t *);
void wasmtime_config_epoch_interruption_set(config_t *, bool);
void wasmtime_config_concurrency_support_set(config_t *, bool);
void wasmtime_config_max_wasm_stack_set(config_t *, size_t);
void wasmtime_config_native_unwind_info_set(config_t *, bool);
void wasmtime_config_wasm_threads_set(config_t *, bool);
void wasmtime_config_shared_memory_set(config_t *, bool);
void wasmtime_config_wasm_memory64_set(config_t *, bool);
void wasmtime_config_wasm_multi_memory_set(config_t *, bool);
void wasmtime_config_wasm_function_references_set(config_t *, bool);
void wasmtime_config_wasm_gc_set(config_t *, bool);
void wasmtime_config_wasm_exceptions_set(config_t *, bool);
void wasmtime_config_gc_support_set(config_t *, bool);
void wasmtime_config_memory_reservation_set(config_t *, uint64_t);
void wasmtime_config_memory_guard_size_set(config_t *, uint64_t);
void wasmtime_pooling_allocation_strategy_set(config_t *, const pool_t *);
pool_t *wasmtime_pooling_allocation_config_new(void);
void wasmtime_pooling_allocation_config_delete(pool_t *);
void wasmtime_pooling_allocation_config_total_core_instances_set(pool_t *, uint32_t);
void wasmtime_pooling_allocation_config_total_memories_set(pool_t *, uint32_t);
void wasmtime_pooling_allocation_config_total_tables_set(pool_t *, uint32_t);
void wasmtime_pooling_allocation_config_total_stacks_set(pool_t *, uint32_t);
void wasmtime_pooling_allocation_config_total_gc_heaps_set(pool_t *, uint32_t);
void wasmtime_pooling_allocation_config_max_memory_size_set(pool_t *, size_t);
void wasmtime_pooling_allocation_config_table_elements_set(pool_t *, size_t);
void wasmtime_pooling_allocation_config_linear_memory_keep_resident_set(pool_t *, size_t);
void wasmtime_pooling_allocation_config_table_keep_resident_set(pool_t *, size_t);
void wasmtime_error_message(const error_t *, bytes_t *);
void wasm_trap_message(const trap_t *, bytes_t *);
error_t *wasmtime_module_new(engine_t *, const uint8_t *, size_t, module_t **);
void wasmtime_module_delete(module_t *);
error_t *wasmtime_module_serialize(module_t *, bytes_t *);
error_t *wasmtime_module_deserialize_file(engine_t *, const char *, module_t **);
void wasmtime_module_imports(const module_t *, pointers_t *);
const bytes_t *wasm_importtype_module(const void *);
const bytes_t *wasm_importtype_name(const void *);
const void *wasm_importtype_type(const void *);
const functype_t *wasm_externtype_as_functype_const(const void *);
linker_t *wasmtime_linker_new(engine_t *);
error_t *wasmtime_linker_define_wasi(linker_t *);
error_t *wasmtime_linker_define_func_unchecked(
    linker_t *, const char *, size_t, const char *, size_t, const functype_t *, callback_t, void *, void (*)(void *));
error_t *wasmtime_linker_instantiate_pre(const linker_t *, const module_t *, pre_t **);
error_t *wasmtime_instance_pre_instantiate(const pre_t *, context_t *, instance_t *, trap_t **);
store_t *wasmtime_store_new(engine_t *, void *, void (*)(void *));
void wasmtime_store_delete(store_t *);
context_t *wasmtime_store_context(store_t *);
void wasmtime_store_limiter(store_t *, int64_t, int64_t, int64_t, int64_t, int64_t);
wasi_config_t *wasi_config_new(void);
error_t *wasmtime_context_set_wasi(context_t *, wasi_config_t *);
void wasmtime_context_set_epoch_deadline(context_t *, uint64_t);
bool wasmtime_instance_export_get(context_t *, const instance_t *, const char *, size_t, extern_t *);
error_t *wasmtime_func_call_unchecked(context_t *, const func_t *, raw_t *, size_t, trap_t **);
uint8_t *wasmtime_memory_data(const context_t *, const memory_t *);

static inline double now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static inline void require(error_t *error, trap_t *trap, const char *what) {
  if (!error && !trap) return;
  bytes_t text = {0};
  if (error) wasmtime_error_message(error, &text);
  else wasm_trap_message(trap, &text);
  fprintf(stderr, "%s: %.*s\n", what, (int)text.size, (char *)text.data);
  exit(1);
}

static inline engine_t *new_engine(uint32_t slots) {
  config_t *config = wasm_config_new();
  wasmtime_config_epoch_interruption_set(config, true);
  wasmtime_config_concurrency_support_set(config, false);
  wasmtime_config_wasm_threads_set(config, false);
  wasmtime_config_shared_memory_set(config, false);
  wasmtime_config_wasm_memory64_set(config, false);
  wasmtime_config_wasm_multi_memory_set(config, false);
  wasmtime_config_wasm_function_references_set(config, false);
  wasmtime_config_wasm_gc_set(config, false);
  wasmtime_config_wasm_exceptions_set(config, false);
  wasmtime_config_gc_support_set(config, false);
  wasmtime_config_native_unwind_info_set(config, false);
  wasmtime_config_max_wasm_stack_set(config, 512 << 10);
  wasmtime_config_memory_reservation_set(config, 4ULL << 30);
  wasmtime_config_memory_guard_size_set(config, 32 << 20);
  pool_t *pool = wasmtime_pooling_allocation_config_new();
  wasmtime_pooling_allocation_config_total_core_instances_set(pool, slots);
  wasmtime_pooling_allocation_config_total_memories_set(pool, slots);
  wasmtime_pooling_allocation_config_total_tables_set(pool, slots);
  wasmtime_pooling_allocation_config_max_memory_size_set(pool, (2ULL << 30) - 65536);
  wasmtime_pooling_allocation_config_table_elements_set(pool, 1000000);
  wasmtime_pooling_allocation_config_linear_memory_keep_resident_set(pool, 131072);
  wasmtime_pooling_allocation_config_table_keep_resident_set(pool, 16384);
  wasmtime_pooling_allocation_config_total_gc_heaps_set(pool, 0);
  wasmtime_pooling_allocation_config_total_stacks_set(pool, 0);
  wasmtime_pooling_allocation_strategy_set(config, pool);
  wasmtime_pooling_allocation_config_delete(pool);
  return wasm_engine_new_with_config(config);
}

static void *tick(void *engine) {
  const struct timespec ten_ms = {0, 10000000};
  for (;;) {
    nanosleep(&ten_ms, NULL);
    wasmtime_engine_increment_epoch(engine);
  }
  return NULL;
}

static inline void start_ticker(engine_t *engine) {
  pthread_t thread;
  pthread_create(&thread, NULL, tick, engine);
}

static inline bytes_t read_file(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) { perror(path); exit(1); }
  fseek(file, 0, SEEK_END);
  bytes_t bytes = {(size_t)ftell(file), NULL};
  rewind(file);
  bytes.data = malloc(bytes.size);
  if (fread(bytes.data, 1, bytes.size, file) != bytes.size) { perror(path); exit(1); }
  fclose(file);
  return bytes;
}

static inline bool export_of(context_t *context, instance_t *instance, const char *name, extern_t *item) {
  return wasmtime_instance_export_get(context, instance, name, strlen(name), item);
}

static inline func_t func_of(context_t *context, instance_t *instance, const char *name) {
  extern_t item;
  if (!export_of(context, instance, name, &item)) { fprintf(stderr, "no export %s\n", name); exit(1); }
  return item.of.func;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

static inline double median(double *values, int count) {
  qsort(values, count, sizeof *values, ascending);
  return values[count / 2];
}

#endif
