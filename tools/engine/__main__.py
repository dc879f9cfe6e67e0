"""`python -m tools.engine` obtains the engine, so that what follows need not wait. Knows not what follows."""

import sys

from tools.console import err
from tools.engine.obtain import obtained_engine
from tools.errors import OperatorError

try:
    obtained_engine()
except OperatorError as error:
    err.print(f"error: {error}", markup=False)
    sys.exit(1)
