"""Settings of the whole test suite: one thread per library, no display, the same random examples on every run."""

from __future__ import annotations

import os
import signal

from hypothesis import settings

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # before NumPy is loaded: CI has two cores, and threads only add noise to small arrays
os.environ["MPLBACKEND"] = "Agg"

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # started in the background: what tests start must hear Ctrl-C all the same
    signal.signal(signal.SIGINT, signal.default_int_handler)

# No deadline: the first example of a kernel test includes its compilation, and time is not what tests measure.
settings.register_profile("house", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("house")
