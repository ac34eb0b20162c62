/* From the mode towards the mean, and what the draws need of each node. */
#ifndef CLEARDAYS_SHIFT_H
#define CLEARDAYS_SHIFT_H

#include "inner.h"

/* G = A^-1 B, and A^-1 on its diagonal and beside it (Takahashi, Fagan & Chin 1973). */
static void finish(const system_of *s, place *at)
{
    const int64_t p = COLUMNS(s->columns);
    for (int64_t w = s->weeks - 1; w >= 0; w--) {
        for (int64_t i = 0; i < p; i++) {
            at->tied[w * p + i] = s->half[w * p + i] * s->inverse[w];
            if (w + 1 < s->weeks) at->tied[w * p + i] -= s->below[w + 1] * at->tied[(w + 1) * p + i];
        }
        at->variance[w] = s->inverse[w];
        if (w + 1 < s->weeks) {
            at->beside[w] = -s->below[w + 1] * at->variance[w + 1];
            at->variance[w] -= s->below[w + 1] * at->beside[w];
        }
    }
}

INLINE lane quadratic(const int64_t p, lane matrix[MOST_COLUMNS][MOST_COLUMNS], const lane *x)
{
    lane total = splat(0.0);
    for (int64_t i = 0; i < p; i++) {
        lane along = matrix[i][i] * x[i];
        for (int64_t j = 0; j < i; j++) along += 2.0 * matrix[i][j] * x[j];
        total += along * x[i];
    }
    return total;
}

/* H^-1 sum_t c_t h_t with c_t = l'''(eta_t) Var(eta_t) / 2; the shift is left in step_u, step_b. */
static void shift(const diary *d, const prior *of, system_of *s, place *at)
{
    const int64_t p = COLUMNS(d->columns);
    lane inverse[MOST_COLUMNS][MOST_COLUMNS], x[MOST_COLUMNS], bottom[MOST_COLUMNS];
    finish(s, at);
    for (int64_t j = 0; j < p; j++) {
        for (int64_t i = 0; i < p; i++) x[i] = splat(i == j);
        solve_corner(s, x);
        for (int64_t i = 0; i < p; i++) inverse[i][j] = x[i];
        bottom[j] = splat(0.0);
    }
    for (int64_t w = 0; w < d->weeks; w++) s->top[w] = splat(0.0);
    for (int64_t t = 0; t < d->rows; t++) {
        int64_t week = d->week_of_day[d->row_day[t]];
        lane rest[MOST_COLUMNS], yes = at->chance[t], no = 1.0 - yes;
        row_of(d, of, t, x);
        for (int64_t i = 0; i < p; i++) rest[i] = x[i] - at->tied[week * p + i];
        lane third = -0.5 * d->trials[t] * yes * no * (no - yes) * (at->variance[week] + quadratic(p, inverse, rest));
        s->top[week] += third;
        for (int64_t i = 0; i < p; i++) bottom[i] += third * x[i];
    }
    for (int64_t e = 0; e < at->ended; e++) {
        const ending *end = at->endings + e;
        int64_t now = end->week, before = now ? now - 1 : 0;
        lane v = end->f * (1.0 - end->f), h[MOST_LOCAL], rest[MOST_COLUMNS];
        for (int64_t i = 0; i < AMONG_LOCAL(p); i++) h[i] = end->gradient[i] / v;
        if (OWN) {
            for (int64_t i = FIRST + p - 1; i > FIRST; i--) h[i] = h[i - 1];
            h[FIRST] = h[LAST_WEEK] + h[THIS_WEEK];
        }
        lane this = h[THIS_WEEK], last = h[LAST_WEEK];
        for (int64_t i = 0; i < p; i++) rest[i] = h[FIRST + i] - this * at->tied[now * p + i] - last * at->tied[before * p + i];
        lane spread = this * this * at->variance[now] + last * last * at->variance[before];
        spread += 2.0 * this * last * at->beside[before] + quadratic(p, inverse, rest);
        lane third = -0.5 * v * (1.0 - 2.0 * end->f) * spread;
        s->top[now] += third * this;
        if (now) s->top[before] += third * last;
        for (int64_t i = 0; i < p; i++) bottom[i] += third * h[FIRST + i];
    }
    solve(s, s->top, bottom, at->step_u, at->step_b);
}

#endif
