"""The one decorator of every compiled kernel, and the folder that keeps the compiled code.

numba's own cache looks at the file of the function it compiles. A kernel that was inlined from *another* file may
have changed since; numba does not notice and runs the stale machine code. So the folder's name holds a hash of every
kernel file of this room: any change opens an empty folder, and nothing stale can be found in it.

A kernel file is a file of this room that imports from this module. It takes its constants and functions from kernel
files, ``math``, ``cmath``, ``typing`` and NumPy only (a test holds that), or the hash would not see them change.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import llvmlite.binding  # type: ignore[import-untyped]
import numba
from numba.core.caching import CompileResultCacheImpl, FunctionCache, UserProvidedCacheLocator

_CHANGES_THE_CODE = ("NUMBA_OPT", "NUMBA_BOUNDSCHECK")  # settings that numba's own key leaves out
_KERNEL_FILE = re.compile(r"^from qdphotonics\.planar\._jit import ", re.MULTILINE)

P = ParamSpec("P")
R = TypeVar("R")


def kernel(*, inline: bool = False, contract: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Compile a function at its first call; from then on it comes from the cache, in any process.

    Kernels release the interpreter's lock, so threads run them side by side; they start no threads themselves.
    Division by zero gives inf or nan as in NumPy. Pass C-contiguous arrays: every other layout compiles again.

    Parameters
    ----------
    inline : bool
        Have LLVM merge the function into its callers, whatever its size: for the body of a loop that must vectorise.
    contract : bool
        Let a*b + c round once (fused multiply-add). No other liberty is ever taken with floating point.

    Returns
    -------
    decorator
        The decorated function keeps its signature; ``.py_func`` is the plain Python one.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        options: dict[str, Any] = {"nogil": True, "error_model": "numpy", "forceinline": inline}
        if contract:
            options["fastmath"] = {"contract"}
        compiled = numba.njit(**options)(function)
        # With NUMBA_DISABLE_JIT set, njit hands the plain function back.
        if compiled is not function and cache_folder() is not None:
            compiled._cache = _KernelCache(function)  # type: ignore[no-untyped-call]
        return cast("Callable[P, R]", compiled)

    return decorate


def kernel_files(room: Path = Path(__file__).parent) -> tuple[Path, ...]:
    """This module and the files of the room that hold kernels, sorted by name."""
    here = room / Path(__file__).name
    return tuple(file for file in sorted(room.glob("*.py")) if file == here or _KERNEL_FILE.search(file.read_text("utf-8")))


def kernel_hash(room: Path = Path(__file__).parent) -> str:
    """Fingerprint of all that compiled code depends on: the kernel files, numba, Python and the processor.

    The processor is in it because a cluster's unlike nodes may share one home folder: numba keeps their code apart by
    an index, whose file two processes can write at the same moment.
    """
    digest = hashlib.sha256()
    machine = (llvmlite.binding.get_host_cpu_name(), llvmlite.binding.get_host_cpu_features().flatten())
    settings = [os.environ.get(name) for name in _CHANGES_THE_CODE]
    digest.update(repr((numba.__version__, llvmlite.__version__, sys.version, machine, settings)).encode())
    for file in kernel_files(room):
        content = file.read_bytes()
        digest.update(f"\0{file.name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


@cache
def cache_folder() -> Path | None:
    """Where this process keeps compiled kernels; None where no place can be written and none was filled before.

    Places: ``NUMBA_CACHE_DIR``, else ``qdphotonics`` in ``XDG_CACHE_HOME`` (unset or empty: in ``~/.cache``).
    """
    if not kernel_files():  # imported from a zip file: nothing to take the hash of
        return None
    shared = os.environ.get("NUMBA_CACHE_DIR")
    own = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "qdphotonics")
    for place in (os.path.abspath(shared) if shared else "", own):
        folder = Path(place, f"planar-{kernel_hash()}")
        if folder.is_absolute() and _serves(folder):  # "~" stays as it is for a user without a home
            return folder
    return None


def _serves(folder: Path) -> bool:
    """Whether compiled code can be written to the folder, or was there before (an image's read-only cache)."""
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        return os.access(folder, os.W_OK | os.X_OK) or any(folder.glob("*.nbi"))
    return False


class _KernelLocator(UserProvidedCacheLocator):
    """Tells numba the folder."""

    def __init__(self, function: Callable[..., Any], file: str) -> None:
        self._py_file = file
        self._lineno = function.__code__.co_firstlineno
        self._cache_path = str(cache_folder())

    @classmethod
    def from_function(cls, py_func: Callable[..., Any], py_file: str) -> _KernelLocator:
        return cls(py_func, py_file)

    def ensure_cache_path(self) -> None:
        Path(self._cache_path).mkdir(parents=True, exist_ok=True)


class _KernelCacheImpl(CompileResultCacheImpl):
    _locator_classes = (_KernelLocator,)  # type: ignore[assignment]


class _KernelCache(FunctionCache):
    """numba's cache in our folder; a full disk or a damaged file costs a compilation, never the result."""

    _impl_class = _KernelCacheImpl

    @contextlib.contextmanager
    def _guard_against_spurious_io_errors(self) -> Iterator[None]:
        with contextlib.suppress(OSError):
            try:
                yield
            except (EOFError, pickle.UnpicklingError):
                self.flush()  # type: ignore[no-untyped-call]
