"""Files as they were sent: what is stored once for all who name it, and the files of the states of papers."""

from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from documents.models.papers import Revision
from mispa.ground.models import Tracked, TrackedQuerySet, User
from mispa.ground.text import LANGUAGES

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class StoredFile(models.Model):
    """The content of a file, whoever sent it and however often: one for each SHA-256. Sealed.

    Who may have it is asked of what names it, never of this row.
    """

    class Format(models.TextChoices):
        PDF = "pdf", "PDF"
        DOCX = "docx", _("Word")
        ODT = "odt", "OpenDocument"
        TEXT = "text", _("plain text")  # Markdown is plain text: only the name of a file tells them apart

    sha256 = models.CharField(max_length=64, unique=True)
    format = models.CharField(max_length=8, choices=Format)
    size = models.PositiveIntegerField()
    content = models.FileField(max_length=120, unique=True)  # where the storage has it

    class Meta:
        ordering = ["sha256"]
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                name="storedfile_is_named_by_sha256",
                violation_error_message=_("A SHA-256 has 64 hex digits."),
            ),
            models.CheckConstraint(
                condition=Q(format__in=["pdf", "docx", "odt", "text"]),
                name="storedfile_format_is_known",
                violation_error_message=_("Choose a PDF, Word, OpenDocument or text file."),
            ),
            models.CheckConstraint(
                condition=Q(size__gt=0),
                name="storedfile_is_not_empty",
                violation_error_message=_("This file is empty."),
            ),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]

    @property
    def place(self) -> str:
        """Its name in the storage."""
        return str(self.content.name)


class FileText(models.Model):
    """The text of a file, for the search; none where it has none, such as a scanned page.

    No record of anybody's work: it can be taken out of the file again. `words` are its different words as the search
    compares them, noted when it is first entered there.
    """

    stored = models.OneToOneField(StoredFile, models.PROTECT, primary_key=True, related_name="its_text")
    text = models.TextField()
    words = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["stored"]
        verbose_name = _("text of a file")
        verbose_name_plural = _("texts of files")

    def __str__(self) -> str:
        return self.text[:60]


class FileKind(models.TextChoices):
    """What a file is to its reader; the value is the ending of its name."""

    PDF = "pdf", "PDF"
    DOCX = "docx", _("Word")
    ODT = "odt", "OpenDocument"
    TXT = "txt", _("plain text")
    MD = "md", "Markdown"


MEDIA_TYPES: Final[dict[str, str]] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "txt": "text/plain; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
}


SEVERAL: Final = "mul"  # so ISO 639 calls what is in several languages


def languages_of_files() -> list[tuple[str, Any]]:
    return [*User.Language.choices, (SEVERAL, _("several languages: each part in its own"))]


class RevisionFileQuerySet(TrackedQuerySet):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Those of the revisions that a reader may see: never more than the page of the paper shows her."""
        return self.standing().filter(Exists(Revision.objects.visible_to(user).filter(pk=OuterRef("revision_id"))))

    def open_to(self, user: "User | AnonymousUser") -> Self:
        """The same, withdrawn ones included."""
        return self.filter(Exists(Revision.objects.open_to(user).filter(pk=OuterRef("revision_id"))))

    def in_order(self) -> Self:
        return self.order_by("revision_id", "language", "kind", "id")


class RevisionFile(Tracked):
    """A state of a paper as a file, in one of its languages or, where each part is in its own, in several.

    There is one of each kind in each language. From the moment on when its revision is issued (`is_issued`), the
    database refuses to change or to withdraw it; a translation that comes later is issued as it is added.
    """

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="files")
    language = models.CharField(_("language"), max_length=3, choices=languages_of_files)
    kind = models.CharField(_("kind"), max_length=8, choices=FileKind)
    name = models.CharField(_("name"), max_length=150, error_messages={"blank": _("A file has a name.")})
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="of_revisions", verbose_name=_("content"))
    is_issued = models.BooleanField(_("issued"), default=False)

    objects: ClassVar[Any] = RevisionFileQuerySet.as_manager()

    class Meta:
        ordering = ["revision", "language", "kind", "id"]
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "language", "kind"],
                condition=Q(is_withdrawn=False),
                name="revisionfile_one_of_a_kind_and_language",
                violation_error_message=_("There is a file of this kind in this language; replace that one."),
            ),
            models.CheckConstraint(
                condition=Q(language__in=[*LANGUAGES, "mul"]),
                name="revisionfile_language_is_known",
                violation_error_message=_("Choose English, Spanish, French or Portuguese."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["pdf", "docx", "odt", "txt", "md"]),
                name="revisionfile_kind_is_known",
                violation_error_message=_("Choose a PDF, Word, OpenDocument or text file."),
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="revisionfile_has_a_name",
                violation_error_message=_("A file has a name."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.language_name})"

    @property
    def language_name(self) -> str:
        return str(_("several languages") if self.language == SEVERAL else self.get_language_display())

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.kind]

    def get_absolute_url(self) -> str:
        return reverse("documents:revision-file", args=[self.pk, self.name])
