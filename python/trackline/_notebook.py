"""The notebook, where the program is the kernel of one: its file, and the cells that ran."""

from __future__ import annotations

import os
import sys
from typing import Any


def is_kernel() -> bool:
    """Whether this process runs the cells of a notebook. Who only has others run them imports ipykernel too."""
    module = sys.modules.get("ipykernel.kernelapp")
    return module is not None and bool(module.IPKernelApp.initialized())


def shell() -> Any:
    """The IPython that runs the user's code, None if it is no IPython."""
    get_ipython = getattr(sys.modules.get("IPython"), "get_ipython", None)  # It may be half imported, or blocked.
    return None if get_ipython is None else get_ipython()


def file() -> str | None:
    """Where the notebook is, as Visual Studio Code (`__vsc_ipynb_file__`) or Jupyter (`JPY_SESSION_NAME`) tells its kernel."""
    if not is_kernel():
        return None
    told = getattr(sys.modules.get("__main__"), "__vsc_ipynb_file__", None) or os.environ.get("JPY_SESSION_NAME", "")
    return told if isinstance(told, str) and told.endswith(".ipynb") and os.path.isfile(told) else None


def cells() -> list[tuple[int, str]]:
    """The number and text of each cell that ran, in that order, with the one that runs now; those of a prompt of IPython
    too."""
    here = shell()
    ran = [] if here is None else list(here.user_ns.get("In", []))
    return [(number, cell) for number, cell in enumerate(ran) if cell.strip()]
