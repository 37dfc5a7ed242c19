"""JMESPath as descriptions use it: checked whole while the file is read, and never failing in an unknown way later.

The library finds a function's name and the number of its arguments wrong only when it is called, perhaps months after
the file was written; here that is found when the file is read. Source: the JMESPath specification (CONFIRMED).
"""

import warnings
from typing import Final, cast

import jmespath
from jmespath.exceptions import EmptyExpressionError, LexerError, ParseError
from jmespath.functions import Functions
from jmespath.parser import ParsedResult

from connectors.endpoint.values import UnfitError

_RUN_TIME_ERRORS: Final = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What the library's functions let through for odd data, besides its own errors, which are ValueErrors."""
_PICTURE_LENGTH: Final = 40


class ExpressionError(ValueError):
    """Text that is no expression; says where it goes wrong and what to do."""


class Expression:
    """One compiled expression."""

    def __init__(self, source: str) -> None:
        """Raises: ExpressionError."""
        self.source = source
        self._compiled = _compiled(source)
        _check(self._compiled.parsed)

    def __repr__(self) -> str:
        return f"Expression({self.source!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expression) and other.source == self.source

    def __hash__(self) -> int:
        return hash(self.source)

    def find(self, document: object) -> object:
        """What stands there in ``document``, decoded JSON; None where there is nothing. Raises: UnfitError."""
        try:
            return cast("object", self._compiled.search(document))
        except _RUN_TIME_ERRORS as error:
            # The library's own words repeat the value.
            raise UnfitError(f"the expression does not fit what is there ({type(error).__name__})") from error


def _compiled(source: str) -> ParsedResult:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", PendingDeprecationWarning)
            return jmespath.compile(source)
    except PendingDeprecationWarning as error:
        raise ExpressionError("Backticks hold JSON. Write a text as 'text', or as `\"text\"`.") from error
    except EmptyExpressionError as error:
        raise ExpressionError("It is empty. Write a JMESPath expression such as data.items.") from error
    except LexerError as error:
        raise ExpressionError(f"It is no JMESPath: {_place(source, error.lexer_position)}.") from error
    except ParseError as error:
        raise ExpressionError(
            f"It is no JMESPath: {_place(source, error.lex_position)}. See jmespath.org for its grammar."
        ) from error
    except RecursionError as error:
        raise ExpressionError("It is nested too deeply. Write a shorter expression.") from error


def _place(source: str, position: int) -> str:
    before = source[:position].rstrip()[-_PICTURE_LENGTH:]
    if position >= len(source):
        return f"it ends too early, after “{before}”"
    return f"it goes wrong after “{before}”" if before else "it goes wrong at its beginning"


def _check(node: object) -> None:
    if not isinstance(node, dict):
        return
    if node.get("type") == "slice" and node["children"][2] == 0:
        raise ExpressionError("A slice goes in steps of one or more, or backwards: its third number is not 0.")
    if node.get("type") == "function_expression":
        known = Functions.FUNCTION_TABLE.get(node["value"])
        if known is None:
            raise ExpressionError(
                f"JMESPath has no function {node['value']}(). It has: {', '.join(sorted(Functions.FUNCTION_TABLE))}."
            )
        wanted, given = known["signature"], len(node["children"])
        is_open = bool(wanted) and wanted[-1].get("variadic", False)
        if given < len(wanted) or (given > len(wanted) and not is_open):
            least = "at least " if is_open else ""
            raise ExpressionError(f"{node['value']}() takes {least}{len(wanted)} arguments, and {given} stand there.")
    for child in node.get("children", ()):
        _check(child)
