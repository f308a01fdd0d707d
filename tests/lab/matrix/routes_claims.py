"""Faults of routes, trees, partitions and service levels, and their near misses."""

import claims

Matrix = claims.tests_of("routes")

if __name__ == "__main__":
    claims.main()
