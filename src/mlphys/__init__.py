"""mlphys: the library behind the course *Machine Learning for Physicists*."""

__version__ = "0.1.0"
