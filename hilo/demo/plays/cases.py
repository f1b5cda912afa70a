"""Cases in each of their states, why one of them could happen, and what customers were glad about."""

from __future__ import annotations

from hilo.demo.casework import Casework, opens_case, passes_on_praise
from hilo.demo.stage import Play, Stage
from hilo.quality.jobs.clocks import run_case_clocks

LIDS = "Fugas en la tapa 202 tras el último pedido de juntas"
OIL = "Llenado volumétrico para 250 ml con dosificador"
_FIRST_LOOK = -33  # nothing of a case happens before


def the_clock(stage: Stage) -> Play:
    """Pauses of cases end and lateness climbs, looked at once a day."""
    for day in range(_FIRST_LOOK, 0):
        yield stage.due(day, "17:55")
        run_case_clocks(stage.now)


def leaking_cans(stage: Stage) -> Play:
    """Grave, three areas at it, one of which has not answered; taken to the director; news due today."""
    yield stage.at(-9, "09:50")
    told = opens_case(
        stage,
        "marta",
        LIDS,
        "complaint",
        "Uno de cada cien botes con tapa 202 sale con fuga",
        text="Empezó al montar las juntas del último pedido. Han apartado 3.600 botes.",
        remedy="Quiero las juntas buenas en fábrica y que se hagan cargo de los botes que he tirado.",
        contact="Begoña Lizarraga",
        impact="high",
        urgency="high",
        owner="oscar",
    )
    yield stage.at(-9, "10:10")
    told.acknowledges(
        "oscar",
        "Begoña Lizarraga",
        "Me hago cargo yo, Begoña. Esta tarde estamos en Alagón con juntas del lote anterior.",
        next_news=(-8, "12:30"),
    )
    yield stage.at(-9, "11:50")
    told.assesses("oscar", impact="high", urgency="high")
    told.contains(
        "oscar", "Se trabaja con juntas del lote anterior y se revisa un bote de cada veinte a la salida."
    )
    yield stage.at(-8, "13:40")
    told.looks_into_it("oscar")
    told.holds_the_answer(
        "oscar", until=(-2, "12:00"), reason="Conservas del Ebro aparta cien botes con fuga para ensayarlos"
    )
    yield from _areas_at_work(stage, told)
    yield stage.at(-2, "12:20")
    told.is_taken_to(
        "elena",
        "Begoña Lizarraga",
        "Me dijeron el resultado para ayer y no ha llamado nadie. Así no puedo planificar la campaña.",
        promised="Cuatrocientas juntas verificadas una a una, en Alagón",
        due=2,
    )
    yield stage.at(-2, "13:05")
    told.tells_of_it(
        "oscar",
        "Begoña Lizarraga",
        "Tiene razón: debimos llamarla. Ya tenemos sus botes y hoy empezamos a abrirlos.",
        next_news=(0, "18:45"),
    )
    yield stage.at(-1, "12:10")
    told.brings_in("oscar", "logistics", "Recoger en Alagón los 3.600 botes apartados", days=2)


def _areas_at_work(stage: Stage, told: Casework) -> Play:
    yield stage.at(-7, "11:05")
    lot = told.brings_in("oscar", "purchasing", "Reclamar al proveedor el lote de juntas y su ficha", days=8)
    yield stage.at(-7, "12:30")
    told.joins_in("nuria", lot, "Ficha de dureza del lote y reposición por escrito del proveedor")
    yield stage.at(-2, "09:40")
    told.goes_on_with_the_answer("oscar")


def silent_sensor(stage: Stage) -> Play:
    """The customer was told when they would hear, and that was yesterday."""
    yield stage.at(-7, "11:20")
    told = opens_case(
        stage,
        "oscar",
        "Paradas del despaletizador en el turno de tarde",
        "incident",
        "El despaletizador para tres veces cada tarde",
        text="Siempre entre las cinco y las siete, con la nave más caliente.",
        remedy="Que alguien me diga cada tarde qué han visto, aunque no sepan todavía la causa.",
        contact="Hugo Bernad",
        impact="high",
        urgency="low",
        owner="oscar",
    )
    yield stage.at(-7, "11:45")
    told.acknowledges("oscar", "Hugo Bernad", "Esta tarde estoy en su línea, Hugo.", next_news=(-6, "13:30"))
    yield stage.at(-6, "10:15")
    told.assesses("oscar", impact="high", urgency="low")
    told.contains("oscar", "Un técnico nuestro en la línea de cinco a siete, con un sensor de repuesto.")
    told.looks_into_it("oscar")


