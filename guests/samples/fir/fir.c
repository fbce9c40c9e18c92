/* A finite impulse response filter: config {"coefficients": [newest first, 1 to 256 numbers]}, f32 samples out on port 0. */
#include "edge.h"
#include "edge_fir.h"

static struct {
    int32_t version;
    edge_fir filter;
} state = {.version = 1};

EDGE_INIT
{
    const char *end = config + len, *at = edge_json_find(config, len, "coefficients");
    float h[EDGE_FIR_TAPS_MAX];
    int32_t taps = 0;
    if (!at || *at++ != '[') return EDGE_E_INVALID;
    for (;;) {
        while (at < end && (*at == ' ' || *at == '\n' || *at == ',')) at++;
        const char *number = at;
        if (taps == EDGE_FIR_TAPS_MAX) return EDGE_E_LIMIT;
        h[taps] = (float)edge_number(&at, end);
        if (at == number) break;
        taps++;
    }
    if (at == end || *at != ']') return EDGE_E_INVALID;
    return edge_fir_init(&state.filter, h, taps) < 0 ? EDGE_E_INVALID : 0;
}

EDGE_STREAM
{
    float *x = samples; /* ours until the call returns: filtered in place */
    if (!state.filter.taps) return EDGE_E_STATE; /* no config */
    if (block->type == EDGE_F64)
        for (int32_t i = 0; i < n; i++) x[i] = (float)((const double *)samples)[i];
    else if (block->type == EDGE_I32)
        for (int32_t i = 0; i < n; i++) x[i] = (float)((const int32_t *)samples)[i];
    else if (block->type != EDGE_F32) return EDGE_E_UNSUPPORTED;
    if (block->flags & (EDGE_RESET | EDGE_GAP)) edge_fir_prime(&state.filter, 0);
    edge_fir_run(&state.filter, x, x, n);
    return edge_emit(0, x, n * (int32_t)sizeof *x, 0);
}

EDGE_SNAPSHOT { return edge_bytes(&state, sizeof state); }

/* The coefficients are the config's, not the snapshot's: a changed config takes effect, and history of another length starts empty. */
EDGE_RESTORE
{
    const typeof(state) *old = saved;
    if (len != sizeof state || old->version != state.version) return EDGE_E_UNSUPPORTED;
    if (old->filter.taps == state.filter.taps)
        __builtin_memcpy(state.filter.history, old->filter.history, sizeof state.filter.history);
    return 0;
}
