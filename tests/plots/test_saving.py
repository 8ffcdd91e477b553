"""Files."""

from __future__ import annotations

import json
from pathlib import Path

import matplotlib.image
import pytest

import qdphotonics as qdp
from qdphotonics import plots
from qdphotonics._plain import json_text
from qdphotonics.laser import analyze

FIGURES = ("index-and-modes", "loss-budget", "net-gain", "net-gain-spectrum", "heating")
KINDS = {"png": b"\x89PNG", "pdf": b"%PDF-", "svg": b"<?xml"}


def test_a_report_is_saved_with_figures_that_are_not_empty(tmp_path: Path) -> None:
    report = analyze(qdp.load_stack("jung2022-lito-ag"))
    files = plots.save_report(report, tmp_path / "a" / "b")
    assert [file.name for file in files] == [
        "report.json",
        *(f"{name}.{kind}" for name in FIGURES for kind in ("png", "pdf")),
    ]
    document = json.loads(files[0].read_text(encoding="utf-8"))
    assert list(document)[:3] == ["schema", "version", "mode"]
    assert document["net_gain_per_cm"] == report.net_gain_per_cm
    for file in files[1:]:
        assert file.read_bytes().startswith(KINDS[file.suffix[1:]])
        if file.suffix == ".png":
            pixels = matplotlib.image.imread(file)
            width_mm = 1.35 * 88 if "spectrum" in file.name else 180  # one panel, or two side by side
            assert pixels.shape[1] == pytest.approx(width_mm / 25.4 * 300, abs=1)
            assert pixels[..., :3].std() > 0.05


@pytest.mark.parametrize("kind", KINDS)
def test_the_ending_names_the_kind_of_file(tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"stack.{kind}"
    plots.save_figure(plots.stack_picture(qdp.load_stack("qd-led")), file)
    assert file.read_bytes().startswith(KINDS[kind])


def test_saving_where_a_file_stands_is_told_by_the_system(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(FileExistsError):
        plots.save_report(analyze(qdp.load_stack("qd-led")), tmp_path / "taken")


def test_a_document_begins_with_schema_and_version() -> None:
    document = json.loads(json_text({"stack": "Γ"}))
    assert list(document) == ["schema", "version", "stack"]
    assert document["schema"] == 1
    assert document["version"] == qdp.__version__
