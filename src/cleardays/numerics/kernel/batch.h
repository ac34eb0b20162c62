/* Many diaries, one after the other, from their days to their answers. */
#ifndef CLEARDAYS_BATCH_H
#define CLEARDAYS_BATCH_H

#include "climb.h"
#include "draws.h"
#include "frames.h"
#include "quantiles.h"
#include "rows.h"
#include "shift.h"

enum { NUMBERS = 21, MOST_BASELINE = 84, RECENT = 4 }; /* numbers an answer has; see response/batch.py for their order */

/* Diaries laid end to end: diary i has the days first[i] .. first[i + 1]. */
typedef struct {
    int64_t diaries;
    const int64_t *first, *start;   /* start: index of the first day of treatment; INT64_MAX: none */
    const int8_t *state;
    const uint8_t *recalled;        /* null: none is */
    const float *exposure;          /* null: in full from the start on */
    const int64_t *exposed_first;   /* where each diary's exposure begins, -1: in full from the start on */
    const priors *beliefs;
    int64_t draws, stride;
    const double *white;            /* for the longest diary; rows a stride apart */
    int64_t every;                  /* so few draws are weighed ... */
    double enough;                  /* ... where their effective share is at least this; else all are */
    double heaviest;                /* no draw counts for more than this many average ones */
    double *numbers;                /* diaries x NUMBERS */
    double *daily;                  /* diaries x HORIZON */
    int64_t *status;                /* 0: answered, 1: no day is known, 2: a check failed, the single fit must look again */
} batch;

typedef struct {
    layout_room layout;
    nodes_room nodes;
    gaussians at;
    drawing out;
    double *exposure, *rise, *weight, *functional;
    weighed *ranked;
    uint8_t *bin;
    int64_t *node, known; /* known: days of the baseline */
    char *lanes;
} workshop;

static char *room_for(workshop *w, const priors *b, int64_t days, int64_t draws, int64_t stride, char *arena)
{
    int64_t weeks = (days + HORIZON) / WEEK + 3, span = days + HORIZON, nodes = count_nodes(b, 1), p = 3;
    layout_room *r = &w->layout;
    int64_t **whole[] = {&r->row_day, &r->row_exposed, &r->row_also, &r->run_first, &r->before, &r->cell_day, &r->seen};
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) *whole[i] = take(&arena, 2 * days + 8, 8);
    r->week_of_day = take(&arena, span, 8);
    r->yes = take(&arena, days, 8), r->trials = take(&arena, days, 8), r->row_x = take(&arena, 3 * days, 8);
    r->day_x = take(&arena, 3 * span, 8), r->extent = take(&arena, 3, 8);
    nodes_room *n = &w->nodes;
    double **each[] = {&n->log_weight, &n->spread, &n->persistence, &n->sensitivity, &n->specificity};
    for (size_t i = 0; i < sizeof each / sizeof *each; i++) *each[i] = take(&arena, nodes, 8);
    n->mean = take(&arena, p * nodes, 8), n->precision = take(&arena, p * nodes, 8), n->place = take(&arena, 3 * nodes, 8);
    n->tau = take(&arena, MOST_ON_AXIS, 8), n->onset = take(&arena, nodes, 8), n->starts = take(&arena, 3 * nodes, 8);
    gaussians *g = &w->at;
    double **weekly[] = {&g->levels, &g->pivots, &g->sds, &g->below};
    for (size_t i = 0; i < 4; i++) *weekly[i] = take(&arena, weeks * nodes, 8);
    g->tied = take(&arena, weeks * p * nodes, 8), g->summits = take(&arena, (weeks + p) * nodes, 8);
    g->coefficients = take(&arena, p * nodes, 8), g->corner_pivots = take(&arena, p * nodes, 8);
    g->corner_sds = take(&arena, p * nodes, 8);
    g->corner_lower = take(&arena, p * p * nodes, 8);
    g->log_evidence = take(&arena, nodes, 8), g->log_determinant = take(&arena, nodes, 8);
    w->out.levels = take(&arena, weeks * stride, 8), w->out.coefficients = take(&arena, p * stride, 8);
    w->out.log_ratio = take(&arena, draws, 8), w->out.had_last = take(&arena, draws, 8);
    w->node = take(&arena, draws, 8), w->weight = take(&arena, draws, 8), w->functional = take(&arena, 5 * draws, 8);
    w->ranked = take(&arena, draws + 1, sizeof(weighed)), w->bin = take(&arena, draws, 1);
    w->exposure = take(&arena, MOST_ON_AXIS * span, 8), w->rise = take(&arena, span, 8);
    w->lanes = arena; /* what follows is the nodes' and draws' own */
    int64_t lanes = weeks * (13 + 3 * p) + 2 * days + 64, endings = 2 * days + 8;
    return arena + lanes * (int64_t)sizeof(lane) + endings * (int64_t)sizeof(ending) + 4096;
}

