"""Where the process begins: what an interruption does from its first moment to its last.

Nothing is imported above but what is there already: an interruption would be told as a fault of it.
"""

import gc
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
else:
    import _signal as signal  # built in, and there at once

_asked = False

# No matrix is multiplied here: the threads that numpy brings for it would only spin when it is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


# What is read and loaded stays, and is not to be looked through for garbage after every 700 objects.
BETWEEN_LOOKS = (20_000, 5, 5)


def run() -> None:
    """The entry point of the installed command."""
    gc.set_threshold(*BETWEEN_LOOKS)
    # One that was told to ignore interruptions, in the background for instance, goes on ignoring them.
    heeds = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if heeds:
        signal.signal(signal.SIGINT, _leave_at_once)
        sys.unraisablehook = _leave_if_swallowed
    from afterrun_cli.main import run as run_commands
    from afterrun_cli.terminal.exits import INTERRUPTED
    from afterrun_cli.terminal.streams import let_messages_be_lost

    let_messages_be_lost()
    try:
        if heeds:
            signal.signal(signal.SIGINT, _interrupt)
        run_commands()
    except Exception:
        # What was being loaded makes an error of its own of an interruption.
        if not _asked:
            raise
        sys.exit(INTERRUPTED)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    finally:
        if heeds:
            signal.signal(signal.SIGINT, _leave_at_once)


def _interrupt(number: int, frame: object) -> None:
    """As Python does by itself: whoever must put something away first does so."""
    global _asked
    _asked = True
    raise KeyboardInterrupt


def _leave_at_once(number: int, frame: object) -> None:
    """Nothing has begun yet, or all is done."""
    os._exit(128 + number)


def _leave_if_swallowed(unraisable: "sys.UnraisableHookArgs") -> None:
    """Where nobody can be told of an error, as in a call back from C, Python prints it and goes on."""
    if isinstance(unraisable.exc_value, KeyboardInterrupt):
        _leave_at_once(signal.SIGINT, None)
    sys.__unraisablehook__(unraisable)
