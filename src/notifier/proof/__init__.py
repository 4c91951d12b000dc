"""Proof: entries that are chained by their hashes, trees that prove one place among many, persons as salted hashes.

Pure: what is written down, and where, the ledger knows. Everything here can be done again by somebody who has nothing
but the files, RFC 8785 for canonical JSON, RFC 6962 for the trees, and SHA-256.
"""
