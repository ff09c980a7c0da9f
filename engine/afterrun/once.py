"""What is worked out when it is first asked for, and then kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

T = TypeVar("T")


class once(Generic[T]):
    """A property whose value is kept with its object.

    `functools.cached_property` holds one lock for all objects of a class in Python 3.11: a fork while another
    thread is inside leaves a child that waits for ever. Here two threads that ask at once may both work it
    out, and come to the same.

    >>> class Square:
    ...     side = 3
    ...     @once
    ...     def area(self) -> int:
    ...         print("working")
    ...         return self.side**2
    >>> square = Square()
    >>> square.area, square.area
    working
    (9, 9)
    """

    def __init__(self, work_out: Callable[[Any], T]) -> None:
        self._work_out = work_out
        self._name = work_out.__name__
        self.__doc__ = work_out.__doc__

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...

    @overload
    def __get__(self, instance: object, owner: type) -> T: ...

    def __get__(self, instance: object | None, owner: type) -> Self | T:
        if instance is None:
            return self
        value = self._work_out(instance)
        # Python finds it there from now on, and does not come here again.
        instance.__dict__[self._name] = value
        return value
