"""Previews the stack `prod` of one project once, in a process of its own, and says how long it took.

Seconds on the clock, and seconds of processor time of this process and of the engine.
"""

import os
import sys
from pathlib import Path

from tools.deployment import describe
from tools.engine import run
from tools.engine.obtain import obtained_engine
from tools.project import find_project

deployment = describe(find_project(Path(sys.argv[1])), "prod", rehearse=True)
command = obtained_engine()
before = os.times()
outcome = run.preview(deployment, command)
after = os.times()
print(outcome.seconds, sum(after[:4]) - sum(before[:4]))
