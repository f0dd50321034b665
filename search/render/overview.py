"""Facets and timelines as lines of text."""

from __future__ import annotations

from search.exploring.facets import Facet
from search.exploring.timeline import UNDATED, Timeline
from search.render.escape import neutralise
from search.render.width import display_width, lines

ROWS = 6
"""How high the bars of a timeline are drawn at most."""

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_JOINED = "\u00a0"  # a space at which no line is broken
_NONE = {"year": UNDATED, "month": UNDATED}
_WIDEST_BAR = 4  # columns, with the gap to the next


def facet_line(facet: Facet) -> str:
    """A facet on one line: “author: AFP (3) · Reuters (2) · and others · none (1)”."""
    parts = [f"{value.value} ({value.count:,})" for value in facet.values]
    if facet.more:
        parts.append("and others")
    if facet.missing:
        parts.append(f"none ({facet.missing:,})")
    return f"{facet.name}: {' · '.join(parts) or 'none'}"


def facet_lines(facet: Facet, width: int) -> list[str]:
    """The same, wrapped; a value and its count stay on one line."""
    text = neutralise(facet_line(facet)).replace(" (", f"{_JOINED}(").replace(" ·", f"{_JOINED}·")
    return [text[start:end].replace(_JOINED, " ") for start, end in lines(text, width)]


def hint(facets: tuple[Facet, ...]) -> str:
    """How to go on from facets: of each, a clause that chooses its first value, or what has none."""
    examples = []
    for facet in facets:
        examples += [value.filter for value in facet.values[:1]]
        examples += [_NONE.get(facet.name, f"-has:{facet.name}")] if facet.missing else []
    return f"To choose one, add it to the query: {', '.join(dict.fromkeys(examples))}" if examples else ""


def timeline_title(timeline: Timeline, width: int | None = None) -> str:
    """What a timeline shows, in words; drawn in so many columns, if it is by `timeline_lines`."""
    undated = f"{timeline.undated:,} without a date" if timeline.undated else ""
    if not timeline.buckets:
        return undated or "nothing to show over time"
    together, counts = _bars(timeline, width)
    number, _, unit = f"1 {timeline.unit}".rpartition(" ") if timeline.unit[0] != "1" else timeline.unit.partition(" ")
    units = int(number) * together
    unit = unit.removesuffix("s") + ("s" if units > 1 else "")
    return f"a bar is {units} {unit}, the highest {max(counts):,}" + (f"; {undated}" if undated else "")


def timeline_lines(timeline: Timeline, width: int, *, blocks: bool = True) -> list[str]:
    """Bars side by side, the days of the first and the last below them.

    Args:
        timeline: what to draw.
        width: columns to draw in. Where the bars are more than these, neighbours are drawn as one.
        blocks: whether bars are made of block characters; otherwise of `#`.
    """
    _, counts = _bars(timeline, width)
    if not counts:
        return []
    step = max(1, min(_WIDEST_BAR, width // len(counts)))
    bar = step if step < 3 else step - 1
    most = max(counts)
    rows = min(ROWS, most)
    steps = len(_EIGHTHS) - 1 if blocks else 1
    heights = [-(-count * rows * steps // most) for count in counts]  # rounded up: one document is seen
    signs = _EIGHTHS if blocks else " #"
    drawn = [
        "".join((signs[min(max(height - row * steps, 0), steps)] * bar).ljust(step) for height in heights).rstrip()
        for row in reversed(range(rows))
    ]
    first, last = timeline.buckets[0].label, timeline.buckets[-1].label
    across = step * (len(counts) - 1) + bar
    gap = across - display_width(first) - display_width(last)
    if len(timeline.buckets) == 1:
        return [*drawn, first]
    return [*drawn, f"{first}{' ' * gap}{last}" if gap > 0 else f"{first} to {last}"]


def _bars(timeline: Timeline, width: int | None) -> tuple[int, list[int]]:
    """How many neighbours are drawn as one in so many columns, and the count of each bar."""
    counts = [bucket.count for bucket in timeline.buckets]
    together = 1 if width is None else max(-(-len(counts) // max(width, 1)), 1)
    return together, [sum(counts[at : at + together]) for at in range(0, len(counts), together)]
