"""Errors that the desk itself raises for a person to read. A bug is any other exception that is no ConnectorError."""


class UserError(Exception):
    """A wish that cannot be fulfilled, in a sentence, with a hint on what to do."""

    def __init__(self, sentence: str, *, hint: str = "", field: str = "") -> None:
        """``field`` names the form field that the sentence belongs beside, when there is one."""
        self.sentence = sentence
        self.hint = hint
        self.field = field
        super().__init__(sentence)
