"""Dates as people write them, and the one at the top of a policy that Notifier owns."""
