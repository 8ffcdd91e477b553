"""K, C and pulses of a device from its layers: limits, the published LED, glass against sapphire."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import inf

import numpy as np
import pytest

from qdphotonics import load_material, load_stack
from qdphotonics.errors import ArgumentError
from qdphotonics.materials import Material
from qdphotonics.thermal import Footprint, Heating, ThermalLayer, device_heating, spreading_resistance_K_per_W

AREA, LENGTH = 50.0 * 300.0, 300.0  # um^2, um: the LED of Chem. Rev. 2023, section 6.1.5
MEASURED = Heating.lumped(4.8e-3, 1.9e-8)
PULSES_NS = (1e3, 3e3, 1e4, 3e4)  # of its Fig. 34
GLASS = ThermalLayer("glass", inf, 1.1, 2.15)
FILM = ThermalLayer("QD", 50.0, 0.2, 1.6)


def layer(name: str, material: Material, thickness_nm: float) -> ThermalLayer:
    heat = material.thermal
    assert heat is not None
    return ThermalLayer(name, thickness_nm, heat.conductivity_W_per_mK, heat.heat_capacity_J_per_cm3K, heat.in_plane_conductivity_W_per_mK)


def stack_layers(name: str) -> list[ThermalLayer]:
    return [layer(each.name, each.material, each.thickness_nm) for each in load_stack(name).layers]


def test_thin_film_on_glass() -> None:
    """K -> that of the rectangle on glass as the film vanishes; a film of thickness d adds to first order
    (d/(2 kappa_f) - kappa_f d/kappa^2)/A: half of it is crossed, and all of it leads heat along. Tolerances: 1e-4 of the fit;
    1 % of the addition, of which the second order is d/W."""
    bare = spreading_resistance_K_per_W(Footprint(50.0, 300.0), 1.1)
    vanishing = device_heating([replace(FILM, thickness_nm=1e-3)], GLASS, AREA, source="QD", length_um=LENGTH)
    assert 1 / vanishing.conductance_W_per_K == pytest.approx(bare, rel=1e-4, abs=0)
    film = device_heating([FILM], GLASS, AREA, source="QD", length_um=LENGTH)
    added = (FILM.resistance_m2K_per_W / 2 - 0.2 * 50e-9 / 1.1**2) / (AREA * 1e-12)
    assert 1 / film.conductance_W_per_K - 1 / vanishing.conductance_W_per_K == pytest.approx(added, rel=0.01, abs=0)


def test_wide_device_on_a_thin_plate_is_one_dimensional() -> None:
    """10 mm x 10 mm on 0.1 mm of glass on an ideal sink: K = A/(d/kappa + half the film), and the slab's C: heat time
    0.405 x d^2/D ln-form; edges carry 1 % (of order d/W)."""
    plate = replace(GLASS, thickness_nm=1e5)
    device = device_heating([FILM], plate, 1e8, source="QD")
    expected = (plate.resistance_m2K_per_W + FILM.resistance_m2K_per_W / 2) / 1e-4
    assert 1 / device.conductance_W_per_K == pytest.approx(expected, rel=0.02, abs=0)
    # Carslaw and Jaeger section 3.8, first term: 1 - 8/pi^2 exp(-pi^2 D t/(4 d^2)) = 1 - 1/e
    time = 4 * (1e-4) ** 2 / (np.pi**2 * plate.diffusivity_m2_per_s) * (1 + np.log(8 / np.pi**2))
    assert device.heat_time_ns * 1e-9 == pytest.approx(time, rel=0.03, abs=0)


def test_the_published_k_and_c_follow_from_the_layers() -> None:
    """Chem. Rev. 2023, section 6.1.5: K 4.8 mW/K, C 19 nJ/K, fitted to the mean heating by pulses of 1 to 30 us. Nothing fitted here:
    the layers of jung2022-lito-ag on glass, silver cut to the area (the narrow anode that focuses the current), give 6.5 mW/K and
    18 nJ/K by the same procedure, and each mean within 30 % of the measured curve. Tolerances: conductivities of the films are
    known to a factor of 2. The K of d.c. is 14 times smaller: the source's K is that of pulses."""
    layers = [replace(each, in_plane_conductivity_W_per_mK=0.0) if each.name == "Ag" else each for each in stack_layers("jung2022-lito-ag")]
    glass = layer("glass", load_material("glass"), inf)
    device = device_heating(layers, glass, AREA, source="QD", length_um=LENGTH)
    for pulse in PULSES_NS:
        assert float(device.mean_K(1.0, pulse)) == pytest.approx(float(MEASURED.mean_K(1.0, pulse)), rel=0.30, abs=0)
    fitted = device.lumped_equivalent(PULSES_NS)
    assert fitted.conductance_W_per_K == pytest.approx(4.8e-3, rel=0.4, abs=0)
    assert fitted.capacity_J_per_K == pytest.approx(1.9e-8, rel=0.1, abs=0)
    assert device.conductance_W_per_K < 0.1 * fitted.conductance_W_per_K


