/* Laying out one diary of a batch: as response/runs.py and response/design.py do. */
#ifndef CLEARDAYS_ROWS_H
#define CLEARDAYS_ROWS_H

#include <math.h>

#include "diary.h"

enum { HORIZON = 28, WEEK = 7, LONGEST_GAP = 6, UNKNOWN = -1 };

/* Room for the layout of one diary; the arrays of `diary` point into it. */
typedef struct {
    int64_t *row_day, *row_exposed, *row_also, *run_first, *before, *cell_day, *seen, *week_of_day;
    double *yes, *trials, *row_x, *day_x, *extent;
} layout_room;

static void add_cell(layout_room *r, diary *d, int64_t day, int64_t seen)
{
    r->cell_day[d->cells] = day;
    r->seen[d->cells++] = seen;
}

static void open_run(layout_room *r, diary *d, int64_t before)
{
    r->run_first[d->runs] = d->cells;
    r->before[d->runs++] = before;
}

/* `state` is 0 clear, 1 had, -1 unknown, `recalled` may be null. Returns the number of known days; with none nothing is laid. */
static int64_t lay_out(const int8_t *state, const uint8_t *recalled, int64_t n, int64_t start, layout_room *r, diary *d)
{
    int64_t known = 0, had = 0, last = UNKNOWN, open = 0, span = n + HORIZON;
    for (int64_t i = 0; i < n; i++) known += state[i] >= 0, had += state[i] == 1;
    *d = (diary){.columns = 3, .days = span, .centre = (had + 2.0) / (known + 4.0), .row_day = r->row_day,
                 .row_exposed = r->row_exposed, .row_also = r->row_also, .yes = r->yes, .trials = r->trials, .row_x = r->row_x,
                 .run_first = r->run_first, .before = r->before, .cell_day = r->cell_day, .seen = r->seen, .day_x = r->day_x,
                 .extent = r->extent, .week_of_day = r->week_of_day};
    if (!known) return 0;
    for (int64_t day = 0; day < n; day++) {
        if (state[day] < 0) continue;
        int sure = !recalled || !recalled[day];
        int64_t seen = state[day] ? (sure ? HAD : RECALLED_HAD) : (sure ? CLEAR : RECALLED_CLEAR);
        if (last < 0 || day - last - 1 > LONGEST_GAP) {
            open_run(r, d, STEADY);
            for (int64_t silent = day > LONGEST_GAP ? day - LONGEST_GAP : 0; silent < day; silent++) add_cell(r, d, silent, NOTHING);
            open = 1;
        } else if (sure && !open && day == last + 1) {
            int64_t t = d->rows++;
            r->row_day[t] = day, r->row_exposed[t] = EFFECT, r->row_also[t] = -1;
            r->yes[t] = state[day], r->trials[t] = 1.0;
            r->row_x[3 * t] = 1.0, r->row_x[3 * t + 1] = state[last] - d->centre, r->row_x[3 * t + 2] = 0.0;
            last = day;
            continue;
        } else {
            if (!open) open_run(r, d, state[last]);
            open = 1;
            for (int64_t silent = last + 1; silent < day; silent++) add_cell(r, d, silent, NOTHING);
        }
        add_cell(r, d, day, seen);
        if (sure) open = 0;
        last = day;
    }
    r->run_first[d->runs] = d->cells;
    d->last_written = last;
    d->last_had = state[last];
    int64_t first_week = (0 - start) >= 0 ? (0 - start) / WEEK : -((start + WEEK - 1) / WEEK);
    for (int64_t i = 0; i < span; i++) {
        int64_t since = i - start, week = since >= 0 ? since / WEEK : -((-since + WEEK - 1) / WEEK);
        r->week_of_day[i] = week - first_week;
        r->day_x[3 * i] = 1.0, r->day_x[3 * i + 1] = r->day_x[3 * i + 2] = 0.0;
    }
    d->weeks = r->week_of_day[span - 1] + 1;
    return known;
}

/* The delayed exposure of each day: the level taken, followed with a first-order lag. Levels go on as on the last day. */
static void expose(const float *level, int64_t n, int64_t start, int64_t span, double tau, double *out)
{
    double effect = !level && start < 0 ? 1.0 - exp((double)start / tau) : 0.0, keep = exp(-1.0 / tau);
    for (int64_t i = 0; i < span; i++) {
        out[i] = effect;
        double taken = i >= start;
        if (level) taken = i < n ? level[i] : level[n - 1];
        effect = taken + (effect - taken) * keep;
    }
}

#endif
