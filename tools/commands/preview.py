"""`airfield preview`: what `pulumi up` would change, by the operator's credentials. Changes nothing."""

from tools import show
from tools.commands.verify import real_deployment
from tools.console import out
from tools.engine.obtain import obtained_engine
from tools.engine.real import real_stack
from tools.engine.recording import Recording
from tools.engine.run import ignore


def preview(stack: str) -> None:
    """With the image that was deployed last, which a release may have put there, not the file."""
    deployment = real_deployment(stack)
    recording = Recording(ignore)
    with real_stack(deployment, obtained_engine()) as real, show.progress(f"Asking about {deployment.title}"):
        real.preview(recording, next((each.image for each in real.history() if each.image), None))
    show.warnings(recording)
    show.changes(recording)
    counts = recording.counts()
    if any(recording.changes()):
        out.print(show.totals(counts))
    else:
        out.print(f"Nothing would change: {counts['same']} resources are as they should be")
