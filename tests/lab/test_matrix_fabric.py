"""Faults of the fabric and of redundancy groups, in no window. The rows are in matrix/."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "matrix"))

import claims  # noqa: E402

Matrix = claims.tests_of("fabric", "pairs")

if __name__ == "__main__":
    claims.main()