def test_sapphire_cools_better_than_glass() -> None:
    """Nat. Photonics 15, 643 (2021): j_max 2.5 -> 3.9 A/cm^2 from glass (1.1) to sapphire (25 W/mK), a factor of 1.56 (of power:
    more, the voltage rises too). A planar LED of 4 mm^2 (chosen) on 0.7 mm on an ideal sink gives 22 in K, the ratio of the
    conductivities nearly: the published device is limited by what follows the substrate. In still air (10 W/m^2 K over one or
    both faces of a plate of 25 mm x 25 mm) the model gives 1.6 to 2.3. The trend is the source's, the number is the mount's."""
    films = stack_layers("qd-led")
    bare, on_one_face, on_both = [], [], []
    for name in ("glass", "sapphire"):
        plate = layer(name, load_material(name), 0.7e6)
        device = device_heating(films, plate, 4e6, source="QD")
        capacity = plate.capacity_J_per_m2K * 6.25e-4
        bare.append(device.conductance_W_per_K)
        on_one_face.append(device.behind(1 / (10 * 6.25e-4), capacity, "air").conductance_W_per_K)
        on_both.append(device.behind(1 / (10 * 12.5e-4), capacity, "air").conductance_W_per_K)
    assert 15 < bare[1] / bare[0] < 25 / 1.1
    assert on_one_face[1] / on_one_face[0] == pytest.approx(1.6, abs=0.1)
    assert on_both[1] / on_both[0] == pytest.approx(2.2, abs=0.15)


def test_order_and_place_matter() -> None:
    """Heat released above a poor conductor heats more than below it; a layer above changes K only by spreading along itself:
    cut to the area it changes nothing under d.c., and slows short pulses."""
    poor = ThermalLayer("poor", 300.0, 0.1, 1.6)
    other = ThermalLayer("other", 50.0, 0.2, 1.6)
    above, below = (device_heating([FILM, poor, other], GLASS, AREA, source=source) for source in ("other", "QD"))
    assert above.conductance_W_per_K < below.conductance_W_per_K
    bare = device_heating([FILM], GLASS, AREA, source="QD")
    cap = ThermalLayer("cap", 500.0, 0.2, 3.0, in_plane_conductivity_W_per_mK=0.0)
    capped = device_heating([FILM, cap], GLASS, AREA, source="QD")
    assert capped.conductance_W_per_K == pytest.approx(bare.conductance_W_per_K, rel=1e-4, abs=0)
    assert capped.peak_K(1.0, 200.0) < 0.8 * bare.peak_K(1.0, 200.0)


def test_origin_is_told() -> None:
    """A reader of a report learns what K and C rest on."""
    device = device_heating([FILM], replace(GLASS, thickness_nm=0.7e6), 9e4, source="QD", sink_W_per_m2K=500.0)
    told = "K and C computed from the layers: heat of QD over 300 x 300 um (taken as a square), through the layers into 0.7 mm of glass"
    assert device.origin.startswith(told + " on 500 W/m2K; its course in time within ")
    assert "half-space of glass" in device_heating([FILM], GLASS, AREA, source="QD").origin
    assert Heating.lumped(1.0, 1.0).origin == "K and C as given"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: device_heating([FILM], GLASS, AREA, source="EML"),
            'Argument `source` must name one of the layers QD, but it is "EML"',
        ),
        (
            lambda: device_heating([], GLASS, AREA, source="QD"),
            'Argument `source` must name one of the layers (there are none), but it is "QD"',
        ),
        (
            lambda: device_heating([replace(FILM, thickness_nm=inf)], GLASS, AREA, source="QD"),
            'layer "QD": Argument `thickness_nm` must be finite (only a substrate may be infinite)',
        ),
        (lambda: device_heating([FILM], GLASS, -1.0, source="QD"), "Argument `area_um2` must be > 0 and finite, but it is -1.0"),
        (
            lambda: device_heating([FILM], GLASS, 1.0, source="QD", length_um=0.0),
            "Argument `length_um` must be > 0 and finite, but it is 0.0",
        ),
        (
            lambda: device_heating([FILM], GLASS, 1.0, source="QD", sink_W_per_m2K=-3.0),
            "Argument `sink_W_per_m2K` must be > 0, but it is -3.0",
        ),
    ],
)
def test_wrong_devices_are_named(call: Callable[[], object], message: str) -> None:
    """Each refusal names the argument, the rule and the value."""
    with pytest.raises(ArgumentError) as caught:
        call()
    assert str(caught.value) == message
