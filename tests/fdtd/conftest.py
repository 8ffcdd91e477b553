"""What the tests of the engine share: a cache of their own, and the smallest job that rings."""

from __future__ import annotations

from pathlib import Path

import pytest

from qdphotonics.fdtd import cache, interpreter
from qdphotonics.fdtd.job import Absorber, Block, Job, Run, Source
from qdphotonics.fdtd.media import Medium


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Cache and temporary files in the test's own folder, so that what is left there can be counted."""
    interpreter._known.cache_clear()
    monkeypatch.setattr(cache, "folder", lambda: tmp_path / "cache")  # not XDG_CACHE_HOME, where the solver's compiled kernels are, too
    places = tmp_path / "temporary"
    places.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(places))
    return places


def small_run(name: str = "slab", duration: float = 20.0, media: tuple[Medium, ...] | None = None) -> Run:
    """A slab of index 2, 0.2 um thick, in vacuum: one column of pixels, 20 a um; done in a fraction of a second."""
    return Run(
        name=name,
        cell=(0.05, 3.0, 0.0),
        resolution=20.0,
        media=media or (Medium((1.0, 1.0, 1.0)), Medium((4.0, 4.0, 4.0))),
        shapes=(Block(1, (0.0, 0.0, 0.0), (None, 0.2, None)),),
        sources=(Source("Ez", 1.5, 0.3, (0.0, 0.0, 0.0)),),
        component="Ez",
        probes=((0.0, 0.05, 0.0),),
        frequency=1.5,
        bandwidth=0.5,
        duration=duration,
        k=(2.4, 0.0, 0.0),
        absorbers=(Absorber("Y", 0.5),),
    )


@pytest.fixture
def small_job() -> Job:
    return Job("a slab", (small_run(),))


@pytest.fixture
def long_job() -> Job:
    """Hours, unless it is ended."""
    return Job("a slab for hours", (small_run(duration=1e9),))
