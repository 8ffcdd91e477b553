"""Whatever stands in a stack file: a stack, or one message; never a traceback, never for long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from qdphotonics._yaml import Document, read_text
from qdphotonics.errors import InputError, StackError
from qdphotonics.stacks import Stack, load_stack, parse_override
from tests.stacks.test_contract import EXAMPLE

GOOD = read_text(EXAMPLE, StackError)

odd_values = st.recursive(
    st.sampled_from(
        [
            None,
            True,
            False,
            0,
            -1,
            1,
            10**30,
            1e-300,
            1e300,
            float("inf"),
            float("nan"),
            "",
            "nm",
            "5 nm",
            "eV",
            "QD",
            "my film",
            "air",
            "x" * 99,
        ]
    )
    | st.floats()
    | st.integers(-5, 10_001)
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["n", "k", "n_o", "n_e", "name", "mix", "table", "repeat", "layers", "material", "database", "at"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)


def places(value: Any, loc: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield loc
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        yield from places(inner, (*loc, key))


def stack_or_message(data: Any) -> bool:
    """Whether it gives a stack whose arrays fit together, or one line of message; any other exception passes through."""
    told = message_of(lambda: check(load_stack(data)))
    return told is None or (told.isprintable() and 0 < len(told) < 500)


def check(stack: Stack) -> None:
    assert len(stack.all_names) == stack.index().size == len(set(stack.all_names))


def message_of(work: Callable[[], object]) -> str | None:
    try:
        work()
    except InputError as problem:
        return str(problem)
    return None


@given(st.sampled_from([place for place in places(GOOD.data) if place]), odd_values)
@example(("materials", "my film"), "my film")  # a name that is defined by itself
@example(("layers", 1, "name"), "QD\n")
@example(("layers", 2, "repeat"), 10**30)
@example(("wavelength",), 1e-320)
def test_any_value_in_any_place_gives_a_stack_or_one_message(place: tuple[str | int, ...], value: Any) -> None:
    assert stack_or_message(GOOD.replaced(place, value, "test").data)


@given(st.integers(0, len(EXAMPLE)), st.integers(0, 40), st.text(alphabet="{}[]:,-&*!|>#\"'% \n\tna0.", max_size=6))
def test_a_damaged_file_gives_a_stack_or_one_message(start: int, length: int, inserted: str) -> None:
    """Cut a piece out, put signs of YAML in its stead."""
    read: list[Document] = []
    told = message_of(lambda: read.append(read_text(EXAMPLE[:start] + inserted + EXAMPLE[start + length :], StackError)))
    assert (told is None) == bool(read)
    if read and isinstance(read[0].data, dict):
        assert stack_or_message(read[0].data)


@given(st.text(alphabet="layers.QDthickn\"'[]=0123456789{}: -", max_size=30))
def test_any_text_as_a_change_is_read_or_refused(text: str) -> None:
    told = message_of(lambda: load_stack(GOOD.data, [text]))
    assert told is None or (told.isprintable() and len(told) < 500)
    if told is None:
        assert parse_override(text).steps
