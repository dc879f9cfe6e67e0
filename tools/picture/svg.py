"""A drawing as SVG, for people: readable without colours, on any background. Pure.

https://www.w3.org/TR/SVG2/
"""

from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from tools.picture.drawing import SIGNS, Arrow, Box, Drawing, Role
from tools.picture.layout import Place, Point, layout

MARGIN = 28.0
TITLE, KIND, NOTE = 15.0, 12.0, 11.5
"""Heights of letters; a line is `LINE` times as high."""
LINE = 1.45
PADDING = 13.0
LID = 8.0
"""Half the height of a cylinder's lid."""
LEAST_WIDTH = 120.0
GUTTER = 14.0
HEADING = 34.0
LEGEND, LEGEND_WIDTH = 40.0, 440.0
FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', Helvetica, Arial, sans-serif"
FILLS: dict[Role, str] = {
    "outside": "#ffffff",
    "front": "#eef4fb",
    "workload": "#dce9f8",
    "store": "#e6f2ea",
    "secrets": "#fdf3e1",
    "beside": "#f5f5f4",
}
STYLE = f"""\
text {{ font-family: {FONT}; fill: #1c1917; }}
.title {{ font-size: {TITLE:g}px; font-weight: 600; }}
.kind {{ font-size: {KIND:g}px; fill: #57534e; }}
.note {{ font-size: {NOTE:g}px; fill: #44403c; }}
.heading {{ font-size: 19px; font-weight: 600; }}
.box {{ stroke: #57534e; stroke-width: 1.2; }}
.secrets {{ stroke: #9a5b00; stroke-dasharray: 5 4; }}
.request {{ stroke: #1d4f91; stroke-width: 1.8; fill: none; }}
.secret {{ stroke: #9a5b00; stroke-width: 1.8; stroke-dasharray: 6 5; fill: none; }}
.mark {{ font-size: {NOTE:g}px; font-weight: 700; }}
.added {{ stroke: #15803d; stroke-width: 3; }}
.changed {{ stroke: #a16207; stroke-width: 3; }}
.replaced {{ stroke: #b91c1c; stroke-width: 3; stroke-dasharray: 9 3; }}
.removed {{ stroke: #b91c1c; stroke-width: 3; stroke-dasharray: 2 4; }}"""
HEADS = """\
<marker id="to-request" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" \
orient="auto"><path d="M0 0L10 5L0 10z" fill="#1d4f91"/></marker>
<marker id="to-secret" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" \
orient="auto"><path d="M1 1L9 5L1 9" fill="none" stroke="#9a5b00" stroke-width="1.8"/></marker>"""


def svg(drawing: Drawing) -> str:
    """The whole file."""
    found = layout(drawing, {box.key: _size(box) for box in drawing.boxes})
    cell = max((_size(box)[0] for box in drawing.beside), default=0) + GUTTER
    across = max(2, int((found.width + GUTTER) / cell)) if drawing.beside else 0
    inner = max(found.width, across * cell - GUTTER, LEGEND_WIDTH)
    width, shift = inner + 2 * MARGIN, (inner - found.width) / 2
    top = MARGIN + HEADING
    beside, bottom = _beside(drawing.beside, across, top + found.height + 44)
    parts = [
        f'<text class="heading" x="{MARGIN:g}" y="{MARGIN + 12:g}">{escape(drawing.title)}</text>',
        f'<g transform="translate({MARGIN + shift:g} {top:g})">',
        *(_arrow(arrow, way) for arrow, way in found.ways),
        *(_box(box, found.places[box.key]) for box in drawing.boxes),
        "</g>",
        *beside,
        *_legend(bottom + 18),
    ]
    height = bottom + 18 + LEGEND
    return "\n".join([*_head(drawing, width, height), *parts, "</svg>", ""])


def _head(drawing: Drawing, width: float, height: float) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}"'
        f' height="{height:g}" role="img" aria-label={quoteattr(drawing.title)}>'
    )
    yield f"<title>{escape(drawing.title)}</title>"
    yield f"<style>\n{STYLE}\n</style>"
    yield f"<defs>\n{HEADS}\n</defs>"
    yield f'<rect width="{width:g}" height="{height:g}" rx="10" fill="#ffffff"/>'


def _lines(box: Box) -> list[tuple[str, str, float]]:
    """Class, text and height of the letters, from above."""
    kind = [("kind", box.below_title, KIND)] if box.below_title else []
    return [("title", box.title, TITLE), *kind, *(("note", note, NOTE) for note in box.notes)]


