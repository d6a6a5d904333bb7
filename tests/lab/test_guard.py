"""The lab's server under attack."""

import socket
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.lab.client import Driver, LabProcess, lab_process
from tests.lab.hostile import ATTACKS, Attack

SLOW = ("a body that never comes", "half a head", "nothing at all", "17 MB in chunks", "a length of 17 MB, and no body")
QUICK = tuple(each for each in ATTACKS if each.name not in SLOW)
MANY = 150  # more than may listen


def attacked(lab: LabProcess, attacks: tuple[Attack, ...]) -> None:
    """Raise AssertionError unless every attack is refused, without a trace in the folder of runs or on stderr."""
    lab.runs.mkdir(exist_ok=True)
    if not (link := lab.runs / "linked").is_symlink():
        link.symlink_to("/etc", target_is_directory=True)
    runs, said = sorted(lab.runs.iterdir()), lab.said
    wrong = {each.name: found for each in attacks if (found := each.refused_by(lab))}
    assert not wrong
    assert sorted(lab.runs.iterdir()) == runs
    assert lab.said == said
    assert lab.ask("/api/lab").status == 200


@pytest.mark.parametrize("part", range(4))
def test_hostile_requests_are_refused(part: int, lab: LabProcess) -> None:
    attacked(lab, QUICK[part::4])


@pytest.mark.full
def test_slow_requests_end(lab: LabProcess) -> None:
    attacked(lab, tuple(each for each in ATTACKS if each.name in SLOW))


@pytest.mark.parametrize("host", ["127.0.0.1:{}", "localhost:{}", "LOCALHOST:{}", "[::1]:{}", "127.0.0.1"])
def test_its_own_names_are_admitted(host: str, driver: Driver) -> None:
    named = host.format(driver.port)
    assert driver.ask("/api/texts", headers={"host": named}).status == 200
    body = {"stage": "adam", "overrides": {}}
    own = {"host": named, "origin": f"http://{named}"}
    assert driver.ask("/api/configurations", body, headers=own).status == 200
    other = {**own, "origin": f"http://{named}".replace(":8421", ":80")}
    assert driver.ask("/api/configurations", body, headers=other).status == (403 if ":" in host else 200)


def test_the_first_page_sets_a_cookie_that_opens_the_rest(driver: Driver) -> None:
    nobody = {"authorization": ""}
    answer = driver.ask(f"/?token={driver.token}", headers=nobody)
    cookie, *flags = answer.headers["set-cookie"].split("; ")
    assert {"HttpOnly", "SameSite=Strict"} <= set(flags)
    assert driver.ask("/api/texts", headers={**nobody, "cookie": f"other=[1,2]; {cookie}; more"}).status == 200
    assert driver.ask(f"/api/texts?token={driver.token}", headers=nobody).status == 401
    assert driver.ask("/api/texts", headers={**nobody, "cookie": "kerasnn-lab-8421=wrong"}).status == 401


def test_every_answer_forbids_what_the_page_does_not_need(driver: Driver) -> None:
    for answer in (driver.ask("/"), driver.ask("/nothing"), driver.ask("/", headers={"host": "evil.example"})):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_bug_is_answered_and_logged_in_one_line(
    driver: Driver, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("kerasnn.lab.reading.stages", lambda: 1 / 0)
    answer = driver.ask("/api/stages")
    assert answer.status == 500
    assert "ZeroDivisionError" in answer.error["message"]
    said = capsys.readouterr().err
    assert said.startswith("kerasnn lab: 'GET /api/stages': ZeroDivisionError: division by zero")
    assert said.count("\n") == 1


def test_readers_that_never_read_keep_nobody_from_an_answer(lab: LabProcess) -> None:
    run = lab.begin("softmax", paused=True, epochs=200)
    with ExitStack() as stack:
        lines = []
        for _ in range(MANY):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", lab.port), timeout=30))
            connection.sendall(lab.head(f"/api/trainings/{run}/events"))
            lines.append(connection.recv(12))
        assert lines.count(b"HTTP/1.1 200") == 100
        assert lines.count(b"HTTP/1.1 503") == MANY - 100
        lab.do(run, "continue")
        assert lab.ask("/api/lab").status == 200
        while lab.ask("/api/runs").status == 200 and not (lab.runs / run / "model.keras").is_file():
            assert lab.ask("/api/texts").status == 200
    assert list(lab.events(run))[-1][0] == "done"


def test_another_address_is_warned_of(surroundings: Path) -> None:
    with lab_process(surroundings, "--dataset", "garments", "--host", "0.0.0.0") as lab:
        assert "whoever reaches 0.0.0.0" in lab.said
        address = f"192.0.2.1:{lab.port}"
        assert lab.ask("/api/texts", headers={"host": address, "origin": f"http://{address}"}).status == 200
        assert lab.ask("/api/texts", headers={"host": address, "origin": f"http://192.0.2.2:{lab.port}"}).status == 403
        assert lab.ask("/api/texts", headers={"host": f"rebound.example:{lab.port}"}).status == 421
