/* Runs of uncertain days: the filter with its first and second derivatives, as response/hidden.py has it. */
#ifndef CLEARDAYS_RUNS_H
#define CLEARDAYS_RUNS_H

#include "system.h"

typedef struct {
    lane f, gradient[MOST_LOCAL];
    int64_t week;
} ending; /* a written day of a run: its chance and that chance's gradient, kept for the skew shift */

typedef struct {
    lane h, h_not;             /* P(had), P(clear) given what was written so far */
    lane g[MOST_LOCAL];        /* gradient of the chance carried along */
    lane c[MOST_LOCAL][MOST_LOCAL]; /* and its second derivatives, lower triangle */
} filter;

INLINE void emission(int64_t seen, lane sensitivity, lane specificity, lane *if_had, lane *if_clear)
{
    *if_had = *if_clear = splat(1.0);
    if (seen == HAD) *if_clear = splat(0.0);
    if (seen == CLEAR) *if_had = splat(0.0);
    if (seen == RECALLED_HAD) *if_had = sensitivity, *if_clear = 1.0 - specificity;
    if (seen == RECALLED_CLEAR) *if_had = 1.0 - sensitivity, *if_clear = specificity;
}

INLINE void turn_week(filter *at, int64_t size, int curved)
{
    at->g[LAST_WEEK] = at->g[THIS_WEEK];
    at->g[THIS_WEEK] = splat(0.0);
    if (!curved) return;
    at->c[LAST_WEEK][LAST_WEEK] = at->c[THIS_WEEK][THIS_WEEK];
    at->c[THIS_WEEK][LAST_WEEK] = at->c[THIS_WEEK][THIS_WEEK] = splat(0.0);
    for (int64_t i = FIRST; i < size; i++) at->c[i][LAST_WEEK] = at->c[i][THIS_WEEK], at->c[i][THIS_WEEK] = splat(0.0);
}

#if CLEARDAYS_COLUMNS == 3
/* One day on; `e` is its exposure. Returns f and 1 - f. */
INLINE void advance(filter *at, lane e, lane up, lane up_not, lane down, lane down_not, double c, int curved, int steady, lane *f,
                    lane *f_not)
{
    enum { CARRIED = AMONG_LOCAL(CARRY), TREATED = AMONG_LOCAL(EFFECT), SIZE = AMONG_LOCAL(3) };
    lane now1 = up * up_not, now0 = down * down_not, v1 = at->h * now1, v0 = at->h_not * now0, jump = up - down, v = v1 + v0;
    lane old[SIZE], *g = at->g;
    *f = at->h * up + at->h_not * down;
    *f_not = at->h * up_not + at->h_not * down_not;
    for (int i = 0; i < SIZE; i++) old[i] = g[i], g[i] *= jump;
    g[THIS_WEEK] += v;
    g[CARRIED] += (1.0 - c) * v1 - c * v0;
    g[TREATED] += v * e;
    lane settle = splat(1.0);
    if (steady) {
        settle = 1.0 / (1.0 - jump);
        for (int i = 0; i < SIZE; i++) old[i] = g[i] = g[i] * settle;
    }
    if (!curved) return;
    lane w1 = v1 * (up_not - up), w0 = v0 * (down_not - down), both = w1 + w0, mixed = (1.0 - c) * w1 - c * w0;
    lane level = now1 - now0, jumping[SIZE] = {[THIS_WEEK] = level, [CARRIED] = (1.0 - c) * now1 + c * now0, [TREATED] = level * e};
    lane(*bent)[MOST_LOCAL] = at->c;
    bent[LAST_WEEK][LAST_WEEK] *= jump;
    for (int i = THIS_WEEK; i < SIZE; i++) {
        bent[i][LAST_WEEK] = bent[i][LAST_WEEK] * jump + jumping[i] * old[LAST_WEEK];
        for (int j = THIS_WEEK; j <= i; j++) bent[i][j] = bent[i][j] * jump + old[i] * jumping[j] + jumping[i] * old[j];
    }
    bent[THIS_WEEK][THIS_WEEK] += both;
    bent[CARRIED][THIS_WEEK] += mixed;
    bent[CARRIED][CARRIED] += (1.0 - c) * (1.0 - c) * w1 + c * c * w0;
    bent[TREATED][THIS_WEEK] += both * e;
    bent[TREATED][CARRIED] += mixed * e;
    bent[TREATED][TREATED] += both * e * e;
    if (steady)
        for (int i = 0; i < SIZE; i++)
            for (int j = 0; j <= i; j++) bent[i][j] *= settle;
}
#else
/* One day on: `x` is the day's local row (0, 1, covariates with yesterday's 0). Returns f and 1 - f. */
INLINE void advance(filter *at, const lane *x, lane up, lane up_not, lane down, lane down_not, double c, int64_t size, int curved,
                    int steady, lane *f, lane *f_not)
{
    const int carry = FIRST + CARRY;
    lane now1 = up * up_not, now0 = down * down_not, v1 = at->h * now1, v0 = at->h_not * now0, jump = up - down;
    lane settle = steady ? 1.0 / (1.0 - jump) : splat(1.0);
    lane old[MOST_LOCAL], jumping[MOST_LOCAL];
    *f = at->h * up + at->h_not * down;
    *f_not = at->h * up_not + at->h_not * down_not;
    for (int64_t i = 0; i < size; i++) {
        old[i] = at->g[i];
        at->g[i] = old[i] * jump + x[i] * (v1 + v0);
        jumping[i] = x[i] * (now1 - now0);
    }
    at->g[carry] += (1.0 - c) * v1 - c * v0;
    jumping[carry] += (1.0 - c) * now1 + c * now0;
    if (steady)
        for (int64_t i = 0; i < size; i++) old[i] = at->g[i] = at->g[i] * settle;
    if (!curved) return;
    lane w1 = v1 * (up_not - up), w0 = v0 * (down_not - down), both = w1 + w0;
    lane mixed = (1.0 - c) * w1 - c * w0;
    for (int64_t i = 0; i < size; i++)
        for (int64_t j = 0; j <= i; j++)
            at->c[i][j] = (at->c[i][j] * jump + old[i] * jumping[j] + jumping[i] * old[j] + both * x[i] * x[j]) * settle;
    for (int64_t j = 0; j < carry; j++) at->c[carry][j] += mixed * x[j] * settle;
    for (int64_t i = carry + 1; i < size; i++) at->c[i][carry] += mixed * x[i] * settle;
    at->c[carry][carry] += ((1.0 - c) * (1.0 - c) * w1 + c * c * w0) * settle;
}

