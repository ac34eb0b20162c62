/* A normal mixture fitted to a sample by expectation-maximisation, as response/priors.py does. */
#ifndef CLEARDAYS_MIXTURE_H
#define CLEARDAYS_MIXTURE_H

#include "lanes.h"

enum { MOST_COMPONENTS = 8 };

typedef struct {
    int64_t count, components, rounds;
    double least;                        /* added to each variance */
    const double *sample;                /* count */
    double *weight, *mean, *variance;    /* components: where to begin, and what was found */
} mixture;

/* One round: what each point says of each component, and the components that follow from it. */
static void round_of_mixture(const mixture *m)
{
    const int64_t components = m->components;
    lane share[MOST_COMPONENTS], mass[MOST_COMPONENTS] = {{0}}, first[MOST_COMPONENTS] = {{0}}, second[MOST_COMPONENTS] = {{0}};
    double constant[MOST_COMPONENTS], precision[MOST_COMPONENTS];
    for (int64_t k = 0; k < components; k++) {
        constant[k] = log(m->weight[k]) - 0.5 * log(m->variance[k]);
        precision[k] = -0.5 / m->variance[k];
    }
    for (int64_t at = 0; at < m->count; at += LANES) {
        lane x = loaded(m->sample, at, m->count), top = splat(-INFINITY), all = splat(0.0), there;
        for (int i = 0; i < LANES; i++) there[i] = at + i < m->count;
        for (int64_t k = 0; k < components; k++) {
            share[k] = constant[k] + precision[k] * (x - m->mean[k]) * (x - m->mean[k]);
            top = larger(top, share[k]);
        }
        for (int64_t k = 0; k < components; k++) share[k] = exponential(share[k] - top), all += share[k];
        for (int64_t k = 0; k < components; k++) {
            lane part = there * share[k] / all;
            mass[k] += part, first[k] += part * x, second[k] += part * x * x;
        }
    }
    for (int64_t k = 0; k < components; k++) {
        double many = 0.0, sum = 0.0, squares = 0.0;
        for (int i = 0; i < LANES; i++) many += mass[k][i], sum += first[k][i], squares += second[k][i];
        m->weight[k] = many / (double)m->count;
        m->mean[k] = sum / many;
        m->variance[k] = squares / many - m->mean[k] * m->mean[k] + m->least;
    }
}

#endif
