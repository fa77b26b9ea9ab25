"""What was typed and is not saved: kept for the person who typed it, and for nobody else.

Every form that writes carries `opened_as`, a signed mark: who opened the form, at which address, and which draft is
its own. So what she sends finds the way to her drafts even where she is signed out meanwhile, or somebody else is
signed in. The mark cannot be made by others and opens nothing: a draft is saved only when she presses Save again.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from django import forms
from django.core import signing
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.text import Truncator

from mispa.ground.fields import LanguagesWidget
from mispa.ground.merging import LANGUAGE_NAMES
from mispa.ground.models import KeptDraft, User

FIELD: Final = "opened_as"
MOST: Final = 50  # forms kept for one person; when one more comes, the oldest goes
_SALT: Final = "mispa.ground.kept"
# What the page of now says by itself: the text on the screen, and that it has to be restored.
_OF_THE_PAGE: Final = frozenset({"seen", "restoring"})


@dataclass(frozen=True)
class Mark:
    """What a form says of itself: its writer, its address, its draft, and by which names people know it."""

    writer: int
    address: str
    draft: str
    name: str
    labels: Mapping[str, str]  # of the fields in which one types, by their names

    def signed(self) -> str:
        return signing.dumps(asdict(self), salt=_SALT, compress=True)


def mark_of(typed: str) -> Mark | None:
    """A mark that we made, or None."""
    try:
        return Mark(**signing.loads(typed, salt=_SALT))
    except (signing.BadSignature, TypeError):  # of another make
        return None


def mark_for(request: HttpRequest, form: forms.BaseForm, name: str, address: str = "") -> Mark:
    """The mark of a form on the page of now; sent again, or taken up from a draft, it goes on with that draft."""
    here = address_of(request)
    known = _draft_on(request) if address in ("", here) else ""
    return Mark(_pk(request), address or here, known or str(uuid4()), Truncator(name).chars(100), _labels(form))


def _draft_on(request: HttpRequest) -> str:
    """The draft of the form that was sent or taken up here."""
    if going_on := sent_with(request):
        return going_on.draft
    draft = taken_up(request)
    return str(draft.pk) if draft else ""


def _pk(request: HttpRequest) -> int:
    return request.user.pk or 0


def _labels(form: forms.BaseForm) -> dict[str, str]:
    kinds = (forms.TextInput, forms.Textarea, LanguagesWidget)
    return {name: str(field.label) for name, field in form.fields.items() if isinstance(field.widget, kinds)}


def address_of(request: HttpRequest) -> str:
    """The address of a form, without the draft that it is filled with."""
    query = request.GET.copy()
    query.pop("kept", None)
    return f"{request.path}?{query.urlencode()}" if query else request.path


def sent_with(request: HttpRequest) -> Mark | None:
    """The mark of the form that was sent to its own address."""
    # A file is never in such a form, and who receives files decides first how they are read.
    if request.method != "POST" or request.content_type != "application/x-www-form-urlencoded":
        return None
    mark = mark_of(request.POST.get(FIELD, ""))
    return mark if mark and mark.address == address_of(request) else None


# Keeping ------------------------------------------------------------------


def keep(mark: Mark, sent: QueryDict) -> KeptDraft | None:
    """Keep what was typed for its writer, in place of what the same form kept before; None if she has no account."""
    if not User.objects.filter(pk=mark.writer).exists():
        return None
    # PostgreSQL takes no NUL into JSON, and no field of ours takes one either.
    fields = {name: [value.replace("\x00", "") for value in values] for name, values in sent.lists()}
    for name in (FIELD, "csrfmiddlewaretoken"):
        fields.pop(name, None)
    values = {"address": mark.address, "name": mark.name, "labels": mark.labels, "fields": fields}
    draft, is_new = KeptDraft.objects.update_or_create(
        pk=UUID(mark.draft), user_id=mark.writer, defaults=values | {"at": timezone.now()}
    )
    if is_new:
        too_many = KeptDraft.objects.filter(user=mark.writer).order_by("-at", "-pk")[MOST:]
        KeptDraft.objects.filter(pk__in=[old.pk for old in too_many]).delete()  # untracked: not saved
    return draft


def forget(mark: Mark) -> None:
    KeptDraft.objects.filter(pk=mark.draft, user=mark.writer).delete()  # untracked: it is saved now


def forget_sent(request: HttpRequest) -> None:
    """Of a form that was sent as it was opened there is nothing to keep."""
    if mark := sent_with(request):
        forget(mark)


# Taking up ----------------------------------------------------------------


def taken_up(request: HttpRequest) -> KeptDraft | None:
    """The draft of one's own that the address asks for, if it belongs to this form."""
    return _asked(request.GET).filter(user=_pk(request), address=address_of(request)).first()


def _asked(query: QueryDict) -> QuerySet[KeptDraft]:
    try:
        return KeptDraft.objects.filter(pk=UUID(query.get("kept", "")))
    except ValueError:
        return KeptDraft.objects.none()


def draft_at(address: str) -> KeptDraft | None:
    """The draft that an address of ours asks for, whoever typed it."""
    return _asked(QueryDict(address.partition("?")[2])).first()


def unsaved(request: HttpRequest, addresses: Iterable[str] = ()) -> list[KeptDraft]:
    """What the person typed before and did not save in this form, or in those of the page, the latest first."""
    return list(KeptDraft.objects.filter(user=_pk(request), address__in=[address_of(request), *addresses]))


def typed_in(draft: KeptDraft) -> QueryDict:
    """What was sent, as it came."""
    sent = QueryDict(mutable=True)
    for name, values in draft.fields.items():
        sent.setlist(name, values)
    return sent


def take_up(request: HttpRequest, form: forms.BaseForm) -> None:
    """Fill a form that was opened anew with the draft that the address asks for."""
    if not form.is_bound and (draft := taken_up(request)):
        fill(form, typed_in(draft))


def fill(form: forms.BaseForm, sent: Any) -> None:
    """Show in a form what was typed, right or wrong, without saying yet what is wrong with it."""
    for name, field in form.fields.items():
        if name not in _OF_THE_PAGE and not field.widget.value_omitted_from_data(sent, {}, name):
            form.initial[name] = field.widget.value_from_datadict(sent, {}, name)


def words_of(draft: KeptDraft) -> Iterator[tuple[str, str, str]]:
    """The words of a draft, each with its label and its language (“” where the field is no text in languages)."""
    for name, label in draft.labels.items():
        for language, called in [("", ""), *LANGUAGE_NAMES.items()]:
            wording = "\n".join(draft.fields.get(f"{name}-{language}" if language else name, []))
            if wording.strip():
                yield (f"{label} ({called})" if language else label), language, wording
