/* In how many of its weighed draws a future sees a reduction, as response/week_ahead.py has it, in single precision. */
#ifndef CLEARDAYS_REDUCED_H
#define CLEARDAYS_REDUCED_H

#include "singles.h"

typedef struct {
    int64_t futures, draws;
    double most, threshold;              /* most: a predictor goes no farther than this */
    const double *treated, *untreated;   /* draws: the linear predictor at level 0 */
    const double *had, *clear;           /* draws: the odds of a day against after one that had it and after a clear one, times these */
    const float *level, *log_weight;     /* futures x draws */
    double *chance;                      /* futures */
} reduced;

typedef struct {
    int64_t wide;
    single *treated, *untreated, *had, *clear, *there, *level, *log_weight; /* wide each */
} reduced_room;

static char *room_of_reduced(const reduced *d, reduced_room *r, char *arena)
{
    r->wide = (d->draws + SINGLES - 1) / SINGLES;
    single **rows[] = {&r->treated, &r->untreated, &r->had, &r->clear, &r->there, &r->level, &r->log_weight};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) *rows[i] = take(&arena, r->wide, sizeof(single));
    return arena;
}

/* The long-run rate. */
INLINE single single_rate(single a, float most, single had, single clear)
{
    single against = single_exponential(most, -a), after_had = against * had;
    return (1.0f + after_had) / (1.0f + after_had * (2.0f + against * clear));
}

static void tell_reduced(const reduced *d, const reduced_room *r)
{
    const double *from[] = {d->treated, d->untreated, d->had, d->clear};
    single *to[] = {r->treated, r->untreated, r->had, r->clear};
    for (int64_t i = 0; i < d->draws; i++) {
        for (int row = 0; row < 4; row++) ((float *)to[row])[i] = (float)from[row][i];
        ((float *)r->there)[i] = 1.0f;
    }
    for (int64_t f = 0; f < d->futures; f++) {
        const float *log_weight = d->log_weight + f * d->draws, most = (float)d->most;
        float top = log_weight[0];
        for (int64_t i = 1; i < d->draws; i++) top = log_weight[i] > top ? log_weight[i] : top;
        memcpy(r->level, d->level + f * d->draws, (size_t)d->draws * sizeof(float));
        memcpy(r->log_weight, log_weight, (size_t)d->draws * sizeof(float));
        single all = single_splat(0.0f), some = all;
        for (int64_t i = 0; i < r->wide; i++) {
            single weight = r->there[i] * single_exponential(80.0f, r->log_weight[i] - top);
            single treated = single_rate(r->level[i] + r->treated[i], most, r->had[i], r->clear[i]);
            single untreated = single_rate(r->level[i] + r->untreated[i], most, r->had[i], r->clear[i]);
            all += weight;
            some += single_choose(1.0f - treated / untreated >= (float)d->threshold, weight, single_splat(0.0f));
        }
        double whole = 0.0, part = 0.0;
        for (int i = 0; i < SINGLES; i++) whole += all[i], part += some[i];
        d->chance[f] = part / whole;
    }
}

#endif
