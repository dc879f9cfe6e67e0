"""SVG is well-formed and readable without colours; Mermaid says the same in text."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from infra.portability import Target
from tests.pictures import TARGETS, example
from tools.commands import graph
from tools.declared import Graph
from tools.picture.drawing import Arrow, Box, Drawing, marked
from tools.picture.mermaid import fenced, mermaid
from tools.picture.svg import svg

SVG = "{http://www.w3.org/2000/svg}"
SMALL = Drawing(
    title='a "small" <one>',
    boxes=[
        Box(key="i", title="Internet", role="outside"),
        Box(key="s", title="secrets", kind="#1", role="secrets", notes=("KEY",)),
        Box(key="a", title="api & co", kind="service", role="workload", holds=frozenset(["x y"])),
        Box(key="d", title="database", role="store", holds=frozenset(["d 1", "d 2"])),
    ],
    arrows=[
        Arrow(source="i", target="a", carries="request"),
        Arrow(source="a", target="d", carries="request"),
        Arrow(source="s", target="a", carries="secret"),
    ],
    beside=[Box(key="n", title="Network", role="beside", holds=frozenset(["n 1"]))],
)
MARKED = marked(SMALL, {"x y": "create", "d 1": "replace", "n 1": "delete"})


def parsed(of: Drawing) -> ET.Element:
    return ET.fromstring(svg(of))  # noqa: S314  our own


@pytest.mark.parametrize("target", TARGETS)
def test_the_file_is_well_formed_and_says_all_that_the_boxes_do(target: Target) -> None:
    picture = example(target)
    said = [text.text for text in parsed(picture).iter(f"{SVG}text")]
    expected = [
        line
        for box in (*picture.boxes, *picture.beside)
        for line in (box.title, box.below_title, *box.notes)
        if line
    ]
    assert set(expected) <= set(said)
    assert parsed(picture).find(f"{SVG}title") is not None


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_lies_outside_of_the_picture(target: Target) -> None:
    root = parsed(example(target))
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    for rectangle in root.iter(f"{SVG}rect"):
        x, y = float(rectangle.get("x", "0")), float(rectangle.get("y", "0"))
        assert x + float(rectangle.attrib["width"]) <= width
        assert y + float(rectangle.attrib["height"]) <= height


def test_requests_and_secrets_differ_by_line_and_head_and_a_legend_says_how() -> None:
    root = parsed(SMALL)
    drawn = [path.attrib for path in root.iter(f"{SVG}path") if "marker-end" in path.attrib]
    assert sorted({(path["class"], path["marker-end"]) for path in drawn}) == [
        ("request", "url(#to-request)"),
        ("secret", "url(#to-secret)"),
    ]
    style = root.findtext(f"{SVG}style") or ""
    dashed = {line.split()[0] for line in style.splitlines() if "dasharray" in line}
    assert ".secret" in dashed
    assert ".request" not in dashed
    said = [text.text for text in root.iter(f"{SVG}text")]
    assert {"a request goes this way", "a secret goes this way"} <= set(said)


def test_marks_are_words_and_signs_not_colours_alone() -> None:
    said = [text.text for text in parsed(MARKED).iter(f"{SVG}text")]
    assert {"+ added", "± replaced", "- removed"} <= set(said)
    assert not [
        text for text in (each.text for each in parsed(SMALL).iter(f"{SVG}text")) if text == "+ added"
    ]


def test_mermaid_says_the_same() -> None:
    assert mermaid(MARKED) == (
        """\
flowchart TB
  accTitle: a "small" <one>
  n0(["<b>Internet</b>"])
  n1{{"<b>secrets</b><br/>#35;1<br/>KEY"}}
  n2["<b>+ api & co</b> (added)<br/>service · 1 resource"]
  n3[("<b>± database</b> (replaced)<br/>2 resources")]
  n0 --> n2
  n2 --> n3
  n1 -.-> n2
  subgraph aside ["Beside the way of requests and secrets"]
    n4["<b>- Network</b> (removed)<br/>1 resource"]
  end
  subgraph legend ["How to read it"]
    direction LR
    l0(["a request"]) --> l1[" "]
    l2{{"a secret"}} -.-> l3[" "]
  end
  linkStyle 2,4 stroke:#9a5b00,stroke-width:2px
  classDef added stroke:#15803d,stroke-width:3px
  class n2 added
  classDef replaced stroke:#b91c1c,stroke-width:3px,stroke-dasharray:9 3
  class n3 replaced
  classDef removed stroke:#b91c1c,stroke-width:3px,stroke-dasharray:2 4
  class n4 removed
"""
    )


def test_what_stands_beside_may_be_left_out() -> None:
    text = fenced(MARKED, beside=False)
    assert text.startswith("```mermaid\nflowchart TB\n")
    assert text.endswith("```\n")
    assert "Network" not in text


def test_a_text_cannot_break_out_of_its_box() -> None:
    picture = Drawing(
        title="t", boxes=[Box(key="a", title='"]; x --> y `z` <b>', role="workload")], arrows=[], beside=[]
    )
    assert '  n0["<b>#quot;]; x --#gt; y #96;z#96; #lt;b#gt;</b>"]' in mermaid(picture).splitlines()


def test_the_same_graph_gives_the_same_text() -> None:
    assert svg(example("aws")) == svg(example("aws"))
    assert mermaid(example("aws")) == mermaid(example("aws"))


@pytest.fixture
def drawing_of_dev(monkeypatch: pytest.MonkeyPatch) -> Graph:
    """The command, without the engine: what it records is proved where it is compared."""
    from tests.committed import landed  # noqa: PLC0415  it reads the stack files

    found = Graph(landed("dev", "kubernetes").resources)

    def recorded(*_: object) -> Graph:
        return found

    monkeypatch.setattr(graph, "rehearsed_graph", recorded)
    monkeypatch.setattr(graph, "obtained_engine", lambda: None)
    return found


@pytest.mark.usefixtures("drawing_of_dev")
def test_the_command_writes_svg_to_a_file_and_mermaid_to_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    graph.graph("dev", None, "svg", tmp_path / "dev.svg")
    root = ET.fromstring((tmp_path / "dev.svg").read_text(encoding="utf-8"))  # noqa: S314  our own
    assert root.findtext(f"{SVG}title") == "dev on kubernetes"
    assert f"Written to {tmp_path / 'dev.svg'}" in capsys.readouterr().out.replace("\n", "")
    graph.graph("dev", None, "mermaid", None)
    assert capsys.readouterr().out.startswith("flowchart TB\n  accTitle: dev on kubernetes\n")
