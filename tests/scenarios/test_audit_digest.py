"""The digest of an audit: what it hangs on and what it does not, and what checking says when a file was changed."""

import copy
import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.audit_digest import canonical, checked, digest_of, finding_id, sha256_of, signature_of

COLUMNS = ["rule", "found", "id"]
ROWS = [["rest", "659", "a1"], ["rest", "600", "a2"]]
KEY = b"a key that only HR keeps"
FILES = {"audit.html": "11", "audit.xlsx": "22"}


def report(key: bytes | None = None) -> dict:
    told = {
        "inputs": [{"file": "班表.csv", "sha256": "ab"}],
        "rules": [{"name": "rest", "limits": {"m": "660"}}],
    }
    told |= {"version": {"paiban": "1"}, "columns": COLUMNS, "findings": copy.deepcopy(ROWS)}
    told["digest"] = digest_of(told)
    told["files"] = dict(FILES)
    if key:
        told["signature"] = signature_of(told["digest"]["value"], FILES, key, "2026-11-22T10:00:00Z")
    return json.loads(json.dumps(told))


def table(rows=ROWS) -> list[list[str]]:
    return [COLUMNS, *rows]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_canonical_form_survives_json_and_the_order_of_keys(value):
    def turned(part):
        if isinstance(part, dict):
            return {key: turned(part[key]) for key in reversed(part)}
        return [turned(each) for each in part] if isinstance(part, list) else part

    assert canonical(turned(json.loads(json.dumps(value)))) == canonical(value)
    assert json.loads(canonical(value)) == value


def test_the_digest_can_be_worked_out_by_hand():
    part = hashlib.sha256('[{"file":"班.csv"}]'.encode()).hexdigest()
    value = hashlib.sha256(f'{{"inputs":"{part}"}}'.encode()).hexdigest()
    told = digest_of({"inputs": [{"file": "班.csv"}]})
    assert (told["parts"], told["value"]) == ({"inputs": part}, value)


@pytest.mark.parametrize(("part", "value"), [
    ("inputs", []), ("rules", [{"name": "rest", "limits": {"m": "659"}}]), ("version", {"paiban": "2"}),
    ("findings", ROWS[:1]), ("columns", COLUMNS[:2]),
])  # fmt: skip
def test_each_part_counts_and_is_named(part, value):
    told = report()
    assert digest_of(told | {part: value})["value"] != told["digest"]["value"]
    changed = checked(told | {part: value}, table(), FILES, None).changed
    assert f"audit.json: {part} changed since the audit." in changed


def test_signature_and_checksums_of_files_are_no_part_of_the_digest():
    assert report(KEY)["digest"] == report()["digest"]


def test_what_is_as_it_was_is_kept():
    check = checked(report(), table(), FILES, None)
    assert check.changed == ()
    assert check.kept == (f"The digest is that of the report: {report()['digest']['value']}.",)


@pytest.mark.parametrize(("rows", "sentence"), [
    ([["rest", "700", "a1"], ROWS[1]], "violations.csv: finding a1 has another found."),
    (ROWS[:1], "violations.csv: finding a2 is missing."),
    ([*ROWS, ["rest", "1", "a3"]], "violations.csv: finding a3 was not in the audit."),
    ([ROWS[1], ROWS[0]], "violations.csv: its rows are in another order or doubled."),
    ([ROWS[0], ROWS[0], ROWS[1]], "violations.csv: its rows are in another order or doubled."),
    ([["rest", "a1"], ROWS[1]], "violations.csv: finding a1 has another found."),
])  # fmt: skip
def test_a_changed_table_is_told_finding_by_finding(rows, sentence):
    assert checked(report(), table(rows), FILES, None).changed == (sentence,)


def test_other_columns_are_told():
    told = checked(report(), [["rule", "id"], *ROWS], FILES, None).changed
    assert told == ("violations.csv: its columns are not those of the audit.",)
    assert checked(report(), [], FILES, None).changed == told


@pytest.mark.parametrize(("files", "sentence"), [
    ({"audit.html": "12", "audit.xlsx": "22"}, "audit.html: it is not as it was written."),
    ({"audit.html": "11"}, "audit.xlsx: it is missing."),
])  # fmt: skip
def test_changed_and_missing_files_are_told(files, sentence):
    assert checked(report(), table(), files, None).changed == (sentence,)


def test_a_digest_made_to_fit_does_not_deceive_the_key():
    told = report(KEY)
    told["findings"][0][1] = "700"
    told["digest"] = digest_of(told)
    rows = [["rest", "700", "a1"], ROWS[1]]
    assert checked(told, table(rows), FILES, None).changed == ()
    (sentence,) = checked(told, table(rows), FILES, KEY).changed
    assert "another key, or the report was changed" in sentence


def test_the_right_key_a_wrong_one_and_none():
    told = report(KEY)
    assert checked(told, table(), FILES, KEY).changed == ()
    assert "Signed with this key at 2026-11-22T10:00:00Z." in checked(told, table(), FILES, KEY).kept
    assert "another key" in checked(told, table(), FILES, b"another key of HR").changed[0]
    assert "--sign-key" in checked(told, table(), FILES, None).kept[-1]
    assert checked(report(), table(), FILES, KEY).changed == ("signature: the report is not signed.",)


@pytest.mark.parametrize("what", ["signed_at", "files"])
def test_time_and_files_are_signed_too(what):
    told = report(KEY)
    if what == "files":
        told["files"]["audit.html"] = "12"
    else:
        told["signature"]["signed_at"] = "2026-11-23T10:00:00Z"
    assert len(checked(told, table(), {**FILES, **told["files"]}, KEY).changed) == 1


@pytest.mark.parametrize("broken", [
    {}, {"digest": 3}, {"digest": {"parts": []}}, {"findings": 7, "columns": "x", "digest": {}, "files": []},
    {"findings": [3], "columns": COLUMNS, "digest": digest_of({})}, {"signature": "x"},
])  # fmt: skip
def test_junk_is_told_and_never_an_error_of_ours(broken):
    for key in (None, KEY):
        assert checked(broken, table(), {}, key).changed


def test_parts_that_were_taken_out_are_named():
    told = report()
    del told["rules"]
    assert "audit.json: rules changed since the audit." in checked(told, table(), FILES, None).changed
    told = report()
    told["digest"]["value"] = sha256_of("other")
    assert checked(told, table(), FILES, None).changed == (
        "audit.json: the digest is not that of its parts.",
    )


def test_ids_hang_on_every_cell_and_on_where_cells_end():
    assert finding_id(["ab", "c"]) != finding_id(["a", "bc"])
    assert finding_id(["王", ""]) == finding_id(["王", ""])
    assert len(finding_id(["a"])) == 12
