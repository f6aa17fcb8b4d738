"""``report.html``: one self-contained page about a plan, in English or Chinese, made from `scenarios.report_data.ReportData`.

Everything that comes from outside (names, file names, reasons) is escaped; scripts, style and data are inside the page, and its own
content policy forbids it to load anything.
"""

import base64
import hashlib
import json
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from scenarios import (
    report_activities,
    report_onboarding,
    report_peaks,
    report_people,
    report_reasons,
    report_sections,
)
from scenarios.report_curves import curves
from scenarios.report_data import ReportData
from scenarios.report_figures import Cover
from scenarios.report_rota import rota_pages
from scenarios.report_words import Format, words
from scenarios.rounds import TIMES

ASSETS = Path(__file__).with_name("report_assets")
SCRIPTS = ("echarts.common.min.js", "page.js")
LARGEST_ROTA = 8000  # shifts; more would make the page too heavy to open


@cache
def asset(name: str) -> str:
    """The text of a file of ``report_assets``."""
    return (ASSETS / name).read_text(encoding="utf-8").replace("\r\n", "\n").strip()


@cache
def environment() -> Environment:
    """The templates of ``report_assets``, all text escaped."""
    return Environment(
        loader=FileSystemLoader(ASSETS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def content_policy() -> str:
    """The page's Content-Security-Policy: its own scripts by their hash, its own style, nothing else.

    Examples
    --------
    >>> content_policy().startswith("default-src 'none'")
    True
    """
    hashes = (base64.b64encode(hashlib.sha256(asset(name).encode()).digest()).decode() for name in SCRIPTS)
    scripts = " ".join(f"'sha256-{value}'" for value in hashes)
    return f"default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def script_json(value: object) -> Markup:
    """JSON that cannot end the script element that holds it."""
    return htmlsafe_json_dumps(value, json.dumps, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def render_report(data: ReportData) -> str:
    """The whole page as HTML text.

    Parameters
    ----------
    data : one finished plan; tables may be empty, names may hold anything
    """
    form, w, cover = Format(data.language, data.timezone, data.currency), words(data.language), Cover.of(data)
    small = len(data.rota.duties) <= LARGEST_ROTA
    return (
        environment()
        .get_template("page.html.jinja")
        .render(
            data=data, w=w, form=form, policy=content_policy(), style=Markup(asset("page.css")),
            scripts=[Markup(asset(name)) for name in SCRIPTS],
            curves=script_json(curves(data, cover, form, w)),
            pages=rota_pages(data, form) if small else [],
            **report_sections.views(data, cover, form, w),
            **report_reasons.views(data, form, w), **report_peaks.views(data, cover, form, w),
            **report_people.views(data, form, w), **report_activities.views(data, form, w),
            **report_onboarding.views(data, form, w), times=TIMES,
        )
    )  # fmt: skip
