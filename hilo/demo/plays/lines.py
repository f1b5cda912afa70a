"""Whole lines never built before: the joint look first, then branches that run at once."""

from __future__ import annotations

from hilo.demo.stage import Play, Stage
from hilo.demo.tale import opens

KIND = "first_of_kind"


def small_bottle(stage: Stage) -> Play:
    """Never built before; feasible if the caps come. At the technician's desk today."""
    yield stage.at(-34)
    tale = opens(
        stage,
        "marta",
        "Bodegas Albarín",
        "Línea para botellín de 0,1 l",
        KIND,
        purpose="Entrar en el canal hotel en marzo con el botellín de 0,1 l",
        amount=412_000,
        priority="high",
    )
    tale.hears(
        "marta",
        "Diego Arnal",
        "La cadena de hoteles abre catálogo en marzo. Si no estamos ahí, hasta dentro de un año nada.",
        channel="meeting",
    )
    tale.requires(
        "marta", "Diego Arnal", "4.500 botellines de 0,1 l por hora, con tapón de rosca de aluminio"
    )
    tale.requires(
        "marta", "Clara Monreal", "El cambio de formato entre 0,1 l y 0,75 l, en menos de 40 minutos"
    )
    tale.requires("marta", "Luis Gimeno", "Trazabilidad por lote en cada caja de 24")
    yield stage.at(-32, "17:10")
    tale.finishes("marta", "escuchar")
    tale.offers(
        "marta",
        "mirada-conjunta",
        "Decir si el botellín cabe en la línea 2 y qué haría falta",
        due=-28,
        gaps={"fecha": "La fecha la marca el catálogo: primera semana de marzo"},
    )
    yield stage.at(-31, "11:20")
    tale.accepts(
        "andres",
        "mirada-conjunta",
        "El viernes tienes por escrito si cabe en la línea 2, con plazos de Compras y Producción",
    )
    ask = tale.asks(
        "andres",
        "purchasing",
        "Plazo real de la estrella de entrada y de los tapones de 18 mm",
        "Sin tapones de muestra no se puede prometer marzo",
        due=-29,
    )
    yield stage.at(-30)
    tale.takes_on("tomas", ask)
    yield stage.at(-29, "13:30")
    tale.fulfils("tomas", ask, "Estrella: 7 semanas. Tapones: el proveedor manda 200 muestras el lunes")
    tale.decides(
        "andres",
        "Factible si llegan las muestras de tapón: la estrella va a medida y la mesa se comparte con 0,75 l.",
    )
    yield stage.at(-28, "12:15")
    tale.finishes("andres", "mirada-conjunta")
    tale.offers(
        "andres",
        "comprometer",
        "Acordar fecha y alcance: 4.000 por hora es seguro, 4.500 hay que probarlo",
        due=-24,
    )
    yield stage.at(-28, "16:40")
    tale.accepts("marta", "comprometer", "Cierro con Diego 4.000 por hora garantizados y la prueba de 4.500")
    yield stage.at(-25, "12:30")
    line = tale.plans(
        "marta",
        "Línea de 0,1 l instalada y probada con su vino",
        due=62,
        criterion="4.000 botellines por hora durante dos horas, con merma menor del 0,5 %",
    )
    tale.promises(
        "marta",
        "Diego Arnal",
        "La línea de 0,1 l, instalada antes del catálogo de hoteles",
        due=64,
        where="proposal",
        criterion="4.000 botellines por hora durante dos horas",
        of=line,
    )
    tale.tells(
        "marta",
        ["Diego Arnal", "Clara Monreal"],
        "Queda acordado lo que reciben y lo que no: 4.000 por hora garantizados, la etiquetadora no entra.",
        channel="meeting",
        next_news=-15,
    )
    tale.finishes("marta", "comprometer")
    tale.promises("marta", "Diego Arnal", "Estudio de implantación con plano y horas", due=2, where="meeting")
    yield stage.at(-24)
    plan = tale.files(
        "marta", "Plano de implantación", "implantacion-01l.txt", "Versión previa, sin cotas de la mesa"
    )
    tale.offers(
        "marta",
        "proyecto",
        "Proyecto completo con plano de la estrella y horas de montaje",
        due=4,
        to="lucia",
        gaps={"plano-aprobado": "Clara Monreal lo revisa con su turno; lo tenemos el jueves"},
    )
    yield stage.at(-23, "12:05")
    tale.returns(
        "lucia",
        "proyecto",
        "Sin el plano aprobado no sabemos qué estrella dibujar: cambia todo el paso de botella.",
        lacks=["plano-aprobado"],
        also=["Muestra física del botellín de 0,1 l"],
    )
    yield stage.at(-20, "10:40")
    plan = tale.corrects(
        "marta", plan, "Cotas de la mesa corregidas tras la visita", "Paso de botella: 42 mm"
    )
    yield stage.at(-18, "09:50")
    plan = tale.corrects("marta", plan, "Con la zona de etiquetado marcada como no incluida")
    tale.is_approved("marta", plan, "Clara Monreal", "Firmado en su despacho, copia escaneada en el hilo")
    tale.offers(
        "marta",
        "proyecto",
        "Proyecto completo con plano de la estrella y horas de montaje",
        due=4,
        to="lucia",
        papers={"plano-aprobado": plan},
    )
    yield stage.at(-18, "16:20")
    tale.accepts(
        "lucia", "proyecto", "Plano de estrella y mesa, lista de compras y horas, con margen de una semana"
    )
    yield stage.at(-15, "17:05")
    tale.tells(
        "marta",
        "Diego Arnal",
        "Lucía Herrera ya dibuja la estrella sobre el plano que aprobó Clara.",
        channel="mail",
        next_news=-6,
    )
    yield stage.at(-9)
    tale.uses_reserve(
        "lucia", 12, "La botella de muestra llegó con el cuello fuera de tolerancia: se repite la medida"
    )
    tale.pins("lucia", "Confirmar el par de cierre del tapón de 18 mm con el proveedor", due=(0, "14:00"))
    yield stage.at(-6, "12:40")
    tale.tells(
        "marta",
        ["Diego Arnal", "Luis Gimeno"],
        "El proyecto va según lo previsto. Hemos gastado parte de la reserva en medir otra vez el cuello.",
        next_news=(0, "18:30"),
    )
    group = tale.affects("marta", "Operarias y operarios del turno de embotellado", 14, 58)
    tale.is_ready("marta", group, "told", "Clara Monreal, en la reunión de turno")
    yield stage.at(-2)
    tale.asks(
        "lucia",
        "purchasing",
        "Muestra de tapón de 18 mm con ficha de par de cierre",
        "Sin ella no se puede cerrar el plano de la roscadora de Albarín",
        due=1,
    )


