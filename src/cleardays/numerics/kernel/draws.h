/* Draws and their importance weights, one lane a draw: the same as response/draws.py. */
#ifndef CLEARDAYS_DRAWS_H
#define CLEARDAYS_DRAWS_H

#include "inner.h"

typedef struct {
    lane *u, b[MOST_COLUMNS];
    prior of;
    odds against;
    int64_t node[LANES];
    int alike; /* all lanes draw from one node */
} handful;

INLINE lane lanes_of(const double *values, const int64_t *node)
{
    lane found;
    for (int i = 0; i < LANES; i++) found[i] = values[node[i]];
    return found;
}

/* The same where most draws come by the handful from one node. */
INLINE lane of_nodes(const double *values, const handful *e)
{
    return e->alike ? splat(values[e->node[0]]) : lanes_of(values, e->node);
}

INLINE lane noise_of(const drawing *out, int64_t dimension, int64_t first)
{
    return loaded(out->white + dimension * out->stride, first, out->count);
}

/* The place of the draws of some lanes: the mean of their node plus coloured noise. Returns the noise's square. */
INLINE lane place_draws(const diary *d, const grid *g, const gaussians *at, const drawing *out, int64_t first, handful *e)
{
    const int64_t p = COLUMNS(d->columns), nodes = g->nodes, weeks = d->weeks;
    lane away[MOST_COLUMNS], square = splat(0.0), next = splat(0.0);
    for (int64_t i = p - 1; i >= 0; i--) {
        lane white = noise_of(out, i, first);
        square += white * white;
        away[i] = white * of_nodes(at->corner_sds + i * nodes, e);
        for (int64_t j = i + 1; j < p; j++) away[i] -= of_nodes(at->corner_lower + (j * p + i) * nodes, e) * away[j];
        e->b[i] = of_nodes(at->coefficients + i * nodes, e) + away[i];
    }
    for (int64_t w = weeks - 1; w >= 0; w--) {
        lane white = noise_of(out, p + weeks - 1 - w, first);
        square += white * white;
        lane coloured = white * of_nodes(at->sds + w * nodes, e);
        if (w + 1 < weeks) coloured -= of_nodes(at->below + (w + 1) * nodes, e) * next;
        next = coloured;
        e->u[w] = of_nodes(at->levels + w * nodes, e) + coloured;
        for (int64_t i = 0; i < p; i++) e->u[w] -= of_nodes(at->tied + (w * p + i) * nodes, e) * away[i];
    }
    return square;
}

/* log p(y, u, b | node) without the constant, and P(had on the day written last). */
INLINE lane log_posterior(const diary *d, handful *e, lane *had_last)
{
    const int64_t p = COLUMNS(d->columns);
    const prior *of = &e->of;
    product all = one(), said = one();
    lane many = splat(0.0), x[MOST_COLUMNS], square = splat(0.0);
    lane inner = of->scale * (1.0 + of->persistence * of->persistence), off = -of->persistence * of->scale;
    for (int64_t w = 0; w < d->weeks; w++) {
        square += (w == 0 || w == d->weeks - 1 ? of->scale : inner) * e->u[w] * e->u[w];
        if (w) square += 2.0 * off * e->u[w] * e->u[w - 1];
    }
    for (int64_t i = 0; i < p; i++) square += of->precision[i] * (e->b[i] - of->mean[i]) * (e->b[i] - of->mean[i]);
    lay_odds(d, of, e->u, e->b, d->last_written + 1, &e->against);
#if CLEARDAYS_COLUMNS == 3
    for (int64_t t = 0; t < d->rows; t++) {
        lane against = odds_against(d, of, e->u, e->b, &e->against, d->row_day[t]);
        against *= d->row_x[3 * t + 1] > 0.0 ? e->against.after_had : e->against.after_clear;
        if (d->yes[t] < 0.5) multiply(&said, against);
        multiply(&all, 1.0 + against);
    }
    many = logged(said) - logged(all), all = one();
#else
    for (int64_t t = 0; t < d->rows; t++) {
        lane eta = e->u[d->week_of_day[d->row_day[t]]], yes, no;
        row_of(d, of, t, x);
        for (int64_t i = 0; i < p; i++) eta += x[i] * e->b[i];
        double had = d->yes[t], trials = d->trials[t];
        sigmoids(eta, &yes, &no);
        if (trials == 1.0) multiply(&all, had > 0.5 ? yes : no);
        else many += had * logarithm(yes) + (trials - had) * logarithm(no);
    }
#endif
    *had_last = splat(d->last_had);
    for (int64_t r = 0; r < d->runs; r++) {
        lane h = splat(0.0), h_not = h, up, up_not, down, down_not, e1, e0;
        for (int64_t cell = d->run_first[r]; cell < d->run_first[r + 1]; cell++) {
            int64_t day = d->cell_day[cell];
            lane against = odds_against(d, of, e->u, e->b, &e->against, day);
            both_chances(against * e->against.after_had, against * e->against.after_clear, &up, &up_not, &down, &down_not);
            if (cell == d->run_first[r]) {
                lane leaving = up_not + down;
                h = d->before[r] == STEADY ? down / leaving : splat(d->before[r] == 1);
                h_not = d->before[r] == STEADY ? up_not / leaving : splat(d->before[r] == 0);
            }
            lane f = h * up + h_not * down, f_not = h * up_not + h_not * down_not;
            h = f, h_not = f_not;
            if (d->seen[cell] == NOTHING) continue;
            emission(d->seen[cell], of->sensitivity, of->specificity, &e1, &e0);
            lane likelihood = f * e1 + f_not * e0;
            multiply(&all, likelihood);
            h = f * e1 / likelihood, h_not = f_not * e0 / likelihood;
            if (day == d->last_written) *had_last = h;
        }
    }
    return of->determinant - 0.5 * square + many + logged(all);
}

#endif
