"""comparison.html: scenarios beside the baseline on one page, in English or Chinese.

One file that needs no other and runs no script: charts are inline SVG, and the page's own content policy forbids it to load anything. It
shares the style sheet with the report (`scenarios.report`).
"""

from typing import Any

from markupsafe import Markup

from scenarios.compare import Comparison
from scenarios.comparison_charts import ChartViews
from scenarios.comparison_views import Told, views
from scenarios.comparison_words import words
from scenarios.forecast_plots import CONTENT_POLICY
from scenarios.report import asset, environment
from scenarios.report_data import Language
from scenarios.report_words import Format
from scenarios.versions import version_of


def render_comparison(found: Comparison, told: Told, language: Language = "en") -> str:
    """The whole page as HTML text; names may hold anything."""
    form, w = format_of(found, language), words(language)
    charts = ChartViews(found, form, w).views()
    sections = ["overview", "figures", "intervals", "days", "frontier", "differences", "basis"]
    return whatif_page(
        "comparison.html.jinja", w["title"].format(name=found.inputs.centre.settings.centre.name), form, w,
        [name for name in sections if name != "frontier" or charts["frontier"]],
        views(found, told, form, w) | charts,
    )  # fmt: skip


def format_of(found: Comparison, language: Language) -> Format:
    """How the page writes, in the centre's zone and in its currency where centre.toml tells one."""
    centre = found.inputs.centre
    currency = str(centre.raw.get("centre", {}).get("currency", ""))
    return Format(language, centre.settings.centre.timezone, currency)


def whatif_page(
    template: str, title: str, form: Format, w: dict[str, str], sections: list[str], shown: dict[str, Any]
) -> str:
    """A page in the shell that comparisons and sweeps share."""
    return (
        environment()
        .get_template(template)
        .render(
            w=w, form=form, title=title, language=form.language, policy=CONTENT_POLICY, style=Markup(asset("page.css")),
            own=Markup(asset("whatif.css")), version=version_of("paiban"), sections=sections, **shown,
        )
    )  # fmt: skip
