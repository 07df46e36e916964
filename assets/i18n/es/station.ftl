## The rail: one word per step, at most eleven letters.
step-order = Pedido
step-review = Revisión
step-stock = Stock
step-pick = Recogida
step-verify = Verificar
step-pack = Embalar
step-checklist = Lista
step-weigh = Pesar
step-label = Etiqueta
step-confirm = Confirmar
step-next = Siguiente

## The bar on top.
top-order = Pedido { $order }
top-queue = Cola
top-ready = { $n } { $n ->
        [one] pedido
       *[other] pedidos
    }
top-ship-by = Enviar antes de { $time }
top-last-at = último { $time }
top-network = Red
top-offline = Sin red { $age }
top-online = En línea
top-unsent = { $n } por enviar, el más antiguo { $age }
top-nobody = Nadie ha entrado

## The say band and what stands beneath it: login and queue.
say-login = Escanee su tarjeta
say-login-sub = o acérquela al lector
say-pin = Introduzca su PIN
say-pin-sub = { $who }, después pulse OK
say-locked = Bloqueado. Escanee su tarjeta
say-locked-sub = El pedido sigue como estaba
say-queue = Empiece o escanee algo
say-queue-sub = Un pedido, una cubeta o un artículo abre su pedido

## The say band: steps 1 to 4.
say-review = Lea y continúe
say-review-sub = { $n } { $n ->
        [one] aviso
       *[other] avisos
    } sobre este pedido
say-review-plain = Nada especial en este pedido
say-flag-fraud = Alto. Revisión de fraude
say-flag-address = Alto. Problema de dirección
say-flag-unpaid = Alto. Sin pagar
say-flag-sub = Un jefe puede quitarlo, o retenga el pedido
say-stock = El stock cubre este pedido
say-stock-sub = Según datos de las { $time }
say-stock-short =
    Falta stock en { $n } { $n ->
        [one] línea
       *[other] líneas
    }
say-stock-short-sub = Vaya a mirar o anote la falta. Datos de las { $time }
say-pick = Vaya a { $bin }, escanee el estante
say-pick-sub = Parada { $no } de { $n } · pasillo { $aisle }, módulo { $bay }, nivel { $level }
say-pick-take = Tome { $n } y continúe

## The say band: step 5.
say-verify = Escanee { $n } más
say-verify-first = Escanee cualquier artículo
say-verify-sub = Vale cualquier artículo de este pedido
say-all-checked = Todo verificado
say-serial = Escanee el número de serie
say-lot = Escanee o escriba el lote
say-expiry = Escriba la fecha de caducidad
say-trace-sub = { $name } lo exige por unidad
say-undone = Deshecho
say-undone-sub = { $name } ya no cuenta

## The say band: steps 6 and 7.
say-box = Tome la caja { $box }
say-box-sub = Escanéela o elija otra
say-box-none = Elija una caja
say-box-none-sub = Sin sugerencia: { $why }
say-put-in = Meta { $n }: { $name }
say-put-in-sub = Paso { $no } de { $n }
say-photo = Tome una foto
say-photo-sub = La caja abierta, todo a la vista

## The say band: step 8.
say-weigh = Ponga el paquete en la báscula
say-weigh-sub = Esperado { $expected }
say-weigh-moving = Suelte, se estabiliza
say-weigh-moving-sub = El peso cuenta cuando está quieto
say-weigh-ok = El peso es correcto
say-weigh-ok-sub = Imprimiendo la etiqueta
say-weigh-light = Faltan { $difference }
say-weigh-light-sub = Falta algo. Cuente otra vez
say-weigh-heavy = Sobran { $difference }
say-weigh-heavy-sub = Sobra algo. Cuente otra vez
say-weigh-blind = El peso no muestra si falta uno
say-weigh-blind-sub = Aquí cuentan los escaneos
say-no-scale = La báscula no responde
say-no-scale-sub = Revise el cable o llame al jefe

