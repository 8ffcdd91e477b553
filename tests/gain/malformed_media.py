"""Two medium files, and what is said of each slip in them: what to replace, by what, and the message."""

from __future__ import annotations

GOOD = """\
name: dots
source: "nobody"
material_gain_per_cm: {value: 200, source: "a"}
gain_energy_eV: {value: 1.98, assumed: [1.9, 2.1], source: "a"}
exciton_lifetime_ns: {value: 12, source: "a"}
biexciton_lifetime_ns: {value: 1.3, source: "a"}
radius_nm: {value: 6, source: "a"}
areal_fill: {value: 0.5, source: "a"}
monolayer_thickness_nm: {value: 10, source: "a"}
pump_energy_eV: {value: 3.1, source: "a"}
absorption_cross_section_cm2: {value: 4e-14, source: "a"}
"""

MALFORMED = [
    ("value: 1.3", "value: -1.3", "6: biexciton_lifetime_ns.value must be > 0, got -1.3"),
    (
        "value: 1.3",
        "value: 1300",
        "6: biexciton_lifetime_ns.value must be ≤ exciton_lifetime_ns "
        "(12 ns; in ns, not ps; allow_longer_biexciton: true if it is meant), got 1300",
    ),
    ("value: 200", 'value: "200"', '3: material_gain_per_cm.value must be a finite number > 0, got "200"'),
    ("value: 200", "value: .inf", "3: material_gain_per_cm.value must be a finite number > 0, got .inf"),
    ("{value: 200,", "{valu: 200,", '3: material_gain_per_cm: unknown key "valu"; did you mean "value"?'),
    ("{value: 12, ", "{value: 12} #", "5: exciton_lifetime_ns.source must be given"),
    ('{value: 12, source: "a"}', '{value: 12, source: ""}', '5: exciton_lifetime_ns.source must not be empty, got ""'),
    ('{value: 12, source: "a"}', "12", "5: exciton_lifetime_ns must be a mapping with the keys value, source, assumed, got 12"),
    ("\nexciton_lifetime_ns:", "\nexciton_lifetime:", '5: unknown key "exciton_lifetime"; did you mean "exciton_lifetime_ns"'),
    ("[1.9, 2.1]", "[2.0, 2.1]", "4: gain_energy_eV must lie within its assumed range [2, 2.1], got 1.98"),
    ("[1.9, 2.1]", "[2.1, 1.9]", "4: gain_energy_eV must have an assumed range [low, high] with low < high, got [2.1, 1.9]"),
    ("[1.9, 2.1]", "[1.9, 2.0, 2.1]", "4: gain_energy_eV.assumed must have at most 2 entries, got 3"),
    ("value: 0.5", "value: 1.5", "8: areal_fill.value must be > 0 and ≤ 1, got 1.5"),
    ("value: 3.1", "value: 1.1", "10: pump_energy_eV.value must be ≥ gain_energy_eV (1.98 eV), got 1.1"),
    ("radius_nm", "# ", "1: geometric_cross_section_cm2 or radius_nm must be given, got neither"),
    (
        "radius_nm:",
        'geometric_cross_section_cm2: {value: 3e-12, source: "a"}\nradius_nm:',
        "8: radius_nm must not be given beside geometric_cross_section_cm2: one follows from the other",
    ),
    (
        'biexciton_lifetime_ns: {value: 1.3, source: "a"}\nradius_nm: {value: 6,',
        'auger_ps_per_nm3: {value: 1, source: "a"}\ngeometric_cross_section_cm2: {value: 1e-12,',
        "6: auger_ps_per_nm3 needs radius_nm or volume_nm3 (tau_XX = chi V), got geometric_cross_section_cm2",
    ),
    (
        "value: 4e-14",
        "value: 4e-11",
        "11: absorption_cross_section_cm2.value must be ≤ the geometric one of a dot (1.13e-12 cm²), got 4e-11",
    ),
    (
        "nm: {value: 10,",
        "nm: {value: 1,",
        "9: monolayer_thickness_nm.value must be from 6 to 18 nm, for dots of radius 6 nm, got 1",
    ),
    (
        "nm: {value: 10,",
        "nm: {value: 100,",
        "9: monolayer_thickness_nm.value must be from 6 to 18 nm, for dots of radius 6 nm, got 100",
    ),
    ("name: dots", "name: spots", '1: name must be the name of its file, "dots", got "spots"'),
    ("name: dots\n", "", "1: name must be given"),
    ("name: dots", "name: 7", "1: name must be text, got 7"),
    ('source: "nobody"', 'name: "dots"', '2: the key "name" is repeated (first on line 1)'),
    ('"nobody"', "!!python/object:os.system x", "2: tags are not allowed, got tag:yaml.org,2002:python/object:os.system"),
    (GOOD, "[1, 2]", "1: the file must be a mapping with the keys name, source,"),
]


