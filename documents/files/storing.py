"""Keeps what was checked: each content once, through Django's storage; nothing stays of what is not saved."""

import secrets
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from documents.files.checking import CheckedFile
from documents.models import FileText, StoredFile
from mispa.ground.changes import if_undone

FOLDER = "papers"


def store(checked: CheckedFile) -> StoredFile:
    """The row of this content: the one that is there, or a new one. Only inside `changes`.

    Each attempt writes under a name of its own. So what is taken away when its change-set is undone is never what
    another change-set has kept meanwhile.
    """
    known = StoredFile.objects.filter(sha256=checked.sha256).first()
    if known:
        _mend(known, checked)
        return known
    place = f"{FOLDER}/{checked.sha256[:2]}/{checked.sha256[2:]}-{secrets.token_hex(4)}"
    if_undone(partial(default_storage.delete, place))
    name = default_storage.save(place, ContentFile(checked.content))
    if name != place:
        if_undone(partial(default_storage.delete, name))
    stored = StoredFile(sha256=checked.sha256, format=checked.format, size=len(checked.content), content=name)
    stored.full_clean()
    stored.save(force_insert=True)
    if checked.text:
        FileText.objects.create(stored=stored, text=checked.text)
    return stored


def _mend(stored: StoredFile, checked: CheckedFile) -> None:
    """Who sends again what was lost from the storage puts it back."""
    if not default_storage.exists(stored.place):
        default_storage.save(stored.place, ContentFile(checked.content))