## The say band: steps 9 to 11.
say-label-printing = Etiqueta en camino
say-label-missing = Falta un dato: { $fact }
say-label-missing-sub = { $name }. La oficina lo añade, retenga el pedido
say-label-stuck = ¿Salió la etiqueta?
say-label-stuck-sub = La estación se detuvo al imprimir
say-confirm = Escanee la etiqueta de la caja
say-confirm-sub = La etiqueta de otro paquete se rechazará
say-done = Pedido listo
say-done-sub =
    Siguiente: { $order }, { $n } { $n ->
        [one] artículo
       *[other] artículos
    }, antes de { $time }
say-done-last-sub = No hay nada más en espera
say-consolidate = Llévelo a { $place } y escanee
say-consolidate-sub = La parte { $no } de { $n } se une allí a las demás
say-parcel-done = Paquete { $no } listo
say-parcel-next = Ahora el paquete { $no }

## The say band: states of the station.
say-offline = Trabajando sin red
say-offline-sub = No se pierde nada. Todo se guarda en esta estación
say-online = La red ha vuelto
say-online-sub = { $n } { $n ->
        [one] evento enviado
       *[other] eventos enviados
    }
say-busy = Un momento, poniéndose al día
say-busy-sub = Escanee otra vez cuando esto desaparezca
say-disk = El disco está casi lleno
say-disk-sub = Termine este pedido. Los nuevos esperan espacio
say-paused = Pausa. Su pedido espera
say-paused-sub = Escanee su tarjeta para seguir
say-lead-called = Se ha llamado al jefe
say-lead-called-sub = Siga mientras espera
say-hand = ¿Confirmar a mano?
say-hand-sub = Queda registrado como hecho a mano
say-approve = Jefe: tarjeta y PIN
say-approve-sub = Para: { $what }

## Words that stand beside a figure.
word-now = Ahora
word-checked = verificados
word-needed = NECESARIO
word-scanned = ESCANEADO
word-this-box = ESTA CAJA
word-bin = Hueco
word-tote = en la cubeta { $tote }
word-slot = en el casillero { $slot }
word-order = Pedido { $order }
word-not-in-order = No está en el pedido { $order }
word-clears = Se quita con el próximo escaneo correcto
word-lines-items = { $lines } { $lines ->
        [one] línea
       *[other] líneas
    } · { $n } { $n ->
        [one] artículo
       *[other] artículos
    }
word-items = { $n } { $n ->
        [one] artículo
       *[other] artículos
    }
word-lines = { $n } { $n ->
        [one] línea
       *[other] líneas
    }
word-parcels = { $n } { $n ->
        [one] paquete
       *[other] paquetes
    }
word-orders = { $n } { $n ->
        [one] pedido
       *[other] pedidos
    }
word-of = { $no } de { $n }
word-done = hecho
word-moving = en movimiento
word-still = quieto
word-left = izquierda
word-right = derecha
word-yes = Sí
word-no = No
word-by-hand = a mano
word-short = { $n } de menos
word-unknown = desconocido
word-parcel-no = Paquete { $no }
word-made-up = inventado para la demo

## Buttons.
action-problem = Problema
action-undo = Deshacer
action-photo = Foto
action-new-box = Otra caja
action-call-lead = Llamar al jefe
action-break = Pausa
action-start = Empezar
action-go-on = Continuar
action-back = Atrás
action-close = Cerrar
action-cancel = Cancelar
action-ok = OK
action-skip-why = Saltar: ¿por qué?
action-all = Los { $n }
action-find-order = Buscar pedido
action-my-parcels = Mis paquetes
action-line = Línea
action-devices = Dispositivos
action-log-out = Salir
action-log-out-blocked = Salir: tras enviar
action-update-blocked = Actualizar: tras enviar
action-other-box = Otra caja
action-count-again = Contar otra vez
action-ask-lead = Llamar al jefe
action-reprint = Reimprimir
action-no-paper = Sin papel
action-came-out = Sí salió
action-print-again = Imprimir otra vez
action-next-now = Siguiente ya: { $order }
action-wait = Esperar
action-reopen = Reabrir
action-go-on-packing = Seguir embalando
action-try-now = Probar ya
action-new-epoch = Empezar con números nuevos
action-pair-again = Emparejar otra vez
action-put-away = Quitar
action-back-to-work = Volver al trabajo
action-check-devices = Ver dispositivos
action-tick = Marcar
action-by-hand = Confirmar a mano
action-count = Cantidad
action-clear-flag = Quitar
action-override = Aceptar el peso
action-expedite = Poner primero
action-unexpedite = Volver a su turno
action-settings = Ajustes
action-sound = Sonido
action-dark = Oscuro
action-light = Claro
action-delete = Borrar
action-type = Escribir
action-switch-packer = Cambiar persona
action-hand-back = Devolver
action-unpacked = Ya está desembalado

