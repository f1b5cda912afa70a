"""When something went wrong: said, looked into, put right, told."""

from __future__ import annotations

from hilo.demo.stage import Play, Stage
from hilo.demo.tale import opens

KIND = "complaint"


def leaking_lids(stage: Stage) -> Play:
    """A promise broke two days ago and nobody has told the customer yet."""
    yield stage.at(-9, "09:20")
    tale = opens(
        stage,
        "marta",
        "Conservas del Ebro",
        "Fugas en la tapa 202 tras el último pedido de juntas",
        KIND,
        purpose="Volver a cerrar sin merma antes de la campaña del pimiento",
        amount=3_900,
        priority="urgent",
    )
    tale.hears(
        "marta",
        "Begoña Lizarraga",
        "Uno de cada cien botes sale con fuga. Quiero saber si es la junta o la máquina.",
    )
    tale.offers(
        "marta",
        "acusar",
        "Ir hoy, parar la merma y decirle quién lo lleva",
        due=-8,
    )
    yield stage.at(-9, "11:30")
    tale.accepts("oscar", "acusar", "Hoy por la tarde en Alagón, con juntas del lote anterior")
    tale.promises(
        "marta", "Begoña Lizarraga", "Resultado del ensayo de las juntas del lote", due=-3, where="call"
    )
    yield stage.at(-8, "13:20")
    tale.tells(
        "oscar",
        "Begoña Lizarraga",
        "Con juntas del lote anterior no hay fugas. Nos llevamos cien juntas a ensayar.",
        channel="visit",
        next_news=(0, "18:45"),
    )
    tale.finishes("oscar", "acusar")
    yield stage.at(-7, "10:10")
    tale.offers("oscar", "investigar", "Ensayar dureza y espesor de cien juntas del lote", due=1)
    yield stage.at(-7, "12:50")
    tale.accepts("lucia", "investigar", "Dureza y espesor de cien juntas, con informe")
    yield stage.at(-4, "11:20")
    tale.notes("lucia", "El durómetro está en calibración hasta mañana. Espesor correcto en las cien.")
    tale.uses_reserve("lucia", 8, "Durómetro en calibración")


def crooked_caps(stage: Stage) -> Play:
    """Broken, answered, and kept late after all; the repair is under way."""
    yield stage.at(-21)
    tale = opens(
        stage,
        "antia",
        "Lácteos Outeiro",
        "Tapón torcido en la botella de 1,5 l",
        KIND,
        purpose="Que el lineal no devuelva botellas",
        amount=5_600,
        priority="high",
    )
    tale.hears(
        "antia", "Marcos Souto", "Tres cadenas nos han devuelto palés por tapón torcido.", channel="mail"
    )
    tale.offers("antia", "acusar", "Llamar a Marcos y ver la roscadora esta semana", due=-20)
    yield stage.at(-21, "13:05")
    tale.accepts("iago", "acusar", "Mañana en Lalín, con el juego de cabezales de repuesto")
    promise = tale.promises("antia", "Noelia Varela", "Cabezales ajustados y probados", due=-15, where="call")
    yield stage.at(-20, "12:40")
    tale.tells(
        "iago",
        ["Noelia Varela", "Marcos Souto"],
        "Dos cabezales tienen holgura. Los cambio en cuanto lleguen.",
        channel="visit",
        next_news=-14,
    )
    tale.finishes("iago", "acusar")
    tale.offers("iago", "investigar", "Ver por qué la holgura aparece a los tres meses", due=-12)
    yield stage.at(-19, "11:30")
    tale.accepts("daniel", "investigar", "Despiece de un cabezal y medida del eje")
    yield stage.at(-14, "10:20")
    tale.answers_for(
        "antia",
        promise,
        "Noelia Varela",
        "No llegamos al día que le dije: el transporte perdió un bulto. Los cabezales llegan mañana.",
        next_news=-11,
    )
    yield stage.at(-13, "17:10")
    tale.keeps("iago", promise, "Prueba de 2.000 botellas sin un solo tapón torcido")
    tale.tells("antia", "Noelia Varela", "Cabezales montados y 2.000 botellas buenas.", next_news=-4)
    yield from tale.does("investigar", "daniel", on=-12)
    yield stage.at(-11, "11:15")
    tale.offers("daniel", "reparar", "Casquillo nuevo con engrase, en los cuatro cabezales", due=4)
    yield stage.at(-11, "12:55")
    tale.accepts("iago", "reparar", "Casquillos en los cuatro cabezales, de noche")
    tale.plans("antia", "Cuatro casquillos con engrase montados", due=4)
    yield stage.at(-4, "12:45")
    tale.tells(
        "antia",
        "Marcos Souto",
        "Los casquillos están en fábrica; se montan de noche.",
        channel="mail",
        next_news=3,
    )


