"""The YAML reader and the messages that pydantic's errors become."""

from __future__ import annotations

import time
from collections.abc import Callable
from math import isinf, isnan
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, StrictBool, field_validator

from qdphotonics._yaml import Document, FileModel, Number, Text, nearest, plain_scalar, read_text, read_yaml, shown, validate
from qdphotonics._yaml.reader import MAX_BYTES, MAX_DEPTH, MAX_NODES
from qdphotonics.errors import InputError, MaterialError, StackError

AT_ONCE_S = 5.0  # of CPU time: a file that grew would take hours; a slow machine under coverage takes a second


class Item(FileModel):
    name: Text
    thickness: Annotated[float, Number(gt=0, unit="nm")]
    share: Annotated[float, Number(ge=0, le=1)] = 0.0
    count: Annotated[int, Number(ge=1, integer=True)] = 1
    flag: StrictBool = True
    role: Literal["gain"] | None = None
    pair: tuple[Annotated[float, Number()], Annotated[float, Number()]] = (0.0, 0.0)

    @field_validator("name")
    @classmethod
    def _not_reserved(cls, name: str) -> str:
        if name == "substrate":
            raise ValueError("must not be substrate")
        return name


class Whole(FileModel):
    items: Annotated[list[Item], Field(min_length=1)]
    inner: Item | None = None


# --- scalars: YAML 1.2 core schema, section 10.3.2 -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-3", 0.001),
        ("1.0e-3", 0.001),
        ("4.8e-3", 0.0048),
        ("1E5", 1e5),
        (".5", 0.5),
        ("5.", 5.0),
        ("-5", -5),
        ("+5", 5),
        ("010", 10),
        ("0x1F", 31),
        ("0o17", 15),
        ("true", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("on", "on"),
        ("off", "off"),
        ("yes", "yes"),
        ("No", "No"),
        ("n", "n"),
        ("tRUE", "tRUE"),
        ("10:50", "10:50"),
        ("1_000", "1_000"),
        ("2020-01-01", "2020-01-01"),
        ("0b11", "0b11"),
        ("0xZZ", "0xZZ"),
        ("-0x1F", "-0x1F"),
        ("1e", "1e"),
        (".", "."),
        ("<<", "<<"),
    ],
)
def test_plain_scalars_follow_yaml_1_2(text: str, value: object) -> None:
    """The core schema of YAML 1.2, where YAML 1.1 (PyYAML's own resolver) reads 010 as 8, on as true, 10:50 as 650."""
    read = read_text(f"key: {text}", InputError).data["key"]
    assert read == value
    assert type(read) is type(value)


def test_infinities_and_nan_are_read_for_what_they_are() -> None:
    data = read_text("[.inf, -.Inf, .NaN, 1e999]", InputError).data
    assert data[0] == float("inf")
    assert data[1] == float("-inf")
    assert isnan(data[2])
    assert isinf(data[3])


def test_digits_beyond_what_python_converts_are_a_float() -> None:
    """Python refuses int("9" * 5000); a file must not bring that out as a traceback."""
    assert isinf(plain_scalar("9" * 5000))
    assert plain_scalar("123456789012345678901234567890") == 1.2345678901234568e29


@pytest.mark.parametrize("quoted", ["'1e-3'", '"1e-3"', "|-\n  1e-3", ">-\n  1e-3"])
def test_quoted_and_block_scalars_are_text(quoted: str) -> None:
    assert read_text(f"key: {quoted}", InputError).data == {"key": "1e-3"}


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_survives(value: float) -> None:
    assert read_text(f"key: {value!r}", InputError).data["key"] == value


@given(st.integers(min_value=-(10**18), max_value=10**18))
def test_every_integer_survives(value: int) -> None:
    assert read_text(f"key: {value}", InputError).data["key"] == value


