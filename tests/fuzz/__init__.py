"""Fuzzing: real files, damaged and mixed, given to everything that reads what strangers made.

A few seconds in the suite, always the same inputs; `make fuzz` goes on with new ones (UC_FUZZ_SECONDS a target, 60).
"""
