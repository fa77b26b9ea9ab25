"""A misprint, or one language's translation, is mended in an issued edition."""

from collections.abc import Collection

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from documents.actions.issuing import WorkingTextHasChanged, new_revision, read_symbol, released, sealed
from documents.editions import corrections, snapshot
from documents.editions.seals import seal_of
from documents.models import (
    Edition,
    Release,
    Revision,
)
from documents.printing.rendering import keep_files
from mandates.models import RegisteredSymbol
from mandates.permissions import can_issue
from mispa.ground.changes import changes
from mispa.ground.models import User


@transaction.atomic
def issue_corrigendum(
    *,
    edition: Edition,
    seen: str,
    chosen: Collection[str],
    consent: str,
    reason: str,
    by: User | None,
    source: str = "page",
) -> Edition:
    """Mend wordings of an issued edition as the working text has them; it needs no decision of the Group.

    `chosen` are the keys of `corrections.differences`, `seen` the seal of the working text that the person saw. What
    follows is an edition of the same number with the next number of corrigendum, open to those who read the edition.
    Raises WorkingTextHasChanged or ValidationError.
    """
    plan = edition.plan
    if by and not can_issue(by, plan.group):
        raise PermissionDenied
    with changes(by=by, reason=reason, source=source) as change_set:
        working = snapshot.take(plan)
        if seal_of(working.text) != seen:
            raise WorkingTextHasChanged
        before = plan.editions.filter(number=edition.number).latest("corrigendum")
        found = corrections.differences(before.text, working.text).wordings
        mended = [one for one in found if one.key in set(chosen)]
        if not mended or len(mended) != len(set(chosen)):
            raise ValidationError(_("Choose the wordings that are to be corrected."))
        revision = _corrigendum_revision(edition, before.corrigendum + 1)
        text = corrections.corrected(before.text, working.text, mended)
        text["plan"]["symbol"] = revision.symbol.canonical
        corrigendum = sealed(
            Edition(
                plan=plan,
                number=edition.number,
                corrigendum=before.corrigendum + 1,
                corrections=[one.to_json() for one in mended],
                text=text,
                revision=revision,
                last_change_at=change_set.at,
            ),
            change_set,
        )
        # Asked under the lock: what the page has read may be older.
        for audience in list(Release.objects.filter(edition=edition).values_list("audience", flat=True)):
            released(corrigendum, audience, consent, change_set)
        keep_files(corrigendum)
    return corrigendum


def _corrigendum_revision(edition: Edition, number: int) -> Revision:
    corrected = edition.revision.symbol.canonical
    symbol = read_symbol(f"{corrected} corr. {number}") if corrected else None
    return new_revision(edition.revision.document, symbol or RegisteredSymbol(state=RegisteredSymbol.State.PENDING))
