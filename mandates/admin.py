"""Roles, organs and the settings of groups; texts are out of the administrator's reach."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mandates.models import Membership, RegisteredOrgan, WorkingGroup
from mispa.ground.changes import changes
from mispa.ground.forms import TypedForm


class ReasonForm(TypedForm, forms.ModelForm):
    reason = forms.CharField(label=_("Reason"), min_length=3, help_text=_("Printed in the history."))


class TrackedAdmin(admin.ModelAdmin):
    """Saves in a change-set of the administrator's; nothing can be deleted."""

    form = ReasonForm

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        with changes(by=request.user, reason=form.cleaned_data["reason"]):  # type: ignore[arg-type]
            super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Membership)
class MembershipAdmin(TrackedAdmin):
    list_display = ["user", "group", "role", "delegation", "since", "until", "is_withdrawn"]
    list_filter = ["group", "role"]
    list_select_related = ["user", "group", "delegation"]
    fields = ["group", "user", "role", "delegation", "since", "until", "is_withdrawn", "reason"]


@admin.register(RegisteredOrgan)
class RegisteredOrganAdmin(TrackedAdmin):
    list_display = ["name", "is_withdrawn"]
    fields = ["name", "is_withdrawn", "reason"]


@admin.register(WorkingGroup)
class WorkingGroupAdmin(TrackedAdmin):
    """Only the settings of a group: its name and plan are texts."""

    list_display = ["slug", "timezone", "is_public"]
    fields = ["timezone", "is_public", "reason"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
