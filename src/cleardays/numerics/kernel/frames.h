/* The outer grid, for batches: as response/nodes.py lays it and moves it. */
#ifndef CLEARDAYS_FRAMES_H
#define CLEARDAYS_FRAMES_H

#include <math.h>

#include "diary.h"

enum { AXES = 3, MOST_FRAMES = 4, MOST_ON_AXIS = 16 };

/* Priors and rules of the grid: log s, logit phi, log tau; then memory; then the three coefficients' mean and SD. */
typedef struct {
    int64_t counts[AXES];               /* nodes on each axis */
    double at[AXES][MOST_ON_AXIS];      /* Gauss-Hermite nodes of the standard normal */
    double weight[AXES][MOST_ON_AXIS];  /* and their weights */
    double middle[AXES], sd[AXES];      /* log s, logit phi, log tau */
    double memory_middle[2], memory_sd[2]; /* logit of sensitivity and specificity */
    double mean[3], sds[3];
    double off, narrow, least_scale;    /* when a grid stands badly, and how narrow it may become */
    double settled;                     /* as in grid */
    const int64_t *spread_at, *persistence_at, *onset_at, *starts; /* the order of the nodes, memory's four blocks included */
} priors;

typedef struct {
    double centre[AXES], scale[AXES];
} frame;

/* Room for the nodes of one diary; the arrays of `grid` point into it. */
typedef struct {
    double *log_weight, *spread, *persistence, *sensitivity, *specificity, *mean, *precision, *place, *tau;
    int64_t *onset, *starts;
} nodes_room;

static double sigmoid_of(double x) { return x >= 0 ? 1.0 / (1.0 + exp(-x)) : exp(x) / (1.0 + exp(x)); }

static int64_t count_nodes(const priors *b, int recalled)
{
    return b->counts[0] * b->counts[1] * b->counts[2] * (recalled ? 4 : 1);
}

static void lay_grid(const priors *b, const frame *f, int recalled, nodes_room *r, grid *g)
{
    int64_t tau_count = b->counts[2], memory = recalled ? 2 : 1;
    int64_t nodes = count_nodes(b, recalled);
    double moved[AXES][MOST_ON_AXIS], log_weight[AXES][MOST_ON_AXIS];
    for (int a = 0; a < AXES; a++)
        for (int64_t i = 0; i < b->counts[a]; i++) {
            double x = b->at[a][i], m = f->centre[a] + f->scale[a] * x;
            moved[a][i] = m;
            log_weight[a][i] = log(b->weight[a][i]) + log(f->scale[a]) - 0.5 * m * m + 0.5 * x * x;
        }
    for (int64_t k = 0; k < nodes; k++) {
        int64_t block = k / (nodes / (memory * memory)), s = b->spread_at[k], p = b->persistence_at[k], t = b->onset_at[k];
        double at1 = memory == 1 ? 0.0 : 2.0 * (double)(block % 2) - 1.0, at2 = memory == 1 ? 0.0 : 2.0 * (double)(block / 2) - 1.0;
        r->log_weight[k] = log_weight[0][s] + log_weight[1][p] + log_weight[2][t] - 2.0 * log((double)memory);
        r->place[k] = moved[0][s], r->place[nodes + k] = moved[1][p], r->place[2 * nodes + k] = moved[2][t];
        r->spread[k] = exp(b->middle[0] + b->sd[0] * moved[0][s]);
        r->persistence[k] = sigmoid_of(b->middle[1] + b->sd[1] * moved[1][p]);
        r->sensitivity[k] = sigmoid_of(b->memory_middle[0] + b->memory_sd[0] * at1);
        r->specificity[k] = sigmoid_of(b->memory_middle[1] + b->memory_sd[1] * at2);
        r->onset[k] = t;
        for (int i = 0; i < 3; i++) {
            r->starts[i * nodes + k] = b->starts[i * count_nodes(b, 1) + k];
            r->mean[i * nodes + k] = b->mean[i];
            r->precision[i * nodes + k] = 1.0 / (b->sds[i] * b->sds[i]);
        }
    }
    for (int64_t t = 0; t < tau_count; t++) r->tau[t] = exp(b->middle[2] + b->sd[2] * moved[2][t]);
    *g = (grid){.nodes = nodes, .onsets = tau_count, .settled = b->settled, .spread = r->spread,
                .persistence = r->persistence, .mean = r->mean, .precision = r->precision, .onset = r->onset, .starts = r->starts, .sensitivity = r->sensitivity,
                .specificity = r->specificity};
}

/* Where the grid should stand instead; 0 where it stands well enough. */
static int reframe(const priors *b, const nodes_room *r, int64_t nodes, const double *log_evidence, const frame *now, frame *next)
{
    double top = -INFINITY, total = 0.0, mean[AXES] = {0}, square[AXES] = {0};
    for (int64_t k = 0; k < nodes; k++) top = fmax(top, r->log_weight[k] + log_evidence[k]);
    for (int64_t k = 0; k < nodes; k++) {
        double share = exp(r->log_weight[k] + log_evidence[k] - top);
        total += share;
        for (int a = 0; a < AXES; a++) {
            double place = r->place[a * nodes + k];
            mean[a] += share * place, square[a] += share * place * place;
        }
    }
    int badly = 0;
    for (int a = 0; a < AXES; a++) {
        double m = mean[a] / total, sd = sqrt(fmax(square[a] / total - m * m, 0.0));
        badly |= !(fabs(m - now->centre[a]) < b->off * now->scale[a]) || !(sd > b->narrow * now->scale[a]);
        next->centre[a] = m;
        next->scale[a] = fmin(fmax(sd, b->least_scale * now->scale[a]), now->scale[a]);
    }
    return badly;
}

#endif
