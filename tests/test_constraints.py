"""Every rule that the database keeps has a name and a message of its own, and both ends refuse what breaks it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import BaseConstraint, Model

from mandates.models import Membership
from mispa.ground.models import ChangeSet
from mispa.ground.text import Text
from tests import factories as make

OURS = ("ground", "mandates", "meetings", "documents")
NO_ORIGINAL = Text("fr", {"en": "A wording in another language than its original"})


def constraints() -> dict[str, tuple[type[Model], BaseConstraint]]:
    models = [model for app in OURS for model in apps.get_app_config(app).get_models()]
    own = [model for model in models if not hasattr(model, "instance_type")]  # history repeats no rules
    return {constraint.name: (model, constraint) for model in own for constraint in model._meta.constraints}


def twin(factory: Any, *names: str, **values: Any) -> Any:
    """Not yet saved, and the same in these columns as one that is there."""
    first = factory(**values)
    return make.unsaved(factory, **{name: getattr(first, name) for name in names}, **values)


def another_change_set() -> ChangeSet:
    return ChangeSet.objects.create(by=None, source="command", reason="beside the one that runs", at=AT)


def second_import() -> Any:
    """With the number of the first, and by a change-set of its own, as each must be."""
    first = make.ImportedPlanFactory()
    return make.unsaved(make.ImportedPlanFactory, plan=first.plan, number=first.number, change_set=another_change_set())


def own_parent(factory: Any) -> Any:
    thing = factory()
    thing.parent = thing
    return thing


def delegate(**values: Any) -> Any:
    delegation = make.DelegationFactory()
    return make.unsaved(
        make.MembershipFactory, group=delegation.group, **{"role": "delegate", "delegation": delegation} | values
    )


def unprepared() -> Any:
    return make.unsaved(make.PreparatoryFactory, prepares=None, series=make.SeriesFactory())


def submitted_by_two() -> Any:
    delegation = make.DelegationFactory()
    area = make.ResponsibleAreaFactory()
    return make.unsaved(make.DocumentFactory, group=delegation.group, delegation=delegation, area=area)


def linked_with_itself() -> Any:
    paper = make.DocumentFactory()
    return make.unsaved(make.DocumentLinkFactory, document=paper, other=paper)


def both_held_and_released() -> Any:
    released = {"released_at": AT, "released_by": make.UserFactory()}
    held = {"held_at": AT, "held_by": make.UserFactory(), "held_reason": "a wrong hour"}
    return make.unsaved(make.BundleFactory, **released, **held)


JULY = date(2013, 7, 1)
JUNE = date(2013, 6, 1)
IN_WORDS = Text.of("before the summer")
AT = datetime(2013, 7, 1, tzinfo=UTC)

BREAKS: dict[str, Callable[[], Any]] = {
    # mispa.ground
    "user_language_is_known": lambda: make.unsaved(make.UserFactory, password="!", language="xx"),
    "changeset_names_a_person": lambda: ChangeSet(by=None, source="page", reason="no person", at=AT),
    "changeset_has_a_reason": lambda: ChangeSet(by=None, source="command", reason="", at=AT),
    "changeset_source_is_known": lambda: ChangeSet(by=make.UserFactory(), source="rumour", reason="heard it", at=AT),
    "mail_once_per_person": lambda: twin(make.MailFactory, "recipient"),
    "mail_sent_was_handed_over": lambda: make.unsaved(make.MailFactory, sent_at=AT),
    # mandates: groups and people
    "body_name_has_its_original": lambda: make.unsaved(make.BodyFactory, name=NO_ORIGINAL),
    "body_is_not_its_own_parent": lambda: own_parent(make.BodyFactory),
    "workinggroup_slug_is_unique": lambda: twin(make.WorkingGroupFactory, "slug"),
    "workinggroup_slug_is_not_reserved": lambda: make.unsaved(make.WorkingGroupFactory, slug="search"),
    "workinggroup_name_has_its_original": lambda: make.unsaved(make.WorkingGroupFactory, name=NO_ORIGINAL),
    "workinggroup_short_name_has_its_original": lambda: make.unsaved(make.WorkingGroupFactory, short_name=NO_ORIGINAL),
    "workinggroup_place_has_its_original": lambda: make.unsaved(make.WorkingGroupFactory, place=NO_ORIGINAL),
    "workinggroup_delegations_order_is_known": lambda: make.unsaved(make.WorkingGroupFactory, delegations_order="size"),
    "delegation_once_per_group_and_day": lambda: twin(make.DelegationFactory, "group", "code", "since"),
    "delegation_ends_after_it_begins": lambda: make.unsaved(make.DelegationFactory, since=JULY, until=JUNE),
    "delegation_name_has_its_original": lambda: make.unsaved(make.DelegationFactory, name=NO_ORIGINAL),
    "membership_one_role_from_a_day_on": lambda: twin(make.MembershipFactory, "group", "user", "since"),
    "membership_role_is_known": lambda: make.unsaved(make.MembershipFactory, role="observer"),
    "membership_delegate_has_delegation": lambda: delegate(delegation=None),
    "membership_secretariat_has_no_delegation": lambda: delegate(role=Membership.Role.SECRETARIAT),
    "membership_ends_after_it_begins": lambda: make.unsaved(make.MembershipFactory, since=JULY, until=JUNE),
    "pillar_name_has_its_original": lambda: make.unsaved(make.PillarFactory, name=NO_ORIGINAL),
    # mandates: symbols and resolutions
    "registeredorgan_name_is_unique": lambda: twin(make.RegisteredOrganFactory, "name"),
    "registeredsymbol_canonical_is_unique": lambda: twin(make.RegisteredSymbolFactory, "canonical"),
    "registeredsymbol_slug_is_unique": lambda: twin(make.RegisteredSymbolFactory, "slug"),
    "registeredsymbol_state_is_known": lambda: make.unsaved(make.RegisteredSymbolFactory, state="lost"),
    "registeredsymbol_pending_has_no_canonical": lambda: make.unsaved(make.RegisteredSymbolFactory, state="pending"),
    "resolution_title_has_its_original": lambda: make.unsaved(make.ResolutionFactory, title=NO_ORIGINAL),
    "resolution_effect_has_its_original": lambda: make.unsaved(make.ResolutionFactory, effect=NO_ORIGINAL),
    # mandates: the plan
    "workplan_title_has_its_original": lambda: make.unsaved(make.WorkPlanFactory, title=NO_ORIGINAL),
    "workplan_original_language_is_known": lambda: make.unsaved(make.WorkPlanFactory, original_language="de"),
    "paragraph_text_has_its_original": lambda: make.unsaved(make.ParagraphFactory, text=NO_ORIGINAL),
    "paragraph_section_is_known": lambda: make.unsaved(make.ParagraphFactory, section="annex"),
    "note_text_has_its_original": lambda: make.unsaved(make.NoteFactory, text=NO_ORIGINAL),
    "note_key_once_per_plan": lambda: twin(make.NoteFactory, "plan", "key"),
    "planrow_title_as_printed_has_its_original": lambda: make.unsaved(
        make.PlanRowFactory, title_as_printed=NO_ORIGINAL
    ),
    "planrow_resolution_once_per_plan": lambda: twin(make.PlanRowFactory, "plan", "resolution"),
    "mandate_text_has_its_original": lambda: make.unsaved(make.MandateFactory, text=NO_ORIGINAL),
    "mandate_deadline_words_has_its_original": lambda: make.unsaved(make.MandateFactory, deadline_words=NO_ORIGINAL),
    "mandate_progress_is_known": lambda: make.unsaved(make.MandateFactory, progress="lost"),
    "mandate_deadline_days_in_order": lambda: make.unsaved(
        make.MandateFactory, deadline_words=IN_WORDS, deadline_earliest=JULY, deadline_latest=JUNE
    ),
    "mandate_deadline_has_words": lambda: make.unsaved(
        make.MandateFactory, deadline_earliest=JUNE, deadline_latest=JULY
    ),
    "mandate_refinement_is_whole": lambda: make.unsaved(
        make.MandateFactory, deadline_words=IN_WORDS, refined_by=make.ResolutionFactory()
    ),
    "responsiblearea_slug_is_unique": lambda: twin(make.ResponsibleAreaFactory, "slug"),
    "responsiblearea_slug_is_not_reserved": lambda: make.unsaved(make.ResponsibleAreaFactory, slug="new"),
    "responsiblearea_is_not_its_own_unit": lambda: own_parent(make.ResponsibleAreaFactory),
    "responsiblearea_name_has_its_original": lambda: make.unsaved(make.ResponsibleAreaFactory, name=NO_ORIGINAL),
    "assignment_to_a_row_or_a_mandate": lambda: make.unsaved(make.AssignmentFactory, mandate=make.MandateFactory()),
    "assignment_area_once_per_row": lambda: twin(make.AssignmentFactory, "row", "area"),
    "assignment_area_once_per_mandate": lambda: twin(
        make.AssignmentFactory, "area", row=None, mandate=make.MandateFactory()
    ),
    # meetings
    "city_name_has_its_original": lambda: make.unsaved(make.CityFactory, name=NO_ORIGINAL),
    "city_country_has_its_original": lambda: make.unsaved(make.CityFactory, country=NO_ORIGINAL),
    "room_name_has_its_original": lambda: make.unsaved(make.RoomFactory, name=NO_ORIGINAL),
    "series_slug_is_unique": lambda: twin(make.SeriesFactory, "slug"),
    "series_name_has_its_original": lambda: make.unsaved(make.SeriesFactory, name=NO_ORIGINAL),
    "meeting_has_its_owner": lambda: make.unsaved(make.MinisterialFactory, ordinal=None),
    "meeting_preparatory_names_what_it_prepares": lambda: make.unsaved(
        make.MeetingFactory, prepares=make.MinisterialFactory()
    ),
    "meeting_in_a_calendar_has_a_number": lambda: make.unsaved(make.MeetingFactory, number=None),
    "meeting_number_once_per_group": lambda: twin(make.MeetingFactory, "group", "number"),
    "meeting_ordinal_once_per_series": lambda: twin(make.MinisterialFactory, "series", "ordinal"),
    "meeting_status_is_known": lambda: make.unsaved(make.MeetingFactory, status="rumoured"),
    "meeting_times_fit_precision": lambda: make.unsaved(make.MeetingFactory, precision="all-day"),
    "meeting_ends_after_start": lambda: make.unsaved(make.MeetingFactory, ends_at=time(9)),
    "meeting_starts_fold_is_of_two": lambda: make.unsaved(make.MinisterialFactory, starts_fold=0),
    "meeting_ends_fold_is_of_two": lambda: make.unsaved(make.MinisterialFactory, ends_fold=1),
    "meeting_notice_has_its_original": lambda: make.unsaved(make.MeetingFactory, notice=NO_ORIGINAL),
    "meeting_checked_days_have_a_source": lambda: make.unsaved(
        make.MeetingFactory, checked_starts_on=JUNE, checked_ends_on=JULY
    ),
    "meeting_title_has_its_original": lambda: make.unsaved(make.MinisterialFactory, title=NO_ORIGINAL),
    "meeting_theme_has_its_original": lambda: make.unsaved(make.MinisterialFactory, theme=NO_ORIGINAL),
    "meeting_further_has_its_original": lambda: make.unsaved(make.MinisterialFactory, further=NO_ORIGINAL),
    "meeting_words_has_its_original": lambda: make.unsaved(make.MeetingFactory, words=NO_ORIGINAL),
    "meeting_country_has_its_original": lambda: make.unsaved(make.MeetingFactory, country=NO_ORIGINAL),
    "meeting_checked_source_has_its_original": lambda: make.unsaved(
        make.MeetingFactory, checked_starts_on=JUNE, checked_ends_on=JULY, checked_source=NO_ORIGINAL
    ),
    "meetingbasis_resolution_once_per_meeting": lambda: twin(make.MeetingBasisFactory, "meeting", "resolution"),
    "topic_text_has_its_original": lambda: make.unsaved(make.TopicFactory, text=NO_ORIGINAL),
    "topic_kind_is_known": lambda: make.unsaved(make.TopicFactory, kind="lunch"),
    "topicmandate_mandate_once_per_topic": lambda: twin(make.TopicMandateFactory, "topic", "mandate"),
    # documents
    "document_base_is_unique": lambda: twin(make.DocumentFactory, base="CP/doc.1/13"),
    "document_kind_is_known": lambda: make.unsaved(make.DocumentFactory, kind="poem"),
    "document_distribution_is_known": lambda: make.unsaved(
        make.DocumentFactory, distribution="secret", is_public=False
    ),
    "document_limited_is_not_public": lambda: make.unsaved(
        make.DocumentFactory, distribution="limited", is_public=True
    ),
    "document_title_has_its_original": lambda: make.unsaved(make.DocumentFactory, title=NO_ORIGINAL),
    "document_original_language_is_known": lambda: make.unsaved(make.DocumentFactory, original_languages="es/en"),
    "document_is_submitted_by_one": submitted_by_two,
    "documentlink_once_per_relation": lambda: twin(make.DocumentLinkFactory, "document", "other", "relation"),
    "documentlink_relation_is_known": lambda: make.unsaved(make.DocumentLinkFactory, relation="rhymes with"),
    "documentlink_leads_to_another": linked_with_itself,
    "numberpattern_once_per_kind": lambda: twin(make.NumberPatternFactory, "group", "kind"),
    "numberpattern_has_number_and_year": lambda: make.unsaved(make.NumberPatternFactory, pattern="GT/RIVERS/doc.1/13"),
    "contribution_state_is_known": lambda: make.unsaved(make.ContributionFactory, state="lost"),
    "contribution_language_is_known": lambda: make.unsaved(make.ContributionFactory, language="de"),
    "contribution_times_fit_its_state": lambda: make.unsaved(make.ContributionFactory, accepted_at=AT),
    "contribution_file_is_whole": lambda: make.unsaved(make.ContributionFactory, file_name="wells.pdf"),
    "contribution_says_something": lambda: make.unsaved(make.ContributionFactory, state="submitted", text=""),
    "revision_choice_of_languages_is_known": lambda: make.unsaved(make.RevisionFactory, languages="en/es/fr/pt"),
    "revision_title_has_its_original": lambda: make.unsaved(make.RevisionFactory, title=NO_ORIGINAL),
    "revision_state_is_known": lambda: make.unsaved(make.RevisionFactory, state="lost"),
    "revisionfile_one_of_a_kind_and_language": lambda: twin(
        make.RevisionFileFactory, "revision", language="es", kind="odt"
    ),
    "revisionfile_language_is_known": lambda: make.unsaved(make.RevisionFileFactory, language="de"),
    "revisionfile_kind_is_known": lambda: make.unsaved(make.RevisionFileFactory, kind="exe"),
    "revisionfile_has_a_name": lambda: make.unsaved(make.RevisionFileFactory, name=""),
    "storedfile_is_named_by_sha256": lambda: make.unsaved(make.StoredFileFactory, sha256="Z" * 64),
    "storedfile_format_is_known": lambda: make.unsaved(make.StoredFileFactory, format="exe"),
    "storedfile_is_not_empty": lambda: make.unsaved(make.StoredFileFactory, size=0),
    "searchentry_wording_once": lambda: twin(make.SearchEntryFactory, "part"),
    "meetingdocument_revision_once_per_meeting": lambda: twin(make.MeetingDocumentFactory, "meeting", "revision"),
    "meetingdocument_role_is_known": lambda: make.unsaved(make.MeetingDocumentFactory, role="ornament"),
    "topicdocument_document_once_per_topic": lambda: twin(make.TopicDocumentFactory, "topic", "document"),
    "mandatedocument_document_once_per_role": lambda: twin(make.MandateDocumentFactory, "mandate", "document", "role"),
    "mandatedocument_role_is_known": lambda: make.unsaved(make.MandateDocumentFactory, role="ornament"),
    "follow_is_of_one_thing": lambda: make.unsaved(make.FollowFactory, group=None),
    "follow_group_once": lambda: twin(make.FollowFactory, "user", "group"),
    "follow_meeting_once": lambda: twin(make.FollowFactory, "user", group=None, meeting=make.MeetingFactory()),
    "follow_document_once": lambda: twin(make.FollowFactory, "user", group=None, document=make.DocumentFactory()),
    "readuntil_once_per_group": lambda: twin(make.ReadUntilFactory, "user", "group"),
    "personalfeed_language_is_known": lambda: make.unsaved(make.PersonalFeedFactory, language="de"),
    "personalfeed_reminder_within_a_week": lambda: make.unsaved(make.PersonalFeedFactory, reminder=7 * 24 * 60 + 1),
    "personalfeed_address_has_its_instant": lambda: make.unsaved(make.PersonalFeedFactory, token_sha256="0" * 64),
    "bundle_released_by_somebody": lambda: make.unsaved(make.BundleFactory, released_at=AT),
    "bundle_held_for_a_reason": lambda: make.unsaved(make.BundleFactory, held_at=AT, held_by=make.UserFactory()),
    "bundle_is_not_both_held_and_released": lambda: both_held_and_released(),
    "bundledchange_once": lambda: twin(make.BundledChangeFactory, "bundle", "change_set"),
    "care_finding_once_per_group": lambda: twin(make.CareFactory, "group", "key"),
    "care_accepts_what_was_seen_for_a_reason": lambda: make.unsaved(make.CareFactory, because="It is so"),
    "edition_number_once_per_plan": lambda: twin(make.EditionFactory, "plan", "number", "corrigendum"),
    "edition_follows_the_one_before": lambda: make.unsaved(make.EditionFactory, number=2, previous=None),
    "edition_seal_is_sha256": lambda: make.unsaved(make.EditionFactory, sha256="A" * 64),
    "edition_chain_is_sha256": lambda: make.unsaved(make.EditionFactory, chain=""),
    "editionmention_symbol_once": lambda: twin(make.EditionMentionFactory, "edition", "symbol"),
    "release_once_per_audience": lambda: twin(make.ReleaseFactory, "edition", "audience"),
    "release_audience_is_known": lambda: make.unsaved(make.ReleaseFactory, audience="friends"),
    "release_has_consent": lambda: make.unsaved(make.ReleaseFactory, consent=""),
    "editionfile_made_once": lambda: twin(make.EditionFileFactory, "edition", "standing", "name", "language"),
    "editionfile_standing_is_known": lambda: make.unsaved(make.EditionFileFactory, standing="nearly"),
    "editionfile_language_is_known": lambda: make.unsaved(make.EditionFileFactory, language="de"),
    "consideration_once_per_meeting": lambda: twin(make.ConsiderationFactory, "edition", "meeting"),
    "importedplan_number_once_per_plan": lambda: second_import(),
    "importedplan_kind_is_known": lambda: make.unsaved(make.ImportedPlanFactory, kind="pdf"),
    "importedplan_language_is_known": lambda: make.unsaved(make.ImportedPlanFactory, language="de"),
    "waitingfile_one_a_person_and_plan": lambda: twin(make.WaitingFileFactory, "plan", "by"),
    "adoption_how_is_known": lambda: make.unsaved(make.AdoptionFactory, how="by vote"),
    "adoption_has_its_presiding_officer": lambda: make.unsaved(make.AdoptionFactory, presiding_name=""),
    "preparedadoption_how_is_known": lambda: make.unsaved(make.PreparedAdoptionFactory, how="by vote"),
}

# Half-filled values: a comparison with NULL is neither true nor false, and a CHECK lets it pass unless it is asked.
HALVES: list[tuple[str, Callable[[], Any]]] = [
    ("body_name_has_its_original", lambda: make.unsaved(make.BodyFactory, name={"en": "A wording of no language"})),
    ("body_name_has_its_original", lambda: make.unsaved(make.BodyFactory, name={"original": None, "en": "Likewise"})),
    ("body_name_has_its_original", lambda: make.unsaved(make.BodyFactory, name={"original": "de", "de": "Fünfte"})),
    ("body_name_has_its_original", lambda: make.unsaved(make.BodyFactory, name={"original": "en", "en": ""})),
    ("body_name_has_its_original", lambda: make.unsaved(make.BodyFactory, name={})),
    ("body_name_has_its_original", lambda: make.unsaved(make.BodyFactory, name=["en"])),
    ("edition_follows_the_one_before", lambda: make.unsaved(make.EditionFactory, corrigendum=1, previous=None)),
    ("adoption_has_its_presiding_officer", lambda: make.unsaved(make.AdoptionFactory, presiding_role="delegate")),
    (
        "mandate_deadline_days_in_order",
        lambda: make.unsaved(make.MandateFactory, deadline_words=IN_WORDS, deadline_earliest=JUNE),
    ),
    (
        "mandate_deadline_days_in_order",
        lambda: make.unsaved(make.MandateFactory, deadline_words=IN_WORDS, deadline_latest=JUNE),
    ),
    (
        "mandate_refinement_is_whole",
        lambda: make.unsaved(
            make.MandateFactory, deadline_words=IN_WORDS, refined_by=make.ResolutionFactory(), refined_earliest=JUNE
        ),
    ),
    (
        "mandate_refinement_is_whole",
        lambda: make.unsaved(make.MandateFactory, deadline_words=IN_WORDS, refined_earliest=JUNE, refined_latest=JULY),
    ),
    ("meeting_has_its_owner", lambda: make.unsaved(make.MeetingFactory, group=None, number=None)),
    ("meeting_has_its_owner", lambda: make.unsaved(make.MeetingFactory, kind="conference")),
    ("meeting_preparatory_names_what_it_prepares", lambda: unprepared()),
    ("meeting_in_a_calendar_has_a_number", lambda: make.unsaved(make.MinisterialFactory, number=3)),
    ("meeting_times_fit_precision", lambda: make.unsaved(make.MeetingFactory, precision="imprecise")),
    ("meeting_times_fit_precision", lambda: make.unsaved(make.MeetingFactory, precision="vague")),
    ("meeting_times_fit_precision", lambda: make.unsaved(make.MeetingFactory, ends_at=None)),
    (
        "meeting_ends_after_start",
        lambda: make.unsaved(make.MinisterialFactory, precision="imprecise", words=IN_WORDS, starts_on=None),
    ),
    (
        "meeting_checked_days_have_a_source",
        lambda: make.unsaved(make.MeetingFactory, checked_starts_on=JUNE, checked_source=IN_WORDS),
    ),
    ("meeting_checked_days_have_a_source", lambda: make.unsaved(make.MeetingFactory, checked_source=IN_WORDS)),
    (
        "registeredsymbol_pending_has_no_canonical",
        lambda: make.unsaved(make.RegisteredSymbolFactory, canonical=None, printed="AG/RES. 1"),
    ),
    ("registeredsymbol_pending_has_no_canonical", lambda: make.unsaved(make.RegisteredSymbolFactory, slug=None)),
    (
        "contribution_times_fit_its_state",
        lambda: make.unsaved(make.ContributionFactory, state="accepted", submitted_at=None),
    ),
    (
        "contribution_times_fit_its_state",
        lambda: make.unsaved(make.ContributionFactory, state="submitted", submitted_at=None),
    ),
    (
        "registeredsymbol_pending_has_no_canonical",
        lambda: make.unsaved(make.RegisteredSymbolFactory, review="no number"),
    ),
    ("assignment_to_a_row_or_a_mandate", lambda: make.unsaved(make.AssignmentFactory, row=None)),
    (
        "mail_sent_was_handed_over",
        lambda: make.unsaved(make.MailFactory, sent_at=AT, handed_over_at=AT, dropped_at=AT),
    ),
    ("follow_is_of_one_thing", lambda: make.unsaved(make.FollowFactory, meeting=make.MeetingFactory())),
    ("personalfeed_address_has_its_instant", lambda: make.unsaved(make.PersonalFeedFactory, token_made_at=AT)),
    ("bundle_released_by_somebody", lambda: make.unsaved(make.BundleFactory, released_by=make.UserFactory())),
    ("bundle_held_for_a_reason", lambda: make.unsaved(make.BundleFactory, held_reason="a wrong hour")),
    ("edition_follows_the_one_before", lambda: make.unsaved(make.EditionFactory, previous=make.EditionFactory())),
    ("edition_follows_the_one_before", lambda: make.unsaved(make.EditionFactory, number=0)),
    ("care_accepts_what_was_seen_for_a_reason", lambda: make.unsaved(make.CareFactory, seen="0" * 64)),
]

# Choices are checked before the rules of the table; a form says Django's words then, and they are as clear.
SHOWN_AS_A_CHOICE = {name for name in BREAKS if name.endswith("_is_known")} - {"workplan_original_language_is_known"}


def test_every_rule_of_the_database_has_an_entry_here():
    assert set(BREAKS) == set(constraints())


def test_rules_are_named_by_their_model_and_have_words_for_people():
    bad = [
        name
        for name, (model, constraint) in constraints().items()
        if not name.startswith(f"{model._meta.model_name}_")
        or str(constraint.violation_error_message) == str(BaseConstraint.default_violation_error_message)
    ]

    assert bad == []


@pytest.mark.parametrize("name", sorted(BREAKS))
def test_a_rule_refuses_what_breaks_it_with_its_message(name, writing):
    _model, constraint = constraints()[name]
    thing = BREAKS[name]()

    with pytest.raises(ValidationError) as refused:
        thing.full_clean()
    with pytest.raises(ValidationError) as by_rule:
        thing.validate_constraints()

    assert str(constraint.violation_error_message) in by_rule.value.messages
    if name not in SHOWN_AS_A_CHOICE:
        assert str(constraint.violation_error_message) in refused.value.messages


@pytest.mark.parametrize("name", sorted(BREAKS))
def test_the_database_refuses_what_breaks_a_rule(name, writing):
    thing = BREAKS[name]()

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        thing.save()

    # SQLite tells a broken unique rule by its columns.
    unique_on_sqlite = connection.vendor == "sqlite" and "UNIQUE constraint failed" in str(refused.value)
    assert name in str(refused.value) or unique_on_sqlite


@pytest.mark.parametrize(
    ("name", "half"), HALVES, ids=[f"{name} {place}" for place, (name, _half) in enumerate(HALVES)]
)
def test_the_database_refuses_what_is_half_filled(name, half, writing):
    thing = half()

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        thing.save()

    assert name in str(refused.value)
