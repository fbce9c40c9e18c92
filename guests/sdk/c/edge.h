/* edge.h - the Edge guest ABI 1 for C, one header. The contract is guests/ABI.md; the numbers in brackets are its sections.
 *
 * Define the functions of one kind, with the macros below, and build with build.sh. Nothing here needs libc.
 *
 *     #include "edge.h"
 *     EDGE_HANDLER { return edge_emit(0, payload, payload_len, 0); }
 *
 * edge.h defines edge_alloc and edge_abi itself: include it from exactly one source file, and define EDGE_DECLARATIONS_ONLY
 * before including it from any other. A guest with an allocator of its own defines EDGE_NO_ALLOC and exports edge_alloc.
 */
#ifndef EDGE_H
#define EDGE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define EDGE_C extern "C"
#else
#define EDGE_C
#endif

#define EDGE_EXPORT(name) EDGE_C __attribute__((export_name(#name), visibility("default")))
#ifdef __wasm__
#define EDGE_IMPORT(name) EDGE_C __attribute__((import_module("edge"), import_name(#name)))
#else
#define EDGE_IMPORT(name) EDGE_C /* a native build of a guest, for its tests, supplies these functions */
#endif

/* Error codes [7]. Codes of your own: EDGE_E_OWN and below. */
enum {
    EDGE_E_INVALID = -1,
    EDGE_E_DENIED = -2,
    EDGE_E_NOT_FOUND = -3,
    EDGE_E_LIMIT = -4,
    EDGE_E_IO = -5,
    EDGE_E_TIMEOUT = -6,
    EDGE_E_UNSUPPORTED = -7,
    EDGE_E_STATE = -8,
    EDGE_E_OWN = -100
};

enum { EDGE_TRACE, EDGE_DEBUG, EDGE_INFO, EDGE_WARNING, EDGE_ERROR };
enum { EDGE_QOS0, EDGE_QOS1, EDGE_QOS2, EDGE_RETAIN = 4 };

/* The block header of a stream [4]. */
enum { EDGE_F32, EDGE_F64, EDGE_I32 };
enum { EDGE_GAP = 1, EDGE_RESET = 2 };

typedef struct {
    int64_t time_us;
    double rate_hz;
    uint32_t type;
    uint32_t flags;
    int64_t sequence;
} edge_block;

_Static_assert(sizeof(edge_block) == 32, "ABI.md section 4");

/* Imports [6]: each but emit needs its grant. 0 or above is success. */
EDGE_IMPORT(emit) int32_t edge_emit(int32_t port, const void *bytes, int32_t len, int64_t time_us);
EDGE_IMPORT(log) int32_t edge_log(int32_t level, const char *text, int32_t len);
EDGE_IMPORT(publish)
int32_t edge_publish(const char *topic, int32_t topic_len, const void *payload, int32_t payload_len, int32_t flags);
EDGE_IMPORT(kv_get) int32_t edge_kv_get(const char *key, int32_t key_len, void *buf, int32_t cap);
EDGE_IMPORT(kv_put) int32_t edge_kv_put(const char *key, int32_t key_len, const void *val, int32_t val_len);
EDGE_IMPORT(metric) int32_t edge_metric(const char *name, int32_t len, double value);
EDGE_IMPORT(gpio_read) int32_t edge_gpio_read(int32_t line);
EDGE_IMPORT(gpio_write) int32_t edge_gpio_write(int32_t line, int32_t value);
EDGE_IMPORT(http_fetch) int32_t edge_http_fetch(const void *request, int32_t len, void *buf, int32_t cap);

/* The heads of the exports [1, 3]: EDGE_HANDLER { ... return 0; } */
#define EDGE_HANDLER \
    EDGE_EXPORT(edge_handle) \
    int32_t edge_handle(const char *topic, int32_t topic_len, char *payload, int32_t payload_len, int64_t time_us)
#define EDGE_STREAM EDGE_EXPORT(edge_stream) int32_t edge_stream(const edge_block *block, void *samples, int32_t n)
#define EDGE_ENCODE EDGE_EXPORT(edge_encode) int32_t edge_encode(const uint8_t *bytes, int32_t len)
#define EDGE_DECODE EDGE_EXPORT(edge_decode) int32_t edge_decode(const uint8_t *bytes, int32_t len)
#define EDGE_HTTP EDGE_EXPORT(edge_http) int64_t edge_http(char *request, int32_t len)
#define EDGE_INIT EDGE_EXPORT(edge_init) int32_t edge_init(const char *config, int32_t len)
#define EDGE_SNAPSHOT EDGE_EXPORT(edge_snapshot) int64_t edge_snapshot(void)
#define EDGE_RESTORE EDGE_EXPORT(edge_restore) int32_t edge_restore(const void *saved, int32_t len)
#define EDGE_CLEANUP EDGE_EXPORT(edge_cleanup) void edge_cleanup(void)

/* The i64 result of edge_http and edge_snapshot: these bytes stay as they are until the next call. */
static inline int64_t edge_bytes(const void *bytes, int32_t len)
{
    return (int64_t)((uint64_t)(uintptr_t)bytes << 32 | (uint32_t)len);
}