def soda_question(stage: Stage) -> Play:
    yield stage.at(-1, "10:30")
    told = opens_case(
        stage,
        "iago",
        "Servicio de la llenadora aséptica",
        "query",
        "Si la junta de la válvula de asiento aguanta sosa al 3 %",
        text="Van a cambiar de limpieza y quieren saberlo antes de comprar el producto.",
        contact="Marcos Souto",
        impact="low",
        urgency="low",
        owner="iago",
    )
    yield stage.at(-1, "12:15")
    told.acknowledges(
        "iago",
        "Marcos Souto",
        "Lo miro en la ficha del fabricante y le contesto, Marcos.",
        next_news=(2, "12:30"),
        by_way="mail",
    )


def guard_switch(stage: Stage) -> Play:
    """Seen in our own workshop, put right before anybody outside could meet it."""
    yield stage.at(-20, "09:30")
    told = opens_case(
        stage,
        "victor",
        "Enlatadora de 12.000 latas por hora",
        "near_miss",
        "La puerta de la cerradora se abría sin cortar el movimiento",
        text="Salió en la prueba en vacío: el interruptor estaba montado al revés.",
        found_by_us=True,
        impact="high",
        urgency="medium",
        owner="victor",
    )
    yield stage.at(-20, "11:10")
    told.assesses("victor", impact="high", urgency="medium")
    told.contains("victor", "Máquina sin tensión y con cartel hasta cambiar el interruptor.")
    yield stage.at(-19, "12:40")
    told.closes(
        "victor",
        solution="Interruptor girado y marcado con un pasador: ya solo entra de una manera. "
        "Probado veinte veces.",
    )


def third_aroma(stage: Stage) -> Play:
    """Solved, and its cause found at a border between areas; what changed is being watched."""
    yield stage.at(-31, "09:40")
    told = opens_case(
        stage,
        "manuela",
        OIL,
        "complaint",
        "La purga llega para dos aromas y se pidieron tres",
        text="Lo han visto en las fotos de la prueba en taller: faltan las conexiones del tercer depósito.",
        remedy="El tercer aroma lo hablamos desde el primer día. Lo quiero montado y sin coste.",
        contact="Carlos Montilla",
        impact="medium",
        urgency="medium",
        owner="carmen",
    )
    yield stage.at(-31, "10:30")
    told.acknowledges(
        "carmen",
        "Carlos Montilla",
        "Lo reviso hoy con el esquema delante y le llamo, Carlos.",
        next_news=(-29, "12:30"),
    )
    yield stage.at(-30, "10:20")
    told.assesses("carmen", impact="medium", urgency="medium")
    told.looks_into_it("carmen")
    yield stage.at(-29, "11:30")
    told.answers(
        "carmen",
        "Carlos Montilla",
        "El tercer aroma se habló y no llegó al plano. Lo montamos en taller antes de que salga la máquina.",
        solution="Tercera boca de purga con su válvula, montada en taller antes del envío.",
        next_news=(-26, "12:30"),
    )
    yield stage.at(-28, "12:10")
    told.tells_decision(
        "carmen",
        "Carlos Montilla",
        "La tercera boca corre de nuestra cuenta y la fecha de entrega no se mueve.",
        outcome="upheld",
        next_news=(-24, "12:30"),
    )
    yield stage.at(-25, "12:25")
    told.hears_it_is_solved(
        "carmen", "Carlos Montilla", "Llamada con vídeo de la prueba: los tres aromas purgan en 40 segundos"
    )
    told.tells_of_it(
        "carmen",
        "Carlos Montilla",
        "Gracias, Carlos. La máquina sale con las tres bocas probadas.",
        next_news=(-20, "12:30"),
    )
    told.closes("carmen")
    yield from _why_the_third_aroma_was_lost(stage, told)


