"""Machines at every border: unanswered, not feasible, paused, left by who began it."""

from __future__ import annotations

from hilo.demo.stage import Play, Stage
from hilo.demo.tale import opens

KIND = "first_of_kind"


def wine_filter(stage: Stage) -> Play:
    """Offered, and nobody answers: reminded at half time, then both heads hear it."""
    yield stage.at(-11)
    tale = opens(
        stage,
        "antia",
        "Bodegas Castro Rial",
        "Filtro tangencial para blanco de añada",
        KIND,
        purpose="Embotellar en enero sin mandar el vino a maquila",
        amount=88_900,
    )
    tale.requires(
        "antia",
        "Carme Rial",
        "3.000 l por hora sin perder aroma",
        "Que quepa por la puerta de la bodega vieja: 1,90 m",
    )
    yield from tale.does("escuchar", "antia", on=-9)
    yield stage.at(-8, "12:10")
    tale.tells(
        "antia",
        "Carme Rial",
        "Esta semana lo miran todas las áreas juntas, antes de darle una fecha.",
        next_news=(0, "18:00"),
    )
    yield stage.at(-4, "10:25")
    tale.offers(
        "antia",
        "mirada-conjunta",
        "Decir si un tangencial de 3.000 l entra por 1,90 m y con qué aroma",
        due=4,
    )


def gin_still(stage: Stage) -> Play:
    """Begun by somebody who left: caretaken, and offered to who will have it."""
    yield stage.at(-30)
    tale = opens(
        stage,
        "sergio",
        "Destilerías Monzalbarba",
        "Llenadora isobárica para ginebra con gas",
        KIND,
        purpose="Lanzar el combinado en botella de 20 cl con su mezcla propia",
        amount=152_000,
    )
    tale.requires("sergio", "Ignacio Lorés", "2.400 botellas por hora con 6 g/l de gas")
    yield from tale.does("escuchar", "sergio", on=-28)
    yield from tale.hands(
        "mirada-conjunta",
        "sergio",
        "andres",
        "Ver si la isobárica de 12 válvulas da 6 g/l",
        "Ensayo en banco y respuesta escrita",
        on=-27,
        answered=-26,
        due=-19,
    )
    yield stage.at(-24, "12:30")
    tale.tells("sergio", "Ignacio Lorés", "Probamos en banco con su botella.", next_news=-14)
    yield stage.at(-20, "13:10")
    tale.notes("andres", "En banco llega a 5,6 g/l. Con el depósito a 2 °C debería dar 6.")
    yield stage.at(-17, "16:50")
    offer = tale.offers_thread("rosa", "marta", "Sergio se ha ido y tú conoces las isobáricas de Torrenueva")
    yield stage.at(-16, "09:40")
    tale.declines_thread(
        "marta",
        offer,
        "Con Albarín y Torrenueva a la vez no llegaría a las visitas. Mejor a partir de la semana que viene.",
    )
    yield stage.at(-14, "11:35")
    tale.tells(
        "rosa",
        "Ignacio Lorés",
        "Sergio Blasco ya no trabaja con nosotros. Hasta que le presente a su interlocutora, llámeme a mí.",
        next_news=1,
    )
    yield stage.at(-5, "12:40")
    tale.moves_news("rosa", to=2, reason="Ignacio está de viaje y pidió la reunión a su vuelta")
    yield stage.at(-3, "12:20")
    tale.decides("andres", "Factible con el depósito a 2 °C: 6,1 g/l medidos tres veces.")
    tale.finishes("andres", "mirada-conjunta")
    yield stage.at(-1, "16:55")
    tale.offers("andres", "comprometer", "Acordar con Ignacio el depósito frío: sin él no hay 6 g/l", due=5)
    yield stage.at(-1, "17:20")
    tale.offers_thread(
        "rosa", "marta", "Es la semana que dijiste: el ensayo está hecho y falta acordarlo con Ignacio"
    )


def sauces(stage: Stage) -> Play:
    """Waits for the customer's own committee; it wakes by itself."""
    yield stage.at(-47)
    tale = opens(
        stage,
        "marta",
        "Salsas Mirambel",
        "Llenadora de pistones para bote de 2 kg",
        KIND,
        purpose="Dejar de envasar a mano el bote de hostelería",
        amount=73_600,
    )
    tale.requires("marta", "Víctor Manero", "900 botes por hora con trozos de hasta 12 mm")
    yield from tale.does("escuchar", "marta", on=-45)
    yield from tale.hands(
        "mirada-conjunta",
        "marta",
        "lucia",
        "Ver el pistón con trozos de 12 mm",
        "Prueba con su salsa más espesa",
        on=-44,
        answered=-43,
        due=-38,
    )
    yield from tale.does("mirada-conjunta", "lucia", on=-38)
    yield from tale.hands(
        "comprometer",
        "lucia",
        "marta",
        "Factible con boca de 32 mm",
        "Presento precio y plazo a Víctor",
        on=-38,
        answered=-37,
        due=-30,
    )
    yield stage.at(-34, "11:00")
    tale.hears(
        "marta",
        "Víctor Manero",
        "Lo tiene que aprobar el comité de inversiones, y no se reúne hasta el mes que viene.",
    )
    tale.pauses(
        "marta",
        until=14,
        reason="Espera al comité de inversiones de Mirambel; Víctor llama en cuanto se reúna",
    )
    tale.tells(
        "marta",
        "Víctor Manero",
        "Lo dejamos en espera hasta su comité. La oferta se mantiene hasta entonces.",
        next_news=10,
    )


