"""Invented names in any number: each is a combination of two lists, numbered when the lists are used up."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import count, product
from random import Random

_TRADES = (
    *("Aceites", "Aguas", "Almazaras", "Bodegas", "Cafés", "Cavas", "Cervezas", "Chocolates", "Conservas"),
    *("Cosmética", "Destilerías", "Especias", "Gaseosas", "Harinas", "Helados", "Jabones", "Laboratorios"),
    *("Lácteos", "Licores", "Mermeladas", "Mieles", "Pinturas", "Salsas", "Sidras", "Vinagres", "Zumos"),
)
_PLACES = (
    *("Albarrosa", "Altorrey", "Arcomar", "Azumara", "Bellacampa", "Bramadal", "Briñuela", "Camposeda"),
    *(
        "Canalverde",
        "Cerroblanco",
        "Colmenarda",
        "Corvalán",
        "Cuevalba",
        "Dalmaira",
        "Encinarosa",
        "Espadaña",
    ),
    *("Fontalba", "Fuenterrosa", "Galdarbe", "Granavilla", "Guadalosa", "Hayamonte", "Hoyalta", "Jaralba"),
    *("Lanciego Alto", "Larrodal", "Llanoverde", "Lomadera", "Marcilla Baja", "Mataverde", "Miralcampo"),
    *("Monterrubia", "Navalosa", "Olmarroya", "Palomarda", "Pedralba", "Peñarruba", "Pinoverde", "Quejigal"),
    *("Rabanera Alta", "Ribamora", "Robledal", "Salinarda", "Sandoval Alto", "Serralba", "Sotoancho"),
    *("Tamarosa", "Torrealta", "Umbralejo", "Valdearce", "Valderroya", "Vegacorta", "Villardal", "Zafralba"),
)
_FIRST = (
    *(
        "Adrián",
        "Aitana",
        "Alba",
        "Alonso",
        "Aurora",
        "Bruno",
        "Candela",
        "Celia",
        "Cosme",
        "Damián",
        "Elisa",
    ),
    *(
        "Emma",
        "Fabián",
        "Gadea",
        "Gael",
        "Irene",
        "Jaime",
        "Jimena",
        "Lara",
        "Leo",
        "Lorena",
        "Lucas",
        "Mara",
    ),
    *("Mateo", "Nerea", "Nicolás", "Olga", "Omar", "Paula", "Quique", "Rubén", "Saúl", "Silvia", "Tania"),
    *("Teo", "Úrsula", "Valeria", "Vera", "Yago", "Zoe"),
)
_LAST = (
    *(
        "Abril",
        "Aldana",
        "Arce",
        "Barrios",
        "Bermejo",
        "Cabral",
        "Calvo",
        "Campos",
        "Cano",
        "Castaño",
        "Correa",
    ),
    *(
        "Duarte",
        "Encinas",
        "Espejo",
        "Fajardo",
        "Galán",
        "Gallardo",
        "Heredia",
        "Hierro",
        "Izquierdo",
        "Jurado",
    ),
    *(
        "Lagos",
        "Linares",
        "Lozano",
        "Marín",
        "Merino",
        "Nieto",
        "Ocaña",
        "Olmo",
        "Pardo",
        "Prieto",
        "Quiroga",
    ),
    *(
        "Robles",
        "Rueda",
        "Salcedo",
        "Soler",
        "Tapia",
        "Tejada",
        "Urbina",
        "Valero",
        "Vidal",
        "Yuste",
        "Zamora",
    ),
)


def customer_names(chance: Random) -> Iterator[str]:
    return _combined(_TRADES, _PLACES, chance)


def people_names(chance: Random) -> Iterator[str]:
    return _combined(_FIRST, _LAST, chance)


def plain(text: str) -> str:
    """Fit for an address: lower case ASCII letters and digits alone."""
    bare = unicodedata.normalize("NFD", text.lower()).encode("ascii", "ignore").decode("ascii")
    return "".join(sign for sign in bare if sign.isalnum())


def _combined(first: tuple[str, ...], second: tuple[str, ...], chance: Random) -> Iterator[str]:
    pairs = [f"{one} {other}" for one, other in product(first, second)]
    chance.shuffle(pairs)
    yield from pairs
    for number in count(2):
        for pair in pairs:
            yield f"{pair} {number}"
