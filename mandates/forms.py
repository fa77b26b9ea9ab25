"""The forms of a plan and of what it cites."""

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mandates.actions import AREAS_OF_MANDATE, AREAS_OF_ROW
from mandates.models import Mandate, Note, Paragraph, PlanRow, Resolution, ResponsibleArea, WorkingGroup, WorkPlan
from mandates.registry import SYMBOL
from mispa.ground.fields import DayField, LanguagesFormField, OrderedChoiceField, choose_by_name
from mispa.ground.forms import TypedForm, WritingForm
from mispa.ground.lines import LineForm, OneMoreField, PasteForm, WordingField
from mispa.ground.links import Links
from mispa.ground.text import sort_key
from mispa.ground.together import Edit


def area_choices(chosen: Collection[str] = ()) -> list[tuple[str, str]]:
    """Every area, and every unit behind its area; those ever chosen here stay, though withdrawn since."""
    areas = {str(area.pk): area for area in ResponsibleArea.objects.all()}
    standing = {key: area for key, area in areas.items() if not area.is_withdrawn}
    choices = {key: str(area) for key, area in standing.items()}
    for key, unit in standing.items():
        if str(unit.parent_id) in standing:
            choices[f"{unit.parent_id}/{key}"] = f"{areas[str(unit.parent_id)]} ({unit})"
    for key in chosen:
        if key not in choices:
            first, *rest = (str(areas[part]) for part in key.split("/"))
            choices[key] = f"{first} ({rest[0]})" if rest else first
    return sorted(choices.items(), key=lambda choice: sort_key(choice[1]))


def _area_field() -> OrderedChoiceField:
    return OrderedChoiceField(
        label=gettext_lazy("Responsible areas"),
        help_text=gettext_lazy("In the order in which the plan prints them. Empty choices are left out."),
        required=False,
        once=lambda key: key.split("/")[0],
    )


def _resolutions(chosen: Any = None) -> Any:
    """Those that stand, and the one that is chosen."""
    found = Resolution.objects.filter(is_withdrawn=False) | Resolution.objects.filter(pk=chosen)
    return found.select_related("symbol").order_by("symbol__canonical", "id")


class ResolutionForm(WritingForm):
    besides = {"symbol": SYMBOL}
    sections = [
        (gettext_lazy("Symbol"), ["symbol", "adopted_on"]),
        (gettext_lazy("Words"), ["title", "effect"]),
    ]

    symbol = forms.CharField(
        label=gettext_lazy("Symbol, as printed"),
        help_text=gettext_lazy("Such as AG/RES. 2735 (XLII-O/12). One that is not complete is kept and marked."),
        max_length=200,
    )
    title = LanguagesFormField(long=False)
    effect = LanguagesFormField(required=False)

    class Meta:
        model = Resolution
        fields = ["title", "adopted_on", "effect"]
        field_classes = {"adopted_on": DayField}

    field_order = ["symbol", "adopted_on", "title", "effect"]


