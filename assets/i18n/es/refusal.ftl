## Refused scans and commands. First line: what happened, then what to do. Second line: the difference by name.
refusal-wrong-item = Otro artículo. Devuélvalo
refusal-wrong-item-detail = { $item }, { $item-sku }, no es de este pedido
refusal-too-many = Sobra. Devuélvalo
refusal-too-many-detail = Ya están los { $wanted }: { $item }
refusal-case-too-big = Caja grande. Escanee sueltos
refusal-case-too-big-detail = La caja trae { $units }, faltan { $wanted }: { $item }
refusal-unknown-code = Código desconocido. No contado
refusal-unknown-code-detail = Nada aquí tiene { $text }. Pruebe otro código, o Problema
refusal-unreadable = Ilegible. Escanee otra vez
refusal-unreadable-detail = El lector no envió texto. Limpie el código, póngalo recto
refusal-too-long = No es un código nuestro
refusal-too-long-detail = Es demasiado largo. Escanee el código del artículo
refusal-bad-command = Mal leído. Escanee la hoja otra vez
refusal-bad-command-detail = Era una orden, pero falla una letra
refusal-ambiguous = Varias cosas tienen este código
refusal-ambiguous-detail = { $text } no es claro. Escanee otro código, o toque su línea
refusal-serial-used = Serie ya usada. Apártelo
refusal-serial-used-detail = { $serial } ya salió de la casa. Tome otro
refusal-serial-twice = Ya contado
refusal-serial-twice-detail = { $serial } ya está en el pedido. Escanee el siguiente
refusal-trace-needed = Primero: { $field }
refusal-trace-needed-detail = { $item } no se cuenta sin eso
refusal-lot-held = Lote retenido. Apártelo
refusal-lot-held-detail = El lote { $lot } no sale: { $item }. Tome otro lote
refusal-past-date = Caducado. Apártelo
refusal-past-date-detail = { $item } caducó el { $day }. Tome uno vigente
refusal-wrong-shelf = Otro estante. Vaya a { $needed }
refusal-wrong-shelf-detail = Escaneó { $scanned }, hace falta { $needed }
refusal-other-parcel = Etiqueta de otro paquete
refusal-other-parcel-detail = Es del pedido { $order }, paquete { $parcel }. No la pegue aquí
refusal-unknown-label = Etiqueta ajena
refusal-unknown-label-detail = { $sscc } no es de aquí. Escanee la etiqueta recién impresa
refusal-no-label-yet = Aún sin etiqueta
refusal-no-label-yet-detail = Pese primero el paquete, la etiqueta sale sola
refusal-flag-set = Alto: { $flag }
refusal-flag-set-detail = Lo quita un jefe, o retenga el pedido
refusal-needs-role = Hace falta tarjeta: { $role }
refusal-needs-role-detail = Llame al jefe: tarjeta y PIN
refusal-not-allowed = No se permite en este sitio
refusal-not-allowed-detail = Escanéelo, o abra Problema
refusal-count-too-big = Como máximo { $max } por número
refusal-count-too-big-detail = No contado. Escriba menos, o escanee el resto
refusal-nothing-to-count = Escanee uno primero
refusal-nothing-to-count-detail = El número cuenta más del último escaneado
refusal-fact-missing = Falta: { $fact }
refusal-fact-missing-detail = Lo añade la oficina, retenga el pedido. { $item } { $item-sku }
refusal-no-numbers = Sin números de paquete
refusal-no-numbers-detail = Llegan con la red. Retenga el pedido, llame al jefe
refusal-weight-outside = { $way ->
        [light] Faltan { $by }
       *[heavy] Sobran { $by }
    }
refusal-weight-outside-detail = { $count ->
        [0] Cuente otra vez, o llame al jefe
       *[other] Parece { $count } × { $item }. Cuente otra vez
    }
refusal-nothing-to-undo = Nada que deshacer
refusal-nothing-to-undo-detail = El último escaneo ya se deshizo, o el paso acabó
refusal-parcel-empty = Este paquete está vacío
refusal-parcel-empty-detail = Escanee antes al menos un artículo
refusal-not-a-substitute = No está en la lista permitida
refusal-not-a-substitute-detail = { $item } no puede ir en su lugar. Elija de la lista
refusal-no-packaging = Elija primero una caja
refusal-no-packaging-detail = Escanee la caja o toque una
refusal-box-too-weak = Caja débil. Tome otra
refusal-box-too-weak-detail = Aguanta como mucho { $max }
refusal-photo-needed = Hace falta una foto
refusal-photo-needed-detail = Solo una foto marca esta línea. Pulse Foto
refusal-not-now = Ahora no. No contado
refusal-not-now-detail = Este es el paso { $step }. Siga lo que dice arriba
refusal-on-break = Está en pausa
refusal-on-break-detail = No contado. Escanee su tarjeta para seguir
refusal-is-held = Este pedido está retenido
refusal-is-held-detail = No contado. Ábralo de nuevo para seguir
refusal-must-unpack = Cancelado. Desembálelo
refusal-must-unpack-detail = Aparte los artículos y confirme
refusal-is-over = Este pedido ya terminó
refusal-is-over-detail = No contado. Abra el siguiente
refusal-has-label = Tarde: ya tiene etiqueta
refusal-has-label-detail = Un jefe puede anular la etiqueta y reabrir