def vinegar(stage: Stage) -> Play:
    """Not feasible as asked: back with the giver, who answers for it until a better question is found."""
    yield stage.at(-16)
    tale = opens(
        stage,
        "manuela",
        "Vinagres del Guadalquivir",
        "Línea de crema de vinagre en tubo",
        KIND,
        purpose="Salir del granel con un producto de mesa",
        amount=61_000,
    )
    tale.requires(
        "manuela", "Leonor Sotelo", "Tubo de 180 ml, 1.200 por hora, con la llenadora que ya tienen"
    )
    yield from tale.does("escuchar", "manuela", on=-14)
    yield stage.at(-13, "10:40")
    tale.offers("manuela", "mirada-conjunta", "Usar su llenadora de botella para el tubo", due=-8)
    yield stage.at(-12, "12:20")
    tale.returns(
        "carmen",
        "mirada-conjunta",
        "La llenadora de botella no cierra tubos: haría falta una selladora aparte.",
        reason="not_feasible",
    )
    yield stage.at(-9, "11:10")
    tale.offers(
        "manuela",
        "mirada-conjunta",
        "Valorar una selladora semiautomática de tubo junto a la llenadora",
        due=-4,
    )
    yield stage.at(-8, "13:15")
    tale.returns(
        "carmen",
        "mirada-conjunta",
        "Falta la viscosidad: con 4.000 cP o más no sube por gravedad.",
        also=["Viscosidad de la crema a 20 °C", "Muestra de tubo vacío"],
    )
    yield stage.at(-7, "12:00")
    tale.prepares("manuela", "mirada-conjunta")
    tale.tells(
        "manuela",
        "Leonor Sotelo",
        "Nos falta medir su crema. Pasamos a recoger medio litro.",
        next_news=(0, "18:15"),
    )


def energy_study(stage: Stage) -> Play:
    """Owned by the area head himself; others have the work in their hands."""
    yield stage.at(-26)
    tale = opens(
        stage,
        "andres",
        "Laboratorios Farsana",
        "Célula de paletizado para cajas de 6 kg",
        KIND,
        purpose="Quitar la carga manual del turno de noche",
        amount=118_400,
    )
    tale.requires("andres", "Marina Aznar", "Un solo robot para dos finales de línea")
    tale.relates_to("andres", "Dosificadora de colutorio con reproceso cero")
    tale.offers("andres", "escuchar", "Visitar Farsana y dejar escrito qué gana el turno de noche", due=-20)
    yield stage.at(-25, "09:50")
    tale.accepts("rosa", "escuchar", "Visita con Marina y acta con lo que gana cada turno", holder="rosa")
    yield from tale.does("escuchar", "rosa", on=-21)
    yield from tale.hands(
        "mirada-conjunta",
        "rosa",
        "andres",
        "Un robot para dos finales: ver alcance y seguridad",
        "Estudio de alcance con el vallado",
        on=-20,
        answered=-20,
        due=-15,
    )
    yield from tale.does("mirada-conjunta", "andres", on=-15)
    yield from tale.hands(
        "comprometer",
        "andres",
        "rosa",
        "Factible con robot de 3,1 m de alcance",
        "Acuerdo con Marina el vallado y la obra",
        on=-15,
        answered=-14,
        due=-9,
    )
    yield stage.at(-10, "12:10")
    cell = tale.plans(
        "rosa", "Célula de paletizado en marcha", due=48, criterion="12 cajas por minuto en los dos finales"
    )
    tale.promises(
        "rosa", "Marina Aznar", "La célula, en marcha con los dos finales", due=50, where="proposal", of=cell
    )
    tale.promises(
        "andres",
        "Jorge Pallarés",
        "El análisis de riesgos del vallado",
        due=(0, "19:00"),
        where="meeting",
        criterion="Firmado por Prevención",
    )
    tale.tells(
        "andres",
        "Marina Aznar",
        "Un robot basta. El vallado lo calculamos nosotros y lo firma Prevención.",
        channel="meeting",
        next_news=1,
    )
    tale.finishes("rosa", "comprometer")
    yield stage.at(-8, "10:20")
    tale.offers(
        "rosa",
        "proyecto",
        "Proyecto de la célula con vallado y dos finales",
        due=12,
        gaps={"plano-aprobado": "Marina lo firma en la visita de la semana que viene"},
    )
    yield stage.at(-8, "12:45")
    tale.accepts("andres", "proyecto", "Proyecto completo en cuatro semanas, con vallado primero")
    tale.adds_step("andres", "Oferta del vallado y de las dos puertas", "purchasing", days=9)
    yield stage.at(-7, "11:15")
    tale.accepts("tomas", "Oferta del vallado y de las dos puertas", "Dos ofertas de vallado, con puertas")
    yield stage.at(-3, "16:30")
    tale.pins(
        "andres",
        "Preguntar a Prevención si la puerta de mantenimiento lleva enclavamiento doble",
        due=(-1, "14:00"),
    )
    noise = tale.asks(
        "andres",
        "aftersales",
        "Medir el ruido de la nave con las dos líneas",
        "Para decidir si el vallado lleva panel",
        due=1,
    )
    ask = tale.asks(
        "andres",
        "logistics",
        "Medidas y peso del palé mixto de Farsana",
        "Sin ellas no se elige la pinza del robot",
        due=2,
    )
    yield stage.at(-2, "11:05")
    tale.refuses(
        "oscar",
        noise,
        "El sonómetro lo tiene la mutua hasta fin de mes; lo miden ellos gratis si se les pide",
    )
    tale.counters("pablo", ask, "Los palés mixtos los pesamos el jueves, con la carga de la tarde", due=4)


PLAYS = (wine_filter, gin_still, sauces, vinegar, energy_study)
