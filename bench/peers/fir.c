/* 32 taps over 10 000 samples in plain C, output-blocked so that gcc vectorises it (-O3 -march=native). Prints "fir us" and a checksum. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { TAPS = 32, SAMPLES = 10000, BLOCK = 64, ROUNDS = 300 };

static float history[TAPS - 1 + SAMPLES], out[SAMPLES + BLOCK], taps[TAPS];

static double now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

/* in[TAPS - 1 + i] is sample i; the TAPS - 1 before it are history. */
static void __attribute__((noinline)) filter(const float *restrict in, float *restrict to, int count) {
  for (int i = 0; i < count; i += BLOCK) {
    float sums[BLOCK] = {0};
    int n = count - i < BLOCK ? count - i : BLOCK;
    if (n == BLOCK) {
      for (int t = 0; t < TAPS; t++)
        for (int k = 0; k < BLOCK; k++) sums[k] += taps[t] * in[i + k + TAPS - 1 - t];
    } else {
      for (int t = 0; t < TAPS; t++)
        for (int k = 0; k < n; k++) sums[k] += taps[t] * in[i + k + TAPS - 1 - t];
    }
    for (int k = 0; k < n; k++) to[i + k] = sums[k];
  }
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

int main(void) {
  for (int t = 0; t < TAPS; t++) taps[t] = 1.0f / (t + 1);
  for (int i = 0; i < SAMPLES; i++) history[TAPS - 1 + i] = (float)((i * 37) % 101) / 101.0f;
  double times[ROUNDS], sum = 0;
  for (int r = 0; r < ROUNDS; r++) {
    double start = now_us();
    filter(history, out, SAMPLES);
    times[r] = now_us() - start;
  }
  for (int i = 0; i < SAMPLES; i++) sum += out[i];
  qsort(times, ROUNDS, sizeof *times, ascending);
  printf("fir %.2f\nchecksum %.3f\n", times[ROUNDS / 2], sum);
  return 0;
}