plain_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(min_size=1, max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(plain_values)
def test_what_pyyaml_writes_is_read_back(value: Any) -> None:
    """PyYAML quotes what YAML 1.1 or 1.2 would read otherwise, and writes 1e+16 as 1.0e+16: a second implementation."""
    text = yaml.safe_dump({"key": value}, allow_unicode=True)
    if "!!" not in text:  # it tags the odd binary text, and tags are refused
        assert read_text(text, InputError).data == {"key": value}


# --- places ----------------------------------------------------------------------------------------------------------

PLACED = """\
name: a
items:
  - {name: first, thickness: 5}
  - name: second
    thickness:
      5
    pair: [1,
           2]
"""


@pytest.mark.parametrize(
    ("loc", "line"),
    [
        ((), 1),
        (("items",), 2),
        (("items", 0, "thickness"), 3),
        (("items", 1), 4),
        (("items", 1, "thickness"), 5),
        (("items", 1, "pair", 1), 8),
        (("items", 1, "nothing", "of", 3), 4),
        (("nothing",), 1),
    ],
)
def test_every_place_knows_its_line(loc: tuple[str | int, ...], line: int) -> None:
    """A key's line is where the key stands; of what is not there, the deepest part that is."""
    assert read_text(PLACED, InputError).line(loc) == line


def test_a_replaced_value_leaves_the_original_alone_and_is_named_in_faults() -> None:
    document = read_text(PLACED, StackError)
    changed = document.replaced(("items", 1, "thickness"), -1, "items.second.thickness=-1")
    assert changed.at(("items", 1, "thickness")) == -1
    assert document.at(("items", 1, "thickness")) == 5
    assert changed.replaced(("new", "deep"), 3, "…").at(("new", "deep")) == 3
    told = '5: items[1] "second": thickness is wrong (changed by items.second.thickness=-1)'
    assert str(changed.fault(("items", 1, "thickness"), "is wrong")).endswith(told.removeprefix("5: "))
    assert "changed" not in str(changed.fault(("items", 0, "thickness"), "is wrong"))


def test_values_from_python_have_no_line() -> None:
    problem = Document({"items": []}, StackError).fault(("items",), "must not be empty")
    assert (problem.file, problem.line, str(problem)) == (None, None, "items must not be empty")


# --- refusals --------------------------------------------------------------------------------------------------------


def laughs(levels: int = 9) -> str:
    """Ten references to ten references to …: 10^9 values in 400 bytes."""
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, levels)]
    return "\n".join(rows)


REFUSED = [
    ("a: 1\nb: 2\na: 3\n", 3, 'the key "a" is repeated (first on line 1)'),
    ("x:\n  - {n: 1, k: 0, n: 2}\n", 2, 'the key "n" is repeated (first on line 2)'),
    ("a: !!python/object/apply:os.system ['true']\n", 1, "tags are not allowed, got tag:yaml.org,2002:python/object/apply:os.system"),
    ("a: 1\nb: !!float 3\n", 2, "tags are not allowed, got tag:yaml.org,2002:float"),
    ("a: ! x\n", 1, "tags are not allowed, got !"),
    ("a: &x {b: *x}\n", 1, "the alias *x stands inside the value that it names"),
    ("a: *x\n", 1, "the alias *x has no anchor &x before it"),
    ("&x a: 1\n*x : 2\n", 2, "a key must be text, got the alias *x"),
    ("? [a, b]\n: 1\n", 1, "a key must be text, got a list or a mapping"),
    ("a: 1\n---\nb: 2\n", 2, "must hold one document, got a second one"),
    ("", 1, "is empty"),
    ("# only a remark\n", 1, "is empty"),
    ("a: [1, 2\nb: 3\n", 2, "is not valid YAML: while parsing a flow sequence"),
    ("a: 1\n b: 2\n", 2, "is not valid YAML: mapping values are not allowed"),
    ("a:\n\t- 1\n", 2, "is not valid YAML: a tab stands where only spaces may: indent with spaces"),
    ("a: b: c\n", 1, 'is not valid YAML: mapping values are not allowed in this context; a text with ": " in it must stand in quotes'),
    ("a: 'open\n", 2, "is not valid YAML: while scanning a quoted scalar"),
    ("a: 1\nb: \x07\n", 2, "is not valid YAML"),
    ("[" * 5000, 1, f"lists and mappings must not be nested deeper than {MAX_DEPTH}"),
    ("{a: " * 5000, 1, f"lists and mappings must not be nested deeper than {MAX_DEPTH}"),
    ("[" + "1," * (MAX_NODES + 1) + "]", 1, f"must not hold more than {MAX_NODES} values"),
    (laughs(), 5, f"must not hold more than {MAX_NODES} values, those that aliases repeat included"),
    ("a: " + "x" * MAX_BYTES, None, f"must not be larger than {MAX_BYTES} bytes"),
]