## Login, PIN and lock.
login-order-waits = Su pedido abierto le espera aquí
login-pin = PIN
login-wait = Demasiados intentos. Espere { $wait }
login-needs-lead = Aquí hace falta un jefe
login-badge-hint = o elija sus iniciales
login-who = ¿Quién es?

## The queue.
queue-next-order = Siguiente pedido
queue-why = Por qué este
queue-then = Después
queue-ready = { $n } listos
queue-ship-by = enviar antes
queue-oldest = más antiguo
queue-vip = VIP
queue-rush = urgente
queue-gift = Papel de regalo
queue-gift-sub = { $n } { $n ->
        [one] línea
       *[other] líneas
    }, la lista preguntará
queue-held = Retenidos
queue-mine = Suyo, empezado
queue-lasts = { $n } { $n ->
        [one] pedido
       *[other] pedidos
    }, unos { $span }
queue-find-hint = Número de pedido, artículo o código

## Why an order is next.
why-expedited = Adelantado por { $who }
why-rush = Vendido como urgente
why-vip = Cliente VIP
why-ship-by = Quedan { $left }
why-overdue = Con retraso de { $late }
why-oldest = El más antiguo, espera { $age }
why-chosen = Lo ha elegido usted
why-scanned = Escaneó un artículo suyo
why-yours = Lo empezó usted

## Review.
review-note = El cliente escribe
review-line-note = «{ $note }»
review-gift = Es un regalo: sin precios
review-gift-message = Mensaje de regalo
review-gift-wrap = Papel de regalo
review-fragile = Frágil
review-this-side-up = Este lado arriba
review-partial = Se puede enviar por partes
review-complete = Solo se envía completo
review-flags = Hay que resolverlo antes
flag-fraud-review = Revisión de fraude
flag-address-trouble = Problema de dirección
flag-unpaid = Sin pagar
stock-enough = Hay { $n }
stock-lacks = Faltan { $n }
stock-elsewhere = { $n } para otros pedidos
stock-wanted = Pedidas
stock-as-of = datos de las { $time }

## Picking.
pick-take = Tome
pick-take-here = tome aquí
pick-you = Usted
pick-bay-left = Módulo { $bay } · lado izquierdo
pick-bay-right = Módulo { $bay } · lado derecho
pick-tour = { $n } { $n ->
        [one] parada
       *[other] paradas
    } · { $metres } m · { $items } { $items ->
        [one] artículo
       *[other] artículos
    }
pick-took = Tomados { $n }
pick-other-bins = También en { $bins }

## Item verification.
verify-any-box = va en el paquete { $no }
verify-case = Caja de { $n }
verify-count-how-many = ¿Cuántos más iguales?
verify-no-photo = aún sin foto
verify-lot = Lote { $lot }
verify-serial = Serie { $serial }
verify-expiry = Caduca { $day }

## Packaging.
pack-box = Caja
pack-envelope = Sobre
pack-why = Por qué { $box }
carton-fits-all = La más pequeña donde cabe todo.
carton-smaller-too-short = A { $name } le faltan { $missing } mm.
carton-smaller-too-weak = { $name } llevaría { $over } de más.
carton-smaller-too-full = { $name } quedaría al { $percent } %.
carton-smaller-no-way = En { $name } no caben juntos.
carton-split-mass =
    Demasiado peso: { $parcels } { $parcels ->
        [one] paquete
       *[other] paquetes
    }.
