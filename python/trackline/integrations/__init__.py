"""One module or package per framework: what `autolog()` records of it.

Each has `patch()` and `unpatch()`, and is listed in `trackline._autolog.TARGETS` with the module whose import it waits
for; its hooks ask `_config.of(flavor)` for what the user wants. Modules with a leading underscore are shared by several. None
imports its framework before the user does.
"""