/* Finds "name" in a flat JSON object and returns what follows its colon, or NULL. Enough for a config; no general parser. */
static inline const char *edge_json_find(const char *json, int32_t len, const char *name)
{
    int32_t depth = 0, name_len = 0;
    while (name[name_len]) name_len++;
    for (int32_t i = 0; i < len; i++) {
        if (json[i] == '{' || json[i] == '[') depth++;
        else if (json[i] == '}' || json[i] == ']') depth--;
        else if (json[i] == '"') {
            int32_t start = ++i;
            while (i < len && json[i] != '"') i += json[i] == '\\' ? 2 : 1;
            int32_t k = 0;
            while (k < name_len && start + k < i && json[start + k] == name[k]) k++;
            int32_t colon = i + 1;
            while (colon < len && (json[colon] == ' ' || json[colon] == '\n')) colon++;
            if (depth == 1 && k == name_len && start + k == i && colon < len && json[colon] == ':') {
                do colon++; while (colon < len && (json[colon] == ' ' || json[colon] == '\n'));
                return colon < len ? json + colon : NULL;
            }
        }
    }
    return NULL;
}

/* Reads a decimal number ("-12.5e3") between *at and end and moves *at behind it; leaves *at alone and returns 0 if there is none. */
static inline double edge_number(const char **at, const char *end)
{
    const char *p = *at;
    double sign = 1, value = 0;
    int32_t digits = 0, scale = 0, exponent = 0, negative = 0;
    if (p < end && (*p == '-' || *p == '+')) sign = *p++ == '-' ? -1 : 1;
    for (; p < end && *p >= '0' && *p <= '9'; p++, digits++) value = value * 10 + (*p - '0');
    if (p < end && *p == '.')
        for (p++; p < end && *p >= '0' && *p <= '9'; p++, digits++, scale--) value = value * 10 + (*p - '0');
    if (!digits) return 0;
    if (p < end && (*p == 'e' || *p == 'E')) {
        const char *q = p + 1;
        int32_t e = 0, any = 0;
        if (q < end && (*q == '-' || *q == '+')) negative = *q++ == '-';
        for (; q < end && *q >= '0' && *q <= '9' && e < 1000; q++, any = 1) e = e * 10 + (*q - '0');
        if (any) exponent = negative ? -e : e, p = q;
    }
    *at = p;
    exponent += scale;
    double power = 1;
    for (int32_t i = exponent < 0 ? -exponent : exponent; i > 0; i--) power *= 10;
    return sign * (exponent < 0 ? value / power : value * power);
}

/* Writes a number with at most so many decimals (0-9), rounded, without trailing zeros, to at least 24 bytes; returns its length.
 * What is not below 9e9 in size is written as null. */
static inline int32_t edge_write_number(double value, int32_t decimals, char *to)
{
    char digits[24];
    int32_t n = 0, len = 0;
    double size = value < 0 ? -value : value, power = 1;
    if (!(size < 9e9)) return __builtin_memcpy(to, "null", 4), 4;
    for (int32_t i = 0; i < decimals; i++) power *= 10;
    uint64_t scaled = (uint64_t)(size * power + 0.5);
    if (value < 0 && scaled) to[len++] = '-';
    while (decimals && scaled % 10 == 0) scaled /= 10, decimals--;
    int32_t least = decimals ? decimals + 2 : 1; /* at least one digit before the point */
    do {
        digits[n++] = (char)('0' + scaled % 10);
        scaled /= 10;
        if (n == decimals) digits[n++] = '.';
    } while (scaled || n < least);
    while (n) to[len++] = digits[--n];
    return len;
}

#ifndef EDGE_DECLARATIONS_ONLY

EDGE_EXPORT(edge_abi) int32_t edge_abi(void)
{
    return 1;
}

/* The host's buffers [5], from a bump allocator behind the data. A guest that also uses malloc defines EDGE_USE_MALLOC: both would grow the same heap. */
#if defined EDGE_USE_MALLOC
#include <stdlib.h>

EDGE_EXPORT(edge_alloc) void *edge_alloc(int32_t size)
{
    return size > 0 ? malloc((size_t)size) : NULL;
}
#elif !defined EDGE_NO_ALLOC && defined __wasm__
extern unsigned char __heap_base;

EDGE_EXPORT(edge_alloc) void *edge_alloc(int32_t size)
{
    static uintptr_t next;
    if (size <= 0 || size > 1 << 24) return NULL;
    if (!next) next = ((uintptr_t)&__heap_base + 15) & ~(uintptr_t)15;
    uintptr_t need = ((uintptr_t)size + 15) & ~(uintptr_t)15, have = (uintptr_t)__builtin_wasm_memory_size(0) << 16;
    if (next + need > have && __builtin_wasm_memory_grow(0, (next + need - have + 65535) >> 16) == (size_t)-1) return NULL;
    void *block = (void *)next;
    next += need;
    return block;
}
#endif

#endif /* EDGE_DECLARATIONS_ONLY */
#endif /* EDGE_H */
