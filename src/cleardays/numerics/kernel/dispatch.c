/* What Python calls: the code made for this processor, and for the usual number of columns. */
#include "diary.h"

#ifndef CLEARDAYS_SOURCE
#define CLEARDAYS_SOURCE ""
#endif

typedef int64_t solving(const diary *, const grid *, gaussians *, int64_t *);
typedef int64_t drawing_of(const diary *, const grid *, const gaussians *, drawing *);
solving cleardays_solve_plain_any, cleardays_solve_plain_3;
drawing_of cleardays_draw_plain_any, cleardays_draw_plain_3;
typedef int64_t working(const void *);
working cleardays_batch_plain_3, cleardays_week_plain_3, cleardays_days_plain_3, cleardays_mixture_plain_3, cleardays_reduced_plain_3;

#ifdef CLEARDAYS_V3
solving cleardays_solve_v3_any, cleardays_solve_v3_3;
drawing_of cleardays_draw_v3_any, cleardays_draw_v3_3;
working cleardays_batch_v3_3, cleardays_week_v3_3, cleardays_days_v3_3, cleardays_mixture_v3_3, cleardays_reduced_v3_3;
#define MODERN (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
#define CHOSEN_3(what) (MODERN ? cleardays_##what##_v3_3 : cleardays_##what##_plain_3)
#define CHOSEN_ANY(what) (MODERN ? cleardays_##what##_v3_any : cleardays_##what##_plain_any)
#else
#define CHOSEN_3(what) cleardays_##what##_plain_3
#define CHOSEN_ANY(what) cleardays_##what##_plain_any
#endif
#define CHOSEN(what, columns) ((columns) == 3 ? CHOSEN_3(what) : CHOSEN_ANY(what))

/* Solve every node. 1: all came to rest, 0: not all, -1: no memory, -2: more columns than there is room for. */
int64_t cleardays_solve(const diary *d, const grid *g, gaussians *out, int64_t *steps)
{
    return d->columns > MOST_COLUMNS ? -2 : CHOSEN(solve, d->columns)(d, g, out, steps);
}

/* Draw from solved nodes. 0, or -1: no memory. */
int64_t cleardays_draw(const diary *d, const grid *g, const gaussians *at, drawing *out)
{
    return CHOSEN(draw, d->columns)(d, g, at, out);
}

/* Answer the diaries of a batch (batch.h). 0, or -1: no memory. */
int64_t cleardays_batch(const void *of) { return CHOSEN_3(batch)(of); }

/* Bring the levels of a week to come up to date (week.h). 0, or -1: no memory. */
int64_t cleardays_week(const void *of) { return CHOSEN_3(week)(of); }

/* The chance of a reduction in each future (reduced.h). 0, or -1: no memory. */
int64_t cleardays_reduced(const void *of) { return CHOSEN_3(reduced)(of); }

/* The days to come of many draws (days.h). 0, or -1: no memory. */
int64_t cleardays_days(const void *of) { return CHOSEN_3(days)(of); }

/* Fit a normal mixture (mixture.h). 0, or -2: more components than there is room for. */
int64_t cleardays_mixture(const void *of) { return CHOSEN_3(mixture)(of); }

/* The digest of the sources that this library was made from. */
const char *cleardays_source(void) { return CLEARDAYS_SOURCE; }
