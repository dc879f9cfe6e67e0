"""A YAML file changed in places, every other value left as it is written. Knows no key's meaning.

Reading and dumping values would turn `on`, `010` or a date into what another YAML version makes of it.
"""

from collections.abc import Callable, Iterator
from typing import cast

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

_TEXT = "tag:yaml.org,2002:str"
_MAPPING = "tag:yaml.org,2002:map"


class Document:
    """A mapping at the top of a file."""

    def __init__(self, text: str) -> None:
        root: object = yaml.compose(text, yaml.SafeLoader)
        self._root = root if isinstance(root, MappingNode) else MappingNode(_MAPPING, [])

    def text(self) -> str:
        """The file."""
        serialize = cast("Callable[..., str]", yaml.serialize)
        return serialize(self._root, Dumper=yaml.SafeDumper, allow_unicode=True)

    def get(self, key: str) -> str | None:
        """The text of a key of the top."""
        found = _get(self._root, key)
        return str(found.value) if isinstance(found, ScalarNode) else None

    def put(self, value: str, *keys: str) -> None:
        """Set the text at a path of keys, with the mappings on the way to it."""
        *parents, last = keys
        mapping = self._root
        for key in parents:
            found = _get(mapping, key)
            child = found if isinstance(found, MappingNode) else MappingNode(_MAPPING, [])
            _set(mapping, key, child)
            mapping = child
        _set(mapping, last, ScalarNode(_TEXT, value, style='"'))

    def drop(self, key: str) -> None:
        """Remove a key of the top."""
        self._root.value = [pair for pair in _pairs(self._root) if pair[0].value != key]

    def put_for_secrets(self, value: str, key: str) -> None:
        """Set the text of every `{secure: …}` below a key of the top."""
        found = _get(self._root, key)
        for secret in _secrets(found) if found else ():
            _set(secret, "secure", ScalarNode(_TEXT, value, style='"'))


def _pairs(node: MappingNode) -> list[tuple[Node, Node]]:
    return cast("list[tuple[Node, Node]]", node.value)


def _get(node: MappingNode, key: str) -> Node | None:
    return next((value for name, value in _pairs(node) if name.value == key), None)


def _set(node: MappingNode, key: str, value: Node) -> None:
    kept = [pair for pair in _pairs(node) if pair[0].value != key]
    node.value = [*kept, (ScalarNode(_TEXT, key), value)]


def _is_secret(node: MappingNode) -> bool:
    return [name.value for name, _ in _pairs(node)] == ["secure"]


def _secrets(node: Node) -> Iterator[MappingNode]:
    if isinstance(node, MappingNode):
        if _is_secret(node):
            yield node
        else:
            for _, value in _pairs(node):
                yield from _secrets(value)
    elif isinstance(node, SequenceNode):
        for item in cast("list[Node]", node.value):
            yield from _secrets(item)
