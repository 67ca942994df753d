"""How the tests start programs, for `preexec_fn`."""

import signal

from coursekit.sandbox import linux


def die_with_the_tests() -> None:
    """A server does not outlive tests that are killed."""
    linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)


def hear_ctrl_c() -> None:
    """A program started in the background ignores it, and so would all that it starts."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
