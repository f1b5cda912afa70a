"""Service contracts: what is covered, who answers, and the spares that must be there."""

from __future__ import annotations

from hilo.demo.stage import Play, Stage
from hilo.demo.tale import opens

KIND = "service"


def canneries(stage: Stage) -> Play:
    """Moving: the equipment is being gone through."""
    yield stage.at(-17)
    tale = opens(
        stage,
        "marta",
        "Conservas del Ebro",
        "Mantenimiento de las dos cerradoras",
        KIND,
        purpose="No perder ni un turno de campaña por una cerradora",
        amount=24_600,
    )
    tale.requires("marta", "Begoña Lizarraga", "Técnico en fábrica en menos de 24 h durante la campaña")
    yield from tale.does("acordar", "marta", on=-13)
    yield stage.at(-12, "10:40")
    tale.offers("marta", "inventario", "Revisar las dos cerradoras y decir qué les falta", due=1)
    tale.takes_back("marta", "inventario", "Puse la fecha de la campaña pasada")
    tale.offers("marta", "inventario", "Revisar las dos cerradoras y decir qué les falta", due=2)
    yield stage.at(-12, "13:10")
    tale.accepts("laura", "inventario", "Revisión de las dos cerradoras con fotos y lista de piezas")
    tale.promises(
        "marta", "Begoña Lizarraga", "La lista de piezas críticas, con precio y plazo", due=3, where="mail"
    )
    tale.tells(
        "marta",
        "Begoña Lizarraga",
        "Laura Gracia revisa las dos cerradoras y después cerramos precios.",
        next_news=-1,
    )
    yield stage.at(-1, "13:15")
    tale.tells(
        "marta", "Begoña Lizarraga", "La primera cerradora está revisada; mañana va la segunda.", next_news=4
    )


def dairy(stage: Stage) -> Play:
    """The spares wait for the supplier."""
    yield stage.at(-34)
    tale = opens(
        stage,
        "antia",
        "Lácteos Outeiro",
        "Servicio de la llenadora aséptica",
        KIND,
        purpose="Que la llenadora aséptica no pare más de 2 h al mes",
        amount=31_800,
    )
    tale.requires("antia", "Noelia Varela", "Revisión de noche, con la línea parada")
    yield from tale.does("acordar", "antia", on=-30)
    yield stage.at(-29, "11:20")
    tale.offers("antia", "inventario", "Revisar la aséptica de noche", due=-20)
    yield stage.at(-29, "13:00")
    tale.accepts("iago", "inventario", "Revisión la noche del martes, con informe")
    tale.tells("antia", "Noelia Varela", "Iago Freire va la noche del martes.", next_news=-19)
    yield from tale.does("inventario", "iago", on=-22)
    yield stage.at(-22, "15:30")
    tale.accepts("nuria", "repuestos")
    yield stage.at(-19, "12:20")
    tale.tells(
        "antia",
        "Xoán Outeiro",
        "Revisión hecha: faltan dos válvulas de asiento que pedimos a fábrica.",
        next_news=-8,
    )
    tale.waits("nuria", "repuestos", "supplier", "Dos válvulas de asiento doble, plazo del fabricante")
    yield stage.at(-18, "10:10")
    tale.pauses("antia", until=-2, reason="Paran la planta por inventario y piden no recibir nada")
    yield stage.at(-8, "12:30")
    tale.wakes("antia")
    tale.tells(
        "antia",
        "Xoán Outeiro",
        "El fabricante confirma las válvulas para final de mes.",
        channel="mail",
        next_news=3,
    )


