"""Constants of the run charts and XmR charts, each named once with its source."""

XMR_MULTIPLIER = 2.66
"""Average moving ranges from the average to a process limit (NHS Making Data Count; 3/1.128 rounded)."""

MOVING_RANGE_UPPER = 3.267
"""Upper limit of the moving range in average moving ranges (D4 for n = 2), and the cut of screening."""

NEAR_FRACTION = 2 / 3
"""The near limit stands two-thirds of the way from the average to the process limit (two of three sigma)."""

TRIAL_POINTS = 13
"""Limits from fewer points than this are trial limits."""

USEFUL_MINIMUM = 10
"""Tables for the longest run, the crossings and the number of runs start at this many useful points."""

ANHOEJ_ALPHA = 0.05
"""Lower-tail probability that sets the fewest crossings (Anhøj and Olesen 2014)."""
