/* A diary joined to its nodes, as the engine lays it out; see response/design.py and response/nodes.py for the meaning. */
#ifndef CLEARDAYS_DIARY_H
#define CLEARDAYS_DIARY_H

#include <stdint.h>

enum { USUAL, CARRY, EFFECT };
enum { NOTHING, CLEAR, HAD, RECALLED_CLEAR, RECALLED_HAD };
enum { STEADY = 2 };
enum { LAST_WEEK, THIS_WEEK, FIRST };
enum { MOST_COLUMNS = 24, MOST_LOCAL = MOST_COLUMNS + FIRST };

typedef struct {
    int64_t rows, cells, runs, weeks, columns, days; /* days: first day to the end of the horizon */
    int64_t last_written;                            /* the last day about which something was written */
    int64_t first_exposed;                           /* no node has any exposure before this day */
    double centre, last_had;
    const int64_t *row_day, *row_exposed, *row_also; /* row_also: a second column of the exposure, or -1 */
    const double *yes, *trials, *row_x; /* row_x: rows x columns, exposure apart */
    const int64_t *run_first, *before;  /* run_first: runs + 1 places in the cells, which stand run by run */
    const int64_t *cell_day, *seen;
    const double *day_x;               /* days x columns */
    const double *extent;              /* columns: the greatest covariate, whatever its sign */
    const int64_t *week_of_day;
} diary;

typedef struct {
    int64_t nodes, onsets;
    int64_t resumed; /* the summits of another frame of this grid are there, to set out from where nothing is nearer */
    double settled; /* a step so short, with the observed information, ends the search */
    const double *spread, *persistence, *mean, *precision; /* the last two columns x nodes */
    const int64_t *onset, *starts; /* starts: 3 x nodes; the search sets out at S(a) + S(b) - S(c) of nodes a, b, c, -1: none */
    const double *sensitivity, *specificity;
    const double *exposure; /* onsets x days */
    const double *rise;     /* days: how far the exposure of any onset moves from the day before */
} grid;

/* Everything the Gaussian of each node is made of; arrays have the node last. */
typedef struct {
    double *levels, *coefficients;           /* weeks x nodes, columns x nodes */
    double *pivots, *below, *tied;           /* weeks x nodes twice, weeks x columns x nodes */
    double *sds, *corner_sds;                /* weeks x nodes, columns x nodes: 1 / sqrt(pivot) */
    double *corner_pivots, *corner_lower;    /* columns x nodes, columns x columns x nodes */
    double *log_evidence, *log_determinant;  /* nodes */
    double *summits;                         /* (weeks + columns) x nodes: the modes, before the shift */
} gaussians;

/* Draws to make: their nodes and noise, and where they go. */
typedef struct {
    int64_t count, stride, dimensions; /* stride: from one row of the arrays below to the next, at least `count` */
    int64_t every; /* of the blocks of eight draws, each `every`th is weighed; the others' log ratio is NAN */
    const int64_t *node;  /* count: of each draw */
    const double *white;  /* dimensions x stride: of the columns, then of the weeks from the last one back */
    double *levels, *coefficients, *log_ratio, *had_last; /* weeks x stride, columns x stride, count, count */
} drawing;

#endif
