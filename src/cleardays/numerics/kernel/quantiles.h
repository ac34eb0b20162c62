/* Quantiles of weighted draws, interpolated between mid-ranks as numerics/weighted.py does, sorting only around them. */
#ifndef CLEARDAYS_QUANTILES_H
#define CLEARDAYS_QUANTILES_H

#include <stdint.h>

typedef struct {
    double value, weight;
} weighed;

enum { FEW = 12 };

static void sort_few(weighed *x, int64_t n)
{
    for (int64_t i = 1; i < n; i++) {
        weighed moving = x[i];
        int64_t j = i;
        for (; j > 0 && x[j - 1].value > moving.value; j--) x[j] = x[j - 1];
        x[j] = moving;
    }
}

/* Sort only the stretches that hold a rank asked for; `before` is the weight of what is smaller, `margin` the heaviest draw. */
static void sort_around(weighed *x, int64_t n, double before, const double *ranks, int64_t asked, double margin)
{
    while (n > FEW) {
        double a = x[0].value, b = x[n / 2].value, c = x[n - 1].value;
        double pivot = a < b ? (b < c ? b : a < c ? c : a) : (a < c ? a : b < c ? c : b), left_weight = 0.0;
        int64_t i = 0, j = n - 1;
        while (i <= j) {
            while (x[i].value < pivot) left_weight += x[i++].weight;
            while (x[j].value > pivot) j--;
            if (i > j) break;
            weighed swap = x[i];
            x[i] = x[j], x[j] = swap;
            left_weight += x[i++].weight;
            j--;
        }
        /* what lies between the two halves, if anything, equals the pivot and is in its place */
        int64_t left = j + 1;
        double lower_weight = left_weight;
        for (int64_t k = left; k < i; k++) lower_weight -= x[k].weight;
        int in_left = 0, in_right = 0;
        for (int64_t q = 0; q < asked; q++) {
            in_left |= ranks[q] <= before + lower_weight + margin;
            in_right |= ranks[q] >= before + left_weight - margin;
        }
        if (in_left && in_right) {
            sort_around(x, left, before, ranks, asked, margin);
            x += i, n -= i, before += left_weight;
        } else if (in_left) {
            n = left;
        } else if (in_right) {
            x += i, n -= i, before += left_weight;
        } else {
            return;
        }
        int wanted = 0;
        for (int64_t q = 0; q < asked; q++) wanted |= ranks[q] >= before - margin;
        if (!wanted) return;
    }
    sort_few(x, n);
}

/* `x` is reordered; `levels` ascend; the weights add up to `total`. */
static void quantiles_of(weighed *x, int64_t n, double total, const double *levels, int64_t asked, double *out)
{
    double ranks[8], heaviest = 0.0, sum = 0.0;
    for (int64_t q = 0; q < asked; q++) ranks[q] = levels[q] * total;
    for (int64_t i = 0; i < n; i++) heaviest = x[i].weight > heaviest ? x[i].weight : heaviest;
    sort_around(x, n, 0.0, ranks, asked, 2.0 * heaviest);
    int64_t q = 0;
    double last_rank = 0.0, last = x[0].value;
    for (int64_t i = 0; i < n && q < asked; i++) {
        double rank = sum + 0.5 * x[i].weight;
        while (q < asked && rank >= ranks[q]) {
            out[q] = i == 0 ? x[0].value : last + (x[i].value - last) * (ranks[q] - last_rank) / (rank - last_rank);
            q++;
        }
        sum += x[i].weight;
        last_rank = rank, last = x[i].value;
    }
    for (; q < asked; q++) out[q] = last;
}

#endif
