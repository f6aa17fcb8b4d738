"""No receiver is told more than its member may see, whatever happens and however it is told."""

import json
from email import message_from_bytes, policy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.access.roles import PERMISSIONS, Reach
from api.access.scope import Role
from api.notices.formats import post_of
from api.notices.mail import mail_of
from api.notices.messages import COUNTED, WORDS, plain, title
from api.notices.sender import LEASE
from api.notices.told import NEEDS, Told, told_of
from api.store import notices, people
from api.store.notices import KINDS
from api.store.webhooks import FORMATS
from tests.api.notices.conftest import ADMIN, ROTA, SECRET
from tests.api.notices.test_formats import NOW, told
from tests.api.store.conftest import NAMES

DETAILS = {
    "rota.published": ROTA, "rota.changed": ROTA, "breach": {**ROTA, "of_all": 0},
    "swap.asked": {"day": ROTA["start"]}, "swap.agreed": {"day": ROTA["start"]},
    "swap.decided": {"accepted": True, "day": ROTA["start"]},
    "leave.asked": {"day": ROTA["start"]}, "leave.decided": {"granted": False, "day": ROTA["start"]},
    "call_out": {"day": ROTA["start"], "pool": "second line"}, "job.failed": {"work": "plan", "code": 3},
}  # fmt: skip
ROLES = {
    Role.ADMIN: {}, Role.PLANNER: {}, Role.HR: {}, Role.TEAM_LEAD: {"teams": ["电话二组"]}, Role.AGENT: {"agent_id": "A005"},
}  # fmt: skip
THEIRS = {Role.TEAM_LEAD: {"A005", "A006"}, Role.AGENT: {"A005"}}


def text_of(format: str, it: Told, lang: str) -> str:
    """All of a message that a receiver can read."""
    if format == "email":
        mail = mail_of(it, lang, "mailto:lead@example.com", "paiban@example.com", NOW)
        read = message_from_bytes(mail.as_bytes(), policy=policy.default)
        return f"{read['Subject']} {read.get_content()}"
    sent = post_of(format, it, lang, "https://example.com", SECRET, NOW)
    return json.dumps(json.loads(sent.content), ensure_ascii=False)


def test_every_kind_is_told_in_both_languages_and_needs_a_right():
    assert set(DETAILS) == set(KINDS) == set(NEEDS)
    assert WORDS["en"].keys() == WORDS["zh"].keys()
    assert COUNTED["en"].keys() == COUNTED["zh"].keys()
    for kind, detail in DETAILS.items():
        plain_ = {name: value if isinstance(value, int) else str(value) for name, value in detail.items()}
        it = told(kind, **plain_)
        assert title(it, "en").isascii()
        assert "：" in title(it, "zh")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(KINDS), role=st.sampled_from(list(ROLES)), format=st.sampled_from(FORMATS),
    lang=st.sampled_from(["en", "zh"]), names=st.booleans(),
    counts=st.dictionaries(st.sampled_from(sorted(NAMES)), st.integers(1, 7), min_size=1),
)  # fmt: skip
def test_no_receiver_is_told_of_people_or_names_it_may_not_see(
    desk, receiver, kind, role, format, lang, names, counts
):
    hook = desk.hook(
        receiver.url, format, role, SECRET, events=(kind,), lang=lang, names=names, **ROLES[role]
    )
    with desk.store.write(ADMIN) as transaction:
        counts = {} if kind == "job.failed" else counts
        notices.tell(transaction, kind, desk.centre.id, "rota/r1", counts, **DETAILS[kind])
        its = [notices.take(transaction, each, LEASE) for each in notices.due(transaction)]
        (taken,) = [each for each in its if each is not None and each.webhook.id == hook.id]
        it = told_of(transaction, taken)
    theirs = THEIRS.get(role, {*NAMES})
    may = (role, kind) not in {
        (Role.AGENT, "breach"), (Role.HR, "swap.asked"), (Role.HR, "swap.agreed"), (Role.HR, "swap.decided"), (Role.HR, "job.failed"),
        (Role.TEAM_LEAD, "job.failed"), (Role.AGENT, "job.failed"),
    }  # fmt: skip
    assert (it is not None) == (may and (kind == "job.failed" or bool(theirs & counts.keys())))
    if it is None:
        return
    text = text_of(format, it, lang)
    for who, name in NAMES.items():
        assert (who in text) == (who in theirs & counts.keys())
        assert (name in text) == (names and who in theirs & counts.keys())


