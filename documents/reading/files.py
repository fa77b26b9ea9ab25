"""The files of a state of a paper, as its page lists them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from documents.models import FileKind, Revision, RevisionFile
from documents.models.files import SEVERAL
from documents.reading.past import Past
from mispa.ground.text import LANGUAGES

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from mispa.ground.models import User

_LANGUAGES: Final = (*LANGUAGES, SEVERAL)


@dataclass(frozen=True)
class FileLine:
    """A file with its address; empty where another has taken its place since the instant that is asked for."""

    file: RevisionFile
    url: str
    is_original: bool


def files_of(user: "User | AnonymousUser", revision: Revision, past: Past | None = None) -> list[FileLine]:
    """The original first, then by language and kind; now, or at an instant."""
    now = list(RevisionFile.objects.visible_to(user).filter(revision=revision.pk).select_related("stored"))
    then = past.rows(RevisionFile, revision_id=revision.pk) if past else now
    served = {(one.pk, one.stored_id): one.get_absolute_url() for one in now}
    originals = revision.document.original_languages.split("/")
    lines = [FileLine(one, served.get((one.pk, one.stored_id), ""), one.language in originals) for one in then]
    return sorted(lines, key=_place)


def _place(line: FileLine) -> Any:
    kinds = list(FileKind.values)
    return not line.is_original, _LANGUAGES.index(line.file.language), kinds.index(line.file.kind), line.file.pk
