"""Compile the solver's kernels once, visibly: from then on every process finds them in the cache.

``make setup`` runs this, so that the first command a user types does not seem to hang.
"""

from __future__ import annotations

from time import perf_counter

import numpy as np

from qdphotonics.planar.results import Polarization


def main() -> None:
    """Search, follow and draw the modes of a small uniaxial stack and scatter light at it: every kernel is called."""
    print("Compiling the mode solver (once) ...", flush=True)
    start = perf_counter()
    from qdphotonics import planar

    index = np.array([1.46, 1.9 + 1e-3j, 1.7, 1.0])
    extraordinary = np.array([1.46, 1.9 + 1e-3j, 1.75, 1.0])
    thickness_nm = np.array([150.0, 60.0])
    polarizations: tuple[Polarization, ...] = ("TE", "TM")
    for polarization in polarizations:
        search = planar.find_modes(index, thickness_nm, 640.0, polarization, index_extraordinary=extraordinary)
        planar.mode_field(search.modes[0], np.linspace(-100.0, 300.0, 5))
        planar.track_modes(index, thickness_nm, [640.0, 641.0], polarization, search, index_extraordinary=extraordinary)
        planar.scatter(index, thickness_nm, 640.0, 20.0, polarization, index_extraordinary=extraordinary)
    print(f"Compiled in {perf_counter() - start:.0f} s.", flush=True)


if __name__ == "__main__":
    main()
