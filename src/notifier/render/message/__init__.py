"""The message customers get: what it says, how it is composed, what it must not hold, and how it looks."""
