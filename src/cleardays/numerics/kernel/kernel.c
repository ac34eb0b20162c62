/* The engine of one diary, compiled: what response/inner.py and response/draws.py say in numpy, a few nodes or draws at a time.
 *
 * Plain C with vector extensions, no library but malloc; loaded through ctypes, so it needs no headers of Python. Tests hold it
 * to the numpy engine.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "climb.h"
#include "draws.h"
#include "shift.h"

#ifndef CLEARDAYS_NAME
#define CLEARDAYS_NAME(of) of##_plain_any
#endif

static void *take(char **arena, int64_t count, int64_t size)
{
    char *here = *arena;
    *arena += (count * size + 63) / 64 * 64;
    return here;
}

static char *aligned(char *memory) { return (char *)(((uintptr_t)memory + 63) / 64 * 64); }

static void prior_of(const diary *d, const grid *g, const int64_t *node, prior *of)
{
    const int64_t p = COLUMNS(d->columns), nodes = g->nodes;
    of->spread = lanes_of(g->spread, node);
    of->persistence = lanes_of(g->persistence, node);
    of->sensitivity = lanes_of(g->sensitivity, node);
    of->specificity = lanes_of(g->specificity, node);
    lane rest = 1.0 - of->persistence * of->persistence;
    of->scale = 1.0 / (of->spread * of->spread * rest);
    of->determinant = -(double)d->weeks * logarithm(of->spread) - 0.5 * (double)(d->weeks - 1) * logarithm(rest);
    of->rise = g->rise;
    of->same_exposure = 1;
    for (int i = 0; i < LANES; i++) {
        of->exposure[i] = g->exposure + g->onset[node[i]] * d->days;
        of->same_exposure &= of->exposure[i] == of->exposure[0];
    }
    for (int64_t i = 0; i < p; i++) {
        of->mean[i] = lanes_of(g->mean + i * nodes, node);
        of->precision[i] = lanes_of(g->precision + i * nodes, node);
        of->determinant += 0.5 * logarithm(of->precision[i]);
    }
}

/* Where some nodes set out: near the summits of nodes solved already, else at the prior's mean. Returns whether all are near one. */
static int set_out(const diary *d, const grid *g, const gaussians *out, int64_t first, const int64_t *node, const prior *of, place *at)
{
    const int64_t p = COLUMNS(d->columns), weeks = d->weeks, nodes = g->nodes;
    int near = 1;
    for (int64_t w = 0; w < weeks; w++) at->u[w] = splat(0.0);
    for (int64_t i = 0; i < p; i++) at->b[i] = of->mean[i];
    for (int l = 0; l < LANES; l++) {
        int64_t a = g->starts[node[l]], b = g->starts[nodes + node[l]], c = g->starts[2 * nodes + node[l]];
        int known = a >= 0 && a < first && b < first && c < first;
        if (!known && g->resumed) known = 1, a = node[l], b = -1;
        near &= known;
        if (!known) continue;
        for (int64_t w = 0; w < weeks + p; w++) {
            const double *summit = out->summits + w * nodes;
            double from = b < 0 ? summit[a] : summit[a] + summit[b] - summit[c];
            if (w < weeks) at->u[w][l] = from;
            else at->b[w - weeks][l] = from;
        }
    }
    return near;
}

