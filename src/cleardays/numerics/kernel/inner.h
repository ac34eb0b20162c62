/* The mode and the Gaussian of a few nodes at a time: the same steps as response/inner.py. */
#ifndef CLEARDAYS_INNER_H
#define CLEARDAYS_INNER_H

#include "runs.h"


typedef struct {
    lane spread, persistence, scale, sensitivity, specificity, determinant; /* of the prior */
    lane mean[MOST_COLUMNS], precision[MOST_COLUMNS];
    const double *exposure[LANES], *rise;
    int same_exposure;
} prior;

/* The odds against a day, as a product: of its week, of its exposure, and of the day before. With three columns that is all there
 * is, and a day costs one exponential or, without exposure, none. */
typedef struct {
    lane *week, *day, after_had, after_clear;
} odds;

typedef struct {
    lane *u, b[MOST_COLUMNS], *step_u, step_b[MOST_COLUMNS], *try_u, try_b[MOST_COLUMNS];
    lane *chance, *tied, *variance, *beside; /* of the rows; G, A^-1 on its diagonal and beside it, by weeks */
    odds against;
    ending *endings;
    int64_t ended;
} place;

INLINE lane exposure_on(const prior *of, int64_t day)
{
    if (of->same_exposure) return splat(of->exposure[0][day]);
    lane found;
    for (int i = 0; i < LANES; i++) found[i] = of->exposure[i][day];
    return found;
}

INLINE void row_of(const diary *d, const prior *of, int64_t t, lane *x)
{
    const int64_t p = COLUMNS(d->columns);
    for (int64_t i = 0; i < p; i++) x[i] = splat(d->row_x[t * p + i]);
    lane exposure = exposure_on(of, d->row_day[t]);
    x[d->row_exposed[t]] = exposure;
    if (d->row_also[t] >= 0) x[d->row_also[t]] = exposure;
}

/* Of the days up to the last one that is written, or to `until`. */
INLINE void lay_odds(const diary *d, const prior *of, const lane *u, const lane *b, int64_t until, odds *to)
{
    to->after_had = exponential_within(100.0, b[CARRY] * (d->centre - 1.0));
    to->after_clear = exponential_within(100.0, b[CARRY] * d->centre);
#if CLEARDAYS_COLUMNS == 3
    int64_t last = d->week_of_day[until - 1];
    for (int64_t w = 0; w <= last; w++) to->week[w] = exponential_within(100.0, -(u[w] + b[USUAL]));
    double steepest = greatest(absolute(b[EFFECT]));
    lane before = splat(0.0), against = splat(1.0);
    for (int64_t day = d->first_exposed; day < until; day++) {
        lane exposure = exposure_on(of, day);
        if (steepest * of->rise[day] < 0.125) against *= exponential_near_nought(b[EFFECT] * (before - exposure));
        else against = exponential_within(100.0, -b[EFFECT] * exposure);
        to->day[day] = against;
        before = exposure;
    }
#else
    (void)of, (void)u, (void)until;
#endif
}

/* Against a day of which the day before is left out. */
INLINE lane odds_against(const diary *d, const prior *of, const lane *u, const lane *b, const odds *at, int64_t day)
{
#if CLEARDAYS_COLUMNS == 3
    (void)of, (void)u, (void)b;
    lane week = at->week[d->week_of_day[day]];
    return day < d->first_exposed ? week : week * at->day[day];
#else
    (void)at;
    lane eta = u[d->week_of_day[day]] + exposure_on(of, day) * b[EFFECT];
    for (int64_t i = 0; i < d->columns; i++)
        if (i != EFFECT) eta += d->day_x[day * d->columns + i] * b[i];
    return exponential(-eta);
#endif
}

