"""Benchmarks: ratios against a baseline of the same run, on data of their own, and the machine they ran on."""
