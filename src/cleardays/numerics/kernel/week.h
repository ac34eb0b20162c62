/* A week to come against what each draw expects of it, as response/week_ahead.py has it, in single precision: one lane a draw. */
#ifndef CLEARDAYS_WEEK_H
#define CLEARDAYS_WEEK_H

#include "singles.h"

typedef struct {
    int64_t futures, draws, kinds, rounds; /* rounds: of Newton, for the level */
    double most;                           /* a level goes no farther than this */
    const double *bases;                   /* kinds x draws: the linear predictor at level 0 */
    const double *asked, *yes;             /* futures x kinds */
    float *mean, *variance, *gained;       /* futures x draws: the level, and the log likelihood so far; brought up to date */
} week;

/* The rows of one future, and those of the draws that all futures share. */
typedef struct {
    int64_t wide;
    single *before, *spread, *gained, *at, *base, *against; /* wide each, the last two kinds x wide */
} week_room;

static char *room_of_week(const week *w, week_room *r, char *arena)
{
    r->wide = (w->draws + SINGLES - 1) / SINGLES;
    single **rows[] = {&r->before, &r->spread, &r->gained, &r->at};
    for (size_t i = 0; i < 4; i++) *rows[i] = take(&arena, r->wide, sizeof(single));
    r->base = take(&arena, w->kinds * r->wide, sizeof(single));
    r->against = take(&arena, w->kinds * r->wide, sizeof(single));
    return arena;
}

/* One round of one future: a Newton step of the level, or with `last` what is known in the end. The draws do not wait for each
 * other in here, so that the processor has several under way. */
INLINE void round_of_week(const week *w, const double *asked, const double *yes, const week_room *r, int last)
{
    for (int64_t i = 0; i < r->wide; i++) {
        single at = r->at[i], before = r->before[i], spread = r->spread[i], gained = r->gained[i];
        single against = single_exponential((float)w->most, -at), slope = single_splat(0.0f), information = slope;
        for (int64_t k = 0; k < w->kinds; k++) {
            float tried = (float)asked[k], had = (float)yes[k];
            if (tried == 0.0f) continue;
            single odds = against * r->against[k * r->wide + i], whole = 1.0f + odds, share = 1.0f / whole;
            slope += had - tried * share;
            information += tried * share * (odds * share);
            if (last) gained += (had - tried) * (r->base[k * r->wide + i] + at) - tried * single_logarithm(whole);
        }
        single narrowed = 1.0f + spread * information, away = (at - before) * (at - before);
        if (last) {
            away = single_choose(spread > 1e-30f, away / spread, single_splat(0.0f));
            r->gained[i] = gained - 0.5f * (away + single_logarithm(narrowed));
            r->spread[i] = spread / narrowed;
        } else {
            r->at[i] += (spread * slope - (at - before)) / narrowed;
        }
    }
}

static void answer_week(const week *w, const week_room *r)
{
    const double most = w->most;
    const size_t row = (size_t)w->draws * sizeof(float);
    for (int64_t k = 0; k < w->kinds; k++) {
        float *base = (float *)(r->base + k * r->wide);
        for (int64_t i = 0; i < w->draws; i++) base[i] = (float)fmin(fmax(w->bases[k * w->draws + i], -most), most);
        for (int64_t i = 0; i < r->wide; i++) r->against[k * r->wide + i] = single_exponential((float)most, -r->base[k * r->wide + i]);
    }
    for (int64_t f = 0; f < w->futures; f++) {
        const double *asked = w->asked + f * w->kinds, *yes = w->yes + f * w->kinds;
        memcpy(r->before, w->mean + f * w->draws, row);
        memcpy(r->at, r->before, row);
        memcpy(r->spread, w->variance + f * w->draws, row);
        memcpy(r->gained, w->gained + f * w->draws, row);
        for (int64_t left = w->rounds; left; left--) round_of_week(w, asked, yes, r, 0);
        round_of_week(w, asked, yes, r, 1);
        memcpy(w->mean + f * w->draws, r->at, row);
        memcpy(w->variance + f * w->draws, r->spread, row);
        memcpy(w->gained + f * w->draws, r->gained, row);
    }
}

#endif