LONG = """\
name: dots
source: "nobody"
transitions:
  - name: edge
    level: 1S
    share: {value: 0.5, assumed: [0.4, 0.6], source: "a"}
    energy_eV: {value: 1.98, source: "a"}
    gain_per_cm: {value: 200, source: "a"}
    homogeneous_fwhm_meV: {value: 40, source: "a"}
    inhomogeneous_fwhm_meV: {value: 60, source: "a"}
  - name: above
    level: 1P
    energy_eV: {value: 2.2, assumed: [2.1, 2.3], source: "a"}
    gain_per_cm: {value: 300, source: "a"}
    homogeneous_fwhm_meV: {value: 40, source: "a"}
    inhomogeneous_fwhm_meV: {value: 60, source: "a"}
sub_gap_gain:
  energy_eV: {value: 1.85, source: "a"}
  gain_per_cm: {value: 30, assumed: [10, 50], source: "a"}
  homogeneous_fwhm_meV: {value: 40, source: "a"}
  inhomogeneous_fwhm_meV: {value: 60, source: "a"}
exciton_exciton_meV: {value: -10, assumed: [-20, 0], source: "a"}
gap_shift_meV_per_K: {value: -0.3, source: "a"}
electron_levels: {value: [2, 6], source: "a"}
hole_levels: {value: [4, 6], source: "a"}
exciton_lifetime_ns: {value: 12, source: "a"}
auger_lifetime_ns: {value: 2, source: "a"}
measured_lifetimes: [{electrons: 2, holes: 1, lifetime_ns: {value: 4, assumed: [3, 5], source: "a"}}]
permanent_charge: {value: 0.5, source: "a"}
charge_distribution: fixed
injection: separate
charging_energy_meV: {value: 50, source: "a"}
radius_nm: {value: 6, source: "a"}
areal_fill: {value: 0.5, source: "a"}
monolayer_thickness_nm: {value: 10, source: "a"}
pump_energy_eV: {value: 3.1, source: "a"}
pump_statistics: band-edge
absorption_cross_section_cm2: {value: 4e-14, source: "a"}
valid: {energy_eV: [1.8, 2.4], temperature_K: [280, 350], excitons_per_dot: 8, source: "a"}
"""

