"""The tests; `tests.standins` holds the servers they run against."""
