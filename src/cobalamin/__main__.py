"""Where the program starts, as `cobalamin` and as `python -m cobalamin`: nothing is loaded before Ctrl+C has a quiet end."""

from __future__ import annotations

import _signal as signal  # type: ignore[import-not-found]  # `signal` itself loads `enum` and more, and until the handler is set an interrupt ends in a traceback
import gc
import os

TYPE_CHECKING = False  # as `typing` has it, without loading it
if TYPE_CHECKING:
    from types import FrameType

INTERRUPTED = 130
_OBJECTS_BEFORE_COLLECTING = 50_000  # 700 of old: it would run a dozen times over what is loaded, and all of that stays


def _end(_number: int, _frame: FrameType | None) -> None:
    """Leave at once: nothing is begun, and a library that is half loaded would turn the interrupt into an error of its own."""
    os._exit(INTERRUPTED)


def run() -> None:
    """Load the command line and run it."""
    gc.set_threshold(_OBJECTS_BEFORE_COLLECTING)
    quiet = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # else somebody has decided already
    if quiet:
        signal.signal(signal.SIGINT, _end)
    from cobalamin.app.cli.main import main

    if quiet:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        main()
    except KeyboardInterrupt:
        os._exit(INTERRUPTED)
    finally:
        if quiet:  # the exit code is decided; an interrupt while Python ends would put another in its place
            signal.signal(signal.SIGINT, signal.SIG_IGN)


if __name__ == "__main__":
    run()
