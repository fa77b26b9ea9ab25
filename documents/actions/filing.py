"""The secretariat puts files to the states of papers, replaces and withdraws them, until the state is issued."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.files.checking import CheckedFile
from documents.files.formats import Format
from documents.files.storing import store
from documents.models import Revision, RevisionFile, StoredFile
from mandates.permissions import can_register
from mispa.ground.editing import ChangedMeanwhile, create, new, restore, revise, withdraw
from mispa.ground.models import ChangeSet, User
from mispa.ground.openings import row_then


class ContentOfFile:
    """What is in a file, and how it is called, as one field of its form."""

    label: str | Promise = gettext_lazy("file")
    goes_first = True  # the row of a file points to its content

    def read(self, thing: Any, until: int | None = None) -> CheckedFile | None:
        row = thing if until is None else row_then(thing, until)
        stored = StoredFile.objects.filter(pk=row.stored_id).first() if row else None
        if stored is None:
            return None
        return CheckedFile(stored.sha256, row.name, b"", Format(stored.format), "")

    def write(self, thing: Any, value: CheckedFile) -> None:
        # What was read from a row brings no bytes: its content is stored already.
        thing.stored = store(value) if value.content else StoredFile.objects.get(sha256=value.sha256)
        thing.kind, thing.name = value.kind, value.name

    def words(self, value: CheckedFile | None) -> str:
        return value.name if value else ""

    def past(self, thing: Any) -> list[tuple[ChangeSet, str]]:
        return []  # its own history tells it


CONTENT_OF_FILE = ContentOfFile()


def add_file(
    *, revision: Revision, by: User, reason: str, file: CheckedFile, new_id: UUID | None = None, **values: Any
) -> RevisionFile:
    """Put a file to a state of a paper. To one that is issued it comes for ever, such as a translation."""
    _ask(by, revision)
    added = new(RevisionFile, new_id, values, revision=revision)

    def prepare(added: RevisionFile) -> None:
        standing = Revision.objects.select_for_update().get(pk=revision.pk)
        added.is_issued = standing.state == Revision.State.ISSUED

    return create(added, by=by, reason=reason, besides={CONTENT_OF_FILE: file}, prepare=prepare, check=file_stays)


def revise_file(
    *, file_row: RevisionFile, by: User, reason: str, opened_from: int, restoring: bool = False, **values: Any
) -> RevisionFile:
    """Replace what is in a file of a working state, or say in which language it is."""
    _ask(by, file_row.revision)
    return revise(
        file_row,
        mine=values,
        opened_from=opened_from,
        by=by,
        reason=reason,
        besides={"file": CONTENT_OF_FILE},
        check=file_stays,
        restoring=() if restoring else None,
    )


def withdraw_file(*, file_row: RevisionFile, by: User, reason: str, opened_from: int) -> RevisionFile:
    _ask(by, file_row.revision)
    file_stays(file_row)
    return withdraw(file_row, by=by, reason=reason, opened_from=opened_from)


def restore_file(*, file_row: RevisionFile, by: User, reason: str, opened_from: int) -> RevisionFile:
    _ask(by, file_row.revision)
    file_stays(file_row)
    return restore(file_row, by=by, reason=reason, opened_from=opened_from)


def issue_files(revision: Revision, opened_from: int) -> None:
    """The files of a state that is being issued stay as they are from now on, those that were withdrawn too.

    Raises ChangedMeanwhile where one is not what the person saw who issues it. Only inside `changes`.
    """
    files = list(RevisionFile.objects.filter(revision=revision, is_issued=False).order_by("pk"))
    changed = [one for one in files if one.history.filter(change_set_id__gt=opened_from).exists()]
    if changed:
        raise ChangedMeanwhile(changed)
    for one in files:
        one.is_issued = True
        one.save()


def file_stays(file_row: Any) -> None:
    """Refuses in words what the database refuses as well."""
    if RevisionFile.objects.filter(pk=file_row.pk, is_issued=True).exists():
        sentence = _("Its paper is issued, and its files stay as they are. Enter a revision or a corrigendum of it.")
        raise ValidationError(sentence)


def _ask(by: User, revision: Revision) -> None:
    document = revision.document
    if document.plan_id or not can_register(by, document.group):
        raise PermissionDenied
