"""What keeps a history keeps all of it: no change without a change-set, and any instant can be read again."""

import ast
import inspect
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from factory.django import DjangoModelFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from documents.editions import snapshot
from mandates.models import Assignment, Mandate, Paragraph, PlanRow, RegisteredOrgan, ResponsibleArea
from meetings.models import Meeting, Room, Topic
from mispa.ground.changes import changes, current
from mispa.ground.models import ChangeSet, Tracked, as_of
from mispa.ground.text import Text
from tests import factories as make

ROOT = Path(__file__).resolve().parent.parent
TRACKED = {model.__name__: model for model in apps.get_models() if issubclass(model, Tracked)}
FACTORIES: dict[type, Any] = {}
_factory: Any
for _name, _factory in inspect.getmembers(make, inspect.isclass):
    if issubclass(_factory, DjangoModelFactory) and _factory is not DjangoModelFactory:
        FACTORIES.setdefault(_factory._meta.model, _factory)
A_DAY = timedelta(days=1)
AT = datetime(2013, 9, 1, 12, tzinfo=UTC)


def command(reason: str = "made for a test", **how: Any) -> Any:
    return changes(by=None, reason=reason, source="command", **how)


# ---- no change without a change-set


def test_every_tracked_model_has_a_factory():
    assert [name for name, model in TRACKED.items() if model not in FACTORIES] == []


@pytest.mark.parametrize("name", sorted(TRACKED))
def test_a_save_outside_a_change_set_is_refused_by_the_database(name, db):
    model = TRACKED[name]
    with command():
        thing = make.unsaved(FACTORIES[model])

    with pytest.raises(IntegrityError, match=r"change_set_id"), transaction.atomic():
        thing.save()

    assert not model.objects.filter(pk=thing.pk).exists()


@pytest.mark.parametrize("name", sorted(TRACKED))
def test_a_deletion_outside_a_change_set_is_refused_by_the_database(name, db):
    model = TRACKED[name]
    with command():
        thing = FACTORIES[model]()

    with pytest.raises(IntegrityError, match=r"change_set_id|frozen"), transaction.atomic():
        thing.delete()

    assert model.objects.filter(pk=thing.pk).exists()


@pytest.mark.parametrize("name", sorted(TRACKED))
def test_a_save_leaves_a_row_of_history_with_person_instant_and_reason(name, db):
    person = make.UserFactory()

    with changes(by=person, reason="entered from the paper", at=AT) as change_set:
        thing = FACTORIES[TRACKED[name]]()

    (row,) = thing.history.all()
    assert (row.change_set, row.history_user, row.history_date) == (change_set, person, AT)
    assert (change_set.by, change_set.at, change_set.reason) == (person, AT, "entered from the paper")


def test_a_change_set_that_breaks_off_leaves_nothing(db):
    def breaks_off() -> None:
        with command():
            make.ResponsibleAreaFactory()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        breaks_off()

    assert not ChangeSet.objects.exists()
    assert not ResponsibleArea.history.exists()
    assert current() is None


def test_a_reason_may_be_long(db):
    reason = "because " * 5000

    with command(reason):
        area = make.ResponsibleAreaFactory()

    assert area.history.get().change_set.reason == reason


@pytest.mark.parametrize("reason", ["", "ok"])
def test_a_change_set_without_a_reason_is_refused(reason, db):
    with pytest.raises(ValidationError), command(reason):
        make.ResponsibleAreaFactory()

    assert not ResponsibleArea.objects.exists()


def test_only_a_command_writes_without_a_person(db):
    with pytest.raises(ValidationError, match="without a person"), changes(by=None, reason="nobody did it"):
        make.ResponsibleAreaFactory()


def test_a_change_set_inside_another_joins_it(db):
    with command("the outer") as outer, command("the inner") as inner:
        make.ResponsibleAreaFactory()

    assert inner == outer
    assert ChangeSet.objects.get().reason == "the outer"


def test_change_sets_of_one_moment_have_instants_in_their_order(db):
    with time_machine.travel(AT, tick=False):
        for number in range(3):
            with command(f"change {number}"):
                pass

    instants = [change_set.at for change_set in ChangeSet.objects.order_by("pk")]
    assert instants == sorted(set(instants))


def test_change_sets_keep_their_order_when_the_clock_goes_back(db):
    with time_machine.travel(AT), command("the first"):
        pass
    with time_machine.travel(AT - A_DAY), command("the second"):
        pass

    assert [change_set.reason for change_set in ChangeSet.objects.order_by("at")] == ["the first", "the second"]


# ---- as of an instant


def test_as_of_shows_names_as_they_were(db):
    with command(at=AT):
        area = make.ResponsibleAreaFactory(name=Text.of("Secretariat for Water"))
    with command(at=AT + A_DAY):
        area.name = Text.of("Secretariat for Seas")
        area.save()

    def names(at: datetime) -> list[str]:
        return [str(one.name) for one in as_of(ResponsibleArea, at)]

    assert names(AT - A_DAY) == []
    assert names(AT) == names(AT + A_DAY / 2) == ["Secretariat for Water"]
    assert names(AT + A_DAY) == ["Secretariat for Seas"]


def test_as_of_shows_what_was_withdrawn_and_restored(db):
    with command(at=AT):
        area = make.ResponsibleAreaFactory()
    for day, is_withdrawn in ((1, True), (2, False)):
        with command(at=AT + day * A_DAY):
            area.is_withdrawn = is_withdrawn
            area.save()

    states = [as_of(ResponsibleArea, AT + day * A_DAY)[0].is_withdrawn for day in range(3)]
    assert states == [False, True, False]