def springs(stage: Stage) -> Play:
    """Archived, and out of the archive again because it was not over."""
    yield stage.at(-112)
    tale = opens(
        stage,
        "marta",
        "Aguas Sierra Clara",
        "Revisión anual de la línea 1",
        KIND,
        purpose="Llegar al verano sin paradas en la línea 1",
        amount=12_900,
    )
    yield from tale.does("acordar", "marta", on=-109)
    yield stage.at(-109, "15:20")
    tale.offers("marta", "inventario", "Revisión anual de la línea 1", due=-100)
    tale.accepts("oscar", "inventario", "Revisión completa en dos jornadas")
    yield from tale.does("inventario", "oscar", on=-102)
    yield from tale.takes_and_does("repuestos", "tomas", on=-101, done=-99)
    work = tale.plans("marta", "Línea 1 revisada", due=-94)
    yield from tale.takes_and_does("puesta-en-marcha", "oscar", on=-98, done=-95)
    yield stage.at(-94, "10:40")
    tale.is_accepted("marta", work, "Javier Ruano", "Parte de trabajo firmado")
    tale.tells("marta", "Teresa Molina", "Línea 1 revisada y firmada por Javier.", next_news=-84)
    yield from tale.takes_and_does("facturar", "julia", on=-94, done=-92)
    yield stage.at(-90, "11:10")
    tale.asks_closing("marta", "Javier Ruano")
    tale.archives("marta")
    yield stage.at(-9, "12:10")
    tale.reopens("marta", "El soplador revisado vuelve a hacer ruido: lo dice Javier Ruano")
    tale.hears(
        "marta",
        "Javier Ruano",
        "El soplador que cambiaron en la revisión vuelve a sonar a partir de media mañana.",
    )
    tale.adds_step("marta", "Volver a mirar el soplador", "aftersales", days=5)
    yield stage.at(-9, "13:20")
    tale.accepts("laura", "Volver a mirar el soplador", "Visita a media mañana, con el soplador caliente")
    tale.tells("marta", "Javier Ruano", "Laura va a escucharlo en caliente.", next_news=1)


def brewery(stage: Stage) -> Play:
    """Yes, but with more hours: it waits for the giver to say so."""
    yield stage.at(-6)
    tale = opens(
        stage,
        "marta",
        "Cervezas Torrenueva",
        "Guardia de fin de semana para la línea de botella",
        KIND,
        purpose="Embotellar los sábados sin miedo a una avería",
        amount=19_200,
    )
    tale.requires("marta", "Hugo Bernad", "Un técnico en 4 h, también los sábados")
    yield from tale.does("acordar", "marta", on=-4)
    yield stage.at(-3, "11:30")
    tale.offers("marta", "inventario", "Revisar la línea de botella antes de comprometer 4 h", due=3)
    tale.tells(
        "marta", "Pilar Sanz", "Óscar Villalba revisa la línea antes de comprometer las 4 h.", next_news=3
    )
    yield stage.at(-1, "16:40")
    tale.accepts_if(
        "oscar",
        "inventario",
        "Con un solo técnico no llegamos a todo: hacen falta dos jornadas más",
        due=6,
        hours=16,
        back="Revisión de la línea de botella en tres jornadas",
    )


def lora_tank(stage: Stage) -> Play:
    """Archived, on the twin that was merged later."""
    yield stage.at(-126)
    tale = opens(
        stage,
        "manuela",
        "Aceites Lora, S.L.",
        "Mantenimiento de la etiquetadora",
        KIND,
        purpose="Que la etiqueta no se despegue con el aceite frío",
        amount=8_700,
    )
    yield from tale.does("acordar", "manuela", on=-123)
    yield stage.at(-122, "10:50")
    tale.offers("manuela", "inventario", "Revisar rodillo y cola", due=-114)
    tale.accepts("macarena", "inventario", "Revisión del rodillo con aceite frío")
    yield from tale.does("inventario", "macarena", on=-117)
    yield stage.at(-116, "11:10")
    tale.skips("manuela", "repuestos", "El rodillo es estándar y lo tienen ellos")
    yield from tale.does("puesta-en-marcha", "macarena", on=-112)
    yield from tale.takes_and_does("facturar", "ines", on=-111, done=-109)
    tale.tells(
        "manuela",
        "Rafael Cordero Díaz",
        "Rodillo nuevo y cola de invierno: no se despega a 6 °C.",
        next_news=-100,
    )
    tale.asks_closing("manuela", "Rafael Cordero Díaz")
    yield stage.at(-104, "12:10")
    tale.answers_closing("manuela", reached=True, score=8)
    tale.archives("manuela")


