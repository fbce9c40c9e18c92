/* The rhythm flag from the last 8 intervals: fast or slow by their mean, irregular if 2 or more are outside 92 to 116 % of their median
 * (the limits of a regular rhythm in Pan-Tompkins, section II.G). */
#ifndef RHYTHM_H
#define RHYTHM_H

#include <stdint.h>

enum { RHYTHM_NORMAL, RHYTHM_IRREGULAR, RHYTHM_SLOW, RHYTHM_FAST, INTERVALS = 8 };

typedef struct {
    int64_t beats, last; /* running number of the last beat, its sample; last < 0: none to measure from */
    double rr[INTERVALS];
    int32_t n, flag;     /* flag -1: none told yet */
} rhythm;

static void rhythm_start(rhythm *r, int32_t anew)
{
    int64_t beats = anew ? 0 : r->beats;
    int32_t flag = anew ? -1 : r->flag;
    __builtin_memset(r, 0, sizeof *r);
    r->beats = beats, r->flag = flag, r->last = INT64_MIN;
}

/* Counts a beat; returns the interval before it in seconds, 0 if there is none. */
static double rhythm_beat(rhythm *r, int64_t sample, float rate)
{
    double rr = r->last == INT64_MIN ? 0 : (double)(sample - r->last) / (double)rate;
    r->beats++;
    r->last = sample;
    if (rr > 0) r->rr[r->n++ % INTERVALS] = rr;
    if (r->n >= 1 << 30) r->n = INTERVALS;
    return rr;
}

static double rhythm_mean(const rhythm *r)
{
    double sum = 0;
    for (int32_t i = 0; i < INTERVALS; i++) sum += r->rr[i];
    return sum / INTERVALS;
}

static int32_t rhythm_outside(const rhythm *r)
{
    double sorted[INTERVALS];
    int32_t outside = 0;
    for (int32_t i = 0; i < INTERVALS; i++) {
        int32_t k = i;
        for (; k > 0 && sorted[k - 1] > r->rr[i]; k--) sorted[k] = sorted[k - 1];
        sorted[k] = r->rr[i];
    }
    double median = (sorted[INTERVALS / 2 - 1] + sorted[INTERVALS / 2]) / 2;
    for (int32_t i = 0; i < INTERVALS; i++) outside += sorted[i] < 0.92 * median || sorted[i] > 1.16 * median;
    return outside;
}

/* Judges anew after a beat; returns whether the flag changed. */
static int32_t rhythm_judge(rhythm *r, double slow, double fast)
{
    if (r->n < INTERVALS) return 0;
    double rate = 60 / rhythm_mean(r);
    int32_t flag = rate > fast ? RHYTHM_FAST : rate < slow ? RHYTHM_SLOW : rhythm_outside(r) >= 2 ? RHYTHM_IRREGULAR : RHYTHM_NORMAL;
    if (flag == r->flag) return 0;
    r->flag = flag;
    return 1;
}

#endif