def _size(box: Box) -> tuple[float, float]:
    lines = _lines(box)
    width = max(_width(text, letter) for _, text, letter in lines) + 2 * PADDING
    width += 2 * PADDING if box.role == "outside" else 0
    lid = 2 * LID if box.role == "store" else 0
    height = sum(letter * LINE for _, _, letter in lines) + 2 * PADDING - 4 + lid
    return max(width, LEAST_WIDTH), height


def _width(text: str, letter: float) -> float:
    """A bit more than most fonts need: nobody knows which one there is."""
    narrow = sum(character in " .,:;'il|/()t·" for character in text)
    wide = sum(character in "MWmw_ABCDEFGHKLNOPQRSUVXYZ" for character in text)
    return letter * (0.58 * len(text) - 0.22 * narrow + 0.14 * wide) + 4


def _box(box: Box, place: Place) -> str:
    marked = f" {box.mark}" if box.mark else ""
    shape = f'class="box {box.role}{marked}" fill="{FILLS[box.role]}"'
    parts = [_outline(box, place, shape)]
    y = place.y + PADDING - 2 + (2 * LID if box.role == "store" else 0)
    for style, text, letter in _lines(box):
        y += letter * LINE
        parts.append(
            f'<text class="{style}" x="{place.centre:g}" y="{y - letter * 0.35:g}" text-anchor="middle">'
            f"{escape(text)}</text>"
        )
    if box.mark:
        parts.append(
            f'<text class="mark" x="{place.x + place.width - 6:g}" y="{place.y - 5:g}" text-anchor="end">'
            f"{SIGNS[box.mark]} {box.mark}</text>"
        )
    return "\n".join(parts)


def _outline(box: Box, place: Place, shape: str) -> str:
    x, y, width, height = place.x, place.y, place.width, place.height
    if box.role != "store":
        round_by = height / 2 if box.role == "outside" else 8
        return f'<rect {shape} x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{round_by:g}"/>'
    round_lid = f"A{width / 2:g} {LID:g} 0 0"
    sides = (
        f"M{x:g} {y + LID:g}V{y + height - LID:g}{round_lid} 0 {x + width:g} {y + height - LID:g}V{y + LID:g}"
    )
    lid = f'cx="{x + width / 2:g}" cy="{y + LID:g}" rx="{width / 2:g}" ry="{LID:g}"'
    return f'<path {shape} d="{sides}"/><ellipse {shape} {lid}/>'


def _arrow(arrow: Arrow, way: Sequence[Point]) -> str:
    return f'<path class="{arrow.carries}" d="{_curve(way)}" marker-end="url(#to-{arrow.carries})"/>'


def _curve(way: Sequence[Point]) -> str:
    (x, y), *further = way
    said = f"M{x:g} {y:g}"
    for to_x, to_y in further:
        half = (to_y - y) / 2
        said += (
            f"L{to_x:g} {to_y:g}"
            if to_x == x
            else f"C{x:g} {y + half:g} {to_x:g} {to_y - half:g} {to_x:g} {to_y:g}"
        )
        x, y = to_x, to_y
    return said


def _beside(boxes: Sequence[Box], across: int, top: float) -> tuple[list[str], float]:
    """What no arrow joins, in rows below; and where that ends."""
    if not boxes:
        return [], top - 24
    parts = [
        f'<text class="kind" x="{MARGIN:g}" y="{top - 12:g}">Beside the way of requests and secrets:</text>'
    ]
    width, height = (max(size) for size in zip(*map(_size, boxes), strict=True))
    for number, box in enumerate(boxes):
        row, column = divmod(number, across)
        x, y = MARGIN + column * (width + GUTTER), top + row * (height + GUTTER)
        parts.append(_box(box, Place(x, y, width, height)))
    return parts, top + -(-len(boxes) // across) * (height + GUTTER) - GUTTER


def _legend(top: float) -> Iterable[str]:
    y = top + 14
    yield f'<path class="request" d="M{MARGIN:g} {y:g}h46" marker-end="url(#to-request)"/>'
    yield f'<text class="kind" x="{MARGIN + 56:g}" y="{y + 4:g}">a request goes this way</text>'
    yield f'<path class="secret" d="M{MARGIN + 216:g} {y:g}h46" marker-end="url(#to-secret)"/>'
    yield f'<text class="kind" x="{MARGIN + 272:g}" y="{y + 4:g}">a secret goes this way</text>'
