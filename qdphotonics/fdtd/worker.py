"""Runs one job in Meep: ``INTERPRETER -I worker.py FOLDER``. A program of its own, under another Python.

It imports meep, numpy and the standard library only, so it runs under NumPy 1 and 2 and knows nothing of qdphotonics.
In FOLDER it reads ``job.json`` and ``arrays.npz`` and writes ``progress`` (a JSON line each time), then either
``result.npz`` (whose ``document`` is JSON) or ``error.json``; what Meep prints goes wherever stdout goes.
Lengths are in um, frequencies in c/um. Exit codes: see the constants below.
"""

from __future__ import annotations

import errno
import json
import math
import os
import shutil
import sys
import time
from typing import Any

JOB_FAILED = 3  # error.json says why
DISK_FULL = 28
ORPHANED = 4  # the process that asked for the job is gone: nobody waits for a result
FORMAT = 1
PROGRESS_EVERY_S = 0.25
FACTORIES = ("block", "prism", "cylinder")


class JobError(Exception):
    """The job cannot be run; the text is for its author."""


def main(folder: str) -> None:
    """Read the job, run it, write the result."""
    try:
        job, arrays = read_job(folder)
        import meep as mp  # some seconds; after the job, whose faults then show at once

        mp.verbosity(0)
        beat = Progress(folder, job, mp)
        result: list[dict[str, Any]] = []
        fields: dict[str, Any] = {}
        for position, run in enumerate(job["runs"]):
            found, maps = run_one(mp, run, arrays, beat, position)
            result.append(found)
            fields.update({f"{position}/{name}": values for name, values in maps.items()})
        document = {"format": FORMAT, "meep": mp.__version__, "processes": mp.count_processors(), "runs": result}
        if mp.am_master():
            write_result(folder, document, fields)
    except (JobError, KeyError, TypeError, ValueError, IndexError) as problem:
        text = str(problem) if isinstance(problem, JobError) else f"the job file is not well formed: {problem!r}"
        fail(folder, text)
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            os._exit(DISK_FULL)  # at once: Python's own exit would flush stdout, to the same disk, and end with another code
        raise


def fail(folder: str, text: str) -> None:
    """Say why the job failed, and stop."""
    try:
        with open(os.path.join(folder, "error.json"), "w") as file:
            json.dump({"message": text}, file)
    except OSError:
        pass  # the exit code still tells
    sys.exit(JOB_FAILED)


