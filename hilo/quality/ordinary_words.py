"""Words that are names too: alone they name nobody (Rosa, Blanco, Domingo, Mark, Young)."""

from __future__ import annotations

_PARTICLES = "a al da das de del der des di do dos du e el i la las lo los o of the u van von y san santa"
PARTICLES = frozenset(_PARTICLES.split())

_SPANISH = """
abad abril acero agosto agua aguado aguilar aguilera alba alcalde alcazar alegre alegria alma almirante alta
alto amado amor amparo angel angeles arco arena arenas arias arroyo asuncion aurora azul baena ballesteros
banco baron barra barrio batalla bello blanca blanco bosque bravo buena bueno burgos caballero cabello
cabeza cabezas cabrera cadena calle calleja calvo camara camino campo campos cano canto caridad carmen
carpintero carrasco carrera carretero casa casas castano castillo casto celeste cerezo cerro clara claro
cliente coca colina concepcion conde consuelo contacto coral cordero cordoba corona corral correa cortes
corto costa crespo criado cruz cuadrado cuenca cuervo cuesta cuevas delgado diamante diana dolores domingo
domino duque duro encarnacion encina enero escribano escudero espada espejo esperanza espino espinosa
estrella fe feliz ferrer fiel flor flores franco frias fuente fuentes fuerte galan gallardo gallego gallo
garrido gema gloria gordo gracia gracias granado grande guardia guerra guerrero guzman haro hermoso herrera
herrero hidalgo hierro higuera hoyo huerta iglesia iglesias inmaculada inocente izquierdo jaca jara jardin
julio junio justo lago laguna lara leal leon llano llanos lluvia lobo lorca losa lozano lucero luna luz
macias madera madrid maestre maestro malo manso manzano mar marco marcos margarita mari marin marina marino
marques marron martillo martinete marzo maximo mayo mayor mayoral medina mejor menor mercado mercedes merino
milagro milagros millan mina moderno modesto molina molinero molino monje montana montano monte montero
montes mora moral morales moreno moro mota mozo murcia naranjo natividad navarro navidad nieto nieves
nogales nombre noria novo oliva olivar olivares oliveros olmo olmos oro osa oso otero palacio palacios palma
palmero paloma pardo paredes parra pascua pasto pastor patron paz pedrera pedrero pelayo pena perla persona
pico piedra pilar pino pinto pintor pizarro plata playa plaza polo pomar portero portillo pozo prada prado
prieto primo principe prospero proveedor prudencio puente puerta puerto pulido quintana quinto ramos real
rebollo recio redondo regla reina remedio remedios rey reyes ribera rico rincon rio rios rivas rivera roble
robledo robles roca rocio rojo roldan roman romano romero rosa rosado rosal rosales rosario rozas ruano
rubio rueda sabina sacristan salado salas salcedo salinas salto salud salvador santo santos sarmiento sastre
secretario segura seguro serena sereno serrano severo sierra silva sistema sol solano soldado soledad solis
soria sosa soto suela suelo tapia teja tejado tejedor tejera tejero toledo tormo toro torre torrente torres
trinidad trujillo vaca valencia valero valiente valle valles vara vega vela vera verde verdugo vergara
vicario vidal vidriera villa villar vina vinas virtudes visitacion viso zamora zapata zapatero zarza zorro
zurdo
"""

_ENGLISH = """
art august baker ball banks barber bell best bill birch bird bishop black blue bob bond bow branch bridge
bridges bright broad brook brooks brown buck burn burns butcher butler carpenter carter case castle chance
chandler chapel charity chase chef church city clay clerk cliff coal cole cook cooper court cross dale dawn
day dean dick drew duke ease east fair faith fall farmer field fields fisher flint flower foot ford forest
forester foster fox frank freed freeman frost gale gardener gate gates gay gene glass glen gold good grace
grand grant gray green grey grove guard gull guy hall hand hardy harper hart harvest hawk hay hazel head
heath hill holly holt honor hood hook hope horn house hunt hunter iris iron ivy jack jade jay jewel joy
judge june junior keen key king kite knight lake lamb lance land lane law leaf light lily link little lock
long lord love low lucky major mark marks marsh marshall mason max may mayor mead mercy miles mill miller
minor mint moody moon moor moss north nova oak olive page paige palmer park parker parsons pat peace pearl
penny piper pitt plant pole pond pool pope porter potter pound power price pride prince quick rain ray read
reed rich ring rise river rivers rob rock rod rose row royal ruby rush rust sage sailor sandy sargent self
senior shade sharp shepherd short singer skip sky small smart smith snow south spring star stark steel stern
stone storm strong sue summer summers swan swift tailor taylor temple thorn tower town tucker turner vale
victor wade walker wall ward warden water waters weaver webb wells west wheeler white wild will winter wise
wolf wood woods worth young
"""

ORDINARY = frozenset((_SPANISH + _ENGLISH).split())
