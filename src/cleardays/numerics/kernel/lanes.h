/* A few doubles at a time: one lane a node, or one lane a draw. GCC and Clang turn these into whatever vectors the machine has. */
#ifndef CLEARDAYS_LANES_H
#define CLEARDAYS_LANES_H

#include <stdint.h>

#ifndef LANES
#define LANES 8
#endif
#define INLINE static inline __attribute__((always_inline))

typedef double lane __attribute__((vector_size(8 * LANES)));
typedef int64_t mask __attribute__((vector_size(8 * LANES)));
typedef uint64_t bare __attribute__((vector_size(8 * LANES)));

INLINE lane root(lane x)
{
    lane found;
    for (int i = 0; i < LANES; i++) found[i] = __builtin_sqrt(x[i]);
    return found;
}

INLINE lane splat(double value) { return (lane){0} + value; }
INLINE lane choose(mask where, lane yes, lane no) { return (lane)((where & (mask)yes) | (~where & (mask)no)); }
INLINE lane absolute(lane x) { return (lane)((mask)x & 0x7fffffffffffffffLL); }
INLINE lane smaller(lane a, lane b) { return choose(a < b, a, b); }
INLINE lane larger(lane a, lane b) { return choose(a > b, a, b); }

INLINE int any(mask where)
{
    int64_t found = 0;
    for (int i = 0; i < LANES; i++) found |= where[i];
    return found != 0;
}

INLINE double greatest(lane x)
{
    double most = x[0];
    for (int i = 1; i < LANES; i++) most = x[i] > most ? x[i] : most;
    return most;
}

/* Neighbours in memory, the last one repeated where there are too few. */
INLINE lane loaded(const double *from, int64_t at, int64_t n)
{
    lane found;
    if (at + LANES <= n) {
        __builtin_memcpy(&found, from + at, sizeof found);
        return found;
    }
    for (int i = 0; i < LANES; i++) found[i] = from[at + i < n ? at + i : n - 1];
    return found;
}

INLINE void put(double *to, int64_t at, int64_t n, lane found)
{
    if (at + LANES <= n) {
        __builtin_memcpy(to + at, &found, sizeof found);
        return;
    }
    for (int i = 0; i < LANES && at + i < n; i++) to[at + i] = found[i];
}

/* exp between -limit and limit, beyond them as there: reduction by ln 2 in two parts, then the series to degree 11, folded (Estrin). */
INLINE lane exponential_within(double limit, lane x)
{
    const double magic = 6755399441055744.0; /* 1.5 * 2^52: adding it rounds to whole numbers */
    x = smaller(larger(x, splat(-limit)), splat(limit));
    lane shifted = x * 1.4426950408889634 + magic;
    lane whole = shifted - magic;
    lane r = x - whole * 0.693145751953125;
    r = r - whole * 1.42860682030941723212e-6;
    lane square = r * r, fourth = square * square;
    lane low = (1.0 + r) + square * (0.5 + r * (1.0 / 6.0));
    lane middle = (1.0 / 24.0 + r * (1.0 / 120.0)) + square * (1.0 / 720.0 + r * (1.0 / 5040.0));
    lane high = (1.0 / 40320.0 + r * (1.0 / 362880.0)) + square * (1.0 / 3628800.0 + r * (1.0 / 39916800.0));
    lane y = low + fourth * (middle + fourth * high);
    mask power = ((mask)shifted + 1023) << 52; /* the low bits of `shifted` are the whole number */
    return y * (lane)power;
}

/* log of positive normal numbers: the exponent apart, then 2 atanh((m - 1) / (m + 1)) with m in [0.7, 1.5). */
INLINE lane logarithm(lane x)
{
    mask bits = (mask)x;
    mask power = (mask)((bare)x >> 52) - 1023;
    lane m = (lane)((bits & 0x000fffffffffffffLL) | 0x3ff0000000000000LL);
    mask big = m > 1.4142135623730951;
    m = choose(big, m * 0.5, m);
    power = power - big; /* a true lane is -1 */
    lane s = (m - 1.0) / (m + 1.0), z = s * s;
    lane y = splat(1.0 / 23.0);
    y = y * z + 1.0 / 21.0;
    y = y * z + 1.0 / 19.0;
    y = y * z + 1.0 / 17.0;
    y = y * z + 1.0 / 15.0;
    y = y * z + 1.0 / 13.0;
    y = y * z + 1.0 / 11.0;
    y = y * z + 1.0 / 9.0;
    y = y * z + 1.0 / 7.0;
    y = y * z + 1.0 / 5.0;
    y = y * z + 1.0 / 3.0;
    y = y * z + 1.0;
    lane e = __builtin_convertvector(power, lane);
    return e * 0.6931471805599453 + 2.0 * s * y;
}

/* The logarithm of a long product: mantissas multiplied, exponents added, one logarithm at the end. */
typedef struct {
    lane mantissa;
    mask power;
} product;

INLINE product one(void) { return (product){splat(1.0), (mask){0}}; }

INLINE void multiply(product *into, lane factor)
{
    lane next = into->mantissa * factor;
    mask bits = (mask)next;
    into->power += (mask)((bare)next >> 52) - 1023;
    into->mantissa = (lane)((bits & 0x000fffffffffffffLL) | 0x3ff0000000000000LL);
}

INLINE lane logged(product of) { return logarithm(of.mantissa) + __builtin_convertvector(of.power, lane) * 0.6931471805599453; }

/* Two of these and a hundredth power more can be multiplied without end in sight of infinity. */
INLINE lane exponential(lane x) { return exponential_within(300.0, x); }

/* exp between -1/8 and 1/8, to eleven digits. */
INLINE lane exponential_near_nought(lane x)
{
    lane square = x * x;
    lane low = (1.0 + x) + square * (0.5 + x * (1.0 / 6.0));
    lane high = (1.0 / 24.0 + x * (1.0 / 120.0)) + square * (1.0 / 720.0 + x * (1.0 / 5040.0));
    return low + square * square * high;
}

/* sigmoid(x) and sigmoid(-x), each with all its digits. */
INLINE void sigmoids(lane x, lane *yes, lane *no)
{
    lane against = exponential(-x);
    *yes = 1.0 / (1.0 + against);
    *no = against * *yes;
}

/* The same for two of which the odds against are known; one division serves both. */
INLINE void both_chances(lane against1, lane against0, lane *yes1, lane *no1, lane *yes0, lane *no0)
{
    lane whole1 = 1.0 + against1, whole0 = 1.0 + against0, shared = 1.0 / (whole1 * whole0);
    *yes1 = whole0 * shared;
    *yes0 = whole1 * shared;
    *no1 = against1 * *yes1;
    *no0 = against0 * *yes0;
}

#endif
