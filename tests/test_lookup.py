"""Look-up by the first bits, and sorting without stability: the same as the plain ways."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ruminate.text.lookup import Lookup, first_places, sorted_counts

ALIKE = st.integers(0, 40)  # the same bucket
ANY = st.integers(0, 2**64 - 1)
NUMBERS = st.lists(st.one_of(ALIKE, ANY, ALIKE.map(lambda low: (1 << 63) + low), ALIKE.map(lambda low: 2**64 - 1 - low)), max_size=120)


def unsigned(numbers: list[int]) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    return np.array(numbers, dtype=np.uint64)


@given(NUMBERS, NUMBERS)
def test_lookup_finds_what_is_there(known: list[int], asked: list[int]) -> None:
    keys = sorted(set(known))
    at, slot = Lookup(unsigned(keys)).find(unsigned([*asked, *known]))
    place = {key: number for number, key in enumerate(keys)}
    expected = [(number, place[key]) for number, key in enumerate([*asked, *known]) if key in place]
    assert list(zip(at.tolist(), slot.tolist(), strict=True)) == expected


@given(NUMBERS)
def test_first_places(numbers: list[int]) -> None:
    """Also where keys differ in their last bits only, which is where the position is put."""
    keys = [*numbers, *(number ^ 1 for number in numbers), *numbers]
    assert first_places(unsigned(keys)).tolist() == [number not in keys[:at] for at, number in enumerate(keys)]


@given(st.lists(st.integers(0, 30)), st.sampled_from([31, 1 << 40]))
def test_sorted_counts(numbers: list[int], limit: int) -> None:
    values, counts = sorted_counts(np.array(numbers, dtype=np.int64), limit)
    assert dict(zip(values.tolist(), counts.tolist(), strict=True)) == {number: numbers.count(number) for number in sorted(set(numbers))}
    assert values.tolist() == sorted(set(numbers))