def read_job(folder: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The document and its arrays."""
    import numpy as np

    with open(os.path.join(folder, "job.json")) as file:
        job = json.load(file)
    if job["format"] != FORMAT:
        raise JobError(f"the job has format {job['format']!r}, the worker reads {FORMAT!r}")
    with np.load(os.path.join(folder, "arrays.npz"), allow_pickle=False) as file:
        return job, {name: file[name] for name in file.files}


def write_result(folder: str, document: dict[str, Any], fields: dict[str, Any]) -> None:
    """All of the result, or no file of its name."""
    import numpy as np

    unfinished = os.path.join(folder, "unfinished.npz")
    with open(unfinished, "wb") as file:
        np.savez(file, document=np.array(json.dumps(document)), **fields)
        file.flush()
        os.fsync(file.fileno())
    os.replace(unfinished, os.path.join(folder, "result.npz"))


class Progress:
    """Says how far the job is, and ends it when the process that asked for it is gone."""

    def __init__(self, folder: str, job: dict[str, Any], mp: Any) -> None:
        self.folder, self.mp, self.owner = folder, mp, job["owner"]
        self.names = [run["name"] for run in job["runs"]]
        work = [run["weight"] for run in job["runs"]]
        self.before = [sum(work[:position]) / sum(work) for position in range(len(work) + 1)]
        self.last = 0.0

    def tell(self, position: int, share: float) -> None:
        """A line now and then; ``share`` of the run at ``position``."""
        now = time.monotonic()
        if now - self.last < PROGRESS_EVERY_S:
            return
        self.last = now
        if self.owner_is_gone():
            shutil.rmtree(self.folder, ignore_errors=True)
            os._exit(ORPHANED)
        if self.mp.am_master():
            whole = self.before[position] + share * (self.before[position + 1] - self.before[position])
            with open(os.path.join(self.folder, "progress"), "a") as file:
                file.write(json.dumps({"share": whole, "run": self.names[position]}) + "\n")

    def owner_is_gone(self) -> bool:
        """Whether the process that waits for the result has ended."""
        try:
            os.kill(self.owner, 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            pass
        return False


def run_one(mp: Any, run: dict[str, Any], arrays: dict[str, Any], beat: Progress, position: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """One simulation: what Harminv hears at the probes, and the maps."""
    simulation = build(mp, run, arrays)
    component = getattr(mp, run["component"])
    probes = [mp.Vector3(*point) for point in run["probes"]]
    ears = [mp.Harminv(component, point, run["frequency"], run["bandwidth"]) for point in probes] if run["listen"] else []
    maps = {name: add_map(mp, simulation, wanted) for name, wanted in run["maps"].items()}
    begin = max([run["source_ends"], 0.0])
    end = begin + run["quiet"] + run["duration"]

    def watch(sim: Any) -> None:
        beat.tell(position, min(sim.meep_time() / end, 1.0))
        for point in probes[:1]:
            value = abs(sim.get_field_point(component, point))
            if not value < run["largest_field"]:
                when = f"at time {sim.meep_time():.4g} um/c (field {value:.3g})"
                raise JobError(f"run {run['name']} has diverged {when}: too much gain, or too large a Courant factor")

    listening = [mp.after_time(begin + run["quiet"], ear) for ear in ears]
    simulation.run(mp.at_every(run["watch_every"], watch), *listening, until=end)
    heard = [[[m.freq, m.decay, abs(m.amp), abs(m.err)] for m in ear.modes if math.isfinite(m.freq + m.decay)] for ear in ears]
    taken: dict[str, Any] = {}
    for name, kept in maps.items():
        taken[name] = read_map(simulation, *kept)
        taken.update(zip((name + ":x", name + ":y", name + ":z"), simulation.get_array_metadata(dft_cell=kept[1])[:3]))  # noqa: B905
    if run["epsilon_map"] is not None:
        wanted = run["epsilon_map"]
        box = {"center": mp.Vector3(*wanted["center"]), "size": mp.Vector3(*wanted["size"])}
        taken["epsilon"] = simulation.get_array(component=mp.Dielectric, **box)
    steps = simulation.fields.t
    simulation.reset_meep()
    return {"name": run["name"], "steps": steps, "heard": heard}, taken


def build(mp: Any, run: dict[str, Any], arrays: dict[str, Any]) -> Any:
    """Meep's Simulation of a run."""
    media = [medium(mp, each) for each in run["media"]]
    sources = [
        mp.Source(
            mp.GaussianSource(each["frequency"], fwidth=each["width"], cutoff=each["cutoff"]),
            component=getattr(mp, each["component"]),
            center=mp.Vector3(*each["center"]),
            size=mp.Vector3(*each["size"]),
            **amplitude(each, arrays),
        )
        for each in run["sources"]
    ]
    return mp.Simulation(
        cell_size=mp.Vector3(*run["cell"]),
        dimensions=run["dimensions"],
        resolution=run["resolution"],
        Courant=run["courant"],
        geometry=[shape(mp, each, media, arrays) for each in run["shapes"]],
        default_material=media[run["background"]],
        boundary_layers=[absorber(mp, each) for each in run["absorbers"]],
        k_point=mp.Vector3(*run["k"]) if run["k"] is not None else False,
        symmetries=[mp.Mirror(getattr(mp, each["axis"]), phase=each["phase"]) for each in run["mirrors"]],
        sources=sources,
        ensure_periodicity=False,  # the shapes are drawn beyond the cell; a copy of a tall one would come back in at the other side
        eps_averaging=True,
        force_complex_fields=bool(run["complex_fields"]),
    )


def absorber(mp: Any, given: dict[str, Any]) -> Any:
    """Meep's PML or, where it is to be gradual, its Absorber."""
    kind = mp.Absorber if given["gradual"] else mp.PML
    return kind(given["thickness"], direction=getattr(mp, given["axis"]), side=getattr(mp, given["side"]))


def medium(mp: Any, given: dict[str, Any]) -> Any:
    """Meep's Medium."""
    kinds = {"lorentz": mp.LorentzianSusceptibility, "drude": mp.DrudeSusceptibility}
    return mp.Medium(
        epsilon_diag=mp.Vector3(*given["epsilon"]),
        D_conductivity_diag=mp.Vector3(*given["conductivity"]),
        E_susceptibilities=[kinds[p["kind"]](frequency=p["frequency"], gamma=p["gamma"], sigma=p["sigma"]) for p in given["poles"]],
    )


def shape(mp: Any, given: dict[str, Any], media: list[Any], arrays: dict[str, Any]) -> Any:
    """Meep's Block, Prism or Cylinder."""
    if given["kind"] not in FACTORIES:
        raise JobError(f"a shape is one of {', '.join(FACTORIES)}, not {given['kind']!r}")
    center, filled = mp.Vector3(*given["center"]), {"material": media[given["medium"]]}
    if given["kind"] == "block":
        # Endless along an axis that the cell does not have: at size 0 Meep takes that axis for the normal and averages wrongly.
        return mp.Block(center=center, size=mp.Vector3(*[mp.inf if s is None else s for s in given["size"]]), **filled)
    height = mp.inf if given["height"] is None else given["height"]
    if given["kind"] == "cylinder":
        return mp.Cylinder(radius=given["radius"], height=height, center=center, axis=mp.Vector3(0, 0, 1), **filled)
    corners = [mp.Vector3(x, y, center.z - (0 if given["height"] is None else 0.5 * height)) for x, y in arrays[given["vertices"]]]
    return mp.Prism(corners, height=height, axis=mp.Vector3(0, 0, 1), **filled)


def amplitude(given: dict[str, Any], arrays: dict[str, Any]) -> dict[str, Any]:
    """Keywords of a source whose strength is tabulated along its one extended axis."""
    if given["profile"] is None:
        return {"amplitude": complex(*given["amplitude"])}
    import numpy as np

    axis, table = given["profile"]["axis"], arrays[given["profile"]["table"]]
    where, values = table[0].real, table[1]

    def at(point: Any) -> complex:
        return complex(np.interp(getattr(point, axis), where, values.real), np.interp(getattr(point, axis), where, values.imag))

    return {"amp_func": at, "amplitude": complex(*given["amplitude"])}


def add_map(mp: Any, simulation: Any, wanted: dict[str, Any]) -> tuple[list[Any], Any]:
    """Ask Meep to sum up a map while it runs."""
    components = [getattr(mp, name) for name in wanted["components"]]
    box = mp.Volume(center=mp.Vector3(*wanted["center"]), size=mp.Vector3(*wanted["size"]))
    return components, simulation.add_dft_fields(components, wanted["frequency"], 0, 1, where=box)


def read_map(simulation: Any, components: list[Any], kept: Any) -> Any:
    """The map [component, …], cut to what all components have."""
    import numpy as np

    arrays = [simulation.get_dft_array(kept, component, 0) for component in components]
    least = np.min([array.shape for array in arrays], axis=0)
    return np.array([array[tuple(slice(0, n) for n in least)] for array in arrays])


if __name__ == "__main__":
    main(sys.argv[1])