def _why_the_third_aroma_was_lost(stage: Stage, told: Casework) -> Play:
    yield stage.at(-24, "10:10")
    analysis = told.asks_why(
        "carmen", "La purga se proyectó para dos aromas y el cliente había pedido tres", "sales", "technical"
    )
    told.marks("carmen", analysis, "lost", "proyecto", on=-76, border_from="sales")
    told.marks("carmen", analysis, "visible", "compras", on=-65)
    told.marks("carmen", analysis, "seen", "montar", on=-31)
    yield stage.at(-23, "11:20")
    told.digs(
        "carmen",
        analysis,
        ("La máquina se montó con dos bocas de purga", "Acta de la prueba en taller"),
        ("El plano de purga tenía dos bocas", "Esquema de purga aprobado, versión 1"),
        ("El encargo del proyecto hablaba de la purga sin decir cuántos aromas", "Paso entregado a Proyecto"),
        ("El tercer aroma se acordó de palabra y no quedó como requisito", "Lista de requisitos del hilo"),
        (
            "La lista de entrega a Proyecto no pide el número de variantes",
            "Lista de comprobación del paso Proyecto",
        ),
    )
    yield stage.at(-21, "12:15")
    told.concludes(
        "carmen",
        analysis,
        "information_lost_in_handoff",
        "Lo acordado de palabra se pierde entre Comercial y Oficina técnica: "
        "la entrega no pregunta por las variantes.",
    )
    action = told.agrees_on(
        "carmen",
        analysis,
        "Comercial cierra con el cliente la lista de variantes antes de entregar el proyecto",
        owner="rosa",
        checker="andres",
        area="sales",
        criterion="Ningún caso más por variantes que no llegaron al plano",
        due=(-12, "14:00"),
    )
    told.teaches(
        "carmen",
        analysis,
        "first-of-kind",
        "proyecto",
        "Cuántas variantes (aromas, formatos, tapas) pide el cliente, por escrito",
    )
    yield stage.at(-13, "12:05")
    told.carries_out(
        "rosa", action, "Hoja de variantes firmada por el cliente en cada propuesta; está en la carpeta común"
    )


def humming_belt(stage: Stage) -> Play:
    """Begun well, and then nobody moved it."""
    yield stage.at(-19, "11:40")
    told = opens_case(
        stage,
        "macarena",
        "Ampliar el contrato a la línea de 5 l",
        "complaint",
        "La cinta de salida de la línea de 5 l zumba al arrancar",
        text="No para la producción, pero el turno trabaja con tapones en los oídos.",
        remedy="Que se pueda hablar al lado de la cinta, como antes de la última revisión.",
        contact="Antonio Bellido",
        impact="low",
        urgency="medium",
        owner="macarena",
    )
    yield stage.at(-19, "12:20")
    told.acknowledges(
        "macarena",
        "Antonio Bellido",
        "Lo escucho en la revisión de la línea y le digo, Antonio.",
        next_news=(-15, "12:30"),
    )
    yield stage.at(-18, "10:30")
    told.assesses("macarena", impact="low", urgency="medium")


def kind_words(stage: Stage) -> Play:
    yield stage.at(-6, "13:10")
    passes_on_praise(
        stage,
        "manuela",
        OIL,
        "Amparo Gálvez",
        "La formación fue de diez: el turno de tarde cambia de aroma sin llamar a nadie.",
    )
    yield stage.at(-2, "11:35")
    passes_on_praise(
        stage,
        "antia",
        "Tapón torcido en la botella de 1,5 l",
        "Noelia Varela",
        "Da gusto que vengan de noche para no pararnos la línea. Dele las gracias a quien vino.",
    )
    yield stage.at(-1, "11:25")
    passes_on_praise(
        stage,
        "marta",
        "Línea para botellín de 0,1 l",
        "Clara Monreal",
        "Es la primera vez que un proveedor nos enseña el plano antes de fabricar y nos pregunta.",
        where="mail",
    )


PLAYS = (
    the_clock,
    leaking_cans,
    silent_sensor,
    soda_question,
    guard_switch,
    third_aroma,
    humming_belt,
    kind_words,
)
