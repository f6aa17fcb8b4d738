"""Swaps: asked, accepted, approved, each step judged by the rules; the published rota has them at once."""

from datetime import date
from typing import Any

import pytest

from api.access.scope import Role, machine
from api.store import publishing, rotas
from tests.api.http.service import LEAVE, TOML, Api
from tests.api.http.test_http_rotas import HEADER, new_rota

WORDS = ("rule", "source", "from", "to", "found", "limit")


def shift(agent: str, day: int, hours: tuple[int, ...] = (0, 4, 5, 8)) -> str:
    """A shift of the little centre in a March that is far away."""
    at = [f"2031-03-{day:02}T{hour:02}:00:00Z" for hour in hours]
    kinds = (("work:calls", "true"), ("meal", "false"), ("work:calls", "true"))
    return "".join(
        f"{agent},2031-03-{day:02},{start},{end},{kind},day,{paid}\n"
        for start, end, (kind, paid) in zip(at, at[1:], kinds, strict=False)
    )


ROWS = HEADER + shift("A1", 3) + shift("A1", 4) + shift("A2", 5) + shift("B1", 3)
GIFT = {"agent_id": "A1", "day": "2031-03-03", "with_agent_id": "A2"}
SWAP = GIFT | {"back_day": "2031-03-05"}


class Desk:
    """The little centre with a published week, and everybody who has to do with swaps."""

    def __init__(self, api: Api, rows: str = ROWS, **files: str) -> None:
        self.api, self.centre = api, api.new_centre(**{"leave.csv": LEAVE} | files)
        for name in ("A1", "A2", "B1"):
            api.keys[name] = api.key(Role.AGENT, centre_id=self.centre, agent_id=name)
        for name, team in (("north", "North"), ("south", "South")):
            api.keys[name] = api.key(Role.TEAM_LEAD, centre_id=self.centre, teams=[team])
        api.keys["planner"] = api.key(Role.PLANNER, centre_id=self.centre)
        self.rota = self.publish(rows)

    def publish(self, rows: str, start: str = "2031-03-03") -> str:
        """A published week."""
        address = f"centres/{self.centre}/rotas?start={start}&days=7"
        rota = self.api.send("POST", address, rows).json()["rota"]["id"]
        answer = self.api.ask("POST", f"rotas/{rota}/publish?accept_breaches=true", version=1)
        assert answer.status_code == 200, answer.text
        return str(rota)

    def ask(self, wanted: dict[str, str], who: str = "A1", **query: Any) -> Any:
        """Ask for a swap."""
        told = {"rota_id": self.rota} | wanted
        return self.api.ask("POST", f"centres/{self.centre}/swaps", who, json=told, params=query)

    def step(self, swap: str, step: str, who: str, version: int) -> Any:
        """One step of a swap."""
        return self.api.ask("POST", f"swaps/{swap}/{step}", who, version=version)

    def asked(self, wanted: dict[str, str], **more: Any) -> str:
        """A swap that was asked; its id."""
        answer = self.ask(wanted, **more)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["swap"]["id"])

    def rows(self, who: str = "admin") -> str:
        """The rota as it is seen."""
        return self.api.get(f"rotas/{self.rota}/rows", who).text


def test_a_swap_that_all_agree_to_is_one_new_version_that_agents_see(api: Api) -> None:
    desk = Desk(api)
    made = desk.ask(SWAP | {"note": "as agreed"})
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    assert made.json()["check"] == {
        "allowed": True,
        "breaches": [],
        "others": [],
        "before": None,
        "after": None,
    }
    swap = made.json()["swap"]["id"]
    assert made.json()["swap"]["gives"] == [
        {"start": "2031-03-03T00:00:00.000Z", "end": "2031-03-03T08:00:00.000Z", "shift": "day"}
    ]
    accepted = desk.step(swap, "accept", "A2", 1)
    assert (accepted.json()["swap"]["state"], accepted.headers["etag"]) == ("accepted", '"2"')
    approved = desk.step(swap, "approve", "north", 2)
    assert (approved.status_code, approved.json()["swap"]["state"]) == (200, "approved")
    rota = api.get(f"rotas/{desk.rota}").json()
    assert (rota["version"], rota["published_version"]) == (3, 3)
    assert approved.json()["swap"]["rota_version"] == 3
    assert desk.rows() == HEADER + shift("A1", 4) + shift("A1", 5) + shift("A2", 3) + shift("B1", 3)
    assert desk.rows("A2") == HEADER + shift("A2", 3)
    changed = api.get(f"rotas/{desk.rota}/comparison?one=2&other=3").json()["days"]
    assert [(each["agent_id"], each["day"][-2:]) for each in changed] == [
        ("A1", "03"), ("A1", "05"), ("A2", "03"), ("A2", "05"),
    ]  # fmt: skip
    assert desk.step(swap, "approve", "north", 3).status_code == 409
    assert api.ask("POST", f"rotas/{desk.rota}/undo", version=3).status_code == 200
    assert desk.rows() == ROWS


