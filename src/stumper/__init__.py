"""Several teachers in, one small model out that writes and answers logic questions, with proof of how good it is."""

__version__ = "0.1.0"
