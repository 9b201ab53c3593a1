"""A police force's command centre in a terminal."""

__version__ = "0.1.0"
