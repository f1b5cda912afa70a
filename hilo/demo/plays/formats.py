"""New formats and machines, from the first word to the training of whoever uses them."""

from __future__ import annotations

from hilo.demo.stage import Play, Stage
from hilo.demo.tale import opens

KIND = "first_of_kind"


def five_litres(stage: Stage) -> Play:
    """Logistics says one day, the plan another, an old promise a third: found before the customer does."""
    yield stage.at(-72)
    tale = opens(
        stage,
        "marta",
        "Aguas Sierra Clara",
        "Formato de 5 l en la línea 3 de PET",
        KIND,
        purpose="Servir a los supermercados que solo compran garrafa",
        amount=186_500,
    )
    tale.requires("marta", "Teresa Molina", "1.800 garrafas de 5 l por hora con asa puesta en línea")
    yield from tale.does("escuchar", "marta", on=-70)
    yield from tale.hands(
        "mirada-conjunta",
        "marta",
        "lucia",
        "Ver el cambio de guías y la sopladora con 5 l",
        "Informe con las piezas que cambian y las que no",
        on=-69,
        answered=-68,
        due=-66,
    )
    yield from tale.does("mirada-conjunta", "lucia", on=-66)
    yield from tale.hands(
        "comprometer",
        "lucia",
        "marta",
        "Cambian guías, estrella y asa; la sopladora aguanta",
        "Acuerdo con Teresa alcance y parada",
        on=-66,
        answered=-65,
        due=-62,
    )
    yield stage.at(-63, "12:20")
    kit = tale.plans(
        "marta",
        "Juego de 5 l montado en la línea 3",
        due=9,
        criterion="1.800 garrafas por hora, asa incluida",
    )
    tale.promises(
        "marta", "Teresa Molina", "El formato de 5 l, montado y probado", due=11, where="proposal", of=kit
    )
    tale.tells(
        "marta",
        "Teresa Molina",
        "Paramos la línea 3 un solo fin de semana y la dejamos con los dos formatos.",
        channel="meeting",
        next_news=-50,
    )
    tale.finishes("marta", "comprometer")
    plan = tale.files("marta", "Plano de guías de 5 l", "guias-5l.txt", "Guías regulables, asa en línea")
    tale.is_approved("marta", plan, "Javier Ruano", "Aprobado en la visita, firma en el plano")
    yield from tale.hands(
        "proyecto",
        "marta",
        "lucia",
        "Planos de guías, estrella y aplicador de asa",
        "Planos completos en dos semanas",
        on=-61,
        answered=-60,
        due=-50,
    )
    yield stage.at(-50, "10:05")
    tale.tells(
        "marta",
        ["Teresa Molina", "Javier Ruano"],
        "Planos terminados y en Compras. El aplicador de asa es lo que más tarda.",
        channel="mail",
        next_news=-38,
    )
    tale.finishes("lucia", "proyecto")
    tale.offers("lucia", "compras", "Aplicador de asa y reductora", due=-30)
    tale.offers("lucia", "fabricar", "Guías y estrella de 5 l", due=-26)
    yield stage.at(-49, "11:10")
    tale.accepts("tomas", "compras", "Aplicador y reductora en casa para esa fecha")
    tale.accepts("pilar", "fabricar", "Guías y estrella mecanizadas para esa fecha")
    yield stage.at(-38, "12:30")
    tale.tells(
        "marta",
        "Javier Ruano",
        "El aplicador ha salido de fábrica. Las guías están en mecanizado.",
        next_news=-24,
    )
    yield from tale.does("compras", "tomas", on=-31)
    yield from tale.does("fabricar", "pilar", on=-26)
    yield stage.at(-24, "17:15")
    tale.tells(
        "marta",
        "Teresa Molina",
        "Todo el material está en casa y empezamos el montaje en banco.",
        next_news=-12,
    )
    yield stage.at(-12, "10:50")
    tale.uses_reserve("pilar", 16, "La reductora vino con el eje corto y hubo que cambiarla")
    tale.tells(
        "marta",
        "Teresa Molina",
        "El montaje en banco funciona. Cambiamos una reductora que vino mal y usamos parte del margen.",
        channel="mail",
        next_news=3,
    )
    yield stage.at(-3, "12:35")
    tale.finishes("pilar", "montar")
    tale.offers("pilar", "enviar", "Transporte con plataforma y acceso por la puerta 4", due=7)
    yield stage.at(-2, "11:25")
    tale.accepts("pablo", "enviar", "Camión reservado; la instalación la hace Posventa al llegar")
    yield stage.at(-1, "12:50")
    tale.tells(
        "pablo",
        "Javier Ruano",
        f"El juego de 5 l sale de aquí y se entrega el {stage.days.said(13)}, a las 8:00, por la puerta 4.",
        channel="mail",
        next_news=3,
    )
    tale.asks_colleague(
        "pablo", "enviar", "sonia", "Llevar el camión de Sierra Clara: tú hablas con su puerta 4"
    )


