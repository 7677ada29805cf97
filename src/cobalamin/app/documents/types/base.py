"""What the JSON documents are made of: values whose fields, in the order they are written, are the keys of the document.

A key that may be absent has the type `X | UnsetType` and the default UNSET; `null` is a value of its own. A misspelt or missing key is
an error of the type checker, and of Python when the value is made.
"""

from __future__ import annotations

from typing import TypeVar, dataclass_transform

from msgspec import UNSET, Struct, StructMeta, UnsetType

T = TypeVar("T")


class _Named(StructMeta):
    """Every key by its name: one that may be absent may then stand before one that is always there."""

    def __new__(
        mcs, name: str, bases: tuple[type, ...], namespace: dict[str, object], *, rename: dict[str, str] | None = None,
        frozen: bool = True,
    ) -> _Named:  # fmt: skip
        return super().__new__(mcs, name, bases, namespace, rename=rename, frozen=frozen, kw_only=True)


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Document(Struct, metaclass=_Named, frozen=True):
    """A document or a part of one."""


class OneOf:
    """The words a text may be, as the schema says them: `Annotated[str, OneOf("dose", "course")]`, where the program has a plain text."""

    def __init__(self, *words: str) -> None:
        self.words = words


def given(value: T | None) -> T | UnsetType:
    """A value that has a key only where there is something to say: not for nothing, no words, no entries or zero."""
    return value if value else UNSET


def known(value: T | None) -> T | UnsetType:
    """A value that has a key where it is known, also as zero."""
    return UNSET if value is None else value


__all__ = ["UNSET", "Document", "OneOf", "UnsetType", "given", "known"]
