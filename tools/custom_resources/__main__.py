"""`python -m tools.custom_resources` obtains the schemas, so that what follows need not wait."""

import sys

from tools.console import err
from tools.custom_resources.obtain import obtained_definitions
from tools.errors import OperatorError

try:
    obtained_definitions()
except OperatorError as error:
    err.print(f"error: {error}", markup=False)
    sys.exit(1)
