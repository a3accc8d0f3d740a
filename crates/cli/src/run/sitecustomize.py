"""Runs at the start of every Python below `trackline run`, which has put this folder on PYTHONPATH. It joins the run, if
this Python can have Trackline, and leaves everything else as it would be without."""

# Pythons of any age may find this.
import os
import sys


def package():
    try:
        import trackline
        return trackline
    except ImportError:
        pass
    folder = os.environ.get("TRACKLINE_PACKAGE")
    if not folder or sys.implementation.name != "cpython" or hasattr(sys, "abiflags") and "t" in sys.abiflags:
        return None  # The extension is of the stable ABI of CPython.
    from importlib.util import module_from_spec, spec_from_file_location

    file = os.path.join(folder, "__init__.py")
    spec = spec_from_file_location("trackline", file, submodule_search_locations=[folder])
    sys.modules["trackline"] = module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def begin():
    if sys.version_info < (3, 10):
        return
    try:
        if package() is not None:
            from trackline import _startup

            _startup.begin()
    except Exception as error:
        if os.environ.get("TRACKLINE_TESTING"):
            raise
        tell("%s: %s" % (type(error).__name__, error))
        # What is half imported would stand in the way of a script that imports it.
        for name in [name for name in sys.modules if name.partition(".")[0] == "trackline"]:
            del sys.modules[name]


def tell(trouble):
    # The command reads it. One is enough, and the program's own output is left alone.
    try:
        with open(os.path.join(os.environ["TRACKLINE_MAIL"], "trouble"), "x") as file:
            file.write(trouble)
    except (KeyError, OSError):
        pass


here = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [folder for folder in sys.path if folder != here]
begin()

# The one that Python would have found without ours; without any, ours stays.
ours = sys.modules.pop("sitecustomize", None)
try:
    import sitecustomize
except ImportError as error:
    if getattr(error, "name", "sitecustomize") != "sitecustomize":
        raise
finally:
    sys.modules.setdefault("sitecustomize", ours)
