"""The core: pure functions over frozen values. No I/O, no clock, no config; the shell hands in what they need."""
