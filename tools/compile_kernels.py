"""Compile the solver's kernels once, visibly: from then on every process finds them in the cache.

``make setup`` runs this, so that the first command a user types does not seem to hang.
"""

from __future__ import annotations

from time import perf_counter

import numpy as np


def main() -> None:
    """Search the modes of a small uniaxial stack and scatter light at it, so that every kernel is called."""
    print("Compiling the mode solver (once) ...", flush=True)
    start = perf_counter()
    from qdphotonics import planar

    index = np.array([1.46, 1.9 + 1e-3j, 1.7, 1.0])
    extraordinary = np.array([1.46, 1.9 + 1e-3j, 1.75, 1.0])
    thickness_nm = np.array([150.0, 60.0])
    for polarization in ("TE", "TM"):
        search = planar.find_modes(index, thickness_nm, 640.0, polarization, index_extraordinary=extraordinary)
        for mode in search.modes:
            planar.mode_field(mode, np.linspace(-100.0, 300.0, 5))
        planar.scatter(index, thickness_nm, 640.0, 20.0, polarization, index_extraordinary=extraordinary)
    print(f"Compiled in {perf_counter() - start:.0f} s.", flush=True)


if __name__ == "__main__":
    main()