@pytest.mark.parametrize(("text", "line", "message"), REFUSED)
def test_what_could_grow_run_or_mislead_is_refused_at_once(tmp_path: Path, text: str, line: int | None, message: str) -> None:
    file = tmp_path / "file.yaml"
    file.write_text(text, encoding="utf-8")
    start = time.process_time()
    with pytest.raises(StackError) as caught:
        read_yaml(file, StackError)
    assert time.process_time() - start < AT_ONCE_S
    assert caught.value.message.startswith(message)
    assert (caught.value.file, caught.value.line) == (file, line)


def test_deep_nesting_through_aliases_is_refused() -> None:
    """Each level is short, but the value that the last one names is 50 lists deep."""
    rows = ["a0: &a0 [1]"] + [f"a{level}: &a{level} [*a{level - 1}]" for level in range(1, 50)]
    with pytest.raises(InputError, match="must not be nested deeper"):
        read_text("\n".join(rows), InputError)


def test_an_alias_within_the_bounds_is_its_value() -> None:
    document = read_text("a: &x {n: 1.5}\nb: *x\n", InputError)
    assert document.data == {"a": {"n": 1.5}, "b": {"n": 1.5}}
    assert document.line(("b",)) == 2


def test_nothing_in_a_file_runs(tmp_path: Path) -> None:
    """Each would leave a file behind if a loader built what its tag names."""
    mark = tmp_path / "mark"
    for tag in ("python/object/apply:os.system", "python/object/apply:subprocess.call", "python/object/new:os.system"):
        with pytest.raises(InputError, match="tags are not allowed"):
            read_text(f"a: !!{tag} ['touch {mark}']", InputError)
    assert read_text(f"a: __import__('os').system('touch {mark}')", InputError).data == {"a": f"__import__('os').system('touch {mark}')"}
    assert not mark.exists()


