/* Twice as many numbers at a time, in single precision, where seven digits are enough. */
#ifndef CLEARDAYS_SINGLES_H
#define CLEARDAYS_SINGLES_H

#include "lanes.h"

enum { SINGLES = 2 * LANES };

typedef float single __attribute__((vector_size(4 * SINGLES)));
typedef int32_t single_mask __attribute__((vector_size(4 * SINGLES)));

INLINE single single_splat(float value) { return (single){0} + value; }
INLINE single single_choose(single_mask where, single yes, single no)
{
    return (single)((where & (single_mask)yes) | (~where & (single_mask)no));
}

/* exp between -limit and limit, beyond them as there; limit at most 87. As `exponential_within`, to degree 6. */
INLINE single single_exponential(float limit, single x)
{
    const float magic = 12582912.0f; /* 1.5 * 2^23: adding it rounds to whole numbers */
    x = single_choose(x < -limit, single_splat(-limit), x);
    x = single_choose(x > limit, single_splat(limit), x);
    single shifted = x * 1.44269504f + magic, whole = shifted - magic, r = x - whole * 0.693359375f;
    r += whole * 2.12194440e-4f;
    single y = single_splat(1.0f / 720.0f);
    y = y * r + 1.0f / 120.0f;
    y = y * r + 1.0f / 24.0f;
    y = y * r + 1.0f / 6.0f;
    y = y * r + 0.5f;
    y = y * r + 1.0f;
    y = y * r + 1.0f;
    single_mask power = ((single_mask)shifted + 127) << 23; /* the low bits of `shifted` are the whole number */
    return y * (single)power;
}

/* log of positive normal numbers, as `logarithm`. */
INLINE single single_logarithm(single x)
{
    single_mask bits = (single_mask)x, power = (bits >> 23) - 127;
    single m = (single)((bits & 0x007fffff) | 0x3f800000);
    single_mask big = m > 1.41421356f;
    m = single_choose(big, m * 0.5f, m);
    power = power - big; /* a true lane is -1 */
    single s = (m - 1.0f) / (m + 1.0f), z = s * s;
    single y = single_splat(1.0f / 9.0f);
    y = y * z + 1.0f / 7.0f;
    y = y * z + 1.0f / 5.0f;
    y = y * z + 1.0f / 3.0f;
    y = y * z + 1.0f;
    return __builtin_convertvector(power, single) * 0.69314718f + 2.0f * s * y;
}

#endif
