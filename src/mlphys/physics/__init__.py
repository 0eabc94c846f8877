"""Part V of the course: physics with the tools of machine learning.

Conventions: lengths in units of the Schwarzschild radius (r_s = 1), c = 1, signature (−,+,+,+),
coordinates ordered (t, x, y, z). First array axes are batch axes, then tensor indices.
"""
