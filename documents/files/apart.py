"""Looks at a file in a process of its own, with bounds on time and memory, so that no file can hold up a server.

The process says first whether the file is taken, then its words; if its time is over before all of them are told, what
was told until then counts.
"""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from documents.files.formats import Format
from documents.files.looking import look
from documents.files.refused import Refused, Why

SECONDS: Final = 20  # a page has half a minute
_SECONDS_OF_WORDS: Final = 12
_MEMORY: Final = 1 << 30
_ROOT: Final = Path(__file__).resolve().parent.parent.parent


def look_apart(data: bytes, its_format: Format, seconds: float = SECONDS) -> str:
    """The words of a file, a line for each paragraph or page. Raises Refused."""
    command = [sys.executable, "-m", "documents.files.apart", its_format.value]
    with subprocess.Popen(  # noqa: S603 (our own interpreter and module; nothing in it is typed by anybody)
        command,
        cwd=_ROOT,
        env={"PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            told, _errors = process.communicate(data, timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            told, _errors = process.communicate()
    lines = told.decode("utf-8", "ignore").splitlines()
    if not lines:
        # It was stopped, or ran out of memory, before it could say anything.
        raise Refused(Why.TOO_SLOW)
    verdict = json.loads(lines[0])
    if verdict is not None:
        raise Refused(Why(verdict))
    return "\n".join(lines[1:])


def _main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    data = sys.stdin.buffer.read()
    try:
        pieces = look(data, Format(sys.argv[1]))
    except Refused as refused:
        _tell(json.dumps(refused.why))
        return
    except (MemoryError, RecursionError):
        _tell(json.dumps(Why.UNPACKS_TO_TOO_MUCH))
        return
    except Exception:  # what no reader foresaw: without a word it would pass for a file that is too slow
        _tell(json.dumps(Why.BROKEN))
        return
    _tell("null")
    ends = time.monotonic() + _SECONDS_OF_WORDS
    for piece in pieces:
        _tell(piece)
        if time.monotonic() > ends:
            return


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _main()