class RowForm(WritingForm):
    besides = {"areas": AREAS_OF_ROW}
    sections = [
        (gettext_lazy("Resolution"), ["resolution", "symbol_as_printed", "title_as_printed"]),
        (gettext_lazy("Areas"), ["areas"]),
    ]

    rules = {"planrow_resolution_once_per_plan": "resolution"}

    title_as_printed = LanguagesFormField(long=False)
    areas = _area_field()

    class Meta:
        model = PlanRow
        fields = ["resolution", "symbol_as_printed", "title_as_printed"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["resolution"].queryset = _resolutions(self.instance.resolution_id)  # type: ignore[attr-defined]
        self.fields["areas"].choices = area_choices(_chosen(self, AREAS_OF_ROW))  # type: ignore[attr-defined]
        if self.is_new:
            for name in ("symbol_as_printed", "title_as_printed"):
                self.fields[name].required = False
                self.fields[name].help_text = _("Left empty, it is taken from the resolution.")

    def clean(self) -> dict[str, Any] | None:
        """Of a new row, what is left empty is as the resolution has it."""
        cleaned = super().clean()
        resolution = self.cleaned_data.get("resolution")
        if resolution and self.is_new:
            if not self.cleaned_data.get("symbol_as_printed") and "symbol_as_printed" not in self.errors:
                self.cleaned_data["symbol_as_printed"] = resolution.symbol.canonical or resolution.symbol.printed
            if not self.cleaned_data.get("title_as_printed") and "title_as_printed" not in self.errors:
                self.cleaned_data["title_as_printed"] = resolution.title
        return cleaned


class MandateForm(WritingForm):
    besides = {"areas": AREAS_OF_MANDATE}
    sections = [
        (gettext_lazy("Mandate"), ["text", "paragraph"]),
        (gettext_lazy("Areas"), ["areas"]),
        (gettext_lazy("Deadline"), ["deadline_words", "deadline_earliest", "deadline_latest"]),
        (gettext_lazy("Refined later"), ["refined_by", "refined_earliest", "refined_latest"]),
        (gettext_lazy("Progress"), ["progress"]),
    ]

    rules = {
        "mandate_deadline_days_in_order": "deadline_latest",
        "mandate_deadline_has_words": "deadline_words",
        "mandate_refinement_is_whole": "refined_latest",
    }

    text = LanguagesFormField()
    deadline_words = LanguagesFormField(long=False, required=False)
    areas = _area_field()

    class Meta:
        model = Mandate
        fields = [
            "text",
            "paragraph",
            "deadline_words",
            "deadline_earliest",
            "deadline_latest",
            "refined_by",
            "refined_earliest",
            "refined_latest",
            "progress",
        ]
        field_classes = dict.fromkeys(
            ["deadline_earliest", "deadline_latest", "refined_earliest", "refined_latest"], DayField
        )
        help_texts = {
            "deadline_earliest": gettext_lazy("Where the words allow it. “Second half of 2013” begins on 2013-07-01."),
            "refined_by": gettext_lazy("The resolution that later gave the deadline its days."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deadline_words"].help_text = _("As the plan prints it, such as “second half of 2013”.")
        self.fields["refined_by"].queryset = _resolutions(self.instance.refined_by_id)  # type: ignore[attr-defined]
        self.fields["areas"].choices = area_choices(_chosen(self, AREAS_OF_MANDATE))  # type: ignore[attr-defined]


class ParagraphForm(WritingForm):
    sections = [(gettext_lazy("Words"), ["text"])]

    text = LanguagesFormField(
        help_text=gettext_lazy("Markdown: *slanted*, **bold**, lists. [^key] calls the note with that key.")
    )

    class Meta:
        model = Paragraph
        fields = ["text"]


class NoteForm(WritingForm):
    sections = [(gettext_lazy("Note"), ["key", "text"])]
    rules = {"note_key_once_per_plan": "key"}

    text = LanguagesFormField()

    class Meta:
        model = Note
        fields = ["key", "text"]
        help_texts = {"key": gettext_lazy("By which paragraphs call it: [^key]. Small letters, digits and hyphens.")}


class AreaForm(WritingForm):
    """The address is given once: links to it outlive us."""

    sections = [(gettext_lazy("Area"), ["name", "abbreviation", "parent", "slug"])]
    rules = {
        "responsiblearea_slug_is_unique": "slug",
        "responsiblearea_slug_is_not_reserved": "slug",
        "responsiblearea_is_not_its_own_unit": "parent",
    }

    name = LanguagesFormField(long=False)

    class Meta:
        model = ResponsibleArea
        fields = ["name", "abbreviation", "parent"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        above = ResponsibleArea.objects.filter(is_withdrawn=False) | ResponsibleArea.objects.filter(
            pk=self.instance.parent_id
        )
        choose_by_name(self.fields["parent"], above.exclude(pk=self.instance.pk))


class GroupForm(WritingForm):
    """What a group is called, where its hours are those of, and in which order its delegations are listed."""

    sections = [
        (gettext_lazy("Group"), ["name", "short_name", "place", "timezone"]),
        (gettext_lazy("Delegations"), ["delegations_order"]),
    ]

    name = LanguagesFormField(long=False)
    short_name = LanguagesFormField(long=False)
    place = LanguagesFormField(long=False)

    class Meta:
        model = WorkingGroup
        fields = ["name", "short_name", "place", "timezone", "delegations_order"]
        help_texts = {"timezone": gettext_lazy("Of the place, such as America/New_York.")}


class GroupSettingsForm(WritingForm):
    """What the administrator decides of a group; its names are texts, and others write them."""

    sections = [(gettext_lazy("Group"), ["is_public", "timezone"])]

    class Meta:
        model = WorkingGroup
        fields = ["is_public", "timezone"]
        help_texts = {
            "is_public": gettext_lazy(
                "Its convened meetings, released texts and public papers are then open to everybody."
            ),
            "timezone": gettext_lazy("Of the place, such as America/New_York."),
        }


class NewAreaForm(AreaForm):
    class Meta(AreaForm.Meta):
        fields = ["name", "abbreviation", "parent", "slug"]
        help_texts = {"slug": gettext_lazy("Small letters, digits and hyphens, such as committee-on-security.")}


def _chosen(form: WritingForm, links: Links) -> set[str]:
    return set() if form.is_new else links.ever(form.instance)


# Tables and lists ----------------------------------------------------------


class MandateLine(LineForm):
    """A mandate in the table of the plan."""

    model = Mandate
    besides = {"areas": AREAS_OF_MANDATE}

    paragraph = forms.CharField(label=gettext_lazy("Paragraph number"), max_length=16, required=False)
    text = WordingField(
        label=gettext_lazy("Wording"),
        error_messages={"required": gettext_lazy("Write the wording. To take a mandate out, withdraw it.")},
    )
    areas = OneMoreField(label=gettext_lazy("Responsible areas"), required=False, once=lambda key: key.split("/")[0])


class OfferedMandateLine(MandateLine):
    """One that was found in a pasted text: only those with the tick are saved."""

    take = forms.BooleanField(label=gettext_lazy("Save"), required=False, initial=True)


class RowPasteForm(PasteForm):
    """A resolution that is not in the plan, and what is pasted under it."""

    resolution = forms.ModelChoiceField(Resolution.objects.none(), label=gettext_lazy("Resolution"))

    field_order = ["resolution", "pasted"]

    def __init__(self, *args: Any, plan: WorkPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = PlanRow.objects.standing().filter(plan=plan).values("resolution")
        self.fields["resolution"].queryset = _resolutions().exclude(pk__in=there)  # type: ignore[attr-defined]


class RowHead(LineForm):
    """What of a row is written in that table: its areas."""

    model = PlanRow
    besides = {"areas": AREAS_OF_ROW}

    areas = OneMoreField(
        label=gettext_lazy("Areas responsible for the whole resolution"),
        required=False,
        once=lambda key: key.split("/")[0],
    )


class AreasForm(TypedForm, forms.Form):
    """Which rows and mandates, which areas, and what is done with them.

    What will stand is reckoned from what the writer saw, so that saving compares it with what others wrote since.
    """

    use_required_attribute = False

    things = forms.MultipleChoiceField(
        label=gettext_lazy("Of which"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick at least one.")},
    )
    how = forms.ChoiceField(
        label=gettext_lazy("What to do"),
        choices=[
            ("add", gettext_lazy("Add these areas")),
            ("remove", gettext_lazy("Take these areas out")),
            ("set", gettext_lazy("Set these areas, and no others")),
        ],
        initial="add",
        widget=forms.RadioSelect,
    )
    areas = OrderedChoiceField(label=gettext_lazy("Areas"), required=False, once=lambda key: key.split("/")[0])
    reason = forms.CharField(label=gettext_lazy("Why this change"), required=False, min_length=3, max_length=2000)
    opened_from = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**62)

    def __init__(self, *args: Any, plan: WorkPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        under = Prefetch("mandates", Mandate.objects.standing().order_by("position", "id"))
        rows = PlanRow.objects.standing().filter(plan=plan).order_by("position", "id").prefetch_related(under)
        self.known: dict[str, Any] = {str(one.pk): one for row in rows for one in (row, *row.mandates.all())}
        names = [(key, thing if isinstance(thing, PlanRow) else f"– {thing.text}") for key, thing in self.known.items()]
        self.fields["things"].choices = names  # type: ignore[attr-defined]
        self.fields["areas"].choices = area_choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("how") != "set" and not self.cleaned_data.get("areas") and "areas" not in self.errors:
            self.add_error("areas", _("Choose at least one area."))
        return cleaned

    def changes(self) -> list[dict[str, Any]]:
        """What will change, in words: each thing with its areas before and after."""
        changed = [one for one in self._reckoned() if one[1] != one[2]]
        words = AREAS_OF_ROW.words_of([areas for _thing, *sides in changed for areas in sides])
        pairs = zip(changed, words[::2], words[1::2], strict=True)
        return [{"thing": thing, "before": was, "after": will} for (thing, *_sides), was, will in pairs]

    def edits(self) -> dict[Any, Edit]:
        return {thing.pk: Edit(thing, {"areas": after}) for thing, before, after in self._reckoned() if before != after}

    def _reckoned(self) -> list[tuple[Any, tuple[str, ...], tuple[str, ...]]]:
        chosen = [self.known[key] for key in self.cleaned_data["things"]]
        until = self.cleaned_data["opened_from"]
        held = AREAS_OF_ROW.read_all([thing.pk for thing in chosen], until)
        held |= AREAS_OF_MANDATE.read_all([thing.pk for thing in chosen], until)
        found = []
        for thing in chosen:
            before = held.get(thing.pk, ())
            found.append((thing, before, after(before, self.cleaned_data["how"], self.cleaned_data["areas"])))
        return found

    def go_on_from(self, change_set: int) -> None:
        self.put_now(opened_from=str(change_set))
        self.cleaned_data["opened_from"] = change_set


def after(held: Sequence[str], how: str, areas: Sequence[str]) -> tuple[str, ...]:
    """The areas that a thing will have. An area stands there once: with another unit it is the same, changed."""
    if how == "set":
        return tuple(areas)
    named = {key.split("/")[0]: key for key in areas}
    if how == "remove":
        return tuple(key for key in held if key not in areas and key.split("/")[0] not in areas)
    there = {key.split("/")[0] for key in held}
    return tuple(named.get(key.split("/")[0], key) for key in held) + tuple(
        key for first, key in named.items() if first not in there
    )
