## The web console: frame and navigation.
console-orders = Pedidos
console-board = Tablero
console-stations = Estaciones
console-exceptions = Excepciones
console-stock = Stock
console-customers = Clientes
console-products = Artículos
console-parcels = Paquetes
console-users = Usuarios
console-settings = Ajustes
console-stations-live = { $no } de { $n } estaciones activas
console-skip-to-content = Ir al contenido
console-log-in = Entrar
console-log-out = Salir
console-user-name = Nombre
console-password = Contraseña
console-log-in-wrong = Nombre o contraseña incorrectos. Pruebe otra vez
console-log-in-wait = Demasiados intentos. Espere { $left }
console-language = Idioma
console-not-found = No existe esta página
console-not-found-sub = Quizá se movió. Empiece por los pedidos
console-not-allowed = No puede hacer esto. Pida a un administrador
console-trouble = La central no pudo hacerlo ahora. No cambió nada
console-reconnecting = Sin datos en vivo, reconectando

## Lists.
console-export-csv = Exportar CSV
console-new-order = Nuevo pedido
console-all-open = Todos abiertos
console-ship-today = Enviar hoy
console-unpaid = Sin pagar
console-search-hint = Número, cliente, SSCC
console-search = Buscar
console-any = cualquiera
console-today = hoy
console-chosen = { $n } { $n ->
        [one] elegido
       *[other] elegidos
    }
console-release = Pasar a línea
console-hold = Retener
console-return = Devolución
console-documents = Documentos
console-edit = Editar
console-log-call = Anotar llamada
console-range = { $from } a { $to } de { $n } · actualizado hace { $age }
console-newer = Más nuevos
console-older = Más antiguos
console-none = Aún no hay nada
console-none-found = Nada coincide
console-more-scroll = cargan más al bajar

## Table heads.
column-order = Pedido
column-placed = Fecha
column-customer = Cliente
column-status = Estado
column-payment = Pago
column-fulfillment = Preparación
column-ship-by = Enviar antes
column-items = Artículos
column-total = Total
column-stage = Etapa
column-code = Código
column-product = Artículo
column-quantity = Cant.
column-checked = Verificado
column-station = Estación
column-who = Quién
column-last-seen = Visto
column-lag = Sin enviar
column-events = Eventos
column-version = Versión
column-state = Estado
column-weight = Peso
column-sscc = SSCC
column-when = Cuándo
column-what = Qué
column-on-hand = Disponible
column-location = Ubicación

## The three axes of an order.
status-draft = Borrador
status-placed = Confirmado
status-cancelled = Cancelado
status-closed = Cerrado
payment-none = Sin pagar
payment-authorized = Autorizado
payment-partially-paid = Pago parcial
payment-paid = Pagado
payment-partially-refunded = Devuelto en parte
payment-refunded = Reembolsado
payment-overcharged = Cobrado de más
payment-voided = Anulado
payment-failed = No cobrado
fulfillment-unfulfilled = Sin preparar
fulfillment-leased = En { $station }
fulfillment-picking = Recogiendo { $no }/{ $n }
fulfillment-packing = Embalando { $no }/{ $n }
fulfillment-packed = Embalado
fulfillment-partially-packed = Embalado en parte
fulfillment-shipped = Enviado
fulfillment-short = Faltan { $n }
fulfillment-held = Retenido
fulfillment-exception = Requiere decisión
fulfillment-cancelled = Cancelado

## One order.
order-title = Pedido { $order }
order-head = { $when } · { $customer } · { $country } · versión { $version }
order-lines = Líneas
order-kit-of = kit de { $parts }
order-lines-sub = { $lines } · { $items } { $items ->
        [one] artículo
       *[other] artículos
    } · { $total }
order-all-lines = Las { $n } líneas
order-live-from = en vivo desde { $station }
order-parcel = Paquete { $no }
order-parcel-expected = Caja { $box } · esperado { $mass }
order-parcel-weighed = Caja { $box } · { $mass }
order-no-label = aún sin etiqueta
order-photos = Fotos
order-no-photos = Sin fotos
order-photo-of = Foto del paquete { $no }, { $when }
order-photo-waits = La foto viene desde { $station }
order-timeline = Cronología
order-timeline-all = todo
order-timeline-scans = escaneos
order-timeline-money = dinero
order-timeline-people = personas
order-conflict = Alguien cambió este pedido entretanto. Difieren estos campos:
order-guest = Invitado
order-first = Primero en la cola
order-split = Dividir la parte { $no }
order-split-hint = Unidades que pasan a una parte propia, embalada aparte
order-split-do = Dividir
order-split-none = Ponga al menos una unidad en la parte nueva
order-split-not-there = Esta parte no tiene tantas unidades
order-split-all = Una unidad debe quedar en esta parte
order-split-many = Un pedido tiene 20 partes como mucho
order-split-begun = Alguien ya empezó esta parte, o su mesa no responde: ahora no se puede dividir
order-part-recalled = Pedida de vuelta a su estación. Divídala cuando vuelva
order-split-refused = Esta parte no se puede dividir así. Nadie debe haberla empezado y debe quedar una unidad
order-made-up = Datos de muestra: dirección, medidas y pesos inventados