def premium_oil(stage: Stage) -> Play:
    """Delivered and accepted; the shift is being trained; the invoice waits for its turn."""
    yield stage.at(-88)
    tale = opens(
        stage,
        "manuela",
        "Aceites Valdeoliva",
        "Llenado volumétrico para 250 ml con dosificador",
        KIND,
        purpose="Vender el aceite temprano en tiendas de aeropuerto",
        amount=124_300,
    )
    tale.requires("manuela", "Carlos Montilla", "Precisión de más o menos 1 ml y cambio de aroma sin mezcla")
    yield from tale.does("escuchar", "manuela", on=-86)
    yield from tale.hands(
        "mirada-conjunta",
        "manuela",
        "carmen",
        "Ver la limpieza entre aromas",
        "Prueba de limpieza con su aceite y respuesta",
        on=-85,
        answered=-85,
        due=-81,
    )
    yield from tale.does("mirada-conjunta", "carmen", on=-81)
    yield from tale.hands(
        "comprometer",
        "carmen",
        "manuela",
        "Factible con purga automática",
        "Lo cierro con Carlos en su fábrica",
        on=-81,
        answered=-80,
        due=-77,
    )
    yield stage.at(-78, "12:00")
    machine = tale.plans(
        "manuela",
        "Llenadora volumétrica de 8 válvulas",
        due=-14,
        criterion="Más o menos 1 ml en cien botellas",
    )
    promise = tale.promises(
        "manuela", "Carlos Montilla", "La llenadora en marcha antes de la primera prensa", due=-10, of=machine
    )
    tale.tells(
        "manuela",
        "Carlos Montilla",
        "La purga automática entra en el precio; la etiquetadora, no.",
        channel="meeting",
        next_news=-60,
    )
    tale.finishes("manuela", "comprometer")
    plan = tale.files(
        "manuela", "Esquema de purga", "purga.txt", "Purga con nitrógeno, 40 segundos por aroma"
    )
    tale.is_approved("manuela", plan, "Carlos Montilla", "Correo de aceptación del esquema")
    yield from tale.hands(
        "proyecto",
        "manuela",
        "carmen",
        "Proyecto con la purga",
        "Planos y lista en dos semanas",
        on=-76,
        answered=-75,
        due=-65,
    )
    yield stage.at(-67, "10:30")
    tale.reschedules("carmen", "proyecto", to=-64, reason="La purga se prueba un día más con su aceite")
    yield stage.at(-65, "13:05")
    tale.finishes("carmen", "proyecto")
    tale.offers("carmen", "compras", "Válvulas volumétricas y cuadro de nitrógeno", due=-45)
    tale.offers("carmen", "fabricar", "Bastidor inoxidable y bandeja", due=-44)
    yield stage.at(-64, "11:00")
    tale.accepts("nuria", "compras", "Válvulas y cuadro en casa para esa fecha")
    tale.accepts("victor", "fabricar", "Bastidor terminado para esa fecha")
    yield stage.at(-60, "12:15")
    tale.tells(
        "manuela",
        ["Carlos Montilla", "Amparo Gálvez"],
        "Compradas las válvulas; el bastidor entra en taller.",
        channel="mail",
        next_news=-42,
    )
    yield from tale.does("compras", "nuria", on=-46)
    yield from tale.does("fabricar", "victor", on=-44)
    yield stage.at(-42, "12:20")
    tale.tells(
        "manuela",
        "Carlos Montilla",
        "Montada en taller. Probamos con 200 litros de su aceite.",
        next_news=-20,
    )
    tale.moves("manuela", machine, to=-12, reason="La pluma de descarga solo está libre dos días después")
    yield from tale.does("montar", "victor", on=-32)
    yield from tale.hands(
        "enviar",
        "victor",
        "curro",
        "Transporte desde Zaragoza y descarga con pluma",
        "Camión y pluma reservados",
        on=-31,
        answered=-30,
        due=-16,
    )
    yield stage.at(-20, "11:40")
    tale.tells(
        "manuela", "Amparo Gálvez", "La máquina ya va de camino y se monta con su turno parado.", next_news=-9
    )
    yield stage.at(-16, "13:30")
    tale.finishes("curro", "enviar")
    yield stage.at(-15, "10:20")
    tale.keeps("manuela", promise, "Acta de puesta en marcha firmada por Amparo Gálvez")
    group = tale.affects("manuela", "Turnos de envasado de mañana y tarde", 22, -2)
    tale.offers("curro", "formar", "Formar a los dos turnos en la purga y el cambio de aroma", due=4)
    tale.accepts("ines", "facturar")
    yield stage.at(-14, "12:05")
    tale.accepts("macarena", "formar", "Dos sesiones por turno, con examen de purga")
    tale.is_ready("macarena", group, "told", "Amparo Gálvez, en el cambio de turno")
    tale.found_missing("macarena", "formar", "usuarios")
    yield stage.at(-13, "12:30")
    tale.is_accepted(
        "manuela", machine, "Carlos Montilla", "Correo: cien botellas pesadas, desviación de 0,6 ml"
    )
    tale.finishes("ines", "facturar")
    yield stage.at(-9, "16:25")
    tale.tells(
        "manuela",
        "Carlos Montilla",
        "La máquina es suya desde hoy; seguimos con la formación de los turnos.",
        next_news=2,
    )
    yield stage.at(-6, "13:00")
    tale.is_ready("macarena", group, "trained", "Macarena Luna, turno de mañana y de tarde")