def labels(stage: Stage) -> Play:
    """Old and over, on the twin; its history is on the survivor's page."""
    yield stage.at(-101)
    tale = opens(
        stage,
        "manuela",
        "Aceites Lora, S.L.",
        "Etiquetas con burbujas en la botella de 500 ml",
        KIND,
        purpose="Mandar la partida de Navidad sin una etiqueta mal puesta",
        amount=2_100,
    )
    tale.hears("manuela", "Rafael Cordero Díaz", "Cuarenta cajas con burbuja. Así no salen.", channel="mail")
    tale.offers("manuela", "acusar", "Ver el rodillo y cambiarlo si hace falta", due=-100)
    tale.accepts("macarena", "acusar", "Hoy en Lora, con rodillo nuevo")
    yield from tale.does("acusar", "macarena", on=-100)
    yield stage.at(-99, "10:30")
    tale.offers("macarena", "investigar", "Ver por qué el rodillo se endurece", due=-94)
    tale.accepts("carmen", "investigar", "Medir temperatura de cola y rodillo")
    fix = tale.plans("manuela", "Rodillo de silicona y cola de invierno", due=-90)
    yield from tale.does("investigar", "carmen", on=-96)
    yield stage.at(-95, "11:00")
    tale.offers("carmen", "reparar", "Rodillo de silicona y cola de invierno", due=-90)
    tale.accepts("macarena", "reparar", "Rodillo y cola en una tarde")
    yield from tale.does("reparar", "macarena", on=-92)
    yield stage.at(-91, "12:00")
    tale.is_refused("manuela", fix, "Rafael Cordero Díaz", "Siguen saliendo burbujas en la última esquina")
    tale.reopens_step("macarena", "reparar", "Queda burbuja en la esquina de salida")
    yield stage.at(-89, "12:30")
    tale.finishes("macarena", "reparar")
    tale.accepts("manuela", "responder")
    yield stage.at(-88, "11:45")
    tale.is_accepted("manuela", fix, "Rafael Cordero Díaz", "Correo: quinientas botellas sin burbuja")
    tale.tells(
        "manuela",
        "Rafael Cordero Díaz",
        "La esquina de salida iba con poca presión. Ya no sale ninguna burbuja.",
        next_news=-78,
    )
    tale.finishes("manuela", "responder")
    tale.asks_closing("manuela", "Encarnación Ruiz")
    tale.archives("manuela")


def late_guides(stage: Stage) -> Play:
    """Delivered, and refused: it must be put right."""
    yield stage.at(-18)
    tale = opens(
        stage,
        "manuela",
        "Zumos Huerta Alta",
        "Guías de 200 ml que rayan el brik",
        KIND,
        purpose="No tirar más envases en plena campaña",
        amount=4_300,
        priority="high",
    )
    tale.hears("manuela", "Julián Moyano", "Las guías nuevas rayan. Hemos apartado 1.400 briks.")
    tale.offers("manuela", "acusar", "Apartar las guías y poner las viejas", due=-17)
    yield stage.at(-18, "13:10")
    tale.accepts("macarena", "acusar", "Mañana en Palma del Río con las guías viejas")
    yield stage.at(-17, "12:30")
    tale.tells(
        "macarena",
        "Julián Moyano",
        "Hoy trabajan con las guías anteriores y no raya ninguna.",
        channel="visit",
        next_news=-8,
    )
    tale.finishes("macarena", "acusar")
    tale.offers("macarena", "investigar", "Medir el radio de la guía", due=-12)
    yield stage.at(-16, "11:00")
    tale.accepts("carmen", "investigar", "Medida del radio y propuesta de pulido")
    guides = tale.plans("manuela", "Guías pulidas con radio de 2 mm", due=-6)
    yield from tale.does("investigar", "carmen", on=-12)
    yield stage.at(-11, "12:15")
    tale.offers("carmen", "reparar", "Montar las guías pulidas", due=-5)
    yield stage.at(-11, "16:30")
    tale.accepts("macarena", "reparar", "Montaje con la línea parada")
    yield stage.at(-8, "12:05")
    tale.tells("manuela", "Dolores Carrasco", "Las guías pulidas se montan esta semana.", next_news=2)
    yield from tale.does("reparar", "macarena", on=-5)
    yield stage.at(-3, "12:20")
    tale.is_refused(
        "manuela", guides, "Julián Moyano", "A la salida sigue marcando una raya fina en la solapa"
    )
    tale.reopens_step("macarena", "reparar", "Raya fina en la solapa, a la salida")