def test_names_are_told_only_where_the_webhook_is_to_tell_them_and_they_are_not_hidden(desk, receiver):
    desk.hook(receiver.url, names=True, lang="zh")
    with desk.store.write(ADMIN) as transaction:
        people.erase(transaction, desk.centre.id, "A002")
        people.restrict(transaction, desk.centre.id, "A003", NOW.replace(year=2100))
    desk.tell(people={"A001": 1, "A002": 1, "A003": 1})
    desk.send()
    told_ = receiver.requests[0].json["data"]["people"]
    assert told_ == [
        {"agent_id": "A001", "count": 1, "name": NAMES["A001"]},
        {"agent_id": "A002", "count": 1},
        {"agent_id": "A003", "count": 1},
    ]


def test_no_names_are_told_to_a_member_without_the_right(desk, receiver, monkeypatch):
    monkeypatch.setitem(PERMISSIONS, (Role.PLANNER, "people.names"), Reach.NONE)
    desk.hook(receiver.url, role=Role.PLANNER, names=True)
    desk.tell(people={"A001": 1})
    desk.send()
    assert receiver.requests[0].json["data"]["people"] == [{"agent_id": "A001", "count": 1}]


def test_findings_about_the_whole_rota_are_told_to_team_leads_too(desk, receiver):
    desk.hook(receiver.url, role=Role.TEAM_LEAD, teams=["电话二组"])
    desk.tell("breach", {"A001": 2}, **ROTA, of_all=1)
    desk.send()
    data = receiver.requests[0].json["data"]
    assert (data["people"], data["of_all"]) == ([], 1)


def test_a_lead_is_told_of_their_own_jobs_that_failed(desk, receiver):
    hook = desk.hook(receiver.url, role=Role.TEAM_LEAD, teams=["电话二组"])
    for owner in ("somebody", hook.member_id):
        with desk.store.write(ADMIN) as transaction:
            notices.tell(
                transaction, "job.failed", desk.centre.id, f"job/of-{owner}", {}, owner_id=owner, work="replan", code=3
            )  # fmt: skip
    while desk.send():
        pass
    assert [each.json["data"]["object"] for each in receiver.requests] == [f"job/of-{hook.member_id}"]


def test_no_notice_takes_words_that_it_was_not_made_for(desk, receiver):
    desk.hook(receiver.url)
    for wrong in ({**ROTA, "reason": "sick"}, {"start": ROTA["start"]}, {**ROTA, "days": "seven"}):
        with pytest.raises(TypeError, match="wrong"):
            desk.tell("rota.published", {}, **wrong)


@given(st.text(), st.text())
def test_no_name_becomes_a_link_a_mention_or_a_line_of_its_own(name, centre):
    it = Told(
        "d",
        "call_out",
        NOW,
        "c",
        centre,
        "rota/r",
        {"day": "2026-03-02", "pool": name},
        {"A1": 1},
        {"A1": name},
    )
    for format in ("wecom", "dingtalk"):
        body = json.loads(post_of(format, it, "en", "https://x", None, NOW).content)["markdown"]
        text = body.get("content", body.get("text"))
        assert not set("<>[]*`\\") & set(text)
        assert len([line for line in text.split("\n") if line]) == 6
    mail = mail_of(it, "zh", "mailto:a@example.com", "paiban@example.com", NOW)
    read = message_from_bytes(mail.as_bytes(), policy=policy.default)
    assert read.keys() == mail.keys()
    assert read["To"] == "a@example.com"
    assert plain(plain(name)) == plain(name)
