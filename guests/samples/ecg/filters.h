/* The linear half of Pan-Tompkins (sections II.A-II.D): band-pass 5-15 Hz, derivative, square, moving window integration. The paper's filters
 * are recursive with integer coefficients; here each is its own finite impulse response, which is the same filter without drift in floating point. */
#ifndef FILTERS_H
#define FILTERS_H

#define EDGE_FIR_TAPS_MAX 512
#include "edge_fir.h"

enum { FEATURES_CHUNK = 256 };

typedef struct {
    int32_t low, high, step, window; /* lengths in samples */
    edge_fir band, derivative, integral;
} features;

static int32_t scaled(float rate, float at_200) { return (int32_t)(at_200 * rate / 200 + 0.5f); }

/* Low-pass: two moving averages of 6 at 200/s, a triangle. High-pass: a delay less a moving average of 32 at 200/s. */
static void band_taps(float *h, int32_t low, int32_t high)
{
    int32_t tri = 2 * low - 1;
    __builtin_memset(h, 0, (size_t)(tri + high - 1) * sizeof *h);
    for (int32_t i = 0; i < tri; i++) {
        float t = (float)(i < low ? i + 1 : tri - i) / (float)(low * low);
        h[i + high / 2] += t;
        for (int32_t k = 0; k < high; k++) h[i + k] -= t / (float)high;
    }
}

/* Filters as if the signal had been at `value` for ever. */
static void features_start(features *f, float rate, float value)
{
    float h[EDGE_FIR_TAPS_MAX];
    f->low = scaled(rate, 6);
    f->high = scaled(rate, 32);
    f->step = scaled(rate, 1) > 0 ? scaled(rate, 1) : 1;
    f->window = scaled(rate, 30); /* 150 ms */
    band_taps(h, f->low, f->high);
    edge_fir_init(&f->band, h, 2 * f->low + f->high - 2);
    edge_fir_prime(&f->band, value);

    /* y = (2 x[n] + x[n-1] - x[n-3] - 2 x[n-4]) / 8T, a step being 5 ms */
    __builtin_memset(h, 0, sizeof h);
    h[0] = 0.25f, h[f->step] = 0.125f, h[3 * f->step] = -0.125f, h[4 * f->step] = -0.25f;
    edge_fir_init(&f->derivative, h, 4 * f->step + 1);

    for (int32_t i = 0; i < f->window; i++) h[i] = 1 / (float)f->window;
    edge_fir_init(&f->integral, h, f->window);
}

/* Samples by which the band-passed signal lags its input. */
static int32_t features_delay(const features *f) { return f->low - 1 + f->high / 2; }

/* Band-passed signal, its derivative and the integrated energy of n (at most FEATURES_CHUNK) samples. */
static void features_run(features *f, const float *x, float *band, float *slope, float *energy, int32_t n)
{
    edge_fir_run(&f->band, x, band, n);
    edge_fir_run(&f->derivative, band, slope, n);
    for (int32_t i = 0; i < n; i++) energy[i] = slope[i] * slope[i];
    edge_fir_run(&f->integral, energy, energy, n);
}

#endif
