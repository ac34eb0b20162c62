/* Quantiles of weighted draws, interpolated between mid-ranks as numerics/weighted.py does, sorting only around them. */
#ifndef CLEARDAYS_QUANTILES_H
#define CLEARDAYS_QUANTILES_H

#include <stdint.h>

typedef struct {
    double value, weight;
} weighed;

enum { FEW = 12, BINS = 256 };

static int bin_of(double value, double low, double width)
{
    int bin = (int)((value - low) * width);
    return bin < BINS - 1 ? bin : BINS - 1;
}

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

/* The stretch of draws whose ranks may lie within `margin` of a rank asked for, found by counting into bins; `before` is the
 * weight of the draws below it. Returns how many there are, copied to `found`. */
static int64_t gathered(const double *value, const double *weight, const uint8_t *bin, int64_t n, const double *counted, double rank,
                        double margin, weighed *found, double *before)
{
    double sum = 0.0;
    int first = 0, last = BINS - 1;
    while (first < BINS - 1 && sum + counted[first] < rank - margin) sum += counted[first++];
    *before = sum;
    for (last = first; last < BINS - 1 && sum + counted[last] <= rank + margin; last++) sum += counted[last];
    int64_t here = 0;
    for (int64_t i = 0; i < n; i++) {
        found[here] = (weighed){value[i], weight[i]};
        here += bin[i] >= first && bin[i] <= last;
    }
    return here;
}

/* `levels` ascend; the weights add up to 1; `room` holds n + 1. */
static void quantiles_of(const double *value, const double *weight, int64_t n, const double *levels, int64_t asked, weighed *room,
                         uint8_t *bin, double *out)
{
    double counted[BINS] = {0}, low = value[0], high = value[0], heaviest = 0.0;
    for (int64_t i = 0; i < n; i++) {
        low = value[i] < low ? value[i] : low;
        high = value[i] > high ? value[i] : high;
        heaviest = weight[i] > heaviest ? weight[i] : heaviest;
    }
    double width = high - low > 1e-300 ? BINS / (high - low) : 0.0;
    for (int64_t i = 0; i < n; i++) bin[i] = (uint8_t)bin_of(value[i], low, width);
    for (int64_t i = 0; i < n; i++) counted[bin[i]] += weight[i];
    for (int64_t q = 0; q < asked; q++) {
        double before, rank = levels[q];
        int64_t here = gathered(value, weight, bin, n, counted, rank, 2.0 * heaviest, room, &before);
        sort_around(room, here, before, &rank, 1, 2.0 * heaviest);
        double last_rank = 0.0, last = room[0].value;
        out[q] = room[here - 1].value;
        for (int64_t i = 0; i < here; i++) {
            double at = before + 0.5 * room[i].weight;
            if (at >= rank) {
                out[q] = i == 0 ? room[0].value : last + (room[i].value - last) * (rank - last_rank) / (at - last_rank);
                break;
            }
            before += room[i].weight;
            last_rank = at, last = room[i].value;
        }
    }
}

#endif
