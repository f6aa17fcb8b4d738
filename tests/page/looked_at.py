"""A page as axe judges it, and at the widths of a phone and of a desk."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

VENDOR = Path(__file__).with_name("vendor")
WIDTHS = (390, 1440)


def serious(page: Page) -> list[tuple[str, list[Any]]]:
    """Serious and critical findings: which, and where."""
    page.evaluate((VENDOR / "axe.min.js").read_text(encoding="utf-8"))
    told = page.evaluate("axe.run({resultTypes: ['violations']})")
    return [
        (each["id"], [node["target"] for node in each["nodes"]])
        for each in told["violations"]
        if each["impact"] in ("serious", "critical")
    ]


def too_wide(page: Page) -> list[int]:
    """The widths at which it is to be scrolled sideways."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(width)
    return found