/* How far the exposure moves from the day before, for the quickest onset. */
static void rises(const double *exposure, int64_t onsets, int64_t days, double *rise)
{
    for (int64_t day = 0; day < days; day++) {
        rise[day] = 0.0;
        for (int64_t t = 0; t < onsets; t++)
            rise[day] = fmax(rise[day], fabs(exposure[t * days + day] - (day ? exposure[t * days + day - 1] : 0.0)));
    }
}

/* The days before any exposure. */
static int64_t silent_days(const double *exposure, int64_t onsets, int64_t days)
{
    int64_t first = days;
    for (int64_t t = 0; t < onsets; t++) {
        int64_t day = 0;
        while (day < first && exposure[t * days + day] == 0.0) day++;
        first = day;
    }
    return first;
}

/* Which node each draw comes from: systematic sampling of the nodes' weights. */
static void allot(const nodes_room *r, int64_t nodes, const double *log_evidence, int64_t count, int64_t *node)
{
    double top = -INFINITY, total = 0.0, sum = 0.0;
    for (int64_t k = 0; k < nodes; k++) top = fmax(top, r->log_weight[k] + log_evidence[k]);
    for (int64_t k = 0; k < nodes; k++) total += exp(r->log_weight[k] + log_evidence[k] - top);
    int64_t i = 0;
    for (int64_t k = 0; k < nodes; k++) {
        sum += exp(r->log_weight[k] + log_evidence[k] - top);
        while (i < count && ((double)i + 0.5) / (double)count <= sum / total) node[i++] = k;
    }
    while (i < count) node[i++] = nodes - 1;
}

/* Weights from the log ratios, none above `heaviest` average ones, adding to 1; 0 where there is none. The effective share. */
static double weigh(const double *log_ratio, int64_t n, double heaviest, double *weight)
{
    double top = -INFINITY, mean = 0.0, total = 0.0, square = 0.0;
    int64_t there = 0;
    for (int64_t i = 0; i < n; i++)
        if (!isnan(log_ratio[i])) top = fmax(top, log_ratio[i]), there++;
    for (int64_t i = 0; i < n; i++) weight[i] = isnan(log_ratio[i]) ? 0.0 : exp(log_ratio[i] - top), mean += weight[i];
    mean /= (double)there;
    for (int64_t i = 0; i < n; i++) weight[i] = fmin(weight[i], heaviest * mean), total += weight[i];
    for (int64_t i = 0; i < n; i++) weight[i] /= total, square += weight[i] * weight[i];
    return 1.0 / square / (double)there;
}

/* down / (up_not + down), in odds against a day had after one that was, and after one that was not. */
INLINE lane long_run(lane against, const odds *of)
{
    lane after_had = against * of->after_had, after_clear = against * of->after_clear;
    return (1.0 + after_had) / (1.0 + after_had * (2.0 + after_clear));
}

