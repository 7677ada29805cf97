"""cobalamin: published vitamin B12 replacement protocols as a patient's dated, cited schedule."""

__version__ = "0.1.0"
