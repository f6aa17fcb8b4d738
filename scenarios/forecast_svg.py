"""Charts as inline SVG, drawn from plain numbers: no script, colours from the page's style sheet, all text escaped."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from forecasts.grid import Floats

TICKS = (1.0, 2.0, 2.5, 5.0, 10.0)


def ticks_to(top: float, wanted: int = 4) -> list[float]:
    """Round numbers from 0 that reach ``top``, about as many as wanted.

    Examples
    --------
    >>> ticks_to(930), ticks_to(0)
    ([0.0, 250.0, 500.0, 750.0, 1000.0], [0.0, 1.0])
    """
    if not top > 0 or not math.isfinite(top):
        return [0.0, 1.0]
    size = 10.0 ** math.floor(math.log10(top / wanted))
    step = next(size * each for each in TICKS if size * each * wanted >= top * (1 - 1e-9))
    return [step * k for k in range(math.ceil(top / step - 1e-9) + 1)]


@dataclass
class Chart:
    """A chart whose x counts from 0 to ``steps`` and whose y goes from ``low`` to ``high``.

    Examples
    --------
    >>> chart = Chart(4, 10.0, width=100, height=60)
    >>> chart.text(1, 5, "<b>")
    >>> "&lt;b&gt;" in chart.svg("a chart")
    True
    """

    steps: float
    high: float
    low: float = 0.0
    width: int = 1120
    height: int = 280
    left: int = 58
    right: int = 14
    top: int = 14
    bottom: int = 34
    parts: list[Markup] = field(default_factory=list)

    def x(self, at: float) -> float:
        """Place of a step."""
        return self.left + (self.width - self.left - self.right) * at / max(self.steps, 1e-9)

    def y(self, value: float) -> float:
        """Place of a value."""
        share = (value - self.low) / ((self.high - self.low) or 1.0)
        return self.top + (self.height - self.top - self.bottom) * (1 - share)

    def add(self, pattern: str, **values: object) -> None:
        """An element; values are escaped, numbers cut to a tenth."""
        told = {name: f"{value:.1f}" if isinstance(value, float) else value for name, value in values.items()}
        self.parts.append(Markup(pattern).format(**told))

    def axis(self, ticks: Sequence[float], labels: Sequence[str]) -> None:
        """Lines across and their labels on the left."""
        for value, label in zip(ticks, labels, strict=True):
            self.rule_across(value)
            at = self.y(value) + 4
            self.add(
                '<text class="tick" x="{x}" y="{y}" text-anchor="end">{t}</text>',
                x=self.left - 8,
                y=at,
                t=label,
            )

    def rule_across(self, value: float, css: str = "grid") -> None:
        """A line across at a value."""
        self.add(
            '<line class="{c}" x1="{a}" x2="{b}" y1="{y}" y2="{y}"/>',
            c=css, a=float(self.left), b=float(self.width - self.right), y=self.y(value),
        )  # fmt: skip

    def rule_down(self, at: float, css: str = "grid") -> None:
        """A line from top to bottom at a step."""
        bottom = float(self.height - self.bottom)
        self.add(
            '<line class="{c}" x1="{x}" x2="{x}" y1="{a}" y2="{b}"/>',
            c=css,
            x=self.x(at),
            a=float(self.top),
            b=bottom,
        )

    def box(self, start: float, end: float, low: float, high: float, css: str, title: str = "") -> None:
        """A rectangle between two steps and two values."""
        self.add(
            '<rect class="{c}" x="{x}" y="{y}" width="{w}" height="{h}"><title>{t}</title></rect>',
            c=css, x=self.x(start), y=self.y(high), w=self.x(end) - self.x(start), h=self.y(low) - self.y(high), t=title,
        )  # fmt: skip

    def line(self, values: Floats, css: str, start: float = 0.0) -> None:
        """A line through values at the middle of their steps, broken where one is not known."""
        for first, run in _runs(values):
            points = [f"{self.x(start + first + k + 0.5):.1f},{self.y(v):.1f}" for k, v in enumerate(run)]
            if len(points) > 1:
                self.add('<polyline class="{c}" points="{p}"/>', c=css, p=" ".join(points))

    def band(self, low: Floats, high: Floats, css: str, start: float = 0.0) -> None:
        """The area between two lines, broken where one is not known; a single step is a bar."""
        for first, run in _runs(low + high):
            there = range(first, first + len(run))
            if len(run) == 1:
                at = start + first + 0.5
                self.box(at - 0.15, at + 0.15, float(low[first]), float(high[first]), css)
                continue
            up = [f"{self.x(start + k + 0.5):.1f},{self.y(float(high[k])):.1f}" for k in there]
            down = [f"{self.x(start + k + 0.5):.1f},{self.y(float(low[k])):.1f}" for k in reversed(there)]
            self.add('<polygon class="{c}" points="{p}"/>', c=css, p=" ".join(up + down))

    def dot(self, at: float, value: float, css: str, title: str, radius: float = 3.0) -> None:
        """A point at the middle of a step, told of on hovering."""
        self.add(
            '<circle class="{c}" cx="{x}" cy="{y}" r="{r}"><title>{t}</title></circle>',
            c=css, x=self.x(at + 0.5), y=self.y(value), r=radius, t=title,
        )  # fmt: skip

    def text(self, at: float, value: float, text: str, css: str = "tick", anchor: str = "middle") -> None:
        """Words at a step and a value."""
        self.add(
            '<text class="{c}" x="{x}" y="{y}" text-anchor="{a}">{t}</text>',
            c=css,
            x=self.x(at),
            y=self.y(value),
            a=anchor,
            t=text,
        )

    def below(self, at: float, text: str, anchor: str = "middle", row: int = 0) -> None:
        """Words under a step."""
        place = float(self.height - self.bottom + 16 + 14 * row)
        self.add(
            '<text class="tick" x="{x}" y="{y}" text-anchor="{a}">{t}</text>',
            x=self.x(at),
            y=place,
            a=anchor,
            t=text,
        )

    def svg(self, label: str, css: str = "plot") -> Markup:
        """The whole chart."""
        head = Markup('<svg class="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
            css, self.width, self.height, label
        )
        return head + Markup("").join(self.parts) + Markup("</svg>")


def _runs(values: Floats) -> list[tuple[int, list[float]]]:
    """Stretches of known values and where each begins."""
    found: list[tuple[int, list[float]]] = []
    last = -2
    for k, value in enumerate(values.tolist()):
        if math.isfinite(value):
            if k != last + 1:
                found.append((k, []))
            found[-1][1].append(value)
            last = k
    return found
