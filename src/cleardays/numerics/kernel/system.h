/* The Newton system of a chain with a border, one lane a node: the same elimination as numerics/arrowhead.py. */
#ifndef CLEARDAYS_SYSTEM_H
#define CLEARDAYS_SYSTEM_H

#include "diary.h"
#include "lanes.h"

/* With three columns, the usual number, the first is 1 on every day: whatever depends on a week's level depends on it in the same
 * way, so that its part of gradient and information is the sum of the weeks' and is not carried along (OWN: the first that is). */
#ifdef CLEARDAYS_COLUMNS
#define COLUMNS(many) CLEARDAYS_COLUMNS
enum { OWN = 1 };
#else
#define COLUMNS(many) (many)
enum { OWN = 0 };
#endif
#define AMONG_LOCAL(column) (FIRST + (column) - OWN)

typedef struct {
    int64_t weeks, columns;
    lane *diagonal, *off, *border, *top;  /* weeks, weeks, weeks x columns, weeks; off[w] couples w - 1 and w */
    lane corner[MOST_COLUMNS][MOST_COLUMNS], bottom[MOST_COLUMNS];
    lane *pivots, *inverse, *below, *half, *reached; /* the factors: pivots, their inverses, L; L^-1 B; L^-1 top */
    lane corner_pivots[MOST_COLUMNS], corner_lower[MOST_COLUMNS][MOST_COLUMNS];
    mask positive;
} system_of;

INLINE void factor_corner(system_of *s, lane schur[MOST_COLUMNS][MOST_COLUMNS])
{
    const int64_t p = COLUMNS(s->columns);
    for (int64_t j = 0; j < p; j++) {
        lane pivot = schur[j][j];
        for (int64_t k = 0; k < j; k++) pivot -= s->corner_lower[j][k] * s->corner_lower[j][k] * s->corner_pivots[k];
        s->corner_pivots[j] = pivot;
        s->positive &= pivot > 0.0;
        for (int64_t i = j + 1; i < p; i++) {
            lane rest = schur[i][j];
            for (int64_t k = 0; k < j; k++) rest -= s->corner_lower[i][k] * s->corner_lower[j][k] * s->corner_pivots[k];
            s->corner_lower[i][j] = rest / pivot;
        }
    }
}

/* Factor the system and carry the border through the forward half of the elimination. */
static void factor(system_of *s)
{
    const int64_t p = COLUMNS(s->columns);
    lane schur[MOST_COLUMNS][MOST_COLUMNS];
    for (int64_t i = 0; i < p; i++)
        for (int64_t j = 0; j <= i; j++) schur[i][j] = s->corner[i][j];
    s->positive = (mask){0} == 0;
    for (int64_t w = 0; w < s->weeks; w++) {
        lane *half = s->half + w * p, pivot = s->diagonal[w];
        for (int64_t i = 0; i < p; i++) half[i] = s->border[w * p + i];
        if (w) {
            s->below[w] = s->off[w] * s->inverse[w - 1];
            pivot -= s->below[w] * s->off[w];
            for (int64_t i = 0; i < p; i++) half[i] -= s->below[w] * half[i - p];
        } else {
            s->below[w] = splat(0.0);
        }
        s->positive &= pivot > 0.0;
        s->pivots[w] = pivot;
        s->inverse[w] = 1.0 / pivot;
        for (int64_t i = 0; i < p; i++) {
            lane scaled = half[i] * s->inverse[w];
            for (int64_t j = 0; j <= i; j++) schur[i][j] -= scaled * half[j];
        }
    }
    factor_corner(s, schur);
}

INLINE void solve_corner(const system_of *s, lane *x)
{
    const int64_t p = COLUMNS(s->columns);
    for (int64_t i = 1; i < p; i++)
        for (int64_t j = 0; j < i; j++) x[i] -= s->corner_lower[i][j] * x[j];
    for (int64_t i = 0; i < p; i++) x[i] /= s->corner_pivots[i];
    for (int64_t i = p - 2; i >= 0; i--)
        for (int64_t j = i + 1; j < p; j++) x[i] -= s->corner_lower[j][i] * x[j];
}

/* Solve for (up, along) with the right-hand side (top, bottom). */
static void solve(system_of *s, const lane *top, const lane *bottom, lane *up, lane *along)
{
    const int64_t p = COLUMNS(s->columns);
    for (int64_t i = 0; i < p; i++) along[i] = bottom[i];
    for (int64_t w = 0; w < s->weeks; w++) {
        s->reached[w] = w ? top[w] - s->below[w] * s->reached[w - 1] : top[w];
        lane scaled = s->reached[w] * s->inverse[w];
        for (int64_t i = 0; i < p; i++) along[i] -= s->half[w * p + i] * scaled;
    }
    solve_corner(s, along);
    for (int64_t w = s->weeks - 1; w >= 0; w--) {
        lane rest = s->reached[w];
        for (int64_t i = 0; i < p; i++) rest -= s->half[w * p + i] * along[i];
        up[w] = rest * s->inverse[w];
        if (w + 1 < s->weeks) up[w] -= s->below[w + 1] * up[w + 1];
    }
}

INLINE lane log_determinant(const system_of *s)
{
    const int64_t p = COLUMNS(s->columns);
    product all = one();
    for (int64_t w = 0; w < s->weeks; w++) multiply(&all, s->pivots[w]);
    for (int64_t i = 0; i < p; i++) multiply(&all, s->corner_pivots[i]);
    return logged(all);
}

#endif
