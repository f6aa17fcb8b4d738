"""A rota as calendars: one a team, of the people who exist for whoever asks, without names."""

import io
import zipfile

import icalendar
import pytest

from api.access.scope import Role, machine
from api.store import rotas
from tests.page.test_board import rota_id  # noqa: F401


def calendars(visitor, rota_id) -> dict[str, icalendar.Calendar]:  # noqa: F811
    visitor.go(f"/rotas/{rota_id}")
    with visitor.page.expect_download() as taken:
        visitor.page.get_by_role("link", name="iCal").click()
    content = taken.value.path().read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: icalendar.Calendar.from_ical(archive.read(name)) for name in archive.namelist()}


def people_of(told) -> set[str]:
    text = "".join(each.to_ical().decode() for each in told.values())
    return {name for name in ("A001", "A002") if name in text}


def test_everybody_s_shifts_by_team(visitor, site, rota_id):  # noqa: F811
    visitor.sign_in(site.key(Role.PLANNER))
    told = calendars(visitor, rota_id)
    assert sum(len(each.walk("VEVENT")) for each in told.values()) == 3
    assert people_of(told) == {"A001", "A002"}
    assert all(name.startswith("teams/") for name in told)
    assert not any(name in each.to_ical().decode() for each in told.values() for name in ("林艳", "林雨桐"))


@pytest.mark.parametrize(("team", "people"), [("电话一组", {"A001", "A002"}), ("在线组", set())])
def test_a_lead_takes_their_team_s(visitor, site, rota_id, team, people):  # noqa: F811
    with site.store.read(machine("tests")) as transaction:
        centre_id = rotas.get(transaction, rota_id).centre_id
    visitor.sign_in(site.key(Role.TEAM_LEAD, centre_id=centre_id, teams=[team]))
    assert people_of(calendars(visitor, rota_id)) == people
