"""Files that are asked for: short ones are made at once, long ones outside the request (`manage.py make_files`).

Whoever asks for a file has its inputs, and so may read its text; a `Rendering` is found by the digest of them alone.
What nobody keeps (of a working text, of a language that is not complete) stays in that table for a while; a file of an
edition goes to the sealed one.
"""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import product
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from documents.editions.record import record_of
from documents.models import Edition, Rendering
from documents.printing import files
from documents.printing.pdf import told_of_pages

Json = dict[str, Any]

# A worker that has not finished by then is taken for dead, and what it began is begun again.
GIVEN_UP_AFTER: Final = timedelta(minutes=15)
KEPT_FOR: Final = timedelta(days=30)


# ---- asking


def keep_files(edition: Edition) -> None:
    """Makes the papers of an edition as it stands, in each complete language; where that takes long, asks for them."""
    record = record_of(edition)
    is_long = files.is_long(edition.text, len(record["languages"]))
    for language, name in product(record["languages"], files.PAPERS):
        inputs = files.inputs_for(edition.text, record, edition, name, language)
        if is_long:
            _ask_for(inputs)
        else:
            files.keep(inputs, files.made(inputs))


def file_of(text: Json, record: Json, edition: Edition | None, name: str, language: str) -> bytes | Rendering:
    """A file, from where it is kept, or made now; a `Rendering` while it is made elsewhere, or if it cannot be made."""
    if edition and (content := files.kept(edition, record, name, language)):
        return content
    return _asked(files.inputs_for(text, record, edition, name, language), is_long=files.is_long(text))


def sheet_of(sheet: Json, name: str, language: str) -> bytes | Rendering:
    """The same for a list of documents or an order of business, which nobody keeps."""
    return _asked(files.inputs_of_sheet(sheet, name, language), is_long=files.is_long_sheet(sheet))


def _asked(inputs: Json, *, is_long: bool) -> bytes | Rendering:
    asked = _ask_for(inputs)
    if asked.content is None and not is_long:
        asked = _made_here(asked)
    return asked if asked.content is None else bytes(asked.content)


def file_at_once(
    text: Json,
    record: Json,
    edition: Edition | None,
    name: str,
    language: str,
    on_page: Callable[[int], None],
) -> bytes:
    """The same bytes for who waits for them, however long it takes; nothing is written to the database."""
    if edition and (content := files.kept(edition, record, name, language)):
        return content
    inputs = files.inputs_for(text, record, edition, name, language)
    found = Rendering.objects.filter(key=files.key_of(inputs)).exclude(content=None).first()
    if found and found.content:
        return bytes(found.content)
    with told_of_pages(on_page):
        return files.made(inputs)


def _ask_for(inputs: Json) -> Rendering:
    found, _is_new = Rendering.objects.get_or_create(key=files.key_of(inputs), defaults={"inputs": inputs})
    return found


def _made_here(asked: Rendering) -> Rendering:
    """Makes a short file in this request; where another request is at it, waits for that."""
    if _begin(asked):
        _make(asked)
        return asked
    for _attempt in range(50):
        time.sleep(0.1)
        found = Rendering.objects.filter(key=asked.key).first()
        if found is None or found.content is not None or found.problem:
            return found or asked
    return asked


# ---- making


def _rows(asked: Rendering) -> QuerySet[Rendering]:
    return Rendering.objects.filter(key=asked.key)


def _free() -> QuerySet[Rendering]:
    """What nobody is making."""
    long_ago = timezone.now() - GIVEN_UP_AFTER
    return Rendering.objects.filter(Q(started_at=None) | Q(started_at__lt=long_ago), content=None)


def _begin(asked: Rendering) -> bool:
    """Takes a file that nobody is making; True for one taker only."""
    taken = _free().filter(key=asked.key)
    return bool(taken.update(started_at=timezone.now(), page=0, problem=""))  # untracked: no record of anybody's work


def _make(asked: Rendering) -> None:
    """Makes a file that was begun here; one of an edition goes to the sealed table, and is asked for no longer."""
    if files.is_kept(asked.inputs):  # made by another, who asked before a meeting considered the text
        _rows(asked).delete()  # untracked: no record of anybody's work
        return
    try:
        asked.content = files.made(asked.inputs)
    except Exception as error:  # whatever it is: the reader is told, and the worker goes on with the next
        logging.getLogger(__name__).exception("a file could not be made")
        asked.problem = f"{type(error).__name__}: {error}"
        _rows(asked).update(problem=asked.problem, started_at=None)  # untracked: the same
        return
    except BaseException:  # stopped in the middle: another may begin at once
        _rows(asked).update(started_at=None)  # untracked: the same
        raise
    if files.is_to_be_kept(asked.inputs):
        with suppress(IntegrityError), transaction.atomic():  # another may have been quicker
            files.keep(asked.inputs, asked.content)
        _rows(asked).delete()  # untracked: the same
    else:
        _rows(asked).update(content=asked.content)  # untracked: the same


# ---- the worker


def make_next(on_page: Callable[[str, int], None] | None = None) -> Rendering | None:
    """Makes the file that has been asked for longest, if there is one; `on_page(key, page)` hears how far it is."""
    for asked in _free().filter(problem="").order_by("wanted_at", "key"):
        if _begin(asked):

            def note(page: int, asked: Rendering = asked) -> None:
                # Also a sign of life: nobody takes a long file for given up while its pages go on.
                _rows(asked).update(page=page, started_at=timezone.now())  # untracked: no record of anybody's work
                if on_page:
                    on_page(asked.key, page)

            with told_of_pages(note):
                _make(asked)
            return asked
    return None


def tidy() -> None:
    """Takes away what was made long ago, and lets what failed be tried again."""
    old = Rendering.objects.filter(wanted_at__lt=timezone.now() - KEPT_FOR).exclude(content=None, problem="")
    old.delete()  # untracked: no record of anybody's work
    failed = Rendering.objects.exclude(problem="")
    failed.update(problem="", started_at=None)  # untracked: the same
