"""What a forked child finds."""

import os
import signal
from collections.abc import Callable


def in_a_child(look: Callable[[], bool]) -> bool:
    """What a forked child finds; one that hangs is ended by its alarm, and has found nothing."""
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(30)
        found = False
        try:
            found = look()
        finally:
            os._exit(0 if found else 1)
    _, status = os.waitpid(child, 0)
    return status == 0
