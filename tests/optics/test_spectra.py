"""Reflectance, transmittance, absorptance by layer name."""

from __future__ import annotations

import numpy as np
import pytest

import qdphotonics as qdp
from qdphotonics.optics import Side, spectrum
from qdphotonics.stacks import Stack

ENERGY = 1e-12  # rounding of R + T + A over a few layers


def bare(first: float, second: float) -> Stack:
    """An interface between two half-spaces: the one layer has the index of the second."""
    return qdp.load_stack(
        {
            "name": "interface",
            "wavelength": 600,
            "substrate": {"n": first},
            "superstrate": {"n": second},
            "layers": [{"name": "same", "material": {"n": second}, "thickness": 50}],
        }
    )


def test_one_interface_reflects_as_fresnel_says() -> None:
    """R = [(1.5 - 1)/(1.5 + 1)]^2 = 0.04 at normal incidence; no R of TM at Brewster's angle atan(1/1.5) from the glass."""
    result = spectrum(bare(1.5, 1.0), [600.0], [0.0, np.degrees(np.arctan(1 / 1.5))])
    assert result.TE.reflectance[0, 0] == pytest.approx(0.04, abs=1e-14)
    assert result.TM.reflectance[0, 0] == pytest.approx(0.04, abs=1e-14)
    assert result.TM.reflectance[1, 0] == pytest.approx(0.0, abs=1e-14)
    assert result.TE.reflectance[1, 0] > 0.1


def test_light_enters_from_the_side_that_is_asked_for() -> None:
    """Beyond the critical angle 41.8 degrees everything is reflected into the glass; from the air nothing special happens."""
    stack = bare(1.5, 1.0)
    inside = spectrum(stack, [600.0], 60.0, from_="substrate", polarization="TE")
    outside = spectrum(stack, [600.0], 60.0, from_="superstrate", polarization="TE")
    assert inside.TE.reflectance[0, 0] == pytest.approx(1.0, abs=1e-14)
    assert outside.TE.reflectance[0, 0] < 0.25


@pytest.mark.parametrize("side", ["substrate", "superstrate"])
def test_all_light_is_accounted_for_by_layer(silver_led: Stack, side: Side) -> None:
    """R + T + sum A = 1 at every angle and wavelength; the silver absorbs, whichever side the light comes from."""
    wavelengths, angles = np.linspace(500.0, 700.0, 21), [0.0, 30.0, 35.0]
    result = spectrum(silver_led, wavelengths, angles, side)
    for values in (result.TE, result.TM):
        assert values.reflectance.shape == (3, 21)
        total = values.reflectance + values.transmittance + sum(values.absorptance.values())
        assert np.abs(total - 1).max() < ENERGY
        assert values.absorptance["Ag"].min() > 1e-3
        assert values.absorptance["QD"].max() < ENERGY  # a gain layer's material holds the background only: lossless here


def test_transmission_is_the_same_both_ways(silver_led: Stack) -> None:
    """Reciprocity: T from below at 0 degrees equals T from above, R and A do not."""
    below, above = (spectrum(silver_led, [600.0], 0.0, side) for side in ("substrate", "superstrate"))
    assert below.TE.transmittance == pytest.approx(above.TE.transmittance, rel=1e-9)
    assert abs(below.TE.reflectance - above.TE.reflectance).max() > 1e-3


def test_the_document_is_indexed_by_angle_then_wavelength(slab: Stack) -> None:
    result = spectrum(slab, [500.0, 600.0, 700.0], [0.0, 45.0], polarization="TE")
    document = result.as_dict()
    assert list(document) == ["wavelength_nm", "angle_deg", "TE"]
    assert document["TE"]["reflectance"][1][2] == result.TE.reflectance[1, 2]
    assert document["TE"]["absorptance"]["core"][0] == [0.0, 0.0, 0.0] or np.abs(document["TE"]["absorptance"]["core"][0]).max() < ENERGY
    with pytest.raises(qdp.ArgumentError, match="for TE only, not for TM"):
        result.TM  # noqa: B018


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"angles_deg": 90.0}, "0 <= angle < 90 degrees, but holds 90"),
        ({"angles_deg": [0.0, -1.0]}, "holds -1"),
        ({"angles_deg": []}, "has shape (0,)"),
        ({"from_": "above"}, '`from_` must be "substrate" or "superstrate", but is "above"'),
        ({"wavelengths_nm": [600.0, np.inf]}, "positive and finite, but is inf"),
    ],
)
def test_arguments_out_of_range_are_refused(slab: Stack, arguments: dict[str, object], message: str) -> None:
    with pytest.raises(qdp.ArgumentError) as caught:
        spectrum(slab, **{"wavelengths_nm": [600.0], **arguments})  # type: ignore[arg-type]
    assert message in str(caught.value)


