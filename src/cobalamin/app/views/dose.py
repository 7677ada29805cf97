"""A dose as mass, volume and count, always together."""

from __future__ import annotations

from cobalamin.amounts import UnitWords, mass_text, strength_text, volume_text
from cobalamin.app.services.volumes import Volume
from cobalamin.app.views.builder import Builder, View
from cobalamin.app.views.tree import STRONG
from cobalamin.knowledge.library import Library


def view_of_volume(volume: Volume, library: Library, country: str) -> View:
    """`dose`: mass, volume and count always together."""
    screen = Builder(library, plain=False, country=country)
    screen.alarms(volume.issues)
    words = mass_text(volume.dose, country, screen.words.units)
    if volume.strength is not None and volume.volume_ml is not None:
        told, strength = volume_text(volume.volume_ml), strength_text(volume.strength, country, screen.words.units)
        key = "screen.mass" if volume.of_volume else "screen.volume"
        screen.print(screen.say(key, dose=words, volume=told, strength=strength), style=STRONG)
    if volume.product is not None:
        screen.print(screen.say("screen.product", product=volume.product.name), as_is=True)
        _containers(screen, volume)
    printed = UnitWords(
        thousands=screen.words.units.thousands
    )  # of an English label, read by a reader of this language
    gb, us = (screen.words.quoted(mass_text(volume.dose, label, printed)) for label in ("GB", "US"))
    screen.print(screen.say("screen.labels", gb=gb, us=us), as_is=True)
    screen.issues(list(volume.issues))
    screen.closing()
    return screen.view()


def _containers(screen: Builder, volume: Volume) -> None:
    if volume.containers is None or volume.product is None:
        return
    form = volume.product.form if volume.product.form != "not_stated" else screen.say("screen.container")
    number, whole = volume.containers
    screen.print(screen.say("screen.whole" if whole else "screen.not_whole", form=form, number=number))
