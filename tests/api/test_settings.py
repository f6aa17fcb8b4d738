from pathlib import Path

import pytest

from api.settings import ServiceSettings, read_settings
from centre.errors import BadInput


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_environment_beats_the_file_and_the_file_beats_what_comes_with_it(here):
    (here / "paiban.toml").write_text('port = 9000\nhost = "::1"\n')
    settings, told = read_settings({"PAIBAN_PORT": "9001", "HOME": "/root", "PAIBAN_TRACE": "1"})
    assert (settings.port, settings.host, settings.connections) == (9001, "::1", 10)
    sources = {each.name: each.source for each in told}
    assert (sources["port"], sources["host"], sources["connections"]) == (
        "PAIBAN_PORT",
        "paiban.toml",
        "default",
    )
    assert set(sources) == set(ServiceSettings.model_fields)
    assert all(each.description for each in told)


def test_secrets_are_hidden_where_settings_are_told():
    environment = {"PAIBAN_MASTER_KEY": "c2VjcmV0", "PAIBAN_DATABASE": "postgresql://me:pass@word@host/x"}
    shown = " ".join(each.value for each in read_settings(environment)[1])
    assert "c2VjcmV0" not in shown
    assert "pass" not in shown
    assert "(hidden)" in shown
    assert "postgresql://me:***@host/x" in shown
    (shown,) = [
        each.value
        for each in read_settings({"PAIBAN_DATABASE": "postgresql:///x?password=pw&host=/run"})[1]
        if each.name == "database"
    ]
    assert shown == "postgresql:///x?password=***&host=/run"


def test_everything_that_is_wrong_is_told_at_once_and_no_secret(here):
    (here / "paiban.toml").write_text('port = "many"\nhots = "x"\nmaster_key = 5\n')
    with pytest.raises(BadInput) as told:
        read_settings({"PAIBAN_CONNECTIONS": "0", "PAIBAN_PROT": "1"})
    faults = [(fault.file, fault.column, fault.found) for fault in told.value.faults]
    assert sorted(faults) == sorted(
        [
            ("paiban.toml", "port", "many"), ("paiban.toml", "hots", ""), ("paiban.toml", "master_key", ""),
            ("PAIBAN_CONNECTIONS", "connections", "0"), ("PAIBAN_PROT", "", ""),
        ]
    )  # fmt: skip


@pytest.mark.parametrize("content", ["port = ", "\xff", None])
def test_a_named_file_that_cannot_be_read_is_told(here, content):
    if content is not None:
        (here / "other.toml").write_bytes(content.encode("latin-1"))
    with pytest.raises(BadInput, match=r"other\.toml"):
        read_settings({"PAIBAN_CONFIG": "other.toml"})


def test_bearer_tokens_need_issuer_audience_and_keys_and_no_weak_signature():
    with pytest.raises(BadInput) as told:
        read_settings({"PAIBAN_OIDC_ISSUER": "https://id.example", "PAIBAN_OIDC_ALGORITHMS": "ES256,HS256"})
    assert {(fault.column, fault.found) for fault in told.value.faults} == {
        ("oidc_audience", ""),
        ("oidc_jwks", ""),
        ("oidc_algorithms", "HS256"),
    }


def test_the_database_is_a_file_in_the_data_folder_unless_told():
    settings, _ = read_settings({"PAIBAN_DATA": "d"})
    assert settings.database_url == f"sqlite:///{Path.cwd() / 'd' / 'paiban.sqlite'}"
    assert read_settings({"PAIBAN_DATABASE": "postgresql://h/x"})[0].database_url == "postgresql://h/x"
