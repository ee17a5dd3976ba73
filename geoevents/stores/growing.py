"""An array of numbers that grows at its end, by doubling.

Knows nothing of what it counts. A view that was taken stays as it was, whatever is added behind it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

_LEAST = 64


class Growing:
    """
    >>> numbers = Growing(np.int32)
    >>> numbers.append(1)
    >>> numbers.extend([2, 3])
    >>> numbers.view().tolist(), len(numbers), int(numbers[2])
    ([1, 2, 3], 3, 3)
    """

    def __init__(self, kind: DTypeLike, first: NDArray[Any] | None = None) -> None:
        self._all: NDArray[Any] = np.empty(0, kind) if first is None else first.astype(kind, copy=False)
        self._count = len(self._all)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, number: int) -> Any:
        return self._all[number]

    def __setitem__(self, number: int, value: int) -> None:
        self._all[number] = value

    def view(self) -> NDArray[Any]:
        """All there is now, not copied: an element that is set later changes in it too."""
        return self._all[: self._count]

    def append(self, value: int) -> None:
        self._make_room(1)
        self._all[self._count] = value
        self._count += 1

    def extend(self, values: ArrayLike) -> None:
        added = np.asarray(values, self._all.dtype)
        self._make_room(len(added))
        self._all[self._count : self._count + len(added)] = added
        self._count += len(added)

    def _make_room(self, more: int) -> None:
        wanted = self._count + more
        if wanted > len(self._all):
            larger = np.empty(max(_LEAST, wanted, 2 * len(self._all)), self._all.dtype)
            larger[: self._count] = self.view()
            self._all = larger
