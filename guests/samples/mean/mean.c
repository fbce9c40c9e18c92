/* Moving mean of the last 32 values. A message is a number and whatever follows it ("21.5 4711 note"); out goes the mean and
 * the same rest ("20.875 4711 note"), so that a message keeps its own sequence number. Port 0. */
#include "edge.h"

enum { WINDOW = 32, NUMBER_MAX = 24 };

static struct {
    int32_t version, at, count;
    double sum, values[WINDOW];
} state = {.version = 1};

static char line[65536];

static int is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

EDGE_HANDLER
{
    const char *rest = payload, *end = payload + payload_len;
    while (rest < end && is_space(*rest)) rest++;
    const char *number = rest;
    double value = edge_number(&rest, end);
    if (rest == number || (rest < end && !is_space(*rest)) || !(value < 9e9 && value > -9e9)) return EDGE_E_INVALID;
    if (end - rest > (int32_t)sizeof line - NUMBER_MAX) return EDGE_E_LIMIT;

    if (state.count < WINDOW) state.count++;
    else state.sum -= state.values[state.at];
    state.values[state.at] = value;
    state.sum += value;
    if (++state.at == WINDOW) { /* once a round the sum is taken anew: rounding cannot pile up */
        state.at = 0;
        state.sum = 0;
        for (int32_t i = 0; i < WINDOW; i++) state.sum += state.values[i];
    }
    int32_t len = edge_write_number(state.sum / state.count, 6, line);
    __builtin_memcpy(line + len, rest, (size_t)(end - rest));
    return edge_emit(0, line, len + (int32_t)(end - rest), 0);
}

EDGE_SNAPSHOT { return edge_bytes(&state, sizeof state); }

EDGE_RESTORE
{
    if (len != sizeof state || *(const int32_t *)saved != state.version) return EDGE_E_UNSUPPORTED;
    __builtin_memcpy(&state, saved, sizeof state);
    return 0;
}
