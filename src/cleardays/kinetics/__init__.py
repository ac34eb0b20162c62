"""Kinetics: how fast a medicine comes and goes, and what level a regimen leads to.

Main nouns: `Parameters` (of one person on one medicine), `Regimen` (doses in time),
`Phases` (spells of changed clearance), `Band` (how far people lie apart). A
one-compartment model with first-order absorption, moved on from dose to dose in closed
form. It knows no medicine: parameters arrive as arguments. Values are for relative
comparison and planning; no level here was measured.

>>> from cleardays.kinetics.parameters import Parameters, steady_mean
>>> round(steady_mean(Parameters(clearance_l_per_h=2.436, half_life_h=25.4), dose_mg=200, every_h=24), 1)
3.4
"""
