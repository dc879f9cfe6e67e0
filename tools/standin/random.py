"""Stands in for the random provider. Its values come from one seed, so that a rehearsal repeats itself."""

import base64
import hashlib
import hmac
import string
from collections.abc import Iterable, Iterator
from itertools import islice

from tools.standin.provider import StandIn
from tools.standin.resource import Resource
from tools.standin.wire import Properties

_CLASSES = {
    "upper": string.ascii_uppercase,
    "lower": string.ascii_lowercase,
    "numeric": string.digits,
    "special": "!@#$%&*()-_=+[]{}<>:?",
}
_OCTETS_A_CHARACTER = 8
_HASH_LENGTH = 53
"""Of bcrypt's salt and digest: https://en.wikipedia.org/wiki/Bcrypt."""


class Random(StandIn):
    """Passwords, strings and identifiers."""

    package = "random"

    def __init__(self, *, seed: bytes) -> None:
        """What is written for somebody to use needs a seed that nobody can guess."""
        super().__init__()
        self._seed = seed

    def identity(self, resource: Resource) -> str:
        """Says nothing of what was drawn."""
        return resource.digest[:16]

    def fixed_inputs(self, type_: str) -> set[str]:
        """All that there are."""
        del type_
        return {"byteLength", "keepers", "length", "max", "min", "overrideSpecial", "prefix", *_CLASSES}

    def replaced_by(self, resource: Resource, paths: Iterable[str]) -> list[str]:
        """Whatever changes, it is drawn anew: https://github.com/pulumi/pulumi-random."""
        del resource
        return list(paths)

    def computed(self, resource: Resource) -> Properties:
        """The drawn value, in the shapes of the resource's kind."""
        octets = self._octets(resource)
        if resource.kind in {"RandomPassword", "RandomString"}:
            return {"result": _text(resource.inputs, octets), "bcryptHash": _hash(octets)}
        length = int(str(resource.inputs.get("byteLength") or resource.inputs.get("length") or 16))
        drawn = bytes(islice(octets, length))
        return {
            "hex": drawn.hex(),
            "b64Std": base64.b64encode(drawn).decode(),
            "b64Url": base64.urlsafe_b64encode(drawn).decode().rstrip("="),
            "dec": str(int.from_bytes(drawn, "big")),
        }

    def _octets(self, resource: Resource) -> Iterator[int]:
        block = 0
        while True:
            yield from hmac.digest(self._seed, f"{resource.digest}\n{block}".encode(), hashlib.sha256)
            block += 1


def _hash(octets: Iterator[int]) -> str:
    """As long as a real one, and of its letters; it opens nothing."""
    letters = f"./{string.ascii_uppercase}{string.ascii_lowercase}{string.digits}"
    return "$2a$10$" + "".join(letters[octet % len(letters)] for octet in islice(octets, _HASH_LENGTH))


def _text(inputs: Properties, octets: Iterator[int]) -> str:
    alphabet = "".join(
        str(inputs.get("overrideSpecial") or letters) if name == "special" else letters
        for name, letters in _CLASSES.items()
        if inputs.get(name) is not False
    )
    draws = (
        int.from_bytes(bytes(islice(octets, _OCTETS_A_CHARACTER)), "big")
        for _ in range(int(str(inputs["length"])))
    )
    return "".join(alphabet[draw % len(alphabet)] for draw in draws)
