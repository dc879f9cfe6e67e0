"""A drawing as Mermaid, for Markdown on GitHub and GitLab. Pure.

https://mermaid.js.org/syntax/flowchart.html
"""

from collections.abc import Iterator, Mapping

from tools.picture.drawing import SIGNS, Box, Drawing, Mark, Role

SHAPES: Mapping[Role, tuple[str, str]] = {
    "outside": ("([", "])"),
    "front": ("[", "]"),
    "workload": ("[", "]"),
    "store": ("[(", ")]"),
    "secrets": ("{{", "}}"),
    "beside": ("[", "]"),
}
CLASSES: Mapping[Mark, str] = {
    "added": "stroke:#15803d,stroke-width:3px",
    "changed": "stroke:#a16207,stroke-width:3px",
    "replaced": "stroke:#b91c1c,stroke-width:3px,stroke-dasharray:9 3",
    "removed": "stroke:#b91c1c,stroke-width:3px,stroke-dasharray:2 4",
}
DOTTED = "stroke:#9a5b00,stroke-width:2px"


def mermaid(drawing: Drawing, *, beside: bool = True) -> str:
    """A flowchart; solid arrows carry requests, dotted ones secrets."""
    boxes = [*drawing.boxes, *(drawing.beside if beside else ())]
    ids = {box.key: f"n{number}" for number, box in enumerate(boxes)}
    lines = [
        "flowchart TB",
        f"  accTitle: {_plain(drawing.title)}",
        *(f"  {_node(ids[box.key], box)}" for box in drawing.boxes),
        *_arrows(drawing, ids),
        *(_aside(drawing, ids) if beside else ()),
        *_legend(drawing),
        *_classes(boxes, ids),
    ]
    return "\n".join(lines) + "\n"


def fenced(drawing: Drawing, *, beside: bool = True) -> str:
    """As a block of Markdown."""
    return f"```mermaid\n{mermaid(drawing, beside=beside)}```\n"


def _node(node_id: str, box: Box) -> str:
    opening, closing = SHAPES[box.role]
    sign = f"{SIGNS[box.mark]} " if box.mark else ""
    first = f"<b>{sign}{_text(box.title)}</b>"
    said = f" ({box.mark})" if box.mark else ""
    lines = [first + said, *map(_text, filter(None, [box.below_title])), *map(_text, box.notes)]
    return f'{node_id}{opening}"{"<br/>".join(lines)}"{closing}'


def _arrows(drawing: Drawing, ids: Mapping[str, str]) -> Iterator[str]:
    for arrow in drawing.arrows:
        line = "-->" if arrow.carries == "request" else "-.->"
        yield f"  {ids[arrow.source]} {line} {ids[arrow.target]}"


def _aside(drawing: Drawing, ids: Mapping[str, str]) -> Iterator[str]:
    if drawing.beside:
        yield '  subgraph aside ["Beside the way of requests and secrets"]'
        yield from (f"    {_node(ids[box.key], box)}" for box in drawing.beside)
        yield "  end"


def _legend(drawing: Drawing) -> Iterator[str]:
    """Its arrows come last: styles go by the number of an arrow."""
    secrets = [str(number) for number, arrow in enumerate(drawing.arrows) if arrow.carries == "secret"]
    yield '  subgraph legend ["How to read it"]'
    yield "    direction LR"
    yield '    l0(["a request"]) --> l1[" "]'
    yield '    l2{{"a secret"}} -.-> l3[" "]'
    yield "  end"
    yield f"  linkStyle {','.join([*secrets, str(len(drawing.arrows) + 1)])} {DOTTED}"


def _classes(boxes: list[Box], ids: Mapping[str, str]) -> Iterator[str]:
    for mark, style in CLASSES.items():
        members = [ids[box.key] for box in boxes if box.mark == mark]
        if members:
            yield f"  classDef {mark} {style}"
            yield f"  class {','.join(members)} {mark}"


def _text(text: str) -> str:
    """https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters."""
    escaped = {"#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "`": "#96;"}
    return "".join(escaped.get(character, character) for character in _plain(text))


def _plain(text: str) -> str:
    return " ".join(text.split())