carton-split-room =
    No cabe en uno: { $parcels } { $parcels ->
        [one] paquete
       *[other] paquetes
    }.
carton-size-unknown = { $products } { $products ->
        [one] medida desconocida
       *[other] medidas desconocidas
    }, según el peso.
carton-estimated = { $units } unidades, solo por volumen y peso.
carton-sizes-learnt = { $products ->
    [one] El tamaño de un producto está aprendido de paquetes, no medido.
   *[other] Los tamaños de { $products } productos están aprendidos de paquetes, no medidos.
 }
pack-why-none = Ninguna caja vale para todo
pack-heavy-first = Meta primero lo pesado
pack-filled = Lleno
pack-choose = ¿Qué caja?
pack-put-in = Mete el artículo { $no } de { $n }
pack-up-height = De pie, como está
pack-up-width = De lado
pack-up-length = De punta, a lo largo
pack-this-side-up = Este lado arriba
pack-nothing-on-top = Nada encima
pack-bears = Encima, como mucho { $mass }
pack-unit-before = Anterior
pack-unit-next = Siguiente
pack-turn-left = Girar a la izquierda
pack-turn-right = Girar a la derecha

## Checklist.
list-insert = Añadir: { $name }
list-gift-wrap = Envolver: { $name }
list-gift-message = Mensaje de regalo, arriba
list-fragile = Pegatina frágil, arriba
list-lithium = Marca de litio { $un }, lateral
list-dangerous = Mercancía peligrosa { $un }, lateral
list-temperature = Mantener de { $low } a { $high } °C, pegatina
list-adult = Firma de adulto, pegatina
list-photo = Foto de la caja abierta
list-photo-offered = Foto de la caja abierta, si quiere
list-tap-without = toque: sin foto
list-scan-or-tap = escanee o toque
list-why-every-parcel = cada paquete
list-why-paper-invoice = el cliente { $customer } la pidió en papel
list-why-abroad = sale hacia { $country }
list-why-rule = regla de este sitio
list-why-gift-wrap = pedido para { $name }
list-why-gift = este pedido es un regalo
list-why-fragile = se rompe: { $sku }
list-why-lithium = pilas de litio: { $sku }
list-why-dangerous = mercancía peligrosa: { $sku }
list-why-temperature = requiere temperatura: { $sku }
list-why-adult = solo adultos: { $sku }
list-why-photo = se pide foto: { $sku }

## Missing facts.
fact-un-number = número ONU
fact-hs-code = código arancelario
fact-origin = país de origen
fact-customs-value = valor en aduana
fact-country = país de la dirección

## Weighing.
weigh-expected = Esperado
weigh-difference = Diferencia
weigh-tolerance = Tolerancia
weigh-tolerance-percent = { $percent }, { $mass }
weigh-labelled = Del peso esperado, { $mass } lo dicen las etiquetas.
weigh-suspect = { $mass } = { $n } × { $name }
weigh-suspect-sub = Búsquelos primero: en la mesa, en la cubeta
weigh-stale = Esta lectura es antigua
weigh-scale-off = báscula apagada

## Label and final scan.
label-sent = Impresión enviada
label-print-instead = { $printer } por { $other }: { $why }
label-print-by = por { $printer }
label-printed = Impresa, péguela
label-paper-moved = { $time } · el papel avanzó
label-document-printed = { $document }: impreso
label-pages-inside = { $n } { $n ->
        [one] página
       *[other] páginas
    }, dentro
label-scan-now = Ahora escanee esta etiqueta
label-scan-now-sub = prueba que está en esta caja
label-is-there = Ya está allí
label-house-instead = Se imprimió la etiqueta de la casa
label-house-instead-sub = { $line ->
        [0] Plantilla { $template }: se avisó al jefe
       *[other] Plantilla { $template }, línea { $line }: se avisó al jefe
    }