def depalletiser(stage: Stage) -> Play:
    """Taken to the director, who answers for it herself."""
    yield stage.at(-7, "09:40")
    tale = opens(
        stage,
        "elena",
        "Cervezas Torrenueva",
        "Paradas del despaletizador en el turno de tarde",
        KIND,
        purpose="Recuperar los tres turnos antes del puente",
        amount=638_000,
        priority="urgent",
    )
    tale.hears(
        "elena", "Pilar Sanz", "He llamado a Dirección porque van tres paradas y nadie me dice por qué."
    )
    tale.offers("elena", "acusar", "Dejar a alguien en su fábrica hasta que arranque el turno", due=-6)
    yield stage.at(-7, "11:10")
    tale.accepts("oscar", "acusar", "Hoy me quedo en el turno de tarde")
    tale.promises(
        "elena",
        "Pilar Sanz",
        "Explicación de las tres paradas, con lo que cambia",
        due=(0, "18:00"),
        where="call",
        criterion="Una página con hora, causa y remedio de cada parada",
    )
    yield stage.at(-6, "13:20")
    tale.tells(
        "elena",
        ["Pilar Sanz", "Hugo Bernad"],
        "Óscar Villalba pasó la tarde en la línea: las tres paradas son del mismo sensor.",
        next_news=(-1, "14:00"),
    )
    tale.finishes("oscar", "acusar")
    tale.offers("oscar", "investigar", "Ver por qué el sensor falla solo por la tarde", due=0)
    yield stage.at(-5, "10:20")
    tale.accepts("andres", "investigar", "Registro del sensor dos tardes y conclusión por escrito")
    yield stage.at(-4, "12:40")
    tale.asks(
        "elena",
        "purchasing",
        "Dos sensores iguales en Zaragoza antes del viernes",
        "Torrenueva no puede esperar al plazo de fábrica",
        due=1,
    )
    tale.pins("elena", "Hablar con Rosa de por qué la tercera llamada llegó a Dirección", due=(-1, "13:00"))
    yield stage.at(-3, "16:30")
    tale.decides("elena", "Un técnico fijo en Torrenueva por las tardes hasta que el sensor esté cambiado.")
    yield stage.at(-1, "17:45")
    tale.adds_step("andres", "Aprobar 2.140 € de sensores fuera de contrato", "management", days=2)


def winery_screws(stage: Stage) -> Play:
    """In Vigo: waits for the customer to send the sample."""
    yield stage.at(-12)
    tale = opens(
        stage,
        "antia",
        "Bodegas Castro Rial",
        "Corcho hundido en la botella bordelesa",
        KIND,
        purpose="Que el corcho quede a ras en toda la partida",
        amount=1_700,
    )
    tale.hears("antia", "Suso Feijóo", "El corcho entra 3 mm de más en media docena de cada caja.")
    tale.offers("antia", "acusar", "Ver la taponadora y apartar la partida", due=-11)
    yield stage.at(-12, "13:00")
    tale.accepts("iago", "acusar", "Mañana en Ribadavia")
    yield stage.at(-11, "12:30")
    tale.tells(
        "iago",
        "Suso Feijóo",
        "La taponadora está bien regulada; nos hacen falta corchos de ese lote.",
        channel="visit",
        next_news=-4,
    )
    tale.finishes("iago", "acusar")
    tale.offers("iago", "investigar", "Medir diámetro y compresión del corcho", due=1)
    yield stage.at(-10, "11:40")
    tale.accepts("lucia", "investigar", "Diámetro y compresión de veinte corchos")
    tale.waits("lucia", "investigar", "customer", "Veinte corchos del lote 0417")
    yield stage.at(-4, "12:50")
    tale.tells("antia", "Carme Rial", "Esperamos los corchos del lote para medirlos.", next_news=3)


def quiet_matter(stage: Stage) -> Play:
    """Only for those named on it."""
    yield stage.at(-23)
    tale = opens(
        stage,
        "elena",
        "Bodegas Albarín",
        "Condiciones de exclusividad del formato 0,1 l",
        "new_account",
        purpose="Que Albarín tenga doce meses de ventaja sin cerrarnos el mercado",
        amount=48_000,
    )
    tale.kept_among("elena", "elena", "rosa", "marta", "ines")
    tale.hears(
        "elena",
        "Diego Arnal",
        "Pagamos por la exclusiva, pero queremos el precio de la segunda línea.",
        channel="meeting",
    )
    yield stage.at(-21, "12:30")
    tale.offers("elena", "conocer", "Preparar con Diego el borrador de exclusividad", due=-16, to="rosa")
    yield stage.at(-21, "16:10")
    tale.accepts("rosa", "conocer", "Borrador con plazo, territorio y precio de la segunda línea")
    tale.tells(
        "elena",
        "Diego Arnal",
        "Doce meses y solo canal hotel: es lo que podemos dar.",
        channel="meeting",
        next_news=-10,
    )
    yield stage.at(-13, "13:00")
    tale.finishes("rosa", "conocer")
    yield stage.at(-12, "12:20")
    tale.skips("rosa", "visita", "Es un acuerdo comercial: no hay nada que medir")
    tale.accepts("ines", "alta")
    yield stage.at(-10, "11:00")
    tale.tells(
        "elena", "Diego Arnal", "Administración prepara el texto con su abogado.", next_news=(1, "18:00")
    )