MALFORMED_LONG = [
    ("level: 1P", "level: 1X", "12: transitions[1] \"above\": level must be '1S', '1P', '1D', '2S' or '1F', got \"1X\""),
    (
        "value: 2.2, assumed: [2.1, 2.3]",
        "value: 1.9, assumed: [1.85, 2.3]",
        '13: transitions[1] "above": energy_eV.value must be ≥ that of the first, "edge" (1.98 eV): the band edge comes first, got 1.9',
    ),
    (
        "level: 1S",
        "level: 1P",
        '5: transitions[0] "edge": level must be 1S: the band edge comes first, got 1P',
    ),
    ("{value: 1.98,", "{value: 626,", '7: transitions[0] "edge": energy_eV.value must be ≤ 6, a photon energy in eV, got 626'),
    (
        "pump_energy_eV: {value: 3.1,",
        "pump_energy_eV: {value: 1.9,",
        "36: pump_energy_eV.value must be ≥ the band edge, energy_eV of transitions[0] (1.98 eV), got 1.9",
    ),
    ("level: 1P", "level: 1D", '12: transitions[1] "above": level must be one of the 2 levels with a degeneracy, 1S, 1P, got 1D'),
    (
        "level: 1S",
        "level: 1S\n    hole_level: 1D",
        '6: transitions[0] "edge": hole_level must be one of the 2 levels with a degeneracy, 1S, 1P, got 1D',
    ),
    ("name: above", "name: edge", '11: transitions[1] "edge": name must be a name of its own, got "edge" twice'),
    ("value: 0.5, assumed: [0.4, 0.6]", "value: 1.5", '6: transitions[0] "edge": share.value must be > 0 and ≤ 1, got 1.5'),
    (
        "value: 2.2, assumed",
        "value: 2.5, assumed",
        '13: transitions[1] "above": energy_eV must lie within its assumed range [2.1, 2.3], got 2.5',
    ),
    ("{value: 1.98,", "{value: -1.98,", '7: transitions[0] "edge": energy_eV.value must be > 0, got -1.98'),
    ("{value: 1.98,", "{value: 1.7,", '7: transitions[0] "edge": energy_eV.value must lie within valid.energy_eV, 1.8 to 2.4 eV, got 1.7'),
    (
        "value: -10, assumed: [-20, 0]",
        "value: 10, assumed: [-20, 0]",
        "22: exciton_exciton_meV must lie within its assumed range [-20, 0], got 10",
    ),
    ("value: [2, 6]", "value: [2, 6, 10]", "25: hole_levels.value must hold as many electron as hole levels, got [2, 6, 10] and [4, 6]"),
    ("value: [2, 6]", "value: [2, 0]", "24: electron_levels.value[1] must be an integer ≥ 1, got 0"),
    ("value: [2, 6]", "value: []", "24: electron_levels.value must have at least 1 entries, got 0"),
    ("auger_lifetime_ns: {value: 2,", "auger_lifetime_ns: {value: -2,", "27: auger_lifetime_ns.value must be > 0, got -2"),
    (
        "auger_lifetime_ns: {value: 2",
        'auger_family: "II-IV" #',
        "27: auger_family must be 'II-VI', 'III-V', 'IV-VI', 'Si', 'perovskite' or 'nanoplatelet', got \"II-IV\"",
    ),
    (
        "auger_lifetime_ns:",
        'biexciton_lifetime_ns: {value: 1, source: "a"}\nauger_lifetime_ns:',
        "28: auger_lifetime_ns must not be given beside biexciton_lifetime_ns: one follows from the other",
    ),
    (
        "auger_lifetime_ns",
        "# ",
        "1: biexciton_lifetime_ns or auger_ps_per_nm3 or auger_lifetime_ns or auger_family must be given, got none",
    ),
    ("electrons: 2, holes: 1", "electrons: 2, holes: 0", "28: measured_lifetimes[0]: holes must be an integer ≥ 1, got 0"),
    (
        "electrons: 2, holes: 1",
        "electrons: 2, holes: 2",
        "28: measured_lifetimes[0] must differ from the exciton (1, 1), the biexciton (2, 2) and those before, got (2, 2)",
    ),
    ("permanent_charge: {value: 0.5", "permanent_charge: {value: -1", "29: permanent_charge.value must be ≥ 0, got -1"),
    (
        "permanent_charge: {value: 0.5",
        "permanent_charge: {value: 9",
        "29: permanent_charge.value must be ≤ 8, the room in the electron levels, got 9",
    ),
    ("distribution: fixed", "distribution: some", "30: charge_distribution must be 'poisson' or 'fixed', got \"some\""),
    (
        "radius_nm: {",
        "compound: CdS3\nradius_nm: {",
        '33: compound must be one of materials/compounds/, got "CdS3"; did you mean "CdS" or "CdSe"',
    ),
    ("injection: separate", "injection: pairs", "32: charging_energy_meV needs `injection: separate`: pairs do not charge a dot"),
    ("pump_statistics: band-edge", "pump_statistics: thermal", "37: pump_statistics must be 'poisson' or 'band-edge', got \"thermal\""),
    ("energy_eV: [1.8, 2.4]", "energy_eV: [2.4, 1.8]", "39: valid must have energy_eV [low, high] with low < high, got [2.4, 1.8]"),
    ("temperature_K: [280, 350], ", "", "39: valid.temperature_K must be given"),
    (
        "permanent_charge:",
        'gain_energy_eV: {value: 2, source: "a"}\npermanent_charge:',
        "3: transitions must not be given beside gain_energy_eV: one follows from the other",
    ),
    (
        "permanent_charge:",
        'homogeneous_fwhm_meV: {value: 2, source: "a"}\npermanent_charge:',
        "29: homogeneous_fwhm_meV must not be given beside transitions: each of them has its own",
    ),
    (
        'homogeneous_fwhm_meV: {value: 40, source: "a"}\n    inhomogeneous_fwhm_meV: {value: 60',
        'homogeneous_fwhm_meV: {value: 0, source: "a"}\n    inhomogeneous_fwhm_meV: {value: 0',
        '10: transitions[0] "edge": inhomogeneous_fwhm_meV.value must be > 0 where homogeneous_fwhm_meV is 0: a line needs a width, got 0',
    ),
]