## The timeline's sentences.
event-placed = Pedido recibido
event-imported = Importado
event-leased = Asignado a { $station }
event-lease-returned = Devuelto por { $station }
event-taken-over = Tomado por un jefe
event-opened = Abierto en { $station }
event-step = Paso: { $step }
event-flag-cleared = Aviso quitado: { $flag }
event-stock-checked = Stock comprobado
event-picked = Recogidos { $n }: { $name }
event-verified = { $name }: { $no } de { $n }
event-verified-by-hand = { $name }: { $n } a mano, { $reason }
event-undone = Deshecho: { $name }
event-refused = Escaneo rechazado: { $why }
event-short = Faltan { $n }: { $name }, { $reason }
event-damaged = { $n } dañados: { $name }, { $reason }
event-substituted = { $n } sustituidos: { $name }, { $reason }
event-partial-allowed = Un jefe permitió el envío parcial
event-parcel-opened = Paquete { $no } empezado
event-moved = { $n } al paquete { $no }
event-box = Caja { $box } para el paquete { $no }
event-ticked = Lista: { $item }
event-weighed = Pesado { $mass }, esperado { $expected }
event-weight-overridden = Peso { $mass } aceptado por un jefe, { $reason }
event-weight-refused = Peso { $mass } rechazado
event-recount = Contado otra vez
event-label = Etiqueta { $sscc } asignada
event-print-attempted = Impresión enviada: { $document }
event-print-ended = Impreso: { $document }
event-print-trouble = No impreso: { $document }
event-reprinted = Reimpreso: { $document }, copia { $copy }, { $reason }
event-confirmed = Etiqueta escaneada, paquete { $no }
event-consolidated = Llevado a { $place }
event-packed = Embalados { $n } de { $all }
event-photo = Foto del paquete { $no }
event-lead-called = Jefe llamado
event-paused = Pausa
event-resumed = Continuado
event-held = Retenido: { $reason }
event-handed-back = Devuelto: { $reason }
event-packer-switched = Cambio de persona
event-cancelled = Pedido cancelado
event-unpacked = Desembalado
event-expedited = Puesto primero
event-unexpedited = Vuelto a su turno
event-split = Dividido en partes
event-paid = Pagado { $amount }
event-refunded = Reembolsado { $amount }
event-exception = Excepción: { $what }
event-exception-closed = Decidido: { $what }
event-unknown = Algo más nuevo que esta central
event-by = { $station } · { $who }

## Stations.
station-live = activa
station-late = con retraso
station-lost = perdida hace { $age }
station-never = nunca vista
station-revoked = desconectada
station-all-sent = todo enviado
station-unsent = { $n } por enviar, desde hace { $age }
station-works-on = con { $order }
station-leased = { $n } { $n ->
        [one] pedido
       *[other] pedidos
    } allí
station-new-code = Nuevo código de enlace
station-code-is = Código { $code }, válido hasta las { $time }
station-revoke = Desconectar

## Respuestas de la consola a lo que alguien debe decidir.
console-decide-noted = Tomar nota
console-decide-unpack = Desempacar este paquete
console-decide-release = Volver a la cola
console-decide-keep-waiting = Seguir esperando
console-decide-take-over = Un jefe se encarga
console-decide-write-off = No enviar el resto
console-decide-settled = se resolvió solo
exception-kind-hold = Retenido
exception-kind-work-forgotten = Empezado en una estación que lo olvidó
exception-kind-serial-reused = Número de serie ya usado
exception-kind-sscc = Número de paquete no correcto
exception-kind-handover-unpacked = Salió sin empacar
exception-kind-weight-change = El peso de un producto ha cambiado
console-weight-change = { $sku }: conocido { $known }, los paquetes dicen { $learnt }
console-decide-accept-weight = Tomar el peso nuevo
console-decide-keep-weight = Mantener el peso conocido
search-title = Buscar todo
search-hint = Pedido, bulto, producto, cliente, estación, persona
search-find = Buscar
search-nothing = Nada coincide
search-keys = En cada página: / o Ctrl+K
search-order = Pedido
search-parcel = Bulto
search-product = Producto
search-customer = Cliente
search-station = Estación
search-person = Persona
console-more = Más
console-pages = Páginas
