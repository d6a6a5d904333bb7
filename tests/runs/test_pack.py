"""A packed run arrives as it was, whatever else a file says is refused, and nothing is overwritten or left behind."""

import json
import shlex
import shutil
import stat
import struct
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from unicodedata import normalize

import numpy as np
import pytest

import kerasnn
from kerasnn.cli.app import main
from kerasnn.errors import EnvironmentFault, Interrupted, ModelFileError, UsageError
from kerasnn.records import Event, ImportedRun, Progress, Run, plain
from kerasnn.runs import folder as run_folder
from kerasnn.runs.folder import locked
from kerasnn.runs.pack import export_run, write_pack
from kerasnn.runs.seal import seal_of
from kerasnn.runs.unpack import import_run
from tests.conftest import EVEN, prefer_keras, save_npz, working_in
from tests.runs.test_resume import model_arrays

Members = dict[str, bytes]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the data, by their absolute path, and two runs: one done, one stopped after its second epoch."""
    place = tmp_path_factory.mktemp("home") / "학생"
    place.mkdir()
    with working_in(place) as folder, pytest.MonkeyPatch.context() as patch:
        prefer_keras(patch)
        data = save_npz(folder / "stripes.npz", count=EVEN)
        assert main(["train", "adam", "--epochs", "3", "--hidden", "6", "--dataset", str(data), "--out", "runs"]) == 0

        def impatient(event: Event) -> None:
            if isinstance(event, Progress) and event.finished and event.epoch == 2:
                raise KeyboardInterrupt

        with pytest.raises(Interrupted):
            kerasnn.train("dropout", dataset=data, hidden=[6], epochs=4, listener=impatient)
        return folder


@pytest.fixture
def home(trained: Path, surroundings: Path) -> Path:
    """Those runs in the working folder; the data are still where they were."""
    shutil.copytree(trained / "runs", surroundings / "runs")
    return surroundings


def ids() -> tuple[str, str]:
    done, stopped = sorted(path.name for path in Path("runs").glob("2*"))
    return (done, stopped) if "adam" in done else (stopped, done)


def members(path: Path) -> Members:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def files(folder: Path) -> dict[str, str]:
    found = [path for path in folder.rglob("*") if path.is_file() and path.name != "pack.json"]
    return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in found}


def packed() -> Path:
    return Path(export_run(ids()[0], "good.zip").file)


def refused(path: Path, reason: str) -> None:
    """The file is refused with code 5 and this reason, and leaves nothing behind."""
    before = sorted(Path().rglob("*"))
    with pytest.raises(ModelFileError, match=reason):
        import_run(path, out="other")
    assert sorted(Path().rglob("*")) == before


def test_a_run_arrives_as_it_was(home: Path) -> None:
    done, _stopped = ids()
    exported = export_run(done, author="김민지")
    assert Path(exported.file).name == f"{done}.kerasnn.zip"
    found = import_run(exported.file, out="other")
    assert (found.run, found.author, found.status, found.notes) == (done, "김민지", "done", ())
    here, there = files(home / "runs" / done), files(home / "other" / done)
    assert {name for name in here | there if here.get(name) != there.get(name)} == {"run.json"}  # it named this machine
    assert set(there) == {"run.json", "history.csv", "model.keras", "state.npz", "plots/curves.png"}
    assert not Path("other/latest").exists()
    again = export_run(done, "again.zip", out="other")
    assert Path(again.file).read_bytes() == Path(exported.file).read_bytes()


def test_the_file_names_no_folder_of_the_machine(home: Path, trained: Path) -> None:
    content = members(packed())
    record = json.loads(content["run.json"])
    assert record["dataset"]["location"] == "./stripes.npz"
    assert shlex.split(record["command"])[-2:] == ["--dataset", "./stripes.npz"]
    text = b"".join(each for name, each in content.items() if name.endswith(".json")).decode()
    assert str(trained) not in text
    assert trained.name not in text
    assert record["seal"] == seal_of(record)


@pytest.mark.parametrize(
    ("place", "hidden"),
    [
        ("C:\\Users\\Kim Minji\\data\\a.npz", "Minji"),
        ("/home/kim minji/a.npz", "minji"),
        ("/Users/minji/한글/a.npz", "한글"),
    ],
)
def test_nor_one_of_another_system(place: str, hidden: str, home: Path) -> None:
    path = Path("runs") / ids()[0] / "run.json"
    record = json.loads(path.read_text("utf-8"))
    record["dataset"]["location"] = place
    record["notes"] = [f"[Errno 28] No space left on device: '{place}'"]
    record["seal"] = seal_of(record)
    path.write_text(json.dumps(record), "utf-8")
    assert hidden not in members(Path(export_run(ids()[0]).file))["run.json"].decode()


@pytest.mark.full
def test_an_imported_run_goes_on_to_the_same_weights(home: Path, trained: Path) -> None:
    done, stopped = ids()
    (home / "stripes.npz").write_bytes((trained / "stripes.npz").read_bytes())  # as the message asks for
    shutil.copy(trained / "classes.txt", home)
    for run, more in ((stopped, 0), (done, 2)):
        import_run(export_run(run).file, out="other")
        straight = kerasnn.resume(run, more_epochs=more, dataset=str(trained / "stripes.npz"))
        moved = kerasnn.resume(run, more_epochs=more, out="other")
        assert moved.history == straight.history
        assert all(map(np.array_equal, model_arrays(moved), model_arrays(straight)))
        assert moved.model == str(Path("other") / run / "model.keras")


@pytest.mark.parametrize(
    "words",
    [
        ("evaluate", "RUN"),
        ("predict", "RUN", "--index", "0"),
        ("weights", "RUN"),
        ("report", "RUN"),
        ("code", "RUN"),
        ("runs", "show", "RUN"),
        ("runs", "list"),
    ],
)
def test_every_command_takes_an_imported_run(words: tuple[str, ...], home: Path, trained: Path) -> None:
    done, _stopped = ids()
    import_run(export_run(done).file, out="other")
    data = ["--dataset", str(trained / "stripes.npz")] if words[0] in ("evaluate", "predict", "report") else []
    assert main([done if word == "RUN" else word for word in words] + ["--runs", "other", *data]) == 0


@pytest.mark.parametrize(
    "words", [("evaluate",), ("report",), ("predict", "--index", "0"), ("train", "--more-epochs", "1", "--resume")]
)
def test_data_of_another_machine_are_asked_for(
    words: tuple[str, ...], home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done, _stopped = ids()
    import_run(export_run(done).file, out="other")
    assert (
        main(
            [*words, done, "--runs", "other"]
            if words[0] == "train"
            else [words[0], done, *words[1:], "--runs", "other"]
        )
        == 3
    )
    said = capsys.readouterr().err
    assert "learnt from are not at stripes.npz here" in said
    assert "--dataset PATH" in said


def test_nothing_is_overwritten(home: Path) -> None:
    done, stopped = ids()
    file = export_run(done).file
    before = files(home / "runs")
    assert import_run(file).already_here
    assert files(home / "runs") == before
    (home / "runs" / done / "history.csv").write_text("mine")
    other = import_run(file)
    assert (other.run, other.already_here) == (f"{done}-2", False)
    assert import_run(file).run == f"{done}-2"
    assert (home / "runs" / done / "history.csv").read_text() == "mine"
    assert kerasnn.open_run(f"{done}-2").run == f"{done}-2"
    with pytest.raises(UsageError, match="already"):
        export_run(stopped, file)
    Path("notes.zip").write_text(f'mine, on "format": 1, "run": "{done}"')
    with pytest.raises(UsageError, match="already"):
        export_run(done, "notes.zip")
    assert export_run(done, "notes.zip", force=True).bytes == export_run(done, file).bytes


def test_a_run_in_training_is_not_packed(home: Path) -> None:
    with locked(Path("runs") / ids()[0]), pytest.raises(EnvironmentFault, match="in use"):
        export_run(ids()[0])


def test_a_link_is_not_packed(home: Path) -> None:
    model = Path("runs") / ids()[0] / "history.csv"
    model.unlink()
    model.symlink_to("/etc/hostname")
    with pytest.raises(ModelFileError, match="link"):
        export_run(ids()[0])


def change_record(content: Members) -> None:
    record = json.loads(content["run.json"])
    record["test"]["accuracy"] = 0.99
    content["run.json"] = json.dumps(record).encode()


def change_history(content: Members) -> None:
    content["history.csv"] = content["history.csv"].replace(b"0.", b"1.")


def change_model(content: Members) -> None:
    other = members(Path(export_run(ids()[1]).file))
    content["model.keras"] = other["model.keras"]


def change_state(content: Members) -> None:
    content["state.npz"] = members(Path(export_run(ids()[1]).file))["checkpoint/state.npz"]


def drop_curves(content: Members) -> None:
    del content["plots/curves.png"]


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (change_record, {"pack-changed", "record-edited"}),
        (change_history, {"pack-changed", "history-differs"}),
        (change_model, {"pack-changed", "model-replaced"}),
        (change_state, {"pack-changed", "state-differs"}),
        (drop_curves, {"pack-changed"}),
    ],
)
def test_what_was_edited_is_said(change: Callable[[Members], None], codes: set[str], home: Path) -> None:
    content = members(Path(export_run(ids()[0]).file))
    change(content)
    write_pack(Path("edited.zip"), content)
    assert {note.code for note in import_run("edited.zip", out="other").notes} == codes


def test_an_edited_record_is_packed_as_such(home: Path) -> None:
    path = Path("runs") / ids()[0] / "run.json"
    path.write_text(path.read_text("utf-8").replace('"seed": 42', '"seed": 43'), "utf-8")
    exported = export_run(ids()[0])
    assert [note.code for note in exported.notes] == ["record-edited"]
    assert [note.code for note in import_run(exported.file, out="other").notes] == ["record-edited"]


def raw(path: Path, entries: list[tuple[zipfile.ZipInfo, bytes]]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for entry, content in entries:
            archive.writestr(entry, content)
    return path


def info(name: str, *, mode: int = stat.S_IFREG | 0o644, kind: int = zipfile.ZIP_STORED) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.external_attr, entry.compress_type = mode << 16, kind
    return entry


def test_of_several_files_those_that_can_be_read_are_imported(
    home: Path, trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done, stopped = ids()
    files = [export_run(done).file, export_run(stopped).file]
    assert main(["runs", "import", *files, "--runs", "first", "--json"]) == 0
    assert [run["run"] for run in json.loads(capsys.readouterr().out)] == [done, stopped]
    Path("essay.zip").write_bytes(b"dear teacher")
    assert main(["runs", "import", files[0], "essay.zip", files[1], "--runs", "second"]) == 5
    assert sorted(path.name for path in Path("second").iterdir() if path.is_dir()) == sorted([done, stopped])
    out, errors = capsys.readouterr()
    assert out.count("is now in second") == 2
    assert "essay.zip is not a run" in " ".join(errors.split())
    assert "1 of 3 files" in " ".join(errors.split())
    assert main(["runs", "import", "essay.zip", "essay.zip", "--runs", "third", "--json"]) == 5
    assert list(json.loads(capsys.readouterr().out)) == ["error"]


def test_what_is_imported_before_a_full_disk_is_told(
    home: Path, trained: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [export_run(run).file for run in ids()]

    def fill(file: Path, *, out: Path) -> ImportedRun:
        if str(file) == files[1]:
            raise EnvironmentFault("the disk is full")
        return import_run(file, out=out)

    monkeypatch.setattr(kerasnn, "import_run", fill)
    assert main(["runs", "import", *files, "--runs", "first"]) == 4
    assert "is now in first" in capsys.readouterr().out


@pytest.mark.parametrize(
    "name",
    [
        "../run.json",
        "/etc/passwd",
        "plots/../../evil.py",
        "Run.json",
        "RUN.JSON",
        "C:\\run.json",
        "plots\\curves.png",
        "plots/",
        "inner.kerasnn.zip",
        normalize("NFD", "기록.json"),
        "run.json#.png",
        ".lock",
        "__MACOSX/._run.json",
    ],
)
def test_only_members_of_a_run_are_read(name: str, home: Path) -> None:
    content = members(packed())
    entries = [(info(each), part) for each, part in content.items()]
    path = raw(Path("bad.zip"), [*entries, (info(name), b"evil")])
    path.write_bytes(path.read_bytes().replace(b"json#", b"json\0"))  # where C would end the name
    refused(path, "it holds|link, a folder")


@pytest.mark.parametrize("mode", [stat.S_IFLNK | 0o777, stat.S_IFCHR | 0o600, stat.S_IFIFO, stat.S_IFDIR])
def test_links_and_devices_are_refused(mode: int, home: Path) -> None:
    entries = [(info(name), part) for name, part in members(packed()).items() if name != "history.csv"]
    refused(raw(Path("bad.zip"), [*entries, (info("history.csv", mode=mode), b"/etc/passwd")]), "link")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_one_name_twice_is_refused(home: Path) -> None:
    entries = [(info(name), part) for name, part in members(packed()).items()]
    refused(raw(Path("bad.zip"), [*entries, (info("history.csv"), b"")]), "the same name")


def test_a_deflated_file_is_read_but_no_bomb(home: Path) -> None:
    content = members(packed())
    deflated = [(info(name, kind=zipfile.ZIP_DEFLATED), part) for name, part in content.items()]
    assert import_run(raw(Path("small.zip"), deflated), out="fine").notes == ()
    shutil.rmtree("fine")
    state = (info("checkpoint/state.npz", kind=zipfile.ZIP_DEFLATED), bytes(200 << 20))
    bomb = raw(Path("bomb.zip"), [each for each in deflated if each[0].filename != "state.npz"] + [state])
    refused(bomb, "times")
    bomb.write_bytes(directory(bomb.read_bytes(), 20, struct.pack("<I", 100 << 20)))  # what its members claim to take
    refused(bomb, "times")
    long = (info("history.csv", kind=zipfile.ZIP_DEFLATED), bytes(20 << 20))
    refused(raw(Path("long.zip"), [each for each in deflated if each[0].filename != "history.csv"] + [long]), "bytes")
    packed_otherwise = [(info(name, kind=zipfile.ZIP_BZIP2), part) for name, part in content.items()]
    refused(raw(Path("bzip.zip"), packed_otherwise), "unusual")


def directory(content: bytes, offset: int, value: bytes) -> bytes:
    """Change each entry of a zip's directory at `offset`."""
    place = content.index(b"PK\x01\x02")
    while (place := content.find(b"PK\x01\x02", place)) >= 0:
        content = content[: place + offset] + value + content[place + offset + len(value) :]
        place += 4
    return content


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda content: directory(content, 24, struct.pack("<I", 0xFFFFFFFF)), "damaged|bytes|times"),
        (lambda content: directory(content, 8, struct.pack("<H", 1)), "encrypted"),
        (lambda content: directory(content, 24, struct.pack("<I", 10)), "damaged"),
        (lambda content: directory(content, 42, struct.pack("<I", 0)), "damaged"),
        (lambda content: content[:-10] + struct.pack("<I", 1 << 31) + content[-6:], "more than|damaged"),
        (lambda content: content[:-22] + b"PK\x06\x07" + bytes(16) + content[-22:], "damaged"),
        (lambda content: content[: len(content) // 2], "not a zip file"),
        (lambda content: b"", "zip"),
        (lambda content: b"PK\x05\x06" + bytes(18), "lacks pack.json, run.json"),
        (lambda content: content.replace(b'"loss"', b'"lass"'), "damaged"),
    ],
)
def test_a_damaged_file_is_refused(change: Callable[[bytes], bytes], reason: str, home: Path) -> None:
    Path("bad.zip").write_bytes(change(packed().read_bytes()))
    refused(Path("bad.zip"), reason)


