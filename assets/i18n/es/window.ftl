## The window’s own words, beside the steps of an order.
win-product = Packbench
win-pin-then = { $who }, luego pulse la flecha
win-pair-where = De dónde viene el código: consola de central, Estaciones, Código nuevo. Sirve una vez, durante 10 minutos.
win-pair-where-again = Pida un código para { $station }: la consola de central, Estaciones, Código nuevo. El trabajo empezado se queda donde está.
win-way-new-epoch = ¿No trabaja otra copia? Entonces un jefe empieza con números nuevos
win-way-pair = Emparéjela con un código de central. Mientras, se sigue trabajando
win-way-none = Aquí se sigue trabajando; nada se pierde
win-recovery-sub = El trabajo sigue en otra estación
win-recovery-do = No la apague: no termine nada aquí por ahora, lleve el pedido a otra estación y llame al administrador.
win-queue-empty = No hay trabajo ahora
win-queue-empty-sub = Los pedidos nuevos aparecen aquí solos
win-queue-empty-hint = Nada espera. Tómese un respiro.
win-items-lines = { $n ->
        [one] artículo
       *[other] artículos
    } · { $lines } { $lines ->
        [one] línea
       *[other] líneas
    }
win-lines-units = { $lines } { $lines ->
        [one] línea
       *[other] líneas
    } · { $n }
win-first = Primero
win-held-n = Aparcados { $n }
win-after-sending = tras enviar
win-skip = Saltar este pedido
win-skip-title = Saltar: ¿por qué?
win-gift-sub = Los precios no van en la caja
win-handling-sub = Téngalo en cuenta al manejarlo
win-since = desde las { $time }
win-held-sub = Este pedido espera aquí
win-ship-what-there-is = Enviar lo que hay
win-ask-lead-release = El jefe lo libera
win-office-decides = La oficina decide
win-more = Página { $no } de { $n }: siguiente
win-serial-hint = Número de serie
win-lot-hint = Lote, como está impreso
win-expiry-hint = Año, mes, día
win-network-fine = La red funciona
win-network-fine-sub = Todo se envía al momento
win-waiting-sub = a salvo en esta estación
win-can-pack-sub = pedidos sin la red
win-last-answer = Última respuesta de central
win-last-answer-sub = hora del día
win-which-line = ¿De qué línea se trata?
win-which-paper = ¿Qué papel?
win-all-n = Todos: { $n }
win-less = Uno menos
win-more-units = Uno más
win-choose-number = elija cuántos
win-choose-product = elija qué va en su lugar
win-choose-reason = elija por qué
win-badge-first = Escanee aquí la tarjeta del jefe
win-badge-known = { $who }: tarjeta leída. Ahora el PIN
win-count-max = Como máximo { $n } más
win-count-over = Solo faltan { $n }
win-find-sub = Escriba el número o escanee el pedido
win-find-hint = Número de pedido
win-paper-came = ¿Salió el papel?
win-came-out-sub = Lo tengo en la mano, entero
win-print-again-sub = Se imprime una copia y se marca
win-settings-sub = Valen de inmediato, en esta pantalla
win-flash-full = Destello completo
win-flash-frame = Solo un marco
win-quieter = Menos
win-louder = Más
win-site = Centro
win-zone = Zona horaria
win-program = Programa
win-devices-live = Escanee o pese algo: se ve aquí al momento
win-scan-too-long = Demasiado largo para un código
win-scan-broken = Solo llegó medio código
win-scan-again = No cuenta. Escanéelo otra vez

## The demo’s panel: what a visitor should do now.
panel-hide = Ocultar los dispositivos
panel-scan-badge = Escanee esta tarjeta
panel-scan-order = Escanee este pedido
panel-scan-shelf = Escanee este estante
panel-scan-item = Escanee este artículo
panel-scan-trace = Escanee lo que pide
panel-scan-packaging = Escanee esta caja
panel-scan-label = Escanee esta etiqueta
panel-scan-command = Escanee esta orden
panel-type-code = Escriba un código
panel-type-pin = Escriba este PIN
panel-press = Pulse esto
panel-wait = Espere, la estación trabaja
panel-badge-of = Escanear la tarjeta de { $who }
panel-lighter = Más ligero
panel-heavier = Más pesado
panel-no-parcel = aún no hay bulto
panel-scale-wait = Aún no hay nada que pesar
panel-scale-wait-sub = Ponga el paquete en la báscula cuando la pantalla pida su peso
panel-cancel-order = Anular este pedido
panel-no-order = aún no hay pedido

## Returns at the bench: what is scanned, what it is worth, where it goes.
grade-resell = Vender de nuevo
grade-repair = Reparar
grade-scrap = Desechar
return-title = Devolución { $number }
return-step-scan = Escanear
return-step-grade = Valorar
return-step-finish = Terminar
return-goes-to = Va a { $place }
return-goes-aside = Aparte
return-goes-waste = A la basura
return-scan-shelf = Antes escanee su estante
return-came = devueltos
return-finish = Terminar la devolución
return-later = Luego
return-list = Devoluciones en camino
return-list-sub = Escanee el papel de la caja, la etiqueta vieja, o toque
return-list-empty = No hay devoluciones en camino
return-list-row = Pedido { $order } · { $came } de { $asked }
win-returns-n = Devoluciones { $n }
word-not-in-return = no es de la devolución { $number }
say-return-scan = Escanee lo que hay en la caja
say-return-scan-detail = Falta por llegar: { $n }
say-return-all = Llegó todo
say-return-all-detail = Termine, o deshaga el último
say-return-trace-detail = Para venderlo de nuevo. Sin eso: reparar o desechar
say-return-grade = ¿Qué vale?
say-return-grade-shelf = Como nuevo va a { $place }; otro estante: escanéelo
say-return-grade-no-shelf = No se sabe el estante: para venderlo, escanéelo
say-return-over = La devolución { $number } se cerró
say-return-over-detail = Lo hizo la oficina. Lo recibido se comunica; preguntará si hace falta
ok-return-opened = Devolución { $number } abierta
ok-return-in-hand = { $name }
ok-return-to-shelf = Déjelo en { $place }
ok-return-aside = Apártelo
ok-return-waste = A la basura
ok-return-done = Devolución recibida
ok-return-done-missing = No llegó: { $n }
ok-return-done-detail = La oficina lo ve y decide
ok-return-left = Aplazada. Espera en la lista
camera-live = Lo que ve la cámara
camera-dark = La cámara aún no da imagen: vea Dispositivos (F9)
