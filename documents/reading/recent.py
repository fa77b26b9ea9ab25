"""The change-sets that concern a group, for those who may see its history, and what each of them did."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, Final

from django.db.models import Model, Q
from django.utils.text import capfirst

from documents.kinds import REGISTER
from mandates.models import Delegation, Membership, WorkingGroup
from mispa.ground.kinds import Kind
from mispa.ground.models import ChangeSet, Tracked, User
from mispa.ground.sifting import SiftForm
from mispa.ground.telling import Told, tell

Models = Collection[type[Model]]
# Who is in the group in which role: the administrator's business, and no text of the group.
_PEOPLE: Final = {Delegation, Membership}
_AT_ONCE: Final = 100


def change_sets_of(group: WorkingGroup, only: Models | None = None) -> Any:
    """Change-sets that touched the group's plan, its editions, its papers or its meetings, the latest first.

    Those that touched nothing but what all groups share (resolutions, areas, rooms) belong to the history of each.
    `only` names models: what touched their things, and what is told with these.
    """
    found = ChangeSet.objects.filter(_touched_in(group) | (_touched_what_is_shared() & ~_touched_in_any_group()))
    if only is not None:
        found = found.filter(_touched_in(group, only) | _touched_what_is_shared(only))
    return found.select_related("by").order_by("-at", "-id")


def _touched_in(group: WorkingGroup, only: Models | None = None) -> Q:
    touched = _touched(lambda kind: kind.of(group), only)
    for sealed in REGISTER.sealed:
        if only is None or sealed.model in only:
            acts = sealed.model._base_manager.filter(**{sealed.group: group.pk})
            touched |= Q(id__in=acts.values("change_set_id"))
    return touched


def _touched_what_is_shared(only: Models | None = None) -> Q:
    return _touched(lambda kind: kind.shared, only)


def _touched_in_any_group() -> Q:
    return _touched(lambda kind: ~kind.shared)


def _touched(which: Callable[[Kind], Q], only: Models | None = None) -> Q:
    """Of a change-set: that it wrote one of these things."""
    touched = Q(pk__in=[])
    for kind in REGISTER.kinds:
        if kind.model not in _PEOPLE and (asked := _asked(kind, only)) is not None:
            things = kind.model._base_manager.filter(which(kind)).filter(asked)
            rows = kind.model.history.model.objects.filter(kind.told, id__in=things.values("id"))
            touched |= Q(id__in=rows.values("change_set_id"))
    return touched


def _asked(kind: Kind, only: Models | None) -> Q | None:
    """Which things of a kind count where some models are asked for; None if none does."""
    if only is None or kind.model in only:
        return Q()
    owners = [column for column, owner in REGISTER.owners_of(kind).items() if owner.model in only]
    return Q(*(Q(**{f"{column}__isnull": False}) for column in owners), _connector=Q.OR) if owners else None


def kinds_of_history() -> dict[str, tuple[str, type[Model]]]:
    """What may be asked for by kind: by the name of the model, its name for readers and the model."""
    told: list[type[Model]] = [kind.model for kind in REGISTER.kinds if not kind.owners and kind.model not in _PEOPLE]
    models = [*told, *(sealed.model for sealed in REGISTER.sealed)]
    return {str(model._meta.model_name): (capfirst(str(model._meta.verbose_name)), model) for model in models}


def sift_of(group: WorkingGroup, data: Any) -> SiftForm:
    """The filters of a group's history."""
    people = change_sets_of(group).order_by().values_list("by", flat=True).distinct()
    ids = set(people)
    found: list[User | None] = list(User.objects.filter(pk__in=ids - {None}))
    kinds = {name: label for name, (label, _model) in kinds_of_history().items()}
    return SiftForm(data, people=[*found, *([None] if None in ids else [])], zone=group.zone, kinds=kinds)


def asked_models(sift: SiftForm) -> Models | None:
    kind = sift.cleaned_data["kind"]
    return {kinds_of_history()[kind][1]} if kind else None


def sifted(group: WorkingGroup, sift: SiftForm) -> Any:
    """The change-sets that a valid form of filters asks for."""
    return change_sets_of(group, asked_models(sift)).filter(**sift.where())


def told_of(
    change_sets: Sequence[ChangeSet], group: WorkingGroup, only: Models | None = None
) -> list[tuple[ChangeSet, Told]]:
    found = tell([one.pk for one in change_sets], REGISTER, group=group, only=only)
    return [(one, found[one.pk]) for one in change_sets]


def all_told(group: WorkingGroup, sift: SiftForm) -> Iterator[tuple[ChangeSet, Told]]:
    """The whole history that is asked for, a hundred change-sets at a time."""
    every, only = list(sifted(group, sift)), asked_models(sift)
    for start in range(0, len(every), _AT_ONCE):
        yield from told_of(every[start : start + _AT_ONCE], group, only)


# Withdrawn ----------------------------------------------------------------


def withdrawn_in(group: WorkingGroup) -> list[tuple[Kind, Any, ChangeSet]]:
    """What was withdrawn from a group's plan and calendar, and from what all groups share, the latest first.

    Each with its last change. What stands below something withdrawn comes back with that.
    """
    found: list[tuple[Kind, Any, ChangeSet]] = []
    for kind in REGISTER.kinds:
        if not kind.noun:
            continue
        which = kind.of(group) | kind.shared
        ids = kind.model._base_manager.filter(which, kind.told, is_withdrawn=True).values_list("pk", flat=True)
        found_there = kind.things(ids).items()
        things = {pk: one for pk, one in found_there if kind.is_shown(one) and not _is_below_withdrawn(one)}
        rows = kind.model.history.model.objects.filter(id__in=things).order_by("history_id")
        latest = {row.id: row.change_set for row in rows.select_related("change_set__by")}
        found += [(kind, thing, latest[pk]) for pk, thing in things.items()]
    return sorted(found, key=lambda one: (-one[2].pk, str(one[1].pk)))


def _is_below_withdrawn(thing: Any) -> bool:
    owners = [getattr(thing, column, None) for column in ("row", "meeting")]
    return any(isinstance(owner, Tracked) and owner.is_withdrawn for owner in owners)
