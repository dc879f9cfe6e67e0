"""Every promise in its fixed order, and what came of each. Knows neither command line nor file."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from tools.probe import answers, drain, manners, refusals
from tools.probe.visitor import BrokenError, UnaskedError, UnseenError, Visitor, transport_errors_as_broken

Outcome = Literal["kept", "broken", "not seen", "not asked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One thing that every platform's deployment must do."""

    name: str
    ask: Callable[[Visitor], str]
    """Returns what was seen; raises what tools.probe.visitor has for anything else."""
    smoke: bool = False
    """Whether it is among the few that are asked right after a deployment."""
    of_predictions: bool = False
    """Whether only a service that makes predictions can keep it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What came of a promise; the same on two platforms that behave the same."""

    name: str
    outcome: Outcome
    why: str


SUITE = (
    Promise(name="alive", ask=answers.alive, smoke=True),
    Promise(name="ready", ask=answers.ready, smoke=True),
    Promise(name="prediction", ask=answers.predicts, smoke=True, of_predictions=True),
    Promise(name="stored", ask=answers.keeps, smoke=True, of_predictions=True),
    Promise(name="listed", ask=answers.lists, of_predictions=True),
    Promise(name="batch", ask=answers.batches, of_predictions=True),
    Promise(name="idempotency", ask=answers.repeats_once, of_predictions=True),
    Promise(name="cache", ask=answers.remembers, of_predictions=True),
    Promise(name="request id", ask=manners.names_requests, smoke=True),
    Promise(name="too large", ask=refusals.too_large, of_predictions=True),
    Promise(name="too large, in pieces", ask=refusals.hidden_length, of_predictions=True),
    Promise(name="large but allowed", ask=refusals.large_but_allowed, of_predictions=True),
    Promise(name="wrong value", ask=refusals.wrong_value, of_predictions=True),
    Promise(name="unknown field", ask=refusals.unknown_field, of_predictions=True),
    Promise(name="unknown path", ask=refusals.unknown_path),
    Promise(name="wrong method", ask=refusals.wrong_method, of_predictions=True),
    Promise(name="security headers", ask=manners.closes_doors),
    Promise(name="quiet headers", ask=manners.keeps_quiet),
    Promise(name="TLS redirect", ask=manners.leads_to_tls, smoke=True),
    Promise(name="TLS", ask=manners.stays_with_tls, smoke=True),
    Promise(name="drain", ask=drain.drains, of_predictions=True),
)
SMOKE = tuple(promise for promise in SUITE if promise.smoke)


def visit(visitor: Visitor, suite: tuple[Promise, ...] = SUITE) -> Iterator[Finding]:
    """Ask about each promise, one after the other."""
    for promise in suite:
        started = time.perf_counter()
        yield _finding(promise, visitor)
        visitor.measured[f"{promise.name}: seconds"] = round(time.perf_counter() - started, 3)


def _finding(promise: Promise, visitor: Visitor) -> Finding:
    def found(outcome: Outcome, why: str) -> Finding:
        return Finding(name=promise.name, outcome=outcome, why=why)

    try:
        with transport_errors_as_broken():
            return found("kept", promise.ask(visitor))
    except BrokenError as broken:
        return found("broken", str(broken))
    except UnseenError as unseen:
        return found("not seen", str(unseen))
    except UnaskedError as unasked:
        return found("not asked", str(unasked))
