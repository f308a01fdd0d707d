"""What happens on a healthy fabric and must not cry; and that docs/faults.md has the matrix. Rows are in matrix/."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "matrix"))

import claims  # noqa: E402

Matrix = claims.tests_of("healthy")
Page = claims.Page

if __name__ == "__main__":
    claims.main()