@pytest.mark.parametrize("content", [b"name: \xff\n", "name: a\n".encode("utf-16")])
def test_text_must_be_utf_8(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file.yaml").write_bytes(content)
    with pytest.raises(StackError, match="must be UTF-8 text, got the byte 0xff"):
        read_yaml(tmp_path / "file.yaml", StackError)


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    (tmp_path / "file.yaml").write_bytes(b"\xef\xbb\xbfname: \xc2\xb5\n")
    assert read_yaml(tmp_path / "file.yaml", StackError).data == {"name": "µ"}


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for place, reason in ((tmp_path / "none.yaml", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(MaterialError, match=f"cannot be read: {reason}") as caught:
            read_yaml(place, MaterialError)
        assert caught.value.file == place


# --- one message for what a model refuses -----------------------------------------------------------------------------

MESSAGES: list[tuple[str, str]] = [
    ("thickness: -5", '3: items[0] "QD": thickness must be > 0 nm, got -5'),
    ("thickness: 0", '3: items[0] "QD": thickness must be > 0 nm, got 0'),
    ("thickness: thin", '3: items[0] "QD": thickness must be a finite number > 0 nm, got "thin"'),
    ("thickness: true", '3: items[0] "QD": thickness must be a finite number > 0 nm, got true'),
    ("thickness: '5'", '3: items[0] "QD": thickness must be a finite number > 0 nm, got "5"; leave the quotes out'),
    ("thickness: .nan", '3: items[0] "QD": thickness must be a finite number > 0 nm, got .nan'),
    ("thickness: 1e999", '3: items[0] "QD": thickness must be a finite number > 0 nm, got .inf'),
    ("thickness:", '3: items[0] "QD": thickness must be a finite number > 0 nm, got nothing'),
    ("thickness: [5]", '3: items[0] "QD": thickness must be a finite number > 0 nm, got [5]'),
    ("role: gain", '2: items[0] "QD": thickness must be given'),
    ("thicknes: 5", '3: items[0] "QD": unknown key "thicknes"; did you mean "thickness"?'),
    ("zzz: 5", '3: items[0] "QD": unknown key "zzz"; known keys: name, thickness, share, count, flag, role, pair'),
    ("thickness: 5\n    share: 1.5", '4: items[0] "QD": share must be ≥ 0 and ≤ 1, got 1.5'),
    ("thickness: 5\n    count: 1.5", '4: items[0] "QD": count must be an integer ≥ 1, got 1.5'),
    ("thickness: 5\n    flag: on", '4: items[0] "QD": flag must be true or false, got "on"'),
    ("thickness: 5\n    flag: 1", '4: items[0] "QD": flag must be true or false, got 1'),
    ("thickness: 5\n    role: pump", '4: items[0] "QD": role must be \'gain\', got "pump"'),
    ("thickness: 5\n    pair: [1, 2, 3]", '4: items[0] "QD": pair must have at most 2 entries, got 3'),
    ("thickness: 5\n    pair: [1]", '4: items[0] "QD": pair[1] must be given'),
    ("thickness: 5\n    pair: 7", '4: items[0] "QD": pair must be a list, got 7'),
    ("thickness: 5\n    pair: [1, x]", '4: items[0] "QD": pair[1] must be a finite number, got "x"'),
]


@pytest.mark.parametrize(("row", "message"), MESSAGES)
def test_one_message_names_place_field_rule_and_value(row: str, message: str) -> None:
    document = read_text(f"items:\n  - name: QD\n    {row}\n", StackError)
    with pytest.raises(StackError) as caught:
        validate(document, Whole, StackError)
    assert f"{caught.value.line}: {caught.value.message}" == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("items: []", "items must have at least 1 entries, got 0"),
        ("items: 5", "items must be a list, got 5"),
        ("items: [5]", "items[0] must be a mapping with the keys name, thickness, share, count, flag, role, pair, got 5"),
        ("[1]", "the file must be a mapping with the keys items, inner, got [1]"),
        ("items: [{name: 3, thickness: 1}]", "items[0]: name must be text, got 3"),
        ("items: [{name: substrate, thickness: 1}]", 'items[0] "substrate": name must not be substrate, got "substrate"'),
        ("items: [{name: a, thickness: 1}]\ninner: {name: a, thickness: -1}", "inner.thickness must be > 0 nm, got -1"),
        ("items: [{name: a, thickness: 1}]\ninner: {name: a, thicknes: 1}", 'inner: unknown key "thicknes"; did you mean "thickness"?'),
        ("item: []", 'unknown key "item"; did you mean "items"?'),
        (
            "items: [{name: a, thickness: 1,85}]",
            'items[0] "a": unknown key "85": the decimal sign is a point, as in 1.85; a comma separates keys',
        ),
        ("items: [{name: a, n:1.85}]", 'items[0] "a": unknown key "n:1.85": a space must follow the colon, as in n: 1.85'),
        (
            "items:\n- name: a\n  thickness: 1,85",
            'items[0] "a": thickness must be a finite number > 0 nm, got "1,85"; the decimal sign is a point',
        ),
    ],
)
def test_messages_where_no_listed_thing_is_at_fault(text: str, message: str) -> None:
    with pytest.raises(StackError) as caught:
        validate(read_text(text, StackError), Whole, StackError)
    assert caught.value.message == message


def test_of_several_faults_the_first_in_the_file_is_told() -> None:
    document = read_text("items:\n  - {name: a, thickness: -1}\n  - {name: b, thickness: -2}\n", StackError)
    with pytest.raises(StackError, match='"a": thickness'):
        validate(document, Whole, StackError)


def test_a_part_of_a_document_can_be_checked_and_another_error_raised() -> None:
    document = read_text("here: {items: [{name: a, thickness: -1}]}", StackError)
    with pytest.raises(MaterialError, match=r'here\.items\[0\] "a": thickness must be > 0 nm, got -1'):
        validate(document, Whole, MaterialError, ("here",))


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "nothing"), (True, "true"), ("a", '"a"'), (-5, "-5"), (0.1, "0.1"), (float("nan"), ".nan"), ({"n": [1, "x"]}, '{n: [1, "x"]}')],
)
def test_values_are_shown_as_a_file_would_write_them(value: object, text: str) -> None:
    assert shown(value) == text


@given(plain_values)
def test_shown_values_are_short(value: Any) -> None:
    assert len(shown(value)) <= 80


def test_the_nearest_names_ignore_case() -> None:
    assert nearest("zno", ["ZnO", "ITO"]) == '; did you mean "ZnO"?'
    assert nearest("qwerty", ["ZnO", "ITO"]) == ""


@pytest.mark.parametrize("number", [Number(gt=0, unit="nm"), Number(ge=1, integer=True), Number(ge=0, le=1)])
def test_the_schema_for_editors_has_bounds_and_unit(number: Number) -> None:
    build: Callable[..., Any] = type("Model", (FileModel,), {"__annotations__": {"value": Annotated[float, number]}}).model_json_schema  # type: ignore[attr-defined]
    entry = build()["properties"]["value"]
    assert entry["type"] == ("integer" if number.integer else "number")
    assert entry.get("exclusiveMinimum") == number.gt
    assert entry.get("minimum") == number.ge
    assert entry.get("maximum") == number.le
    assert entry.get("unit", "") == number.unit
