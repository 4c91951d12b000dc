"""The use cases, in the order in which data flows: judge, post, announce, deliver, record, publish.

A use case reads and writes through the rooms below it and decides nothing that a pure room could decide. `run` is one
pass through all of them.
"""
