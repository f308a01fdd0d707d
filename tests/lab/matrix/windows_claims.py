"""Faults in and around change windows, and of the monitor that watches them."""

import claims

Matrix = claims.tests_of("windows", "life")

if __name__ == "__main__":
    claims.main()