#if CLEARDAYS_COLUMNS == 3
/* What the certain days add: log-likelihood, gradient and information. Here x is 1, yesterday and the exposure, on every row. */
static lane look_at_rows(const diary *d, const prior *of, const lane *u, const lane *b, system_of *s, place *at)
{
    product all = one();
    lane r1 = splat(0.0), r2 = r1, v11 = r1, v12 = r1, v22 = r1;
    for (int64_t t = 0; t < d->rows;) {
        int64_t week = d->week_of_day[d->row_day[t]];
        lane residuals = splat(0.0), v = residuals, v1 = residuals, v2 = residuals;
        for (; t < d->rows && d->week_of_day[d->row_day[t]] == week; t++) {
            double previous = d->row_x[3 * t + 1];
            int64_t day = d->row_day[t];
            lane exposure = exposure_on(of, day);
            lane against = odds_against(d, of, u, b, &at->against, day);
            against *= previous > 0.0 ? at->against.after_had : at->against.after_clear;
            lane yes = 1.0 / (1.0 + against), no = against * yes;
            int had = d->yes[t] > 0.5;
            multiply(&all, had ? yes : no);
            lane residual = had ? no : -yes, here = yes * no, along = here * previous, treated = here * exposure;
            at->chance[t] = yes;
            residuals += residual, v += here, v1 += along, v2 += treated;
            r1 += residual * previous, r2 += residual * exposure;
            v11 += along * previous, v12 += treated * previous, v22 += treated * exposure;
        }
        s->top[week] += residuals;
        s->diagonal[week] += v;
        s->border[3 * week + 1] += v1, s->border[3 * week + 2] += v2;
    }
    s->bottom[1] += r1, s->bottom[2] += r2;
    s->corner[1][1] += v11, s->corner[2][1] += v12, s->corner[2][2] += v22;
    return logged(all);
}
#else
/* What the certain days add: log-likelihood, gradient and information. */
static lane look_at_rows(const diary *d, const prior *of, const lane *u, const lane *b, system_of *s, place *at)
{
    const int64_t p = COLUMNS(d->columns);
    product all = one();
    lane many = splat(0.0), x[MOST_COLUMNS];
    for (int64_t t = 0; t < d->rows; t++) {
        int64_t week = d->week_of_day[d->row_day[t]];
        lane eta = u[week], yes, no;
        row_of(d, of, t, x);
        for (int64_t i = 0; i < p; i++) eta += x[i] * b[i];
        sigmoids(eta, &yes, &no);
        double had = d->yes[t], trials = d->trials[t];
        if (trials == 1.0) multiply(&all, had > 0.5 ? yes : no);
        else many += had * logarithm(yes) + (trials - had) * logarithm(no);
        lane residual = had - trials * yes, v = trials * yes * no;
        at->chance[t] = yes;
        s->top[week] += residual;
        s->diagonal[week] += v;
        for (int64_t i = 0; i < p; i++) {
            lane vx = v * x[i];
            s->bottom[i] += residual * x[i];
            s->border[week * p + i] += vx;
            for (int64_t j = 0; j <= i; j++) s->corner[i][j] += vx * x[j];
        }
    }
    return many + logged(all);
}
#endif