static void put_out(const diary *d, int64_t nodes, int64_t first, const system_of *s, const place *at, lane here, gaussians *out)
{
    int64_t weeks = d->weeks;
    const int64_t p = COLUMNS(d->columns);
    for (int64_t w = 0; w < weeks; w++) {
        put(out->summits + w * nodes, first, nodes, at->u[w]);
        put(out->levels + w * nodes, first, nodes, at->u[w] + at->step_u[w]);
        put(out->pivots + w * nodes, first, nodes, s->pivots[w]);
        put(out->sds + w * nodes, first, nodes, root(s->inverse[w]));
        put(out->below + w * nodes, first, nodes, s->below[w]);
        for (int64_t i = 0; i < p; i++) put(out->tied + (w * p + i) * nodes, first, nodes, at->tied[w * p + i]);
    }
    for (int64_t i = 0; i < p; i++) {
        put(out->summits + (weeks + i) * nodes, first, nodes, at->b[i]);
        put(out->coefficients + i * nodes, first, nodes, at->b[i] + at->step_b[i]);
        put(out->corner_pivots + i * nodes, first, nodes, s->corner_pivots[i]);
        put(out->corner_sds + i * nodes, first, nodes, root(1.0 / s->corner_pivots[i]));
        for (int64_t j = 0; j < i; j++) put(out->corner_lower + (i * p + j) * nodes, first, nodes, s->corner_lower[i][j]);
        put(out->corner_lower + (i * p + i) * nodes, first, nodes, splat(1.0));
    }
    lane determinant = log_determinant(s);
    put(out->log_determinant, first, nodes, determinant);
    put(out->log_evidence, first, nodes, here - 0.5 * determinant);
}

static int solve_nodes(const diary *d, const grid *g, gaussians *out, char *arena, int64_t *most_steps)
{
    const int64_t p = COLUMNS(d->columns);
    int64_t weeks = d->weeks, rested = 1;
    system_of s;
    place at;
    prior of;
    s.weeks = weeks, s.columns = p;
    lane **by_week[] = {&s.diagonal, &s.off, &s.top, &s.pivots, &s.inverse, &s.below, &s.reached, &at.u, &at.step_u, &at.try_u,
                        &at.variance, &at.beside};
    for (size_t i = 0; i < sizeof by_week / sizeof *by_week; i++) *by_week[i] = take(&arena, weeks, sizeof(lane));
    lane **by_border[] = {&s.border, &s.half, &at.tied};
    for (size_t i = 0; i < 3; i++) *by_border[i] = take(&arena, weeks * p, sizeof(lane));
    at.chance = take(&arena, d->rows, sizeof(lane));
    at.against.week = take(&arena, weeks, sizeof(lane));
    at.against.day = take(&arena, d->last_written + 1, sizeof(lane));
    at.endings = take(&arena, d->cells, sizeof(ending));
    *most_steps = 0;
    for (int64_t first = 0; first < g->nodes; first += LANES) {
        int64_t steps, node[LANES];
        lane here;
        for (int i = 0; i < LANES; i++) node[i] = first + i < g->nodes ? first + i : g->nodes - 1;
        prior_of(d, g, node, &of);
        int near = set_out(d, g, out, first, node, &of, &at);
        rested &= climb(d, &of, &s, &at, near, g->settled, &here, &steps);
        shift(d, &of, &s, &at);
        put_out(d, g->nodes, first, &s, &at, here, out);
        if (steps > *most_steps) *most_steps = steps;
    }
    return (int)rested;
}

static void draw_all(const diary *d, const grid *g, const gaussians *at, drawing *out, char *arena)
{
    const int64_t p = COLUMNS(d->columns);
    handful e = {.node = {-1}};
    e.u = take(&arena, d->weeks, sizeof(lane));
    e.against.week = take(&arena, d->weeks, sizeof(lane));
    e.against.day = take(&arena, d->last_written + 1, sizeof(lane));
    for (int64_t first = 0; first < out->count; first += LANES) {
        int same = first > 0;
        for (int i = 0; i < LANES; i++) {
            int64_t node = out->node[first + i < out->count ? first + i : out->count - 1];
            same &= node == e.node[i];
            e.node[i] = node;
        }
        e.alike = 1;
        for (int i = 1; i < LANES; i++) e.alike &= e.node[i] == e.node[0];
        if (!same) prior_of(d, g, e.node, &e.of);
        lane square = place_draws(d, g, at, out, first, &e), last = splat(d->last_had), ratio = splat(NAN);
        if (first / 8 % out->every == 0) {
            lane target = log_posterior(d, &e, &last);
            ratio = target - 0.5 * lanes_of(at->log_determinant, e.node) + 0.5 * square - lanes_of(at->log_evidence, e.node);
        }
        put(out->log_ratio, first, out->count, ratio);
        put(out->had_last, first, out->count, last);
        for (int64_t i = 0; i < p; i++) put(out->coefficients + i * out->stride, first, out->count, e.b[i]);
        for (int64_t w = 0; w < d->weeks; w++) put(out->levels + w * out->stride, first, out->count, e.u[w]);
    }
}

