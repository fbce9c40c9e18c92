/* The decisions of Pan-Tompkins (sections II.E-II.H): peaks of the integrated energy, judged by adaptive thresholds on it (I) and on the band-passed signal
 * (F), with refractory time, T-wave discrimination and search back. Where the paper leaves a choice, the comment says what was chosen. */
#ifndef DETECTOR_H
#define DETECTOR_H

#include <stdint.h>

enum { RING = 1024, CANDIDATES = 16, DETECTOR_BEATS_MAX = CANDIDATES };

/* A peak of the energy: largest within 200 ms on both sides. */
typedef struct {
    int64_t at, qrs;           /* sample of the peak, and of the largest band-passed value before it, less the filter's delay */
    float energy, peak, slope; /* largest of each there */
} candidate;

typedef struct {
    int64_t now;                     /* samples seen */
    int32_t refractory, t_wave, learn, span, delay; /* in samples */
    float band[RING], slope[RING];   /* by sample number */
    float last, before;              /* the two energies before this one */
    candidate open;                  /* the peak that no larger one has followed yet */
    float signal_i, noise_i, signal_f, noise_f;
    int32_t has_open, learned, rejected, intervals, quiet_since_learn;
    candidate reject[CANDIDATES];    /* since the last QRS, for search back; while learning: all */
    candidate qrs;                   /* the last one; at < 0: none */
    int32_t rr[8], rr_ok[8], rr_n, rr_ok_n; /* the last 8 intervals, and the last 8 within limits */
    float learn_max, learn_f, learn_sum;
} detector;

static void detector_learn(detector *d)
{
    d->learned = 0, d->rejected = 0, d->learn_max = 0, d->learn_f = 0, d->learn_sum = 0, d->quiet_since_learn = 0;
}

static void detector_start(detector *d, float rate, int32_t delay)
{
    __builtin_memset(d, 0, sizeof *d);
    d->refractory = (int32_t)(0.2f * rate);
    d->t_wave = (int32_t)(0.36f * rate);
    d->learn = (int32_t)(2 * rate);
    d->span = (int32_t)(0.19f * rate); /* the integration window and the derivative's reach */
    d->delay = delay;
    d->qrs.at = -1;
    detector_learn(d);
}

static float mean_of(const int32_t *values, int32_t n)
{
    int32_t sum = 0;
    for (int32_t i = 0; i < n; i++) sum += values[i];
    return n ? (float)sum / (float)n : 0;
}

static float threshold(float signal, float noise) { return noise + 0.25f * (signal - noise); }

/* Looks back over what the integration window saw. */
static candidate measure(const detector *d, int64_t at, float energy)
{
    candidate c = {.at = at, .qrs = at, .energy = energy};
    for (int64_t i = at - d->span < 0 ? 0 : at - d->span; i <= at; i++) {
        float band = __builtin_fabsf(d->band[i & (RING - 1)]), slope = __builtin_fabsf(d->slope[i & (RING - 1)]);
        if (band > c.peak) c.peak = band, c.qrs = i;
        if (slope > c.slope) c.slope = slope;
    }
    c.qrs -= d->delay;
    return c;
}

/* Averages of RR (section II.G): the last 8, and the last 8 that were within 92 to 116 % of the second average. */
static void interval(detector *d, int32_t rr)
{
    float ok = mean_of(d->rr_ok, d->rr_ok_n < 8 ? d->rr_ok_n : 8);
    d->rr[d->rr_n++ & 7] = rr;
    if (d->rr_n >= 1 << 30) d->rr_n = 8;
    if (!d->rr_ok_n || ((float)rr >= 0.92f * ok && (float)rr <= 1.16f * ok)) {
        d->rr_ok[d->rr_ok_n++ & 7] = rr;
        if (d->rr_ok_n >= 1 << 30) d->rr_ok_n = 8;
        d->intervals = 0;
    } else if (++d->intervals >= 8) { /* the rate has changed: the second average begins anew from the first */
        for (int32_t i = 0; i < 8; i++) d->rr_ok[i] = d->rr[i];
        d->rr_ok_n = 8, d->intervals = 0;
    }
}

static void accept(detector *d, const candidate *c, float weight)
{
    d->signal_i += weight * (c->energy - d->signal_i);
    d->signal_f += weight * (c->peak - d->signal_f);
    if (d->qrs.at >= 0) interval(d, (int32_t)(c->at - d->qrs.at));
    d->qrs = *c;
}