def test_as_of_asks_columns_as_they_were(db):
    with command(at=AT):
        first, second = make.PlanRowFactory(), make.PlanRowFactory()
        mandate = make.MandateFactory(row=first)
    with command(at=AT + A_DAY):
        mandate.row = second
        mandate.save()

    assert [one.pk for one in as_of(Mandate, AT, row_id=first.pk)] == [mandate.pk]
    assert as_of(Mandate, AT, row_id=second.pk) == as_of(Mandate, AT + A_DAY, row_id=first.pk) == []
    assert [one.pk for one in as_of(Mandate, AT + A_DAY, row_id=second.pk)] == [mandate.pk]


def test_two_saves_in_a_change_set_give_one_state(db):
    with command(at=AT):
        area = make.ResponsibleAreaFactory(name=Text.of("half done"))
        area.name = Text.of("done")
        area.save()

    assert [str(one.name) for one in as_of(ResponsibleArea, AT)] == ["done"]


# ---- a plan, changed at random, and read again as of each instant

WORDS = st.sampled_from(["measure", "survey", "report on ORGX/INF.1/13", "report on CP/INF.2/13", "naïve Época"])
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "reword",
                "move mandate",
                "withdraw",
                "rename area",
                "rename room",
                "postpone",
                "swap areas",
                "add",
                "organ",
            ]
        ),
        st.integers(min_value=0, max_value=5),
        WORDS,
    ),
    min_size=1,
    max_size=7,
)


def small_plan() -> Any:
    group = make.WorkingGroupFactory()
    plan = make.WorkPlanFactory(group=group)
    for key in ("one", "two"):
        make.NoteFactory(plan=plan, key=key, text=Text.of("Report ORGX/INF. 1/13 and CP/INF.2/13."))
        make.ParagraphFactory(plan=plan, text=Text.of(f"They met.[^{key}]"))
        row = make.PlanRowFactory(plan=plan)
        make.AssignmentFactory(row=row)
        for _place in range(2):
            make.AssignmentFactory(row=None, mandate=make.MandateFactory(row=row))
        make.TopicFactory(meeting=make.MeetingFactory(group=group))
    return plan


def pick(model: type[Tracked], number: int) -> Any:
    everything = list(model.objects.order_by("pk"))
    return everything[number % len(everything)]


def apply(act: str, number: int, words: str) -> None:
    if act == "add":
        make.MandateFactory(row=pick(PlanRow, number), text=Text.of(words))
        return
    if act == "organ":
        organ = RegisteredOrgan.objects.first() or make.RegisteredOrganFactory.build(name="ORGX", is_withdrawn=True)
        organ.is_withdrawn = not organ.is_withdrawn
        organ.save()
        return
    model = {
        "reword": (Paragraph, Mandate, Topic)[number % 3],
        "move mandate": Mandate,
        "withdraw": (Paragraph, PlanRow, Mandate, Assignment, Topic, Meeting)[number],
        "rename area": ResponsibleArea,
        "rename room": Room,
        "postpone": Meeting,
        "swap areas": Assignment,
    }[act]
    thing = pick(model, number)
    if act == "reword":
        note = re.findall(r"\[\^.+\]", str(thing.text))
        thing.text = Text.of(words + "".join(note), es=f"{words} (es)")
    elif act == "move mandate":
        thing.row, thing.position = pick(PlanRow, number + 1), number * 700
    elif act == "withdraw":
        thing.is_withdrawn = not thing.is_withdrawn
    elif act == "postpone":
        thing.starts_on = thing.ends_on = date(2013, 9, 5 + number)
    elif act == "swap areas":
        thing.position = number * 700
    else:
        thing.name = Text.of(words)
    thing.save()


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_the_plan_of_each_instant_is_what_it_was_then(steps, db):
    with transaction.atomic():
        with command() as change_set:
            plan = small_plan()
        seen = [(change_set.at, snapshot.take(plan))]
        for step in steps:
            with command() as change_set:
                apply(*step)
            seen.append((change_set.at, snapshot.take(plan)))

        again = [(at, snapshot.take(plan, at)) for at, _taken in seen]
        transaction.set_rollback(True)

    assert again == seen


# ---- nothing goes round the history

UNTRACKED = {"bulk_create", "abulk_create", "bulk_update", "abulk_update", "delete", "adelete", "_raw_delete"}


def writes_without_history(source: str) -> Iterator[int]:
    """Lines that call what leaves none. The `update()` of a queryset has keywords only, that of a dict an argument."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr == "skip_history_when_saving":
            yield node.lineno
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        name, of_a_queryset = node.func.attr, bool(node.keywords) and not node.args
        is_marked = any("# untracked: " in line for line in lines[node.lineno - 1 : node.end_lineno])
        if (name in UNTRACKED or (name in {"update", "aupdate"} and of_a_queryset)) and not is_marked:
            yield node.lineno


@pytest.mark.parametrize(
    ("line", "is_found"),
    [
        ("Area.objects.filter(pk=1).update(name='x')", True),
        ("Area.objects.update(**values)", True),
        ("area.delete()", True),
        ("Area.objects.bulk_create(areas)", True),
        ("area.skip_history_when_saving = True", True),
        ("seen.update(found)", False),
        ("EditionFile.objects.all().delete()  # untracked: sealed rows of a test database", False),
    ],
)
def test_the_search_for_writes_without_history_finds_them(line, is_found):
    assert list(writes_without_history(line)) == ([1] if is_found else [])


def test_our_code_writes_nothing_without_history():
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for app in ("mispa", "mandates", "meetings", "documents")
        for path in sorted((ROOT / app).rglob("*.py"))
        if "migrations" not in path.parts
        for line in writes_without_history(path.read_text(encoding="utf-8"))
    ]

    assert found == []