label-ends-with = Termina en
label-copy = COPIA { $no }
label-trouble-paper-out = La impresora no tiene etiquetas
label-trouble-head-open = El cabezal está abierto
label-trouble-paused = La impresora está en pausa
label-trouble-unreachable = La impresora no responde
label-trouble-interrupted = La impresión se cortó
label-trouble-no-printer = No hay impresora configurada
label-another-take-off = Quite esa etiqueta. Póngala en el pedido { $order }, en { $station }, o llame al jefe.
label-waits-carrier = Espera la etiqueta del transportista

## Done.
done-took = El pedido { $order } tardó
done-median =
    Su mediana para { $n } { $n ->
        [one] artículo
       *[other] artículos
    }: { $span }
done-no-median =
    El primero suyo con unos { $n } { $n ->
        [one] artículo
       *[other] artículos
    }: el próximo ya se compara
done-today = Hoy
done-right-first = Correctos a la primera
done-put-box = Ponga la caja en
done-cage = Jaula { $route }
done-opens-in = se abre solo en { $left }

## Offline.
offline-oldest = Trabajo sin enviar más antiguo
offline-waiting = Pendiente de envío
offline-waiting-sub = { $orders } { $orders ->
        [one] pedido
       *[other] pedidos
    }, { $photos } { $photos ->
        [one] foto
       *[other] fotos
    }
offline-can-pack = Puede embalar
offline-can-pack-sub = { $n ->
        [one] pedido
       *[other] pedidos
    }, unos { $span }
offline-disk = Disco libre
offline-disk-sub =
    espacio para { $n } { $n ->
        [one] día
       *[other] días
    }
offline-never = Aún no se ha conectado

## Pairing a station.
pair-title = Conectar esta estación
pair-title-again = Conectar { $station } otra vez
pair-say = Escriba el código de enlace
pair-say-sub = 8 caracteres, de la central, válidos 10 minutos
pair-address = Dirección de la central
pair-connect = Conectar
pair-working = Preguntando a la central
pair-done = Conectada como { $station }
pair-wrong-code = La central no conoce este código. Pida otro
pair-expired = Este código ha caducado. Pida otro
pair-no-answer = La central no responde. Revise dirección y red
pair-revoked = Esta estación se desconectó en la central
pair-revoked-sub = Enlácela de nuevo. Lo pendiente se conserva

## Recovery: shown when the station cannot open its data.
recovery-title = Esta estación necesita ayuda
recovery-newer = Sus datos son de un Packbench más nuevo. Instale esa versión
recovery-damaged = No se pueden leer sus datos
recovery-locked = Otro Packbench usa sus datos. Ciérrelo
recovery-restore = Restaurar la copia del { $day }
recovery-retry = Reintentar
recovery-save-report = Guardar informe
recovery-where = Datos: { $path }
recovery-backup-kept = Los datos antiguos se apartaron, no se borraron

## Settings.
settings-title = Ajustes
settings-language = Idioma
settings-theme = Claro u oscuro
settings-theme-light = Claro
settings-theme-dark = Oscuro
settings-theme-system = Como el sistema
settings-volume = Volumen
settings-reduced-motion = Señales
settings-reduced-motion-sub = Un marco en vez de un destello
settings-idle-lock =
    Bloquear tras { $n } { $n ->
        [one] minuto
       *[other] minutos
    }
settings-station = Esta estación
settings-version = Versión { $version }
settings-central = Central
settings-saved = Guardado

## Parcel history.
history-title = Mis paquetes
history-empty = Aún ningún paquete hoy
history-say = Elija un paquete o escanee su etiqueta
history-say-sub = Reimprimir exige un motivo y se marca como copia
history-packed-at = embalado { $time }
history-weight = { $mass }, caja { $box }
history-photos = { $n } { $n ->
        [one] foto
       *[other] fotos
    }