#if CLEARDAYS_COLUMNS == 3
#include "batch.h"
#include "days.h"
#include "mixture.h"
#include "reduced.h"
#include "week.h"
#endif

/* Solve every node. Returns 1 when all came to rest, 0 when not, -1 without memory. */
int64_t CLEARDAYS_NAME(cleardays_solve)(const diary *d, const grid *g, gaussians *out, int64_t *steps)
{
    int64_t lanes = d->weeks * (13 + 3 * d->columns) + d->rows + d->last_written + 64;
    char *memory = malloc((size_t)(lanes * (int64_t)sizeof(lane) + d->cells * (int64_t)sizeof(ending) + 4096));
    if (!memory) return -1;
    int rested = solve_nodes(d, g, out, aligned(memory), steps);
    free(memory);
    return rested;
}

/* Draw. Returns 0, or -1 without memory. */
int64_t CLEARDAYS_NAME(cleardays_draw)(const diary *d, const grid *g, const gaussians *at, drawing *out)
{
    char *memory = malloc((size_t)((2 * d->weeks + d->last_written + 8) * (int64_t)sizeof(lane) + 1024));
    if (!memory) return -1;
    draw_all(d, g, at, out, aligned(memory));
    free(memory);
    return 0;
}

#if CLEARDAYS_COLUMNS == 3
/* Bring the levels of a week to come up to date. Returns 0, or -1 without memory. */
int64_t CLEARDAYS_NAME(cleardays_week)(const week *w)
{
    week_room room;
    const size_t size = (size_t)(room_of_week(w, &room, (char *)64) - (char *)0) + 128;
    char *memory = calloc(1, size); /* the lanes beyond the last draw are nought */
    if (!memory) return -1;
    room_of_week(w, &room, aligned(memory));
    answer_week(w, &room);
    free(memory);
    return 0;
}

/* The chance of a reduction in each future. Returns 0, or -1 without memory. */
int64_t CLEARDAYS_NAME(cleardays_reduced)(const reduced *d)
{
    reduced_room room;
    const size_t size = (size_t)(room_of_reduced(d, &room, (char *)64) - (char *)0) + 128;
    char *memory = calloc(1, size); /* the lanes beyond the last draw are nought */
    if (!memory) return -1;
    room_of_reduced(d, &room, aligned(memory));
    tell_reduced(d, &room);
    free(memory);
    return 0;
}

/* The days to come. Returns 0, or -1 without memory. */
int64_t CLEARDAYS_NAME(cleardays_days)(const days_ahead *d)
{
    char *memory = malloc((size_t)(5 * (d->days + 1) * (int64_t)sizeof(lane) + 128));
    if (!memory) return -1;
    look_ahead(d, (lane *)aligned(memory));
    free(memory);
    return 0;
}

/* Fit a normal mixture. Returns 0, or -2: more components than there is room for. */
int64_t CLEARDAYS_NAME(cleardays_mixture)(const mixture *m)
{
    if (m->components > MOST_COMPONENTS) return -2;
    for (int64_t i = 0; i < m->rounds; i++) round_of_mixture(m);
    return 0;
}

/* Answer every diary of a batch. Returns 0, or -1 without memory. */
int64_t CLEARDAYS_NAME(cleardays_batch)(const batch *b)
{
    int64_t longest = 1;
    workshop w = {0};
    for (int64_t i = 0; i < b->diaries; i++) {
        int64_t days = b->first[i + 1] - b->first[i];
        longest = days > longest ? days : longest;
    }
    char *memory = malloc((size_t)(room_for(&w, b->beliefs, longest, b->draws, b->stride, (char *)64) - (char *)0) + 128);
    if (!memory) return -1;
    room_for(&w, b->beliefs, longest, b->draws, b->stride, aligned(memory));
    for (int64_t i = 0; i < b->diaries; i++) b->status[i] = answer_one(b, i, &w);
    free(memory);
    return 0;
}
#endif
