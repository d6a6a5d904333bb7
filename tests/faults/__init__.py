"""Faults made on purpose, by real means, and counted: what was tried, what survived, what was lost.

frame.py       a case, a trial, a result
catalogue.py   all cases in the folder cases/, in the order of its files
__main__.py    python -m tests.faults [--case NAME] [--keep FOLDER]: the table; `make faults` runs the full counts
test_faults.py the quick form of every case, as part of `make test`
cases/         one file per subject
"""
