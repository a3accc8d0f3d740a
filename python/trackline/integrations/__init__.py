"""One module or package per framework: what `autolog()` records of it.

Each has `TARGET`, the module whose import it waits for, and `patch(config)` and `unpatch()`. Modules with a leading
underscore are shared by several. None imports its framework before the user does.
"""
