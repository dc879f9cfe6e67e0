"""Previews the stack `prod` of one project once, in a process of its own, and says how long it took."""

import sys
from pathlib import Path

from tools.console import out
from tools.deployment import describe
from tools.engine import run
from tools.engine.obtain import obtained_engine
from tools.project import find_project

deployment = describe(find_project(Path(sys.argv[1])), "prod", rehearse=True)
out.print(run.preview(deployment, obtained_engine()).seconds)
