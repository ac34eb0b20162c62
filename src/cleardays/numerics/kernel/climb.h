/* The search for the summit of some nodes at a time: the same steps as response/inner.py. */
#ifndef CLEARDAYS_CLIMB_H
#define CLEARDAYS_CLIMB_H

#include "inner.h"

#define LONGEST_STEP 4.0
#define NEAR 0.1   /* so short a step leads near enough for the observed information ... */
#define NEARER 0.5 /* ... and so short a one, when it was taken with it */
enum { MOST_STEPS = 100, MOST_HALVINGS = 30 };

/* No farther than this does a step go on the linear predictor. */
INLINE lane reach(const diary *d, const lane *up, const lane *along)
{
    const int64_t p = COLUMNS(d->columns);
    lane most = splat(0.0);
    for (int64_t w = 0; w < d->weeks; w++) most = larger(most, absolute(up[w]));
    for (int64_t i = 0; i < p; i++) most += d->extent[i] * absolute(along[i]);
    return most;
}

/* Climb to the summit of each lane; `near`: it sets out so near that the observed information serves at once. Returns whether all
 * came to rest there; leaves the factored system of the summits in `s`. */
static int climb(const diary *d, const prior *of, system_of *s, place *at, int near, double settled, lane *here, int64_t *steps)
{
    const int64_t p = COLUMNS(d->columns);
    int curved = near, stepped_curved = 0;
    double longest = 1e300;
    *steps = 0;
    *here = look(d, of, at->u, at->b, s, at, curved);
    while (*steps < MOST_STEPS && !(stepped_curved && longest < settled)) {
        ++*steps;
        stepped_curved = curved;
        factor(s);
        if (any(~s->positive)) {
            stepped_curved = 0;
            *here = look(d, of, at->u, at->b, s, at, 0);
            factor(s);
        }
        solve(s, s->top, s->bottom, at->step_u, at->step_b);
        lane length = reach(d, at->step_u, at->step_b);
        longest = greatest(length);
        lane fraction = smaller(splat(1.0), LONGEST_STEP / larger(length, splat(settled))), there;
        curved = longest < (stepped_curved ? NEARER : NEAR);
        for (int halving = 0;; halving++) {
            for (int64_t w = 0; w < d->weeks; w++) at->try_u[w] = at->u[w] + fraction * at->step_u[w];
            for (int64_t i = 0; i < p; i++) at->try_b[i] = at->b[i] + fraction * at->step_b[i];
            there = look(d, of, at->try_u, at->try_b, s, at, curved);
            mask worse = ~(there >= *here - 1e-9 * (1.0 + absolute(*here)));
            if (!any(worse) || halving > MOST_HALVINGS) break;
            fraction = choose(worse, halving == MOST_HALVINGS ? splat(0.0) : 0.5 * fraction, fraction);
        }
        for (int64_t w = 0; w < d->weeks; w++) at->u[w] = at->try_u[w];
        for (int64_t i = 0; i < p; i++) at->b[i] = at->try_b[i];
        *here = there;
    }
    if (!curved) *here = look(d, of, at->u, at->b, s, at, 1);
    factor(s);
    int summit = !any(~s->positive);
    if (!summit) {
        *here = look(d, of, at->u, at->b, s, at, 0);
        factor(s);
    }
    return summit && longest < settled;
}

#endif
