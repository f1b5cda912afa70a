"""New customers: known, registered, visited, welcomed."""

from __future__ import annotations

from hilo.demo.stage import Play, Stage
from hilo.demo.tale import opens

KIND = "new_account"


def cider(stage: Stage) -> Play:
    """Two areas at once: the account and the visit."""
    yield stage.at(-8)
    tale = opens(
        stage,
        "antia",
        "Sidras Peñamoura",
        "Alta y primera visita al llagar",
        KIND,
        purpose="Etiquetar en casa la sidra de mesa y no depender de un maquilador",
    )
    tale.hears(
        "antia",
        "Covadonga Cueto",
        "El maquilador nos cobra por botella y nos cambia las fechas. Queremos etiquetar aquí.",
    )
    yield from tale.does("conocer", "antia", on=-6)
    yield stage.at(-6, "15:50")
    tale.accepts("julia", "alta")
    yield stage.at(-5, "10:30")
    tale.offers("antia", "visita", "Visitar el llagar y medir la zona de etiquetado", due=5)
    yield stage.at(-5, "13:20")
    tale.accepts("lucia", "visita", "Visita con medidas y croquis de la zona de etiquetado")
    tale.tells(
        "antia",
        "Covadonga Cueto",
        "Lucía Herrera va a medir el llagar; el alta ya está en marcha.",
        next_news=2,
    )
    yield stage.at(-3, "12:40")
    tale.finishes("julia", "alta")


def soft_drinks(stage: Stage) -> Play:
    """Archived as it should be."""
    yield stage.at(-118)
    tale = opens(
        stage,
        "marta",
        "Gaseosas La Comarca",
        "Alta de cliente y visita a Calatayud",
        KIND,
        purpose="Tener a quién llamar cuando la taponadora falle en verano",
    )
    yield from tale.does("conocer", "marta", on=-116)
    yield stage.at(-116, "15:40")
    tale.accepts("ines", "alta")
    tale.offers("marta", "visita", "Ver la taponadora y decir qué repuestos conviene tener", due=-108)
    yield stage.at(-115, "10:20")
    tale.accepts("daniel", "visita", "Visita con lista de repuestos críticos")
    yield from tale.does("alta", "ines", on=-114)
    yield stage.at(-112, "12:15")
    tale.tells("marta", "Fermín Tello", "Ya están de alta y Daniel pasa a ver la taponadora.", next_news=-104)
    yield from tale.does("visita", "daniel", on=-110)
    yield stage.at(-109, "10:10")
    tale.accepts("marta", "bienvenida")
    yield stage.at(-107, "12:30")
    tale.tells(
        "marta",
        "Fermín Tello",
        "Le dejo la lista de repuestos y el teléfono de Posventa.",
        channel="visit",
        next_news=-98,
    )
    tale.finishes("marta", "bienvenida")
    tale.asks_closing("marta", "Fermín Tello")
    yield stage.at(-103, "11:30")
    tale.answers_closing("marta", reached=True, score=10, comment="Por fin sé a quién llamar.")
    tale.archives("marta")


def sauces_account(stage: Stage) -> Play:
    """Came back twice with named gaps; the third offer was accepted."""
    yield stage.at(-66)
    tale = opens(
        stage,
        "marta",
        "Salsas Mirambel",
        "Conocer la fábrica de Alcañiz",
        KIND,
        purpose="Dejar de comprar llenadoras de segunda mano",
    )
    yield from tale.does("conocer", "marta", on=-64)
    yield stage.at(-64, "15:35")
    tale.accepts("julia", "alta")
    tale.offers("marta", "visita", "Ver la zona de llenado", due=-55)
    yield stage.at(-63, "12:00")
    tale.returns(
        "daniel",
        "visita",
        "No sabemos qué producto ni qué envase: no se puede preparar la visita.",
        also=["Producto y envase que llenan"],
    )
    yield stage.at(-62, "10:45")
    tale.finishes("julia", "alta")
    tale.offers("marta", "visita", "Ver el llenado de mayonesa en bote de 2 kg", due=-54)
    yield stage.at(-61, "12:35")
    tale.returns(
        "daniel",
        "visita",
        "La fecha coincide con su limpieza anual: no habrá nada en marcha.",
        also=["Una fecha con la línea en marcha"],
    )
    yield stage.at(-60, "11:15")
    tale.offers("marta", "visita", "Ver el llenado de mayonesa en marcha, un martes", due=-51)
    yield stage.at(-60, "13:10")
    tale.accepts("lucia", "visita", "Visita el martes con la línea en marcha")
    tale.tells("marta", "Rocío Peralta", "Lucía va el martes, con la línea en marcha.", next_news=-50)
    yield from tale.does("visita", "lucia", on=-52)
    yield stage.at(-51, "10:30")
    tale.accepts("marta", "bienvenida")
    yield stage.at(-49, "12:20")
    tale.finishes("marta", "bienvenida")
    tale.tells(
        "marta",
        "Víctor Manero",
        "Lo que vimos en la visita da para una llenadora de pistones: abrimos ese hilo.",
        channel="meeting",
        next_news=-40,
    )
    tale.asks_closing("marta", "Víctor Manero")
    tale.archives("marta")