#endif

/* What a written day adds to the system, `weight` times the outer product less `slope` times the second derivatives. */
INLINE void contribute(system_of *s, const filter *at, int64_t week, lane slope, lane weight, int curved)
{
    const int64_t p = COLUMNS(s->columns);
    const lane *g = at->g;
    int turned = week > 0;
#define SECOND(i, j) (curved ? slope * at->c[i][j] : splat(0.0))
    s->top[week] += slope * g[THIS_WEEK];
    s->diagonal[week] += weight * g[THIS_WEEK] * g[THIS_WEEK] - SECOND(THIS_WEEK, THIS_WEEK);
    if (turned) {
        s->top[week - 1] += slope * g[LAST_WEEK];
        s->diagonal[week - 1] += weight * g[LAST_WEEK] * g[LAST_WEEK] - SECOND(LAST_WEEK, LAST_WEEK);
        s->off[week] += weight * g[LAST_WEEK] * g[THIS_WEEK] - SECOND(THIS_WEEK, LAST_WEEK);
    }
    for (int64_t i = OWN; i < p; i++) {
        const int64_t own = AMONG_LOCAL(i);
        s->bottom[i] += slope * g[own];
        s->border[week * p + i] += weight * g[THIS_WEEK] * g[own] - SECOND(own, THIS_WEEK);
        if (turned) s->border[(week - 1) * p + i] += weight * g[LAST_WEEK] * g[own] - SECOND(own, LAST_WEEK);
        for (int64_t j = OWN; j <= i; j++) s->corner[i][j] += weight * g[own] * g[AMONG_LOCAL(j)] - SECOND(own, AMONG_LOCAL(j));
    }
#undef SECOND
}

/* After a written day: the filtered chance in the place of f, derivatives included. */
INLINE void update(filter *at, lane f, lane f_not, lane e1, lane e0, lane likelihood, int64_t size, int curved)
{
    lane bend = e1 * e0 / (likelihood * likelihood), twist = 2.0 * bend * (e1 - e0) / likelihood;
    at->h = f * e1 / likelihood;
    at->h_not = f_not * e0 / likelihood;
    if (curved)
        for (int64_t i = 0; i < size; i++)
            for (int64_t j = 0; j <= i; j++) at->c[i][j] = at->c[i][j] * bend - twist * at->g[i] * at->g[j];
    for (int64_t i = 0; i < size; i++) at->g[i] *= bend;
}

#endif
