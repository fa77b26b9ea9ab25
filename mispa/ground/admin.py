"""Accounts. They are deactivated, never deleted: history must go on saying who."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mispa.ground.models import User

admin.site.site_header = admin.site.site_title = _("mispa administration")
admin.site.unregister(Group)  # roles belong to working groups


@admin.register(User)
class AccountAdmin(UserAdmin):
    list_display = ["username", "email", "is_active", "is_staff"]
    list_filter = ["is_active", "is_staff"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "email", "language", "timezone"]}),
        (_("Access"), {"fields": ["is_active", "is_staff", "is_superuser"]}),
    ]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
