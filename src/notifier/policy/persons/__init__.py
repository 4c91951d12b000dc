"""Persons as people write them: a name and an address, and which of them are one person."""