def canning_line(stage: Stage) -> Play:
    """Two branches at once, two holders; one comes back twice and the other is not charged for it."""
    yield stage.at(-66)
    tale = opens(
        stage,
        "marta",
        "Cervezas Torrenueva",
        "Enlatadora de 12.000 latas por hora",
        KIND,
        purpose="Vender la cerveza de temporada en lata antes de San Juan",
        amount=638_000,
        priority="high",
    )
    tale.requires(
        "marta",
        "Pilar Sanz",
        "12.000 latas por hora de 33 cl, con oxígeno disuelto por debajo de 50 ppb",
        "Que la línea de botella no pare más de un fin de semana",
    )
    tale.sets_reserve("marta", 8)
    yield from tale.does("escuchar", "marta", on=-64)
    yield from tale.hands(
        "mirada-conjunta",
        "marta",
        "andres",
        "Ver si la enlatadora cabe junto a la lavadora de cajas",
        "Respuesta con plano de nave y plazos de compra el viernes",
        on=-63,
        answered=-63,
        due=-60,
    )
    yield from tale.does("mirada-conjunta", "andres", on=-60)
    yield from tale.hands(
        "comprometer",
        "andres",
        "marta",
        "Cabe girando la entrada 90 grados: acordar obra civil con ellos",
        "Cierro con Pilar quién hace la obra y cuándo",
        on=-60,
        answered=-59,
        due=-56,
    )
    yield stage.at(-57, "12:10")
    line = tale.plans(
        "marta", "Enlatadora probada con su cerveza", due=38, criterion="12.000 latas por hora, 50 ppb"
    )
    tale.promises(
        "marta", "Pilar Sanz", "La enlatadora, lista para la temporada", due=40, where="proposal", of=line
    )
    tale.tells(
        "marta",
        "Pilar Sanz",
        "La obra civil es suya y termina antes de que llegue la máquina; lo demás es nuestro.",
        channel="meeting",
        next_news=-45,
    )
    tale.finishes("marta", "comprometer")
    plan = tale.files("marta", "Plano de nave", "nave-enlatadora.txt", "Entrada girada 90 grados")
    tale.is_approved("marta", plan, "Pilar Sanz", "Correo de Pilar con el plano firmado")
    yield from tale.hands(
        "proyecto",
        "marta",
        "daniel",
        "Proyecto de la enlatadora y de la entrada girada",
        "Planos de fabricación y lista de compras en tres semanas",
        on=-55,
        answered=-54,
        due=-42,
    )
    yield stage.at(-45, "10:20")
    tale.tells(
        "marta",
        ["Pilar Sanz", "Hugo Bernad"],
        "Los planos están al 70 %. Falta cerrar con Hugo el grifo de muestras.",
        channel="mail",
        next_news=-33,
    )
    yield stage.at(-42, "13:15")
    tale.finishes("daniel", "proyecto")
    tale.offers(
        "daniel",
        "compras",
        "Llenadora de 24 válvulas y cerradora de 4 cabezales",
        due=-12,
        gaps={"lista": "La lista va sin el modelo de bomba: lo da Calidad del cliente el martes"},
    )
    tale.offers("daniel", "fabricar", "Bastidor, plataforma y cinta de entrada girada", due=-14)
    yield stage.at(-41, "09:20")
    tale.accepts("raul", "fabricar", "Bastidor soldado y pintado para esa fecha", holder="victor")
    yield stage.at(-41, "12:10")
    tale.returns(
        "nuria",
        "compras",
        "Sin modelo de bomba el proveedor no reserva hueco de fabricación.",
        lacks=["lista"],
    )
    yield stage.at(-40, "08:10")
    tale.accepts("victor", "fabricar")
    yield stage.at(-37, "11:30")
    tale.offers("daniel", "compras", "Llenadora, cerradora y bomba sanitaria de 3 kW", due=-8)
    yield stage.at(-36, "16:15")
    tale.returns(
        "nuria",
        "compras",
        "La cerradora pedida ya no se fabrica: hay que pasar a la serie nueva.",
        reason="not_feasible",
        also=["Conformidad de Oficina técnica con la serie nueva"],
    )
    yield stage.at(-33, "10:10")
    tale.offers("daniel", "compras", "Llenadora, cerradora de la serie nueva y bomba sanitaria", due=6)
    tale.tells(
        "marta",
        "Pilar Sanz",
        "El bastidor avanza. La cerradora ya no se fabrica; hemos pedido la nueva y el plazo no cambia.",
        next_news=-16,
    )
    tale.adds_step("daniel", "Programa de la entrada girada", "technical", days=34)
    yield stage.at(-33, "17:20")
    tale.accepts("nuria", "compras", "Llenadora, cerradora nueva y bomba en casa para esa fecha")
    yield stage.at(-30)
    tale.waits("nuria", "compras", "supplier", "Confirmación de embarque de la llenadora")
    lift = tale.asks(
        "nuria", "logistics", "Reservar la grúa de 5 t", "La llenadora no entra con transpaleta", due=-20
    )
    yield stage.at(-29, "13:20")
    tale.no_longer_asks("nuria", lift)
    tale.notes("nuria", "La grúa la pone el transitario: no hace falta la nuestra.")
    yield stage.at(-16, "12:45")
    tale.goes_on("nuria", "compras")
    tale.tells(
        "marta",
        "Hugo Bernad",
        "La llenadora está en fábrica del proveedor, en pruebas. Viene en dos semanas.",
        channel="mail",
        next_news=(-1, "18:30"),
    )
    yield stage.at(-13, "13:40")
    tale.finishes("victor", "fabricar")
    yield stage.at(-4, "10:30")
    tale.notes("nuria", "El transitario confirma aduana limpia. Falta el número de contenedor.")
    tale.pins("nuria", "Pedir el número de contenedor de la llenadora", due=(1, "12:00"))


PLAYS = (small_bottle, canning_line)