def test_a_gift_leaves_the_giver_free_and_a_lead_may_speak_for_their_people(api: Api) -> None:
    desk = Desk(api)
    swap = desk.asked(GIFT, who="north")
    assert desk.step(swap, "accept", "north", 1).status_code == 200
    assert desk.step(swap, "approve", "planner", 2).status_code == 200
    assert desk.rows("A1") == HEADER + shift("A1", 4)


def test_what_breaks_a_rule_is_not_kept_and_of_others_it_is_not_told_which(api: Api) -> None:
    leave = "agent_id,start,end,kind\nA2,2031-03-03,2031-03-04,sick\n"
    desk = Desk(api, **{"leave.csv": leave})
    refused = desk.ask(GIFT)
    assert (refused.status_code, refused.json()["type"]) == (409, "/api/v1/problems/swap-breaches")
    assert "leave" not in refused.text
    tried = desk.ask(GIFT, keep="false")
    assert tried.status_code == 200
    assert tried.json()["swap"] is None
    told = tried.json()["check"]
    assert (told["allowed"], told["others"]) == (False, [])
    assert [(each["agent_id"], each["rule"]) for each in told["breaches"]] == [("A2", "")]
    assert "sick" not in tried.text
    of_lead = desk.ask(GIFT, "north", keep="false").json()["check"]
    assert [(each["agent_id"], each["rule"]) for each in of_lead["breaches"]] == [("A2", "leave")]
    of_taker = desk.ask(GIFT, "A2", keep="false").json()["check"]
    assert [each["rule"] for each in of_taker["breaches"]] == ["leave"]
    assert desk.ask(GIFT, "A2").status_code == 404
    assert desk.ask(GIFT | {"with_agent_id": "B1"}, "north", keep="false").json()["check"]["others"] == []
    found = desk.ask(GIFT | {"with_agent_id": "B1"}, "planner", keep="false").json()["check"]
    assert {each["agent_id"] for each in found["breaches"]} == {"B1"}  # two shifts on one day


def test_rests_to_shifts_of_other_published_rotas_count(sqlite_api: Api) -> None:
    desk = Desk(sqlite_api, **{"centre.toml": TOML.replace('"cn-labour"', '"eu-wtd"')})
    late = shift("A2", 2, (12, 16, 17, 20))  # ends 4 h before the shift that is to be taken
    desk.publish(HEADER + late, "2031-02-24")
    told = desk.ask(GIFT, "planner", keep="false").json()["check"]
    assert "rest-between-shifts" in {each["rule"] for each in told["breaches"]}
    assert desk.ask(GIFT | {"day": "2031-03-04"}, "planner", keep="false").json()["check"]["allowed"]


def test_rotas_of_other_teams_on_the_same_days_count_and_stay_as_they_are(sqlite_api: Api) -> None:
    desk = Desk(sqlite_api, HEADER + shift("A1", 3) + shift("A1", 4) + shift("A1", 5))
    other = desk.publish(HEADER + shift("B1", 3) + shift("B1", 6))
    busy = desk.ask(GIFT | {"with_agent_id": "B1"}, "planner", keep="false").json()["check"]
    assert not busy["allowed"]
    elsewhere = desk.ask(
        GIFT | {"day": "2031-03-04", "with_agent_id": "B1", "back_day": "2031-03-06"}, "planner"
    )
    assert [each["column"] for each in elsewhere.json()["faults"]] == ["back_day"]
    swap = desk.asked(GIFT | {"day": "2031-03-04", "with_agent_id": "B1"}, who="planner")
    assert desk.step(swap, "accept", "B1", 1).status_code == 200
    assert desk.step(swap, "approve", "planner", 2).status_code == 200
    assert desk.rows() == HEADER + shift("A1", 3) + shift("A1", 5) + shift("B1", 4)
    assert sqlite_api.get(f"rotas/{other}/rows").text == HEADER + shift("B1", 3) + shift("B1", 6)


