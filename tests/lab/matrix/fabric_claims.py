"""Faults of the fabric and of redundancy groups, in no window."""

import claims

Matrix = claims.tests_of("fabric", "pairs")

if __name__ == "__main__":
    claims.main()