def replaced(name: str, new: bytes) -> Callable[[Members], None]:
    return lambda content: content.update({name: new})


def with_record(**changes: Any) -> Callable[[Members], None]:
    return lambda content: content.update(
        {"run.json": json.dumps({**json.loads(content["run.json"]), **changes}).encode()}
    )


def with_manifest(**changes: Any) -> Callable[[Members], None]:
    return lambda content: content.update(
        {"pack.json": json.dumps({**json.loads(content["pack.json"]), **changes}).encode()}
    )


PAGE = b"<!DOCTYPE html><html><script>alert(1)</script></html>"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (replaced("model.keras", b"PK"), "model"),
        (replaced("model.npz", b"PK"), "it holds model.keras, model.npz"),
        (replaced("checkpoint/state.npz", b"PK"), "it holds state.npz"),
        (replaced("state.npz", b"PK"), "state.npz is damaged"),
        (replaced("plots/curves.png", b"<svg/>"), "curves.png"),
        (replaced("report.html", PAGE), "report.html"),
        (replaced("classes.txt", b"a\na\n"), "classes.txt"),
        (replaced("run.json", b"[1]"), "run.json"),
        (replaced("run.json", b"[" * 10_000), "nested"),
        (replaced("pack.json", b"{}"), "format"),
        (with_record(run="../../evil"), "the id"),
        (with_record(run=7), "the id"),
        (with_record(history="none"), "damaged"),
        (with_record(status="perfect"), "damaged"),
        (with_manifest(format=2), "format"),
        (with_manifest(author="\x1b[2J"), "--author"),
        (with_manifest(sha256=[]), "pack.json"),
        (lambda content: content.pop("model.keras"), "lacks model.keras"),
        (lambda content: content.pop("run.json"), "lacks run.json"),
    ],
)
def test_each_member_is_checked(change: Callable[[Members], object], reason: str, home: Path) -> None:
    content = members(Path(export_run(ids()[0]).file))
    change(content)
    write_pack(Path("bad.zip"), content)
    refused(Path("bad.zip"), reason)


