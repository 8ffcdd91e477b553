"""Where a stack's medium is sought: beside the stack's file, wherever the command is given."""

from __future__ import annotations

from pathlib import Path

import pytest

import qdphotonics as qdp
from qdphotonics._data import data_folder
from qdphotonics.errors import MediumError
from qdphotonics.laser.analysis import medium_of

SHIPPED = data_folder("materials") / "gain" / "ccg-QD.yaml"


def project(folder: Path, medium: str, place: str) -> Path:
    """A stack that names a medium, and a medium "mine" of 600 per cm in a place beside it."""
    text = SHIPPED.read_text("utf-8").replace("name: ccg-QD", "name: mine", 1)
    file = folder / place
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    stack = (data_folder("stacks") / "jung2022-lito-ag.yaml").read_text("utf-8")
    assert "medium: ccg-QD" in stack
    stack = stack.replace("name: jung2022-lito-ag", "name: led").replace("medium: ccg-QD", f"medium: {medium}")
    (folder / "led.yaml").write_text(stack, "utf-8")
    return folder / "led.yaml"


@pytest.mark.parametrize(
    ("medium", "place"), [("mine.yaml", "mine.yaml"), ("media/mine.yaml", "media/mine.yaml"), ("mine", "materials/gain/mine.yaml")]
)
def test_a_medium_is_sought_from_the_stack_s_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, medium: str, place: str) -> None:
    """From another folder: a path from the stack's file on, a name in materials/gain/ beside it."""
    (tmp_path / "project").mkdir()
    file = project(tmp_path / "project", medium, place)
    monkeypatch.chdir(tmp_path)
    assert medium_of(qdp.load_stack(file), None).file == tmp_path / "project" / place


def test_a_medium_that_is_asked_for_is_sought_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An argument's path is from the working folder; its name is also sought beside the stack."""
    (tmp_path / "project").mkdir()
    stack = qdp.load_stack(project(tmp_path / "project", "ccg-QD", "materials/gain/mine.yaml"))
    monkeypatch.chdir(tmp_path / "project")
    assert medium_of(stack, "materials/gain/mine.yaml").name == "mine"
    assert medium_of(stack, "mine").name == "mine"
    monkeypatch.chdir(tmp_path)
    assert medium_of(stack, "mine").name == "mine"
    assert medium_of(stack, None).file == SHIPPED
    with pytest.raises(MediumError, match=r"nowhere\.yaml"):
        medium_of(stack, "nowhere.yaml")


def test_a_shipped_stack_takes_a_medium_of_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--set gain.medium=mine.yaml: nothing lies beside a shipped stack."""
    project(tmp_path, "ccg-QD", "mine.yaml")
    monkeypatch.chdir(tmp_path)
    assert medium_of(qdp.load_stack("jung2022-lito-ag").changed({"gain.medium": "mine.yaml"}), None).name == "mine"
