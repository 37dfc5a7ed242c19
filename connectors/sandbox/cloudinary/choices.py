"""Conditions, variables and arithmetic in transformations: what a step is, once the picture before it is known.

    if_w_gt_1000/c_scale,w_500/if_else/e_sepia/if_end        a block
    if_w_gt_1000,c_scale,w_500                               one step
    $size_200/c_scale,w_$size_mul_2                          a value

Source: the spelling is CONFIRMED (contract §9, PY: operators and names as the vendor's client writes them). Arithmetic
goes from left to right, times and divided first; texts stand between exclamation marks.
"""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Final

from connectors.sandbox.cloudinary.delivery_path import Step
from connectors.sandbox.cloudinary.refusals import RefusalError

_TESTS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "gt": operator.gt,
    "lte": operator.le,
    "gte": operator.ge,
}
_FIRST: Final[Mapping[str, Callable[[float, float], float]]] = {"mul": operator.mul, "div": operator.truediv}
_THEN: Final[Mapping[str, Callable[[float, float], float]]] = {"add": operator.add, "sub": operator.sub}
_IN_WORDS: Final = re.compile(r"\$\((\w+)\)")
_RATIO: Final = re.compile(r"(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)")
_LARGEST: Final = 1e9


class Course:
    """Which steps are taken, and with which values, as the picture changes under them."""

    def __init__(self, *, width: int, height: int, pages: int = 1, duration_s: float | None = None) -> None:
        self._initial = {"iw": float(width), "ih": float(height), "iar": width / height}
        self._initial |= {"pc": float(pages), "cp": 1.0, "fc": 0.0, "du": duration_s or 0.0, "idu": duration_s or 0.0}
        self._variables: dict[str, str] = {}
        self._taken: list[bool] = []
        """For each block that is open: whether its steps are taken."""

    def step(self, step: Step, *, width: int, height: int) -> Step | None:
        """``step`` as it is to be done, or None when it is not. Raises: RefusalError, 400."""
        facts = {**self._initial, "w": float(width), "h": float(height), "ar": width / height}
        said = step.get("if")
        rest = {key: value for key, value in step.items() if key != "if"}
        if said is not None and not rest:
            self._turn(said, facts)
            return None
        if not all(self._taken) or (said is not None and not self._holds(said, facts)):
            return None
        for key, value in rest.items():
            if key.startswith("$"):
                self._variables[key] = value if value.startswith("!") else _plain(self._number(value, facts))
        return {key: self._value(value, facts) for key, value in rest.items() if not key.startswith("$")}

    def _turn(self, said: str, facts: Mapping[str, float]) -> None:
        if said == "end":
            if self._taken:
                self._taken.pop()
        elif said == "else":
            if not self._taken:
                raise _invalid("if_else")
            self._taken[-1] = not self._taken[-1]
        else:
            self._taken.append(self._holds(said, facts))

    def _holds(self, said: str, facts: Mapping[str, float]) -> bool:
        """``and`` binds closer than ``or``."""
        return any(
            all(self._compares(one, facts) for one in _parted(alternative, "and"))
            for alternative in _parted(said.split("_"), "or")
        )

    def _compares(self, tokens: Sequence[str], facts: Mapping[str, float]) -> bool:
        place = next((at for at, one in enumerate(tokens) if one in _TESTS), None)
        if place is None:
            raise _invalid(f"if_{'_'.join(tokens)}")
        left, right = "_".join(tokens[:place]), "_".join(tokens[place + 1 :])
        return _TESTS[tokens[place]](self._number(left, facts), self._number(right, facts))

    def _value(self, value: str, facts: Mapping[str, float]) -> str:
        if "$" not in value:
            return value
        if "$(" in value:
            return _IN_WORDS.sub(lambda name: self._variables.get(f"${name[1]}", "").strip("!"), value)
        text = self._variables.get(value, "")
        return text.strip("!") if text.startswith("!") else _plain(self._number(value, facts))

    def _number(self, said: str, facts: Mapping[str, float]) -> float:
        tokens = said.split("_")
        values = [self._atom(one, facts) for one in tokens[::2]]
        operators = tokens[1::2]
        if len(values) != len(operators) + 1:
            raise _invalid(said)
        try:
            for row in (_FIRST, _THEN):
                place = 0
                while place < len(operators):
                    if operators[place] in row:
                        values[place : place + 2] = [row[operators[place]](values[place], values[place + 1])]
                        del operators[place]
                    else:
                        place += 1
        except ZeroDivisionError:
            raise _invalid(said) from None
        if operators or abs(values[0]) > _LARGEST:
            raise _invalid(said)
        return values[0]

    def _atom(self, said: str, facts: Mapping[str, float]) -> float:
        said = self._variables.get(said, said)
        ratio = _RATIO.fullmatch(said)
        if said in facts:
            return facts[said]
        try:
            return float(ratio[1]) / float(ratio[2]) if ratio else float(said)
        except (ValueError, ZeroDivisionError):
            raise _invalid(said) from None


def _parted(tokens: Sequence[str], word: str) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for token in tokens:
        if token == word:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _plain(value: float) -> str:
    return str(int(value)) if value == int(value) else str(value)


def _invalid(said: str) -> RefusalError:
    return RefusalError(HTTPStatus.BAD_REQUEST, f"Invalid expression - {said}")