def on_a_pane(stack: Stack, thickness_mm: float) -> Stack:
    """The stack with its substrate as a thick incoherent layer of k = 1e-7 over air."""
    document = stack.document.data
    pane = {"name": "pane", "material": {"n": 1.5, "k": 1e-7}, "thickness": f"{thickness_mm} mm", "coherent": False}
    return qdp.load_stack(document | {"substrate": "air", "layers": [pane, *document["layers"]]})


def test_a_device_seen_through_its_glass(silver_led: Stack) -> None:
    """R = rho + (1 - rho)^2 R_g tau^2/(1 - rho R_g tau^2), the glass between R_g, that of the device on glass, and rho, of glass in air.

    tau = exp(-4 pi k d/lambda) = 0.98; each layer of the device absorbs its share on glass times (1 - rho) tau/(1 - rho R_g tau^2).
    """
    wavelengths = np.linspace(600.0, 660.0, 7)
    glass = silver_led.changed({"substrate": {"n": 1.5}})
    inside, seen = spectrum(glass, wavelengths), spectrum(on_a_pane(glass, 10), wavelengths)
    rho, tau = 0.04, np.exp(-4 * np.pi * 1e-7 * 1e7 / wavelengths)
    for within, through in ((inside.TE, seen.TE), (inside.TM, seen.TM)):
        light = (1 - rho) * tau / (1 - rho * within.reflectance * tau**2)
        assert through.reflectance == pytest.approx(rho + (1 - rho) * light * tau * within.reflectance, abs=1e-6)
        assert list(through.absorptance) == ["pane", *within.absorptance]
        for name, share in within.absorptance.items():
            assert through.absorptance[name] == pytest.approx(light * share, abs=1e-6)
        total = through.reflectance + through.transmittance + sum(through.absorptance.values())
        assert np.abs(total - 1).max() < ENERGY
        assert through.absorptance["pane"].min() > 0.02


def test_a_pane_has_no_fringes_from_either_side(slab: Stack) -> None:
    """2 mm of n = 1.5 in air: R = 2 rho/(1 + rho) = 1/13, T = 12/13 at every wavelength; a film on one side: T both ways alike."""
    air = {"substrate": "air", "superstrate": "air", "layers.core.material": {"n": 1.5}, "layers.core.thickness": "2 mm"}
    pane = slab.changed({**air, "layers.core.coherent": False})
    result = spectrum(pane, np.linspace(500.0, 501.0, 50))
    assert result.TE.reflectance == pytest.approx(1 / 13, rel=1e-12)
    assert result.TM.transmittance == pytest.approx(12 / 13, rel=1e-12)
    coated = on_a_pane(slab.changed({"superstrate": "air", "layers.core.material": {"n": 2.2, "k": 0.1}}), 1)
    above, below = (spectrum(coated, [550.0, 600.0], [0.0, 50.0], side) for side in ("superstrate", "substrate"))
    assert above.TM.transmittance == pytest.approx(below.TM.transmittance, rel=1e-12)
    assert np.abs(above.TM.reflectance - below.TM.reflectance).max() > 0.01
    assert above.TM.absorptance["core"].min() > 0.05


def test_the_faint_absorption_of_a_glass_is_left_out_of_its_light_path() -> None:
    """k = 1e-8 in the glass that the light comes from changes nothing; k = 1e-3 makes a reflectance meaningless."""
    clear, faint, dark = (bare(1.5, 1.0).changed({"substrate": {"n": 1.5, "k": k}}) for k in (0, 1e-8, 1e-3))
    assert spectrum(faint, [600.0]).TE.reflectance == spectrum(clear, [600.0]).TE.reflectance
    with pytest.raises(qdp.StackError, match=r"the substrate must be transparent.*k is up to 0.001"):
        spectrum(dark, [600.0])
    assert spectrum(dark, [600.0], from_="superstrate").TE.reflectance[0, 0] == pytest.approx(0.04, abs=1e-6)


def test_a_spectrum_shows_itself_as_a_table(slab: Stack) -> None:
    result = spectrum(slab, [500.0, 600.0])
    assert "R TE" in repr(result)
    assert "<table>" in result._repr_html_()