def winery(stage: Stage) -> Play:
    """Sergio's: caretaken by his head until somebody takes it."""
    yield stage.at(-33)
    tale = opens(
        stage,
        "sergio",
        "Destilerías Monzalbarba",
        "Contrato de repuestos de la llenadora de 70 cl",
        KIND,
        purpose="No parar la campaña de Navidad por una válvula",
        amount=16_400,
    )
    tale.requires("sergio", "Sara Olivares", "Juego completo de válvulas en su almacén antes de la campaña")
    yield from tale.does("acordar", "sergio", on=-29)
    yield stage.at(-28, "10:30")
    tale.offers("sergio", "inventario", "Revisar las 18 válvulas", due=-18)
    yield stage.at(-27, "10:10")
    tale.accepts("laura", "inventario", "Las 18 válvulas revisadas en un día")
    tale.tells("sergio", "Sara Olivares", "Laura revisa las válvulas y después se piden.", next_news=-15)
    yield from tale.does("inventario", "laura", on=-21)
    yield stage.at(-20, "12:30")
    tale.accepts("tomas", "repuestos")
    yield stage.at(-15, "12:00")
    tale.tells(
        "rosa",
        "Sara Olivares",
        "Sergio ya no está: de momento respondo yo. Las válvulas están pedidas.",
        next_news=-5,
    )
    yield stage.at(-13, "12:40")
    tale.finishes("tomas", "repuestos")
    tale.accepts("laura", "puesta-en-marcha")
    yield stage.at(-5, "16:20")
    tale.tells(
        "rosa",
        "Sara Olivares",
        "Válvulas recibidas; Laura las deja montadas en su almacén.",
        channel="mail",
        next_news=2,
    )


def guard_for_sodas(stage: Stage) -> Play:
    """Given over to the technician who knows the machine; others have its steps."""
    yield stage.at(-22)
    tale = opens(
        stage,
        "marta",
        "Gaseosas La Comarca",
        "Cambio de cabezales y ajuste de par",
        KIND,
        purpose="Cerrar a 14 N·cm sin tapones flojos en verano",
        amount=6_800,
    )
    yield from tale.does("acordar", "marta", on=-19)
    yield stage.at(-18, "11:00")
    offer = tale.offers_thread(
        "marta", "lucia", "La parte comercial está cerrada; lo que queda es de máquina y la conoces tú"
    )
    yield stage.at(-18, "16:30")
    tale.takes_thread("lucia", offer)
    yield stage.at(-16, "10:15")
    tale.offers("marta", "inventario", "Medir el par de los seis cabezales", due=-7)
    yield stage.at(-16, "12:40")
    tale.accepts("oscar", "inventario", "Par medido en los seis cabezales, con tabla")
    tale.tells(
        "lucia", "Fermín Tello", "Óscar mide el par de los seis cabezales la semana que viene.", next_news=-6
    )
    yield from tale.does("inventario", "oscar", on=-8)
    yield stage.at(-7, "13:30")
    tale.accepts("nuria", "repuestos")
    yield stage.at(-6, "12:10")
    tale.tells(
        "lucia", "Fermín Tello", "Dos cabezales cierran flojos; pedidos los muelles.", next_news=(-1, "18:00")
    )
    part = tale.asks(
        "lucia",
        "admin",
        "Dividir la factura: cabezales aparte de la mano de obra",
        "Fermín paga los repuestos de otra cuenta",
        due=-1,
    )
    yield stage.at(-5, "12:20")
    tale.takes_on("julia", part)
    tale.pins("lucia", "Apuntar el par medido en la ficha de la máquina", due=(1, "18:00"))


def oil_contract(stage: Stage) -> Play:
    """The owner is away: her substitute sees the story so far and nothing waits."""
    yield stage.at(-20)
    tale = opens(
        stage,
        "manuela",
        "Aceites Lora",
        "Ampliar el contrato a la línea de 5 l",
        KIND,
        purpose="Que la línea de 5 l tenga la misma guardia que la de 1 l",
        amount=14_300,
    )
    tale.requires("manuela", "Antonio Bellido", "La misma guardia de 24 h que en la línea de 1 l")
    yield from tale.does("acordar", "manuela", on=-17)
    yield stage.at(-16, "11:10")
    tale.offers("manuela", "inventario", "Revisar la línea de 5 l", due=-4)
    yield stage.at(-15, "10:20")
    tale.accepts("macarena", "inventario", "Revisión de la línea de 5 l en una jornada")
    tale.tells(
        "manuela",
        ["Rafael Cordero", "Inmaculada Reyes"],
        "Macarena Luna revisa la línea de 5 l.",
        next_news=-5,
    )
    yield from tale.does("inventario", "macarena", on=-7)
    yield stage.at(-6, "12:00")
    tale.accepts("tomas", "repuestos")
    yield stage.at(-5, "12:15")
    tale.tells("manuela", "Rafael Cordero", "Revisada; ahora aseguramos los repuestos.", next_news=3)


PLAYS = (canneries, dairy, springs, brewery, lora_tank, winery, guard_for_sodas, oil_contract)
