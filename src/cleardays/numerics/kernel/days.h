/* The days to come of many draws, as response/days_ahead.py has them: the chance of each day, and how many there will be. */
#ifndef CLEARDAYS_DAYS_H
#define CLEARDAYS_DAYS_H

#include "diary.h"
#include "lanes.h"

typedef struct {
    int64_t draws, days, every;      /* every: of so many draws one is counted with */
    double centre;
    const double *coefficients;      /* columns x draws, of which the first three are read */
    const double *levels;            /* weeks x draws */
    const int64_t *week;             /* days: which of these weeks */
    const double *exposure;          /* onsets x days */
    const int64_t *onset;            /* draws */
    const double *beside, *share;    /* days x draws: what else adds to the predictor, which share of a day counts; null: none, all */
    const double *today, *weight;    /* draws */
    double *daily, *counts;          /* days, days + 1 */
} days_ahead;

/* Some draws, `step` apart from the first one on; lanes beyond the last draw weigh nothing. */
typedef struct {
    int64_t draw[LANES];
    lane today, weight, *up, *down; /* days */
} few_draws;

INLINE lane picked(const double *from, const few_draws *e)
{
    lane found;
    for (int i = 0; i < LANES; i++) found[i] = from[e->draw[i]];
    return found;
}

INLINE void pick(const days_ahead *d, int64_t first, int64_t step, few_draws *e)
{
    for (int i = 0; i < LANES; i++) e->draw[i] = first + i * step < d->draws ? first + i * step : first;
    e->today = picked(d->today, e), e->weight = picked(d->weight, e);
    for (int i = 0; i < LANES; i++)
        if (first + i * step >= d->draws) e->weight[i] = 0.0;
    lane usual = picked(d->coefficients, e), carry = picked(d->coefficients + CARRY * d->draws, e);
    lane effect = picked(d->coefficients + EFFECT * d->draws, e), not_up, not_down;
    lane after_had = exponential((d->centre - 1.0) * carry), after_clear = exponential(d->centre * carry);
    for (int64_t h = 0; h < d->days; h++) {
        lane a = usual + picked(d->levels + d->week[h] * d->draws, e), exposure;
        for (int i = 0; i < LANES; i++) exposure[i] = d->exposure[d->onset[e->draw[i]] * d->days + h];
        a += effect * exposure;
        if (d->beside) a += picked(d->beside + h * d->draws, e);
        lane against = exponential_within(250.0, -a);
        both_chances(against * after_had, against * after_clear, &e->up[h], &not_up, &e->down[h], &not_down);
    }
}

/* The chance of each day, summed over the draws by their weight. */
static void tell_days(const days_ahead *d, few_draws *e, lane *total)
{
    for (int64_t h = 0; h < d->days; h++) total[h] = splat(0.0);
    for (int64_t first = 0; first < d->draws; first += LANES) {
        pick(d, first, 1, e);
        for (int64_t h = 0; h < d->days; h++) {
            e->today = e->down[h] + e->today * (e->up[h] - e->down[h]);
            total[h] += e->weight * (d->share ? e->today * picked(d->share + h * d->draws, e) : e->today);
        }
    }
    for (int64_t h = 0; h < d->days; h++) {
        d->daily[h] = 0.0;
        for (int i = 0; i < LANES; i++) d->daily[h] += total[h][i];
    }
}

/* How many days there will be, by a pass over the days that carries the chance of each count with either state of the last day. */
static void tell_counts(const days_ahead *d, few_draws *e, lane *had, lane *clear, lane *total)
{
    for (int64_t n = 0; n <= d->days; n++) total[n] = splat(0.0);
    for (int64_t first = 0; first < d->draws; first += LANES * d->every) {
        pick(d, first, d->every, e);
        for (int64_t n = 0; n <= d->days; n++) had[n] = clear[n] = splat(0.0);
        had[0] = e->today, clear[0] = 1.0 - e->today;
        for (int64_t h = 0; h < d->days; h++) {
            lane share = d->share ? picked(d->share + h * d->draws, e) : splat(1.0);
            lane up = e->up[h], down = e->down[h], before = splat(0.0); /* before: to a day had, with one count less */
            for (int64_t n = 0; n <= h + 1; n++) {
                lane to_had = had[n] * up + clear[n] * down;
                clear[n] += had[n] - to_had;
                had[n] = before * share;
                if (d->share) had[n] += to_had * (1.0 - share);
                before = to_had;
            }
        }
        for (int64_t n = 0; n <= d->days; n++) total[n] += e->weight * (had[n] + clear[n]);
    }
    for (int64_t n = 0; n <= d->days; n++) {
        d->counts[n] = 0.0;
        for (int i = 0; i < LANES; i++) d->counts[n] += total[n][i];
    }
}

static void look_ahead(const days_ahead *d, lane *room)
{
    int64_t rows = d->days + 1;
    few_draws e = {.up = room, .down = room + rows};
    tell_days(d, &e, room + 2 * rows);
    tell_counts(d, &e, room + 2 * rows, room + 3 * rows, room + 4 * rows);
}

#endif
