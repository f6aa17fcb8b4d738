"""audit.html: one page that HR reads and prints, in English or Chinese.

One file that needs no other and runs no script: its content policy forbids it to load anything. It shares the
style sheet with the report (`scenarios.report`). People appear by agent_id alone.
"""

from typing import Any

from markupsafe import Markup

from scenarios.audit_page_views import views
from scenarios.audit_page_words import words
from scenarios.audit_report import AuditData
from scenarios.report import asset, environment
from scenarios.report_words import Format

CONTENT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
)


def render_audit(data: AuditData, digest: str) -> str:
    """The whole page as HTML text."""
    form, w = Format(data.language, data.zone, ""), words(data.language)
    shown: dict[str, Any] = views(data, form, w)
    return (
        environment()
        .get_template("audit.html.jinja")
        .render(
            data=data, w=w, form=form, digest=digest, policy=CONTENT_POLICY, style=Markup(asset("page.css")),
            own=Markup(asset("audit.css")), version=data.versions.get("paiban", ""), **shown,
        )
    )  # fmt: skip