/* Baseline, current, untreated of each draw, and the chance of each day to come, weighted. */
static void read_draws(const diary *d, const grid *g, workshop *w, int64_t n, int64_t begin, double *daily)
{
    int64_t count = w->out.count, weeks_seen[MOST_BASELINE + 1], days_seen[MOST_BASELINE + 1], different = 0, known = 0;
    /* the weeks of the last known days before the start; every known day is a row or a written cell */
    for (int64_t day = (begin < n ? begin : n) - 1; day >= 0 && known < MOST_BASELINE; day--) {
        if (!w->layout.day_x[3 * day + 2]) continue; /* marked below: the day is known */
        int64_t week = d->week_of_day[day];
        if (!different || weeks_seen[different - 1] != week) weeks_seen[different] = week, days_seen[different++] = 0;
        days_seen[different - 1]++, known++;
    }
    int64_t last_week = d->week_of_day[n - 1], first_recent = last_week - RECENT + 1 < 0 ? 0 : last_week - RECENT + 1;
    lane total[HORIZON];
    for (int64_t h = 0; h < HORIZON; h++) total[h] = splat(0.0);
    for (int64_t at = 0; at < count; at += LANES) {
        prior of = {.same_exposure = 1};
        lane weight = splat(0.0), before = splat(0.0), level = splat(0.0), up, up_not, down, down_not;
        for (int i = 0; i < LANES; i++) {
            of.exposure[i] = g->exposure + g->onset[w->node[at + i < count ? at + i : count - 1]] * d->days;
            of.same_exposure &= of.exposure[i] == of.exposure[0];
            if (at + i < count) weight[i] = w->weight[at + i];
        }
        lane b[3];
        for (int i = 0; i < 3; i++) b[i] = loaded(w->out.coefficients + i * w->out.stride, at, count);
        odds against = {.after_had = exponential_within(100.0, b[CARRY] * (d->centre - 1.0)),
                        .after_clear = exponential_within(100.0, b[CARRY] * d->centre)};
#define AGAINST(eta) exponential_within(100.0, -(b[USUAL] + (eta)))
#define LEVEL(week) loaded(w->out.levels + (week) * w->out.stride, at, count)
        for (int64_t s = 0; s < different; s++)
            before += (double)days_seen[s] * long_run(AGAINST(LEVEL(weeks_seen[s])), &against);
        for (int64_t week = first_recent; week <= last_week; week++) level += LEVEL(week);
        level /= (double)(last_week - first_recent + 1);
        put(w->functional, at, count, known ? 28.0 * before / (double)known : splat(0.0));
        put(w->functional + count, at, count, 28.0 * long_run(AGAINST(level + b[EFFECT] * exposure_on(&of, n - 1)), &against));
        put(w->functional + 2 * count, at, count, 28.0 * long_run(AGAINST(level), &against));
        lane today = loaded(w->out.had_last, at, count);
        int64_t silent = n - 1 - d->last_written;
        int64_t day = silent > LONGEST_GAP ? n - 1 : d->last_written + 1, week = -1;
        double steepest = greatest(absolute(b[EFFECT]));
        lane of_week = splat(1.0), of_day = splat(1.0), exposure = splat(0.0);
        for (int64_t first = day; day < n + HORIZON; day++) {
            if (d->week_of_day[day] != week) {
                week = d->week_of_day[day];
                of_week = AGAINST(LEVEL(week));
            }
            lane before = exposure;
            exposure = exposure_on(&of, day);
            if (day > first && steepest * g->rise[day] < 0.125)
                of_day *= exponential_near_nought(b[EFFECT] * (before - exposure));
            else
                of_day = exponential_within(100.0, -b[EFFECT] * exposure);
            lane a = of_week * of_day;
            both_chances(a * against.after_had, a * against.after_clear, &up, &up_not, &down, &down_not);
            today = day == n - 1 && silent > LONGEST_GAP ? down / (up_not + down) : down + today * (up - down);
            if (day >= n) total[day - n] += today * weight;
        }
#undef AGAINST
#undef LEVEL
    }
    for (int64_t h = 0; h < HORIZON; h++) {
        daily[h] = 0.0;
        for (int i = 0; i < LANES; i++) daily[h] += total[h][i];
    }
    w->known = known;
}

/* The numbers of the answer: each with its middle and bounds, the chances, the effective share, today's exposure. */
static void sum_up(const diary *d, const grid *g, workshop *w, int64_t n, double share, double *numbers)
{
    static const double levels[] = {0.05, 0.5, 0.95};
    int64_t count = w->out.count, known = w->known;
    double *baseline = w->functional, *current = baseline + count, *untreated = current + count, now = 0.0, out[3];
    double *reduction = untreated + count, *change = reduction + count, chance[4] = {0};
    for (int64_t i = 0; i < count; i++) {
        reduction[i] = 1.0 - current[i] / untreated[i];
        change[i] = known ? current[i] / baseline[i] - 1.0 : 0.0;
        chance[0] += reduction[i] >= 0.3 ? w->weight[i] : 0.0;
        chance[1] += reduction[i] >= 0.5 ? w->weight[i] : 0.0;
        chance[2] += reduction[i] >= 0.75 ? w->weight[i] : 0.0;
        chance[3] += reduction[i] < 0.0 ? w->weight[i] : 0.0;
        now += w->weight[i] * g->exposure[g->onset[w->node[i]] * d->days + n - 1];
    }
    double *of[] = {baseline, current, untreated, reduction, change}, scale[] = {1.0, 1.0, 1.0, 100.0, 100.0};
    for (int64_t f = 0; f < 5; f++) {
        quantiles_of(of[f], w->weight, count, levels, 3, w->ranked, w->bin, out);
        int none = !known && (f == 0 || f == 4);
        for (int q = 0; q < 3; q++) numbers[3 * f + q] = none ? NAN : scale[f] * out[q];
    }
    for (int i = 0; i < 4; i++) numbers[15 + i] = fmin(fmax(chance[i], 0.0), 1.0);
    numbers[19] = share;
    numbers[20] = now;
}