def test_planners_are_told_service_before_and_after(sqlite_api: Api) -> None:
    desk = Desk(sqlite_api)
    needed = "interval_start,queue,offered,aht_seconds,agents_required,agents_to_roster\n" + "".join(
        f"2031-03-0{day}T{hour:02}:{minute}:00Z,calls,5,240,2,2\n"
        for day in (3, 5) for hour in range(8) for minute in ("00", "30")
    )  # fmt: skip
    with sqlite_api.store.write(machine("tests")) as transaction:
        made = rotas.create(
            transaction,
            desk.centre,
            date(2031, 3, 3),
            7,
            ROWS.encode(),
            centre_revision=1,
            requirement=needed.encode(),
        )
        publishing.publish(transaction, made.id, 1)
    desk.rota = made.id
    told = desk.ask(GIFT, "planner", keep="false").json()["check"]
    assert told["before"] == told["after"]  # both serve alike
    assert 0 < told["before"]["in_time"] <= 1
    clash = desk.ask(GIFT | {"day": "2031-03-04", "with_agent_id": "B1"}, "planner", keep="false").json()[
        "check"
    ]
    assert clash["before"]["short_hours"] == clash["after"]["short_hours"]  # nothing is known of that day
    for who in ("A1", "north"):
        assert desk.ask(GIFT, who, keep="false").json()["check"]["before"] is None


def test_each_step_is_for_one_of_them_and_names_the_version(api: Api) -> None:
    desk = Desk(api)
    swap = desk.asked(SWAP)
    assert desk.step(swap, "accept", "A1", 1).status_code == 403
    assert desk.step(swap, "approve", "north", 1).status_code == 409  # nobody has accepted it
    assert desk.step(swap, "accept", "B1", 1).status_code == 404
    assert desk.step(swap, "approve", "A1", 1).status_code == 403
    assert api.ask("POST", f"swaps/{swap}/accept", "A2").status_code == 428
    assert desk.step(swap, "accept", "A2", 1).status_code == 200
    assert desk.step(swap, "withdraw", "A1", 1).status_code == 412
    assert desk.step(swap, "withdraw", "A2", 2).status_code == 403
    assert desk.step(swap, "withdraw", "A1", 2).json()["state"] == "withdrawn"
    assert desk.step(swap, "accept", "A2", 3).status_code == 409
    declined = desk.asked(SWAP)
    assert desk.ask(SWAP).status_code == 409  # asked already
    assert desk.step(declined, "decline", "A2", 1).json()["state"] == "declined"
    refused = desk.asked(SWAP)
    assert desk.step(refused, "refuse", "north", 1).json()["state"] == "refused"
    assert desk.rows() == ROWS


def test_a_lead_decides_where_both_are_theirs(api: Api) -> None:
    desk = Desk(api, HEADER + shift("A1", 3) + shift("B1", 4))
    swap = desk.asked(
        {"agent_id": "A1", "day": "2031-03-03", "with_agent_id": "B1", "back_day": "2031-03-04"}
    )
    assert desk.step(swap, "accept", "south", 1).status_code == 200
    assert desk.step(swap, "approve", "north", 2).status_code == 403
    assert desk.step(swap, "refuse", "south", 2).status_code == 403
    assert desk.step(swap, "approve", "planner", 2).status_code == 200


def test_a_rota_that_was_changed_since_is_told(api: Api) -> None:
    desk = Desk(api)
    swap = desk.asked(SWAP)
    assert desk.step(swap, "accept", "A2", 1).status_code == 200
    edit = {"days": [{"agent_id": "A2", "day": "2031-03-06", "stretches": []}]}
    assert api.ask("PATCH", f"rotas/{desk.rota}", json=edit, version=2).status_code == 200
    waits = desk.step(swap, "approve", "north", 2)
    assert (waits.status_code, "not published" in waits.json()["detail"]) == (409, True)
    gone = {"days": [{"agent_id": "A2", "day": "2031-03-05", "stretches": []}]}
    assert api.ask("PATCH", f"rotas/{desk.rota}", json=gone, version=3).status_code == 200
    assert api.ask("POST", f"rotas/{desk.rota}/publish", version=4).status_code == 200
    unfit = desk.step(swap, "approve", "north", 2)
    assert (unfit.status_code, unfit.json()["type"]) == (409, "/api/v1/problems/conflict")
    assert "have changed since" in unfit.json()["detail"]
    assert api.get(f"swaps/{swap}/check", "north").status_code == 409
    assert api.get(f"swaps/{swap}", "A2").json()["state"] == "accepted"