history-copies = { $n } { $n ->
        [one] copia
       *[other] copias
    }

## What a screen reader calls things without words.
name-rail = Pasos
name-lines = Líneas de este pedido
name-actions = Acciones
name-map = Mapa del almacén
name-step-now = { $step }, ahora
name-step-done = { $step }, hecho
name-step-waiting = { $step }, pendiente
name-step-elsewhere = { $step }, hecho en otro sitio
name-key = Tecla { $key }
name-picture = Imagen de { $name }

## The demo's panel of virtual devices.
demo-title = Dispositivos virtuales
demo-sub = Huecos, pesos, medidas, códigos y direcciones son inventados
demo-scan-next = Escanear lo correcto
demo-scan-wrong = Escanear algo incorrecto
demo-scan-box = Escriba o pegue un código
demo-scan = Escanear
demo-put-parcel = Poner el paquete en la báscula
demo-take-parcel = Quitarlo
demo-forget-one = Dejar fuera un artículo
demo-printer = Última etiqueta
demo-no-paper = Quitar el papel
demo-load-paper = Poner papel
demo-camera = La cámara ve
demo-cut-network = Cortar la red
demo-mend-network = Restaurar la red
demo-badge = Escanear la tarjeta de { $who }

## What an accepted scan or command says for a moment.
ok-counted = Contado. { $done } de { $of }
ok-counted-name = { $name }
ok-moved = Pasado a la caja nueva
ok-picked = Tomados: { $count }
ok-trace-next = Anotado. Ahora el resto
ok-undone = Deshecho
ok-box = Caja elegida
ok-ticked = Marcado
ok-weight = El peso es correcto: { $weight }
ok-confirmed = Etiqueta correcta, paquete { $parcel }
ok-put-at = Dejado en { $location }
ok-photo = Foto tomada
ok-lead-called = Se ha llamado al jefe
ok-short = Anotado: faltan { $count }
ok-damaged = Anotado: { $count } dañados
ok-substitute = Anotado. Traiga el otro
ok-new-box = Ahora al paquete { $parcel }
ok-held = Pedido retenido
ok-handed-back = Devuelto
ok-cancelled = Pedido cancelado. Siguiente
ok-unpacked = Desembalado
ok-taken-over = Un jefe tomó este pedido
ok-order-done = Pedido listo
ok-opened = Pedido { $order } abierto
ok-switched = Ahora embala: { $who }

## Badge and PIN of somebody who agrees.
approval-badge-first = Primero tarjeta, luego PIN
approval-not-a-lead = Esta tarjeta no puede. Hace falta: { $role }
login-pin-short = El PIN es más largo
login-pin-wrong = Ese PIN no. Pruebe otra vez

## Scans in the queue that open nothing.
queue-label-of = Etiqueta del pedido { $order }, paquete { $parcel }
queue-label-of-detail = Ya está embalado. Aquí está su historial
queue-not-here = { $name } no está en esta estación
queue-not-here-detail = Lo tiene otra estación o ya está. Tome el siguiente
queue-nobody-needs = Nadie lo necesita: { $name }
queue-nobody-needs-detail = Ningún pedido de aquí lo lleva. Devuélvalo
open-no-lease = Este pedido no es nuestro
open-lease-over = Se acabó el plazo del pedido
open-no-record = Este pedido aún no ha llegado
open-refused-detail = Tome el siguiente; la central sabe más

## What a lead is asked to agree to.
approve-clear-flag = quitar: { $flag }
approve-partial = enviar lo que hay
approve-weight = peso { $weight } tal cual
approve-typed-weight = peso { $weight }, escrito a mano
approve-by-hand = confirmar a mano
approve-expedite = poner este pedido primero
approve-unexpedite = devolver este pedido a su turno
approve-new-epoch = empezar con números de bulto nuevos; no trabaja otra copia de esta estación
queue-empty = No hay trabajo ahora
queue-empty-detail = Los pedidos nuevos aparecen aquí solos
held-bench-full = Termine antes el pedido abierto
history-gone = Este paquete es muy antiguo y ya no está
ok-reprint = Imprimiendo la copia { $copy }

