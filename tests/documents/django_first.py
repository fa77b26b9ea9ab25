"""Imported before anything else in a process that pytest does not set up."""

import django

django.setup()
