"""Change a frozen value, whether it is declared as a msgspec Struct or as a dataclass.

Most values are Structs: a class costs a twentieth of a dataclass to declare, and every cold command declares some two hundred
(ADR 0022). What leaves fields out of comparisons, or remembers something, is a dataclass.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from msgspec import Struct, structs

if TYPE_CHECKING:
    from dataclasses import replace as replace  # so that names and types of the fields are checked, for both kinds
else:

    def replace(value: Any, /, **changes: Any) -> Any:
        """Return a copy of a frozen value with these fields changed. Raises TypeError for a field that it doesn't have."""
        make = structs.replace if isinstance(value, Struct) else dataclasses.replace
        return make(value, **changes)
