/* Sends every message back, and counts them over restarts. */
#include "edge.h"

static struct { int32_t version; int32_t messages; } state = {.version = 1};

EDGE_HANDLER
{
    char count[24];
    edge_emit(1, count, edge_write_number(++state.messages, 0, count), 0);
    return edge_emit(0, payload, payload_len, 0);
}

EDGE_SNAPSHOT { return edge_bytes(&state, sizeof state); }

EDGE_RESTORE
{
    if (len != sizeof state || *(const int32_t *)saved != state.version) return EDGE_E_UNSUPPORTED;
    __builtin_memcpy(&state, saved, sizeof state);
    return 0;
}