/* Judges one peak; returns whether it is a QRS. */
static int32_t judge(detector *d, const candidate *c)
{
    float i1 = threshold(d->signal_i, d->noise_i), f1 = threshold(d->signal_f, d->noise_f);
    if (d->intervals > 0) i1 *= 0.5f, f1 *= 0.5f; /* irregular: thresholds halved, so that early weak beats are not lost */
    int32_t near = d->qrs.at >= 0 && c->at - d->qrs.at < d->t_wave && c->slope < 0.5f * d->qrs.slope; /* a T wave */
    if (!near && c->energy > i1 && c->peak > f1) {
        accept(d, c, 0.125f);
        d->rejected = 0;
        return 1;
    }
    d->noise_i += 0.125f * (c->energy - d->noise_i);
    d->noise_f += 0.125f * (c->peak - d->noise_f);
    if (!near && d->rejected < CANDIDATES) d->reject[d->rejected++] = *c;
    return 0;
}

/* Section II.F: no QRS for 166 % of the average interval: the largest peak since then above half of the thresholds is one. */
static int32_t search_back(detector *d)
{
    float rr = d->rr_ok_n ? mean_of(d->rr_ok, d->rr_ok_n < 8 ? d->rr_ok_n : 8) : (float)d->learn / 2;
    if (d->qrs.at < 0 || !d->rejected || (float)(d->now - d->qrs.at) < 1.66f * rr) return 0;
    float i2 = 0.5f * threshold(d->signal_i, d->noise_i), f2 = 0.5f * threshold(d->signal_f, d->noise_f);
    int32_t best = -1;
    for (int32_t i = 0; i < d->rejected; i++)
        if (d->reject[i].energy > i2 && d->reject[i].peak > f2 && (best < 0 || d->reject[i].energy > d->reject[best].energy)) best = i;
    if (best < 0) return 0;
    accept(d, &d->reject[best], 0.25f);
    int32_t kept = 0; /* what came after it may still be one */
    for (int32_t i = best + 1; i < d->rejected; i++) d->reject[kept++] = d->reject[i];
    d->rejected = kept;
    return 1;
}

/* After 2 s: thresholds from the largest and the mean energy; the peaks of that time are judged now, so that no first beat is lost. */
static int32_t learned(detector *d, int64_t *beats)
{
    candidate waiting[CANDIDATES];
    int32_t n = d->rejected, found = 0;
    float i = 0, f = 0;
    __builtin_memcpy(waiting, d->reject, sizeof waiting);
    for (int32_t k = 0; k < n; k++) {
        if (waiting[k].energy > i) i = waiting[k].energy;
        if (waiting[k].peak > f) f = waiting[k].peak;
    }
    d->signal_i = 0.7f * i, d->noise_i = 0.5f * d->learn_sum / (float)d->learn;
    d->signal_f = 0.7f * f, d->noise_f = 0.1f * f;
    d->learned = 1, d->rejected = 0;
    for (int32_t k = 0; k < n; k++)
        if (judge(d, &waiting[k])) beats[found++] = d->qrs.qrs;
    return found;
}

/* Takes one sample of each feature; returns how many QRS complexes became certain, their samples in beats. */
static int32_t detector_sample(detector *d, float band, float slope, float energy, int64_t *beats)
{
    int32_t found = 0;
    d->band[d->now & (RING - 1)] = band;
    d->slope[d->now & (RING - 1)] = slope;
    if (d->last > d->before && d->last >= energy && d->last > 0 && (!d->has_open || d->last > d->open.energy))
        d->open = measure(d, d->now - 1, d->last), d->has_open = 1;
    d->before = d->last, d->last = energy;
    d->now++;

    if (d->has_open && d->now - d->open.at > d->refractory) {
        d->has_open = 0;
        if (d->learned) {
            if (judge(d, &d->open)) beats[found++] = d->qrs.qrs;
        } else if (d->rejected < CANDIDATES) d->reject[d->rejected++] = d->open;
    }
    if (!d->learned) {
        d->learn_sum += energy;
        if (++d->quiet_since_learn >= d->learn) found = learned(d, beats);
    } else if (found) {
        d->quiet_since_learn = 0;
    } else if (search_back(d)) {
        beats[found++] = d->qrs.qrs;
        d->quiet_since_learn = 0;
    } else if (++d->quiet_since_learn >= 2 * d->learn) {
        detector_learn(d); /* 4 s without a beat: an artefact may have raised the thresholds for good */
    }
    return found;
}

#endif