## The put wall: sorting a batch into orders.
wall-title = Muro
wall-batch =
    Lote { $no } · { $n } { $n ->
        [one] pedido
       *[other] pedidos
    }
wall-saves = ahorra { $metres } m a pie
wall-say = Ponga en { $slot }
wall-say-sub = después escanee el casillero
wall-left = quedan { $n }
wall-after = Después
wall-full = Lleno: embalar
wall-free = Libre
wall-put = Ponga { $n }
wall-missing = { $n } { $n ->
        [one] falta
       *[other] faltan
    }

## The line: all stages at a glance, for the lead.
line-title = Línea
line-shift =
    Turno { $shift } · { $done } de { $plan } { $plan ->
        [one] paquete
       *[other] paquetes
    }
line-wrong-rate = con fallo { $percent }
line-bottleneck = { $stage } es el cuello de botella
line-bottleneck-sub = Pase una persona a { $stage }: ruta { $route } llega a las { $time }, fin { $end }
line-flowing = La línea fluye
line-move = Pasar a { $who } a { $station }
line-waiting = { $n } { $n ->
        [one] paquete en espera
       *[other] paquetes en espera
    }
line-per-hour = por hora
line-stage-pick = Recogida
line-stage-sort = Clasificar
line-stage-pack = Embalar
line-stage-quality = Calidad
line-stage-ship = Envío
line-free = libre
line-break = pausa
line-lost = perdida
line-now = ahora
line-route = ruta { $route }
line-others = los demás
line-ends = fin { $time }
line-flow = Flujo
line-people = Personas
line-batches = Lotes
line-where-is = Dónde está
line-exceptions = Excepciones · { $n }
line-what-if = Qué pasa si

## Reasons beside an order, second lines.
queue-one-parcel = 1 paquete
queue-box-fits = la caja { $box } vale para todo
queue-parcels = { $n } paquetes
queue-boxes = cajas { $boxes }, según el plan
queue-note = Nota
queue-note-text = «{ $text }»
why-expedited-detail = un jefe lo puso primero
why-rush-detail = lo urgente va primero
why-vip-detail = se atiende primero
why-ship-by-detail = enviar antes de { $at }
why-cutoff-detail = sale con { $carrier } a las { $at }
why-oldest-detail = nada es más urgente

## Parked orders.
held-question = Retenido: { $reason }. ¿Seguir?

## What Undo would take back.
undo-picked = Recogida de { $count }
undo-verified = { $count } × { $name }
undo-trace = el escaneo antes de la pregunta
undo-ticked = la última marca

## What is special about an order.
review-line-wrap = Envolver para regalo
review-rush = Urgente
review-expedited = Puesto primero por un jefe
review-vip = Cliente VIP
review-new-customer = Primer pedido de este cliente
review-lithium = Pilas de litio
review-dangerous = Mercancía peligrosa
review-temperature = Temperatura controlada
review-adult = Solo adultos
review-traced = Se pedirá serie, lote o fecha
review-abroad = Sale del país

## The checklist: the band's words, and names in the list.
list-say-document = Meta: { $document }
list-document = { $document }
list-say-insert = Meta: { $name }
list-say-gift-wrap = Envuelva: { $name }
list-say-gift-message = Ponga el mensaje encima
list-say-fragile = Pegue: frágil
list-say-lithium = Pegue: litio { $un }
list-say-dangerous = Pegue: peligroso { $un }
list-say-temperature = Pegue: de { $low } a { $high } °C
list-say-adult = Pegue: solo adultos
list-say-photo = Foto de la caja abierta
list-say-photo-offered = ¿Foto de la caja abierta? Hágala o siga sin ella
label-mark = { $text }

## More of the recovery screen.
recovery-full = El disco está lleno. Libere espacio
recovery-other = Sus datos no se pueden abrir ahora
recovery-hint = Para el administrador: { $error }