def lab_line(stage: Stage) -> Play:
    """The whole story, from the first word to the archive."""
    yield stage.at(-130)
    tale = opens(
        stage,
        "marta",
        "Laboratorios Farsana",
        "Dosificadora de colutorio con reproceso cero",
        KIND,
        purpose="Pasar la inspección sanitaria sin ninguna observación",
        amount=97_800,
    )
    tale.requires("marta", "Marina Aznar", "Registro de peso por frasco, con copia fuera de la máquina")
    yield from tale.does("escuchar", "marta", on=-128)
    yield from tale.hands(
        "mirada-conjunta",
        "marta",
        "andres",
        "Ver el registro de peso y la validación",
        "Respuesta con Calidad del cliente delante",
        on=-127,
        answered=-127,
        due=-124,
    )
    yield from tale.does("mirada-conjunta", "andres", on=-124)
    yield from tale.hands(
        "comprometer",
        "andres",
        "marta",
        "Factible; la validación la firma el cliente",
        "Lo dejo por escrito en la oferta",
        on=-124,
        answered=-123,
        due=-119,
    )
    yield stage.at(-120, "11:50")
    machine = tale.plans(
        "marta", "Dosificadora validada", due=-58, criterion="Protocolo de validación firmado"
    )
    first = tale.promises(
        "marta", "Marina Aznar", "La dosificadora, validada", due=-60, where="proposal", of=machine
    )
    tale.finishes("marta", "comprometer")
    protocol = tale.files("marta", "Protocolo de validación", "validacion.txt", "Tres lotes de 500 frascos")
    tale.is_approved("marta", protocol, "Jorge Pallarés", "Firma de Garantía de calidad")
    yield from tale.hands(
        "proyecto",
        "marta",
        "lucia",
        "Proyecto con celda de pesado",
        "Planos y software de registro",
        on=-118,
        answered=-117,
        due=-106,
    )
    yield stage.at(-106, "12:40")
    tale.finishes("lucia", "proyecto")
    tale.offers("lucia", "compras", "Celda de carga y armario", due=-90)
    tale.offers("lucia", "fabricar", "Bastidor de sala blanca", due=-88)
    yield stage.at(-105, "10:30")
    tale.accepts("nuria", "compras", "Celda y armario en casa para esa fecha")
    tale.accepts("victor", "fabricar", "Bastidor electropulido para esa fecha")
    tale.tells(
        "marta",
        "Marina Aznar",
        "Proyecto terminado; lo que tarda es la celda de pesado.",
        channel="mail",
        next_news=-80,
    )
    yield from tale.does("compras", "nuria", on=-92)
    yield from tale.does("fabricar", "victor", on=-88)
    yield stage.at(-80, "12:00")
    second = tale.renegotiates(
        "marta",
        first,
        "Marina Aznar",
        due=-52,
        where="meeting",
        evidence="Acta de la visita: piden una semana más para su propio ensayo",
    )
    tale.tells(
        "marta",
        "Marina Aznar",
        "Quedamos en una semana más, como pidieron, para su ensayo interno.",
        channel="meeting",
        next_news=-62,
    )
    yield from tale.does("montar", "victor", on=-66)
    yield from tale.hands(
        "enviar",
        "victor",
        "sonia",
        "Entrega en sala blanca, con bata y cubrezapatos",
        "Entrega reservada con su responsable de sala",
        on=-65,
        answered=-64,
        due=-57,
    )
    yield stage.at(-62, "10:15")
    tale.tells("marta", "Jorge Pallarés", "Todo listo para entrar en su sala blanca.", next_news=-50)
    yield from tale.does("enviar", "sonia", on=-57)
    yield stage.at(-56, "11:15")
    tale.offers("sonia", "formar", "Formar a Garantía de calidad en el registro", due=-50)
    tale.accepts("julia", "facturar")
    tale.accepts("laura", "formar", "Una sesión con Calidad y otra con el turno")
    yield stage.at(-53, "12:10")
    tale.keeps("marta", second, "Protocolo firmado: tres lotes sin desviación")
    tale.is_accepted("marta", machine, "Jorge Pallarés", "Protocolo de validación firmado")
    tale.finishes("julia", "facturar")
    yield from tale.does("formar", "laura", on=-50)
    yield stage.at(-49, "10:45")
    tale.tells(
        "marta",
        "Marina Aznar",
        "Entregado, validado y facturado. Nos queda preguntarle si le sirvió.",
        next_news=-40,
    )
    tale.asks_closing("marta", "Marina Aznar")
    yield stage.at(-44, "12:25")
    tale.answers_closing(
        "marta",
        reached=True,
        score=9,
        comment="Inspección pasada sin observaciones. El ensayo extra fue cosa nuestra.",
    )
    tale.archives("marta")


PLAYS = (five_litres, premium_oil, lab_line)
