"""Files that people send: looked at by their content, stored once, served to those who may have them, held to account.

`looking` and what it calls know nothing of Django: they run in a process of their own, with bounds (`apart`).
"""
