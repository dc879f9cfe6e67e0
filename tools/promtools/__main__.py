"""`python -m tools.promtools` obtains promtool and amtool, so that what follows need not wait."""

import sys

from tools.console import err
from tools.errors import OperatorError
from tools.promtools.obtain import obtained_promtools

try:
    obtained_promtools()
except OperatorError as error:
    err.print(f"error: {error}", markup=False)
    sys.exit(1)