## Refused before the guided steps are asked.
refusal-busy = Ocupado. No contado
refusal-busy-detail = La estación se pone al día. Escanee en un momento
refusal-disk-full = Disco lleno. No contado
refusal-disk-full-detail = Libere espacio y escanee otra vez
refusal-not-stored = No guardado. No contado
refusal-not-stored-detail = El disco no lo aceptó. Escanee otra vez o llame al jefe
refusal-no-photo = No llegó la foto
refusal-no-photo-detail = Revise la cámara y pulse Foto otra vez

## What a unit must carry.
trace-serial = número de serie
trace-lot = lote
trace-expiry = fecha de caducidad

## Who may do what.
role-packer = Embalador
role-lead = Jefe de turno
role-admin = Administrador

## Why a reading of the scale does not count, or proves little.
weight-unstable = Aún se mueve
weight-stale = Esta lectura es antigua
weight-empty = Nada en la báscula
weight-relies-resolution = La báscula no nota si falta uno: cuentan los escaneos
weight-relies-spread = Los artículos varían demasiado: cuentan los escaneos
weight-relies-unknown = Faltan algunos pesos: cuentan los escaneos
serial-left-with = salió con el pedido { $order }
refusal-badge-unknown = Nadie tiene esta tarjeta
refusal-pair-first = Conecte antes esta estación
refusal-log-in-first = No contado. Antes la tarjeta
refusal-badge-wanted = No contado. Falta tarjeta de jefe

# Returns at the bench.
refusal-return-not-known = No hay ninguna devolución en camino
refusal-return-not-known-detail = Nada aquí tiene { $text }. Aparte la caja, pregunte a la oficina
refusal-return-several = Varias devoluciones de este pedido
refusal-return-several-detail = Escanee el papel de la devolución: el pedido { $order } tiene más de una
refusal-return-all-in = Ya está recibida
refusal-return-all-in-detail = Todo lo de la devolución { $number } llegó. Aparte la caja, pregunte a la oficina
refusal-return-not-of-this = No es de esta devolución. Apártelo
refusal-return-not-of-this-detail = { $item }, { $item-sku }, no se pidió con { $number }
refusal-return-too-many = Más de lo pedido. Apártelo
refusal-return-too-many-detail = Ya están los { $asked }: { $item }, { $item-sku }
refusal-return-case-too-big = Escanee artículos sueltos
refusal-return-case-too-big-detail = La caja trae { $units }, se pueden contar { $left } de una vez: { $item }, { $item-sku }
refusal-return-grade-first = Primero: ¿qué vale este?
refusal-return-grade-first-detail = { $item }, { $item-sku }, está en su mano y sin valorar
refusal-return-nothing-in-hand = Escanee antes un artículo
refusal-return-nothing-in-hand-detail = El valor o el estante son del artículo en su mano
refusal-return-trace-first = Primero: { $field }
refusal-return-trace-first-detail = { $item }, { $item-sku }, no se vende de nuevo sin eso
refusal-return-serial-not-sold = Este no salió con el pedido
refusal-return-serial-not-sold-detail = { $serial } es otro. Apártelo, pregunte a la oficina
refusal-return-lot-not-sold = Este lote no salió con el pedido
refusal-return-lot-not-sold-detail = El lote { $lot } es otro. Mire de nuevo o apártelo
refusal-return-already-in = Ya está recibido. Apártelo
refusal-return-already-in-detail = { $serial } ya volvió antes. Escanee el siguiente
refusal-return-no-shelf = ¿Qué estante? Escanéelo
refusal-return-no-shelf-detail = No se sabe el estante de { $item }, { $item-sku }. Escanee uno y repita
refusal-return-nothing-to-undo = Nada que deshacer
refusal-return-nothing-to-undo-detail = El último artículo ya quedó. La oficina puede cambiarlo
refusal-return-not-now = Primero esta devolución
refusal-return-not-now-detail = La devolución { $number } está en la mesa. Termínela o déjela para luego
refusal-return-after-order = Una devolución. Primero este pedido
refusal-return-after-order-detail = Termine o aparque el pedido y escanee otra vez la devolución
