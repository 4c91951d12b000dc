"""Measurements beside the peers. `python -m benchmarks [NAME…]`; raw figures, losses included."""
