"""The watch over commands that open hostile files notices what it should, and ignores what is harmless."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.watched import ROOT, TOUCHED

BEGINNING = """
import ast, io, json, marshal, os, pickle, socket, subprocess, sys, tempfile
from pathlib import Path
from tests.faults.watched import watch
code = compile("1", "<layer>", "exec")
marshalled = marshal.dumps(code)
unpickles = b"cos\\ngetcwd\\n."
watch(Path.cwd(), ["evil.keras"], Path.cwd().parent / "temporary")
"""
VIOLATIONS = {
    "code that is executed": "exec(code)",
    "a text that is executed": "exec('1')",
    "a text that is evaluated": "eval('1')",
    "a text that is compiled": "compile('1', '<layer>', 'exec')",
    "code that is unmarshalled": "marshal.loads(marshalled)",
    "an object that is unpickled": "pickle.loads(unpickles)",
    "a command of the shell": "os.system('true')",
    "a process": "subprocess.run(['true'])",
    "a fork": "os.fork()",
    "a signal to another process": "os.kill(os.getppid(), 0)",
    "a connection": "socket.create_connection(('127.0.0.1', 9), 1)",
    "a name that is looked up": "socket.getaddrinfo('localhost', 9)",
    "a file beside the model": "Path('other').open()",
    "a file beside the model, by os": "os.open('other', os.O_RDONLY)",
    "a file that is written beside the model": "Path('canary').write_text('')",
    "a file in the folder above": "Path('../outside').open()",
    "/etc/passwd": "open('/etc/passwd')",
    "/etc/hostname": "open('/etc/hostname')",
    "a module from the working folder": "sys.path.insert(0, '.'); import evil_module",
}
HARMLESS = {
    "the model": "open('evil.keras').close()",
    "a module of Python": "import this",
    "a class that an import makes": "import statistics",
    "a literal": "ast.literal_eval('(1, 2)')",
    "a temporary file": "open('../temporary/a', 'w').close()",
    "nothing of a file": "open('/dev/null').close()",
    "a file by its number": "open(os.dup(1), 'w').close()",
}

pytestmark = pytest.mark.skipif(os.name != "posix", reason="faults are made with signals, pipes and limits of Unix")


def _ends(code: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    work = folder / "model"
    work.mkdir()
    (folder / "temporary").mkdir()
    for name in ("evil.keras", "other", "evil_module.py", "../outside"):
        (work / name).touch()
    return subprocess.run(
        [sys.executable, "-c", BEGINNING + code],
        cwd=work,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("code", VIOLATIONS.values(), ids=VIOLATIONS)
def test_it_is_seen(code: str, tmp_path: Path) -> None:
    ended = _ends(code, tmp_path)
    assert ended.returncode == TOUCHED, ended.stderr
    assert "TOUCHED" in ended.stderr


@pytest.mark.parametrize("code", HARMLESS.values(), ids=HARMLESS)
def test_it_is_let_be(code: str, tmp_path: Path) -> None:
    ended = _ends(code, tmp_path)
    assert ended.returncode == 0, ended.stderr
