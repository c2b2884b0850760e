"""What a service raises when it does not do what was asked, and why."""


class Refusal(Exception):
    """Say why something was not done, under which clause, and at which field.

    `message` is a full Vietnamese sentence that also tells what to do next.
    """

    status = 422

    def __init__(self, code: str, message: str, clause: str = "", field: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.clause = clause
        self.field = field

    def __reduce__(self):
        return type(self), (self.code, self.message, self.clause, self.field)


class Forbidden(Refusal):
    """The person may not do this."""

    status = 403


class NotFound(Refusal):
    """The object does not exist for this person; another agency's object answers alike."""

    status = 404

    def __init__(
        self,
        code: str = "not_found",
        message: str = "Không tìm thấy nội dung này trong cơ quan của bạn.",
        clause: str = "",
        field: str = "",
    ) -> None:
        super().__init__(code, message, clause, field)


class Conflict(Refusal):
    """Somebody else changed the object first; the message says who and what."""

    status = 409


class TooMany(Refusal):
    """The address or the account asks too often."""

    status = 429