def vinegar_account(stage: Stage) -> Play:
    """Archived; and the director of the customer, asked lately, was not asked again."""
    yield stage.at(-61)
    tale = opens(
        stage,
        "manuela",
        "Vinagres del Guadalquivir",
        "Alta de Vinagres del Guadalquivir",
        KIND,
        purpose="Tener un proveedor que conteste antes de una semana",
    )
    yield from tale.does("conocer", "manuela", on=-58)
    yield stage.at(-58, "15:55")
    tale.accepts("julia", "alta")
    tale.offers("manuela", "visita", "Ver la nave de Utrera", due=-50)
    yield stage.at(-57, "12:30")
    tale.accepts("carmen", "visita", "Visita con croquis de la nave")
    yield from tale.does("alta", "julia", on=-55)
    tale.tells("manuela", "Leonor Sotelo", "El alta está hecha; Carmen les visita.", next_news=-46)
    yield from tale.does("visita", "carmen", on=-52)
    yield stage.at(-52, "16:30")
    tale.accepts("manuela", "bienvenida")
    yield from tale.does("bienvenida", "manuela", on=-50)
    tale.tells(
        "manuela", "Leonor Sotelo", "Bienvenidos. La oferta de la línea de crema va aparte.", next_news=-40
    )
    tale.asks_closing("manuela", "Leonor Sotelo")
    tale.archives("manuela")


def juices_account(stage: Stage) -> Play:
    """Put away by the director with something still hanging: allowed, with a reason, and it shows."""
    yield stage.at(-96)
    tale = opens(
        stage,
        "manuela",
        "Zumos Huerta Alta",
        "Acuerdo marco de recambio",
        KIND,
        purpose="Comprar con precios cerrados toda la campaña",
    )
    yield from tale.does("conocer", "manuela", on=-94)
    yield stage.at(-94, "15:45")
    tale.accepts("ines", "alta")
    yield from tale.does("alta", "ines", on=-92)
    yield stage.at(-90, "12:10")
    tale.skips("manuela", "visita", "Ya los visitamos por la cinta de 83 mm")
    tale.tells(
        "manuela",
        "Dolores Carrasco",
        "Precios cerrados hasta fin de campaña; el contrato va por correo.",
        channel="mail",
        next_news=-80,
    )
    yield from tale.does("bienvenida", "manuela", on=-86)
    tale.pins("manuela", "Falta el ejemplar firmado del acuerdo marco", due=-70)
    yield stage.at(-60, "13:00")
    tale.forces_archive(
        "elena", "El acuerdo venció con la campaña y nunca volvió firmado; el próximo se firma en mano"
    )


def distillery_visit(stage: Stage) -> Play:
    """The news date passed and nobody has called."""
    yield stage.at(-15)
    tale = opens(
        stage,
        "manuela",
        "Aceites Valdeoliva",
        "Segunda planta en Écija",
        KIND,
        purpose="Abrir Écija con las mismas máquinas y los mismos repuestos",
        amount=35_000,
    )
    tale.hears(
        "manuela",
        "Carlos Montilla",
        "En Écija queremos lo mismo que aquí, pero la nave es más baja.",
        channel="meeting",
    )
    yield from tale.does("conocer", "manuela", on=-12)
    yield stage.at(-12, "15:40")
    tale.accepts("julia", "alta")
    tale.tells(
        "manuela",
        "Carlos Montilla",
        "En tres días le digo quién va a medir la nave.",
        next_news=(-6, "18:30"),
    )
    yield from tale.does("alta", "julia", on=-10)
    yield stage.at(-9, "12:25")
    tale.offers("manuela", "visita", "Medir la altura libre de la nave de Écija", due=3)
    yield stage.at(-9, "16:45")
    tale.accepts("carmen", "visita", "Medidas de la nave con la altura libre")


PLAYS = (cider, soft_drinks, sauces_account, vinegar_account, juices_account, distillery_visit)
