"""What happens on a healthy fabric and must not cry; and that docs/faults.md has the matrix."""

import claims

Matrix = claims.tests_of("healthy")
Page = claims.Page

if __name__ == "__main__":
    claims.main()
