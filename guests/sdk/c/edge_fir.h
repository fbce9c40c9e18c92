/* edge_fir.h - a finite impulse response filter for streams: y[i] = h[0] x[i] + h[1] x[i-1] + ... , history kept between blocks.
 *
 * 16 outputs a turn with 32 taps unrolled: the host checks the deadline at every loop's head and spills vector registers there, which
 * costs a tight loop over taps half its speed. Every output adds its products in the same order wherever blocks are cut, so the same samples
 * give the same bits. Works in clang and gcc, for wasm (-msimd128) and natively. An edge_fir is plain data: snapshot it as it is.
 */
#ifndef EDGE_FIR_H
#define EDGE_FIR_H

#include <stddef.h>
#include <stdint.h>

#ifndef EDGE_FIR_TAPS_MAX
#define EDGE_FIR_TAPS_MAX 256 /* a multiple of 32 */
#endif
enum { EDGE_FIR_CHUNK = 512 };

typedef float edge_f32x4 __attribute__((vector_size(16), aligned(4), may_alias));

typedef struct {
    int32_t taps;                      /* rounded up to a multiple of 32 */
    float h[EDGE_FIR_TAPS_MAX];        /* oldest sample's first, zeros in front */
    float history[EDGE_FIR_TAPS_MAX];  /* the last taps - 1 samples, oldest first */
} edge_fir;

/* Takes the coefficients, newest sample's first. 0, or -1 for a number of taps below 1 or above EDGE_FIR_TAPS_MAX. */
static inline int32_t edge_fir_init(edge_fir *f, const float *h, int32_t taps)
{
    if (taps < 1 || taps > EDGE_FIR_TAPS_MAX) return -1;
    __builtin_memset(f, 0, sizeof *f);
    f->taps = (taps + 31) & ~31;
    for (int32_t i = 0; i < taps; i++) f->h[f->taps - 1 - i] = h[i];
    return 0;
}

/* As if the stream had had this value for ever: no step at its start. */
static inline void edge_fir_prime(edge_fir *f, float value)
{
    for (int32_t i = 0; i < EDGE_FIR_TAPS_MAX; i++) f->history[i] = value;
}

/* Every tap stores its sums: Cranelift (Wasmtime's compiler) moves arithmetic to where its result is used and leaves loads where they are, so without the stores all
 * loads of 32 taps come first and go through the stack, which takes twice as long. The sums are not read back: it forwards what was stored. */
#define EDGE_FIR_TAP(k) \
    { \
        const edge_f32x4 c = {h[k], h[k], h[k], h[k]}; \
        to[0] = a0 += c * *(const edge_f32x4 *)(x + k); \
        to[1] = a1 += c * *(const edge_f32x4 *)(x + k + 4); \
        to[2] = a2 += c * *(const edge_f32x4 *)(x + k + 8); \
        to[3] = a3 += c * *(const edge_f32x4 *)(x + k + 12); \
        __asm__ volatile("" ::: "memory"); /* keeps the stores */ \
    }
#define EDGE_FIR_8(k) \
    EDGE_FIR_TAP(k) EDGE_FIR_TAP(k + 1) EDGE_FIR_TAP(k + 2) EDGE_FIR_TAP(k + 3) \
    EDGE_FIR_TAP(k + 4) EDGE_FIR_TAP(k + 5) EDGE_FIR_TAP(k + 6) EDGE_FIR_TAP(k + 7)

/* 32 taps over a multiple of 16 outputs; adds to what is in y if more is set. y is not x. */
static inline void edge_fir_32(const float *h, const float *x, float *y, int32_t n, int32_t more)
{
    for (int32_t i = 0; i < n; i += 16, x += 16, y += 16) {
        edge_f32x4 *to = (edge_f32x4 *)y;
        edge_f32x4 a0 = {0}, a1 = {0}, a2 = {0}, a3 = {0};
        if (more) a0 = to[0], a1 = to[1], a2 = to[2], a3 = to[3];
        EDGE_FIR_8(0) EDGE_FIR_8(8) EDGE_FIR_8(16) EDGE_FIR_8(24)
    }
}

/* Filters n samples; y may be x. */
static __attribute__((noinline)) void edge_fir_run(edge_fir *f, const float *x, float *y, int32_t n)
{
    static float line[EDGE_FIR_TAPS_MAX + EDGE_FIR_CHUNK], out[EDGE_FIR_CHUNK];
    const int32_t past = f->taps - 1;
    for (int32_t done = 0; done < n; done += EDGE_FIR_CHUNK) {
        const int32_t now = n - done < EDGE_FIR_CHUNK ? n - done : EDGE_FIR_CHUNK, whole = now & ~15;
        __builtin_memcpy(line, f->history, (size_t)past * sizeof *line);
        __builtin_memcpy(line + past, x + done, (size_t)now * sizeof *line);
        float *const to = y + done;
        for (int32_t k = 0; k < f->taps; k += 32) edge_fir_32(f->h + k, line + k, to, whole, k);
        if (whole < now) {
            for (int32_t k = 0; k < f->taps; k += 32) edge_fir_32(f->h + k, line + whole + k, out, 16, k);
            __builtin_memcpy(to + whole, out, (size_t)(now - whole) * sizeof *out);
        }
        __builtin_memcpy(f->history, line + now, (size_t)past * sizeof *line);
    }
}

#endif /* EDGE_FIR_H */