static int64_t answer_one(const batch *b, int64_t index, workshop *w)
{
    int64_t n = b->first[index + 1] - b->first[index], start = b->start[index], steps;
    int64_t begin = start == INT64_MAX ? 0 : start > n ? n : start;
    const int8_t *state = b->state + b->first[index];
    const uint8_t *recalled = b->recalled ? b->recalled + b->first[index] : 0;
    const float *level = b->exposed_first && b->exposed_first[index] >= 0 ? b->exposure + b->exposed_first[index] : 0;
    diary d;
    grid g;
    int remembered = 0, rested = 0;
    if (!lay_out(state, recalled, n, start == INT64_MAX ? 0 : start, &w->layout, &d)) return 1;
    for (int64_t i = 0; recalled && i < n; i++) remembered |= recalled[i] && state[i] >= 0;
    frame now = {{0.0, 0.0, 0.0}, {1.0, 1.0, 1.0}}, next;
    for (int attempt = 0; attempt < MOST_FRAMES; attempt++) {
        lay_grid(b->beliefs, &now, remembered, &w->nodes, &g);
        g.exposure = w->exposure;
        g.resumed = attempt > 0;
        double greatest = 0.0;
        for (int64_t t = 0; t < g.onsets; t++) expose(level, n, start, d.days, w->nodes.tau[t], w->exposure + t * d.days);
        for (int64_t i = 0; i < g.onsets * d.days; i++) greatest = fmax(greatest, fabs(w->exposure[i]));
        rises(w->exposure, g.onsets, d.days, w->rise);
        g.rise = w->rise;
        d.first_exposed = silent_days(w->exposure, g.onsets, d.days);
        w->layout.extent[0] = w->layout.extent[1] = 1.0, w->layout.extent[2] = greatest;
        rested = solve_nodes(&d, &g, &w->at, w->lanes, &steps);
        if (!reframe(b->beliefs, &w->nodes, g.nodes, w->at.log_evidence, &now, &next) || attempt == MOST_FRAMES - 1) break;
        now = next;
    }
    allot(&w->nodes, g.nodes, w->at.log_evidence, b->draws, w->node);
    w->out.count = b->draws, w->out.stride = b->stride, w->out.node = w->node, w->out.white = b->white;
    w->out.every = recalled && recalled[d.last_written] ? 1 : b->every;
    draw_all(&d, &g, &w->at, &w->out, w->lanes);
    double share = weigh(w->out.log_ratio, b->draws, b->heaviest, w->weight);
    if (w->out.every > 1 && share < b->enough) {
        w->out.every = 1;
        draw_all(&d, &g, &w->at, &w->out, w->lanes);
        share = weigh(w->out.log_ratio, b->draws, b->heaviest, w->weight);
    } else if (w->out.every > 1) {
        for (int64_t i = 0; i < b->draws; i++) w->weight[i] = 1.0 / (double)b->draws;
    }
    for (int64_t i = 0; i < n; i++) w->layout.day_x[3 * i + 2] = state[i] >= 0;
    read_draws(&d, &g, w, n, begin, b->daily + index * HORIZON);
    double checked = 0.0;
    for (int64_t i = 0; i < 3 * b->draws; i++) checked += w->functional[i];
    if (!isfinite(checked)) return 2;
    sum_up(&d, &g, w, n, share, b->numbers + index * NUMBERS);
    return rested ? 0 : 2;
}

#endif