def test_a_report_of_kerasnn_travels_along(home: Path, trained: Path) -> None:
    done, _stopped = ids()
    for language in ("en", "ko"):
        words = [
            "report",
            done,
            "--dataset",
            str(trained / "stripes.npz"),
            "--out",
            f"runs/{done}/report.html",
            "--force",
        ]
        assert main([*words, "--lang", language]) == 0
        found = import_run(export_run(done).file, out=language)
        assert (Path(found.folder) / "report.html").read_bytes() == Path(f"runs/{done}/report.html").read_bytes()


def test_a_page_that_opens_another_is_refused(home: Path, trained: Path) -> None:
    done, _stopped = ids()
    page = Path(f"runs/{done}/report.html")
    assert main(["report", done, "--dataset", str(trained / "stripes.npz"), "--out", str(page)]) == 0
    text = page.read_text("utf-8")
    page.write_text(
        text.replace("<title>", '<meta HTTP-EQUIV="refresh" content="0;url=https://a.example"><title>'), "utf-8"
    )
    refused(Path(export_run(done).file), "report.html")


def test_leftovers_of_a_killed_import_go(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, other = packed(), home / "other"
    monkeypatch.setattr("kerasnn.files.atomic.os.getpid", lambda: 2**22 + 1)  # a process that no longer lives
    monkeypatch.setattr("kerasnn.files.atomic.shutil.rmtree", lambda *_given, **_how: None)
    monkeypatch.setattr("kerasnn.runs.unpack.check_unpacked", lambda *_given: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        import_run(file, out=other)
    monkeypatch.undo()
    assert [path.suffix for path in other.iterdir()] == [".draft"]
    assert list(kerasnn.list_runs(other)) == []
    run_folder.sweep_runs(other)
    assert list(other.iterdir()) == []


def test_the_commands_say_what_they_did(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done, _stopped = ids()
    assert main(["runs", "export", done, "--author", "Kim Minji", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {"run": done, "author": "Kim Minji"}.items() <= told.items()
    assert told["bytes"] == Path(told["file"]).stat().st_size
    assert main(["runs", "import", told["file"], "--runs", "other"]) == 0
    said = capsys.readouterr().out
    assert f"Next: kerasnn evaluate {done} --runs other" in said
    assert "Kim Minji" in said
    assert main(["runs", "import", told["file"], "--runs", "other", "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert (again["already_here"], again["validation"]) == (True, plain(kerasnn.open_run(done).validation))
    assert main(["runs", "list", "--runs", "other"]) == 0
    assert "Kim Minji" in capsys.readouterr().out
    assert main(["runs", "list", "--runs", "other", "--csv"]) == 0
    assert capsys.readouterr().out.rstrip().endswith(",Kim Minji")
    assert main(["runs", "import", "missing.zip", "--json"]) == 5
    assert "it is not there" in json.loads(capsys.readouterr().out)["error"]["message"]


def test_a_run_of_scikit_learn_is_packed_too(home: Path, trained: Path) -> None:
    run: Run = kerasnn.train("sgd", dataset=trained / "stripes.npz")
    found = import_run(export_run(run.run).file, out="other")
    assert kerasnn.open_run(found.run, out="other").test == run.test