def test_of_two_approvals_at_once_one_counts(api: Api) -> None:
    desk = Desk(api)
    swap = desk.asked(SWAP)
    desk.step(swap, "accept", "A2", 1)
    again = {"Idempotency-Key": "approve-1"}
    answers = [
        api.ask("POST", f"swaps/{swap}/approve", who, version=2, headers=again) for who in ("north", "north", "planner")
    ]  # fmt: skip
    assert [each.status_code for each in answers] == [200, 200, 412]
    assert answers[0].json() == answers[1].json()
    assert api.get(f"rotas/{desk.rota}").json()["version"] == 3


def test_what_is_asked_wrongly_is_told_at_once(sqlite_api: Api) -> None:
    desk = Desk(sqlite_api)
    wrong = desk.ask({"agent_id": "A1", "day": "2031-04-01", "with_agent_id": "A1", "back_day": "2031-05-01"})
    assert wrong.status_code == 422
    assert [each["column"] for each in wrong.json()["faults"]] == ["day", "back_day", "with_agent_id"]
    idle = desk.ask(GIFT | {"day": "2031-03-07", "back_day": "2031-03-07"})
    assert [each["column"] for each in idle.json()["faults"]] == ["day", "back_day"]
    assert desk.ask(GIFT, "north", rota="x").status_code == 422
    draft = new_rota(sqlite_api, desk.centre)["rota"]["id"]
    assert desk.ask(GIFT | {"rota_id": draft}, "planner").status_code == 409
    assert desk.ask(GIFT | {"rota_id": draft}, "A1").status_code == 404


def test_a_shift_that_has_begun_is_not_swapped(sqlite_api: Api) -> None:
    desk = Desk(sqlite_api)
    past = HEADER + "".join(row.replace("2031", "2026") + "\n" for row in (shift("A1", 3)).splitlines())
    desk.rota = desk.publish(past, "2026-03-02")
    begun = desk.ask(GIFT | {"day": "2026-03-03"})
    assert (begun.status_code, "has begun" in begun.json()["detail"]) == (409, True)


def test_swaps_come_in_pages_with_those_who_exist_for_whoever_asks(api: Api) -> None:
    desk = Desk(api, ROWS + shift("B1", 6))
    north, mixed = (
        desk.asked(GIFT),
        desk.asked({"agent_id": "B1", "day": "2031-03-06", "with_agent_id": "A2"}, who="B1"),
    )
    address = f"centres/{desk.centre}/swaps"
    assert desk.step(north, "accept", "A2", 1).status_code == 200

    def ids(who: str, **query: Any) -> list[str]:
        return [each["id"] for each in api.get(address, who, params=query).json()["items"]]

    assert ids("A1") == [north]
    assert ids("B1") == [mixed]
    assert ids("A2") == ids("north") == ids("planner") == [mixed, north]
    assert ids("south") == [mixed]
    assert ids("planner", state="accepted") == [north]
    assert ids("planner", agent_id="B1") == [mixed]
    first = api.get(address, params={"limit": 1}).json()
    assert [first["items"][0]["id"], *ids("admin", after=first["next"])] == [mixed, north]
    api.keys["hr"] = api.key(Role.HR, centre_id=desk.centre)
    assert api.get(address, "hr").status_code == 403
    assert api.get(f"swaps/{north}", "B1").status_code == 404


@pytest.mark.parametrize("decision", ["approve", "refuse"])
def test_a_decision_is_told_to_webhooks_in_the_same_transaction(api: Api, decision: str) -> None:
    desk = Desk(api)
    member = api.ask(
        "POST", "members", json={"role": "team_lead", "centre_id": desk.centre, "teams": ["North"]}
    ).json()["id"]
    hook = {
        "member_id": member,
        "url": "https://example.com/hook",
        "events": ["swap.asked", "swap.agreed", "swap.decided", "rota.changed"],
    }
    hook_id = api.ask("POST", f"centres/{desk.centre}/webhooks", json=hook).json()["id"]
    swap = desk.asked(SWAP)
    desk.step(swap, "accept", "A2", 1)
    assert desk.step(swap, decision, "north", 2).status_code == 200
    told = [each["kind"] for each in api.get(f"webhooks/{hook_id}/deliveries").json()["items"]]
    changed = ["rota.changed"] if decision == "approve" else []
    assert sorted(told) == [*changed, "swap.agreed", "swap.asked", "swap.decided"]
    actions = [each["action"] for each in api.get("audit-log?limit=1000").json()["items"]]
    assert f"swap.{'approved' if decision == 'approve' else 'refused'}" in actions
