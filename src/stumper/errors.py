"""The two ways in which stumper stops: the user has to change something, or the work itself failed."""


class StumperError(Exception):
    """The work failed or a threshold was missed (exit code 1). The message is one sentence that carries the mend."""

    exit_code = 1


class BadInput(StumperError):
    """A file, key, record or argument is wrong (exit code 2). The message names it and the mend."""

    exit_code = 2
