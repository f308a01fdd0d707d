"""Faults in and around change windows, and of the monitor that watches them. The rows are in matrix/."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "matrix"))

import claims  # noqa: E402

Matrix = claims.tests_of("windows", "life")

if __name__ == "__main__":
    claims.main()