/* What the runs add; their endings are kept for the skew shift. */
static lane look_at_runs(const diary *d, const prior *of, const lane *u, const lane *b, system_of *s, place *at,
                         int curved)
{
    const int64_t size = AMONG_LOCAL(COLUMNS(d->columns));
    product all = one();
    filter now;
    at->ended = 0;
    for (int64_t r = 0; r < d->runs; r++) {
        for (int64_t cell = d->run_first[r]; cell < d->run_first[r + 1]; cell++) {
            int64_t day = d->cell_day[cell], week = d->week_of_day[day], first = cell == d->run_first[r];
            lane up, up_not, down, down_not, f, f_not, e1, e0;
            lane against = odds_against(d, of, u, b, &at->against, day);
            both_chances(against * at->against.after_had, against * at->against.after_clear, &up, &up_not, &down, &down_not);
            if (first) {
                lane leaving = up_not + down;
                now.h = d->before[r] == STEADY ? down / leaving : splat(d->before[r] == 1);
                now.h_not = d->before[r] == STEADY ? up_not / leaving : splat(d->before[r] == 0);
                for (int64_t i = 0; i < size; i++) {
                    now.g[i] = splat(0.0);
                    if (curved)
                        for (int64_t j = 0; j <= i; j++) now.c[i][j] = splat(0.0);
                }
            } else if (week != d->week_of_day[day - 1]) {
                turn_week(&now, size, curved);
            }
            int steady = first && d->before[r] == STEADY;
#if CLEARDAYS_COLUMNS == 3
            advance(&now, exposure_on(of, day), up, up_not, down, down_not, d->centre, curved, steady, &f, &f_not);
#else
            lane x[MOST_LOCAL];
            x[LAST_WEEK] = splat(0.0), x[THIS_WEEK] = splat(1.0);
            for (int64_t i = 0; i < d->columns; i++) x[FIRST + i] = splat(d->day_x[day * d->columns + i]);
            x[FIRST + EFFECT] = exposure_on(of, day);
            advance(&now, x, up, up_not, down, down_not, d->centre, size, curved, steady, &f, &f_not);
#endif
            int64_t seen = d->seen[cell];
            if (seen == NOTHING) {
                now.h = f, now.h_not = f_not;
                continue;
            }
            emission(seen, of->sensitivity, of->specificity, &e1, &e0);
            lane likelihood = f * e1 + f_not * e0, slope = (e1 - e0) / likelihood, weight = slope * slope;
            if (!curved) {
                lane other = f * (1.0 - e1) + f_not * (1.0 - e0);
                weight = (e1 - e0) * (e1 - e0) / (likelihood * other);
            }
            multiply(&all, likelihood);
            contribute(s, &now, week, slope, weight, curved);
            ending *end = at->endings + at->ended++;
            end->f = f, end->week = week;
            for (int64_t i = 0; i < size; i++) end->gradient[i] = now.g[i];
            if (cell + 1 < d->run_first[r + 1]) update(&now, f, f_not, e1, e0, likelihood, size, curved);
        }
    }
    return logged(all);
}

/* What the prior adds; its log density. */
static lane look_at_prior(const diary *d, const prior *of, const lane *u, const lane *b, system_of *s)
{
    const int64_t p = COLUMNS(d->columns), weeks = d->weeks;
    lane inner = of->scale * (1.0 + of->persistence * of->persistence), off = -of->persistence * of->scale, square = splat(0.0);
    for (int64_t w = 0; w < weeks; w++) {
        lane diagonal = w == 0 || w == weeks - 1 ? of->scale : inner, pull = diagonal * u[w];
        if (w) pull += off * u[w - 1];
        if (w + 1 < weeks) pull += off * u[w + 1];
        square += pull * u[w];
        s->diagonal[w] += diagonal;
        s->off[w] += off;
        s->top[w] -= pull;
    }
    for (int64_t i = 0; i < p; i++) {
        lane away = b[i] - of->mean[i];
        square += of->precision[i] * away * away;
        s->bottom[i] -= of->precision[i] * away;
        s->corner[i][i] += of->precision[i];
    }
    return of->determinant - 0.5 * square;
}

/* The log posterior at (u, b), its gradient and its information, in `s`. */
static lane look(const diary *d, const prior *of, const lane *u, const lane *b, system_of *s, place *at, int curved)
{
    const int64_t p = COLUMNS(d->columns), weeks = d->weeks;
    for (int64_t w = 0; w < weeks; w++) {
        s->diagonal[w] = s->off[w] = s->top[w] = splat(0.0);
        for (int64_t i = 0; i < p; i++) s->border[w * p + i] = splat(0.0);
    }
    for (int64_t i = 0; i < p; i++) {
        s->bottom[i] = splat(0.0);
        for (int64_t j = 0; j <= i; j++) s->corner[i][j] = splat(0.0);
    }
    lay_odds(d, of, u, b, d->last_written + 1, &at->against);
    lane total = look_at_rows(d, of, u, b, s, at) + look_at_runs(d, of, u, b, s, at, curved);
    if (OWN)
        for (int64_t w = 0; w < weeks; w++) {
            lane *border = s->border + w * p;
            border[0] = s->diagonal[w] + s->off[w] + (w + 1 < weeks ? s->off[w + 1] : splat(0.0));
            s->bottom[0] += s->top[w];
            for (int64_t i = 0; i < p; i++) s->corner[i][0] += border[i];
        }
    return total + look_at_prior(d, of, u, b, s);
}

#endif
