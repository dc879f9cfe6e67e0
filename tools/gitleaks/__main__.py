"""`python -m tools.gitleaks`: the whole history, less .gitleaksignore; 1 where a secret is found."""

import subprocess
import sys

from tools.gitleaks.obtain import GITLEAKS

if __name__ == "__main__":
    program = GITLEAKS.obtained() / "gitleaks"
    raise SystemExit(
        subprocess.run(
            [program, "git", "--no-banner", "--redact", "--verbose", *sys.argv[1:]], check=False
        ).returncode
    )
