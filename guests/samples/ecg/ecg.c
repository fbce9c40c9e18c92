/* Heartbeats in an electrocardiogram, after
 *
 *   J. Pan, W. J. Tompkins: A real-time QRS detection algorithm. IEEE Transactions on Biomedical Engineering, BME-32(3):230-236, March 1985.
 *
 * Samples are millivolts at 100 to 1000 per second, in blocks cut anywhere; the paper's filters are for 200 per second and scaled by time.
 * Out on port 0 `filtered`: f32, the band-passed signal, as many samples as came in (it lags them by the filter's delay, 107 ms at 360/s).
 * Out on port 1 `beats`: JSON, {"t":us,"v":[heart rate],"n":running number,"rr":s,"hr":per minute}; rr and hr are 0 where there is no beat before.
 * Out on port 2 `rhythm`: JSON, {"t":us,"v":[code],"flag":"normal"|"irregular"|"slow"|"fast","hr":…,"rr":mean,"outside":n} when the flag changes.
 * Config: {"slow": 50, "fast": 120} beats a minute.
 *
 * What goes through here: filters.h (filters), detector.h (thresholds), rhythm.h (flag). All state is in one struct of plain data, the snapshot.
 */
#include "edge.h"
#include "detector.h"
#include "filters.h"
#include "rhythm.h"

enum { PORT_FILTERED, PORT_BEATS, PORT_RHYTHM };

static struct {
    int32_t version;
    float rate;
    features features;
    detector detector;
    rhythm rhythm;
} state = {.version = 1};

static double slow = 50, fast = 120; /* config, not state */
static float filtered[65536];

EDGE_INIT
{
    const char *at;
    if ((at = edge_json_find(config, len, "slow"))) slow = edge_number(&at, config + len);
    if ((at = edge_json_find(config, len, "fast"))) fast = edge_number(&at, config + len);
    return slow > 0 && slow < fast ? 0 : EDGE_E_INVALID;
}

static char *text(char *to, const char *what)
{
    while (*what) *to++ = *what++;
    return to;
}

static char *number(char *to, const char *name, double value, int32_t decimals)
{
    to = text(to, name);
    return to + edge_write_number(value, decimals, to);
}

static char *whole(char *to, const char *name, int64_t value) /* times are past what edge_write_number takes */
{
    char digits[24];
    int32_t n = 0;
    to = text(to, name);
    if (value < 0) *to++ = '-';
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do digits[n++] = (char)('0' + left % 10);
    while (left /= 10);
    while (n) *to++ = digits[--n];
    return to;
}

static int32_t emit_beat(int64_t time_us, double rr)
{
    char json[160], *to = json;
    double hr = rr > 0 ? 60 / rr : 0;
    to = whole(to, "{\"t\":", time_us);
    to = number(to, ",\"v\":[", hr, 1);
    to = whole(to, "],\"n\":", state.rhythm.beats);
    to = number(to, ",\"rr\":", rr, 4);
    to = number(to, ",\"hr\":", hr, 1);
    *to++ = '}';
    return edge_emit(PORT_BEATS, json, (int32_t)(to - json), time_us);
}

static int32_t emit_rhythm(int64_t time_us)
{
    static const char *const names[] = {"normal", "irregular", "slow", "fast"};
    char json[160], *to = json;
    double rr = rhythm_mean(&state.rhythm);
    to = whole(to, "{\"t\":", time_us);
    to = whole(to, ",\"v\":[", state.rhythm.flag);
    to = text(text(to, "],\"flag\":\""), names[state.rhythm.flag]);
    to = number(to, "\",\"hr\":", 60 / rr, 1);
    to = number(to, ",\"rr\":", rr, 4);
    to = whole(to, ",\"outside\":", rhythm_outside(&state.rhythm));
    *to++ = '}';
    return edge_emit(PORT_RHYTHM, json, (int32_t)(to - json), time_us);
}

/* A QRS at `sample` of the detector's count, in which the block begins at `first`. */
static int32_t beat(const edge_block *block, int64_t sample, int64_t first)
{
    double shift = (double)(first - sample) * 1e6 / block->rate_hz; /* most beats become certain after their block */
    int64_t time_us = block->time_us - (int64_t)(shift < 0 ? shift - 0.5 : shift + 0.5);
    double rr = rhythm_beat(&state.rhythm, sample, state.rate);
    int32_t rc = emit_beat(time_us, rr);
    if (rc >= 0 && rhythm_judge(&state.rhythm, slow, fast)) rc = emit_rhythm(time_us);
    return rc;
}

EDGE_STREAM
{
    if (block->type != EDGE_F32 || !(block->rate_hz >= 100 && block->rate_hz <= 1000)) return EDGE_E_UNSUPPORTED;
    const float *x = samples;
    int32_t anew = (float)block->rate_hz != state.rate || block->flags & EDGE_RESET;
    if (anew || block->flags & EDGE_GAP) {
        state.rate = (float)block->rate_hz;
        features_start(&state.features, state.rate, x[0]);
        detector_start(&state.detector, state.rate, features_delay(&state.features));
        rhythm_start(&state.rhythm, anew);
    }
    int64_t first = state.detector.now;
    for (int32_t done = 0; done < n; done += FEATURES_CHUNK) {
        static float slope[FEATURES_CHUNK], energy[FEATURES_CHUNK];
        int32_t now = n - done < FEATURES_CHUNK ? n - done : FEATURES_CHUNK;
        features_run(&state.features, x + done, filtered + done, slope, energy, now);
        for (int32_t i = 0; i < now; i++) {
            int64_t beats[DETECTOR_BEATS_MAX];
            int32_t found = detector_sample(&state.detector, filtered[done + i], slope[i], energy[i], beats);
            for (int32_t b = 0; b < found; b++) {
                int32_t rc = beat(block, beats[b], first);
                if (rc < 0) return rc;
            }
        }
    }
    return edge_emit(PORT_FILTERED, filtered, n * (int32_t)sizeof *filtered, 0);
}

EDGE_SNAPSHOT { return edge_bytes(&state, sizeof state); }

EDGE_RESTORE
{
    if (len != sizeof state || *(const int32_t *)saved != state.version) return EDGE_E_UNSUPPORTED;
    __builtin_memcpy(&state, saved, sizeof state);
    return 0;
}