def noisy_blower(stage: Stage) -> Play:
    """Kept late and told; archived with its broken promise answered."""
    yield stage.at(-57)
    tale = opens(
        stage,
        "marta",
        "Aguas Sierra Clara",
        "Botella ovalada en la sopladora 2",
        KIND,
        purpose="Que la botella ruede bien por la cinta",
        amount=2_800,
    )
    tale.hears("marta", "Javier Ruano", "Sale ovalada desde el cambio de molde.")
    tale.offers("marta", "acusar", "Ver el molde esta semana", due=-56)
    tale.accepts("laura", "acusar", "Mañana en Jaraba")
    promise = tale.promises("marta", "Javier Ruano", "Molde corregido y en marcha", due=-50, where="call")
    doubt = tale.pins("laura", "¿El molde nuevo trae certificado de temple?")
    yield from tale.does("acusar", "laura", on=-56)
    tale.settles("laura", doubt, "Lo trae: 54 HRC, archivado con el molde")
    yield stage.at(-55, "10:30")
    tale.offers("laura", "investigar", "Medir el molde en frío y en caliente", due=-50)
    tale.accepts("lucia", "investigar", "Medida en frío y en caliente")
    yield from tale.does("investigar", "lucia", on=-51)
    yield stage.at(-50, "11:30")
    tale.offers("lucia", "reparar", "Rectificar el asiento del molde", due=-46)
    tale.accepts("laura", "reparar", "Rectificado en una jornada")
    yield stage.at(-49, "10:00")
    tale.answers_for(
        "marta",
        promise,
        "Javier Ruano",
        "No llegamos al día que le dijimos: el asiento del molde hay que rectificarlo. Estará en tres días.",
        next_news=-44,
    )
    yield from tale.does("reparar", "laura", on=-47)
    yield stage.at(-46, "11:20")
    tale.keeps("marta", promise, "Botella redonda en 10.000 unidades")
    tale.accepts("marta", "responder")
    tale.tells(
        "marta",
        ["Javier Ruano", "Elvira Solanas"],
        "Molde rectificado: 10.000 botellas redondas. El rectificado corre de nuestra cuenta.",
        next_news=-36,
    )
    yield from tale.does("responder", "marta", on=-45)
    tale.asks_closing("marta", "Elvira Solanas")
    yield stage.at(-42, "13:00")
    tale.answers_closing("marta", reached=True, score=7, comment="Bien resuelto, aunque tres días tarde.")
    tale.archives("marta")


def wrong_invoice(stage: Stage) -> Play:
    """The customer let us off the promise; archived."""
    yield stage.at(-40)
    tale = opens(
        stage,
        "manuela",
        "Aceites Valdeoliva",
        "Dosificador de aroma mal montado",
        KIND,
        purpose="Cambiar de aroma sin parar media hora",
        amount=900,
    )
    promise = tale.promises("manuela", "Amparo Gálvez", "Un técnico en fábrica", due=-37, where="call")
    yield stage.at(-39, "10:50")
    tale.is_released(
        "manuela", promise, "Amparo Gálvez", "Llamada: lo ha girado su propio mecánico y funciona"
    )
    tale.skips_the_rest("manuela", "Lo resolvió el mecánico del cliente en diez minutos")
    tale.tells(
        "manuela",
        "Amparo Gálvez",
        "Gracias por resolverlo. En la próxima visita lo dejamos marcado para que no se monte al revés.",
        next_news=-30,
    )
    tale.asks_closing("manuela", "Amparo Gálvez")
    yield stage.at(-36, "12:30")
    tale.answers_closing("manuela", reached=True, score=8)
    tale.archives("manuela")


PLAYS = (
    leaking_lids,
    crooked_caps,
    labels,
    late_guides,
    depalletiser,
    winery_screws,
    quiet_matter,
    noisy_blower,
    wrong_invoice,
)
