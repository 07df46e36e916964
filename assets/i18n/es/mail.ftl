## Mail to customers: what it says, its pages at the console, webhooks, and the customer's own page.
mail-kind-confirmed = Confirmación del pedido
mail-kind-packed = Pedido empaquetado
mail-kind-partly-packed = Parte del pedido empaquetada
mail-kind-shipped = Pedido en camino
mail-kind-partly-shipped = Parte del pedido en camino
mail-kind-delivered = Entregado
mail-kind-cancelled = Pedido anulado
mail-kind-payment-reminder = Recordatorio de pago
mail-kind-payment-final = Último recordatorio de pago
mail-kind-free = Texto propio
mail-confirmed-subject = Su pedido { $order } en { $shop }
mail-confirmed-body =
    Hola, { $name }:

    gracias por su pedido { $order } del { $placed }.

    { $items }

    Total: { $total }
    Por pagar: { $due }
    Sale de aquí a más tardar el { $ship_by }.

    Vea cómo va en cualquier momento: { $link }

    { $shop }
mail-packed-subject = Su pedido { $order } está empaquetado
mail-packed-body =
    Hola, { $name }:

    su pedido { $order } está empaquetado y sale con la próxima recogida.

    { $parcels }

    Vea cómo va en cualquier momento: { $link }

    { $shop }
mail-partly-packed-subject = Una parte de su pedido { $order } está empaquetada
mail-partly-packed-body =
    Hola, { $name }:

    una parte de su pedido { $order } está empaquetada y sale con la próxima recogida. El resto le seguirá.

    { $parcels }

    Vea cómo va en cualquier momento: { $link }

    { $shop }
mail-shipped-subject = Su pedido { $order } va de camino
mail-shipped-body =
    Hola, { $name }:

    su pedido { $order } va de camino.

    { $parcels }

    Vea cómo va en cualquier momento: { $link }

    { $shop }
mail-partly-shipped-subject = Una parte de su pedido { $order } va de camino
mail-partly-shipped-body =
    Hola, { $name }:

    una parte de su pedido { $order } va de camino. El resto le seguirá.

    { $parcels }

    Vea cómo va en cualquier momento: { $link }

    { $shop }
mail-delivered-subject = Su pedido { $order } ha llegado
mail-delivered-body =
    Hola, { $name }:

    su pedido { $order } ha llegado. Si algo no está como debe, responda a este correo.

    { $link }

    { $shop }
mail-cancelled-subject = Su pedido { $order } está anulado
mail-cancelled-body =
    Hola, { $name }:

    su pedido { $order } del { $placed } está anulado. Si no lo esperaba, responda a este correo.

    { $shop }
mail-payment-reminder-subject = Su pedido { $order } espera el pago
mail-payment-reminder-body =
    Hola, { $name }:

    quedan por pagar { $due } de su pedido { $order } del { $placed }. Si ya ha pagado, no hace falta responder.

    { $items }

    Total: { $total }

    { $link }

    { $shop }
mail-payment-final-subject = Su pedido { $order } sigue sin pagar
mail-payment-final-body =
    Hola, { $name }:

    Queda por pagar { $due } de su pedido { $order } del { $placed }, aunque ya se lo recordamos. Páguelo en los próximos días o responda a este correo si hay algún problema.

    { $items }

    Total: { $total }

    { $link }

    { $shop }
mail-free-subject = Sobre su pedido { $order }
mail-free-body =
    Hola, { $name }:

    sobre su pedido { $order }:

    { $link }

    { $shop }
mail-parcel = Paquete { $no }
mail-parcel-number = Paquete { $no }, número { $number }
mail-sample-item = Tarro grande
mail-sample-name = A. Cliente

msg-messages = Mensajes
msg-templates = Plantillas
msg-settings = Reglas de mensajes
msg-webhooks = Webhooks
msg-kind-test = Prueba
msg-state-queued = En espera
msg-state-sending = En camino
msg-state-sent = Enviado
msg-state-failed = Aún no aceptado
msg-state-given-up = Abandonado
msg-state-taken-back = Retirado
msg-held-until = hasta { $when }
msg-next-try = próximo intento { $when }
msg-fault-connect = No se llega al servidor de correo
msg-fault-timeout = El servidor de correo no respondió a tiempo
msg-fault-tls = El certificado o el cifrado del servidor de correo no vale
msg-fault-login = El servidor de correo no acepta nuestro acceso
msg-fault-refused = El servidor de correo lo rechaza del todo
msg-fault-later = El servidor de correo lo quiere más tarde
msg-fault-address = La dirección no sirve
msg-fault-text = No se pudo escribir el texto
msg-fault-stale = Esperó demasiado
msg-show-all = Todos
msg-show-queued = En espera
msg-show-failed = Aún no aceptados
msg-show-given-up = Abandonados
msg-show-sent = Enviados
msg-none = Aquí no hay mensajes
msg-when = Cuándo
msg-order = Pedido
msg-what = Qué
msg-to = Para
msg-acts = Qué se puede hacer
msg-take-back = Retirar
msg-send-now = Enviar ya
msg-again = Intentar de nuevo
msg-again-all = Intentarlo todo de nuevo ahora
msg-no-server = No hay servidor de correo
msg-no-server-hint = Los mensajes esperan, tres días como mucho. Quien lleva el servidor pone central.mail_host y central.mail_from.
msg-server-is = El correo sale por { $host }
msg-trouble = El correo no sale
msg-trouble-text = { $why }, la última vez a las { $when }. En espera: { $n }. Se intentan de nuevo por sí solos, y todos a la vez cuando vuelva a funcionar.
msg-tries = Intentos
msg-tries-none = Aún sin intentar
msg-text-hidden = El texto es para quien puede ver datos personales
msg-text-later = El texto se escribe al enviarlo, con lo que valga entonces
msg-rules = Lo que sale por sí solo
msg-rules-hint = Un mensaje espera estos minutos antes de salir, para poder retirar un clic equivocado.
msg-rule-minutes = Minutos para retirarlo
msg-links = Dónde muestran los transportistas un paquete
msg-links-hint = La dirección de la página del transportista con { "{number}" } en el lugar del número del paquete. Los clientes la reciben en el correo y en su página.
msg-templates-hint = Un texto por clase e idioma. Si nadie lo cambió, vale el que vino con Packbench. Se escribe al cliente en el idioma de la página del pedido, si no en el del país.
msg-template = Plantilla
msg-take-template = Tomar esta plantilla
msg-language = Idioma
msg-language-country = El del país ({ $language })
msg-subject = Asunto
msg-text = Texto
msg-names-hint = Lo que está entre llaves se rellena. Una línea cuyas llaves no dicen nada se omite. Nombres:
msg-preview = Vista previa
msg-preview-html = Como se ve
msg-preview-text = Como texto simple
msg-preview-hint = Con valores inventados
msg-reset = Volver al que vino con Packbench
msg-test-to = Su propia dirección
msg-test = Enviarme una prueba
msg-versions = Versiones
msg-no-address = El cliente no tiene dirección de correo que sirva: no se envía nada
msg-none-of-order = Ningún mensaje sobre este pedido
msg-write = Escribir
msg-write-title = Mensaje sobre el pedido { $order }
msg-send = Enviar
msg-send-hint = Espera un momento y hasta entonces se puede retirar.
msg-link = La página del cliente
msg-link-none = Este pedido aún no tiene enlace
msg-link-make = Hacer un enlace
msg-link-renew = Otro enlace
msg-link-renew-hint = El anterior ya no llevará a ningún sitio
event-mail-sent = Correo enviado: { $kind }
event-mail-given-up = Correo abandonado: { $kind }
event-mail-taken-back = Correo retirado: { $kind }
event-mail-written = Correo escrito: { $kind }
event-mail-by-stage = Correo en espera, por la etapa { $stage }: { $kind }
msg-by-stage = por la etapa { $stage }
event-link-renewed = Otro enlace a la página del cliente
office-wrong-message-subject = El asunto debe ser una línea de 1 a 200 caracteres
office-wrong-message-body = El texto debe tener de 1 a 10 000 caracteres
office-wrong-message-placeholder = Algo entre llaves no es uno de los nombres de abajo
office-wrong-message-address = No es una dirección que acepte un servidor de correo
office-wrong-message-delay = Como mucho 1440 minutos, que es un día
office-wrong-message-link = La dirección debe empezar por https:// y llevar { "{number}" } tras el nombre del transportista
office-wrong-message-carrier = No existe ese transportista
office-wrong-url = La dirección debe empezar por https://, llevar a la red pública y no contener contraseña. Puede haber 50 webhooks
office-wrong-about = Como mucho 200 caracteres
office-wrong-events = Al menos una clase de mensaje

hook-none = Aún no se avisa a nadie
hook-new = Nuevo webhook
hook-url = Dirección
hook-about = Para qué es
hook-events = De qué se le avisa
hook-make = Hacer el webhook
hook-secret = El secreto
hook-secret-once = Cópielo ahora. Se muestra esta única vez. Con él se firman los mensajes
hook-previous-until = El secreto anterior también firma hasta { $when }
hook-enabled = Encendido
hook-disabled = Apagado
hook-gone = Dijo que ya no está
hook-lost = Se perdieron mensajes
hook-test = Enviar una prueba
hook-rotate = Nuevo secreto
hook-on = Encender
hook-off = Apagar
hook-remove = Quitar
hook-acts-hint = Si se apaga o se quita, se abandona lo que espera.
hook-deliveries = Lo enviado
hook-deliveries-none = Aún no se envió nada
hook-state-waiting = En espera
hook-state-delivered = Entregado
hook-state-failed = Abandonado

track-title = Pedido { $order }
track-placed = Pedido el { $when }
track-nowhere = Este enlace no lleva a ningún sitio
track-nowhere-text = Puede estar mal escrito, o hay uno más nuevo. La tienda donde compró puede enviárselo de nuevo.
track-later = Vuelva dentro de un momento
track-received = Pedido recibido
track-preparing = Empaquetándose
track-packed = Empaquetado
track-delivered = Entregado
track-received-text = Tenemos su pedido y empezaremos pronto.
track-waiting-text = Tenemos su pedido. Una parte viene de camino; lo empaquetamos en cuanto esté aquí.
track-preparing-text = Su pedido se está empaquetando ahora mismo.
track-partly-text = Una parte de su pedido está empaquetada. El resto le seguirá.
track-packed-text = Su pedido está empaquetado y sale con la próxima recogida. Se lo lleva { $carrier }.
track-shipped-text = Su pedido va de camino con { $carrier }.
track-delivered-text = Su pedido ha llegado.
track-cancelled = Anulado
track-cancelled-text = Este pedido está anulado y no se enviará.
track-carrier = el transportista
track-leaves = Se espera que salga el { $when }
track-parcel = Paquete { $no }
track-number = Número
track-follow = Ver dónde está el paquete
track-ordered = Lo que pidió
track-open = Aún sin empaquetar
track-language = Idioma
event-mail-reminds = Recordatorio de pago { $nth } de { $of } en espera: { $kind }
event-reminders-off = Sin recordatorios de pago para este pedido
event-reminders-on = De nuevo recordatorios de pago para este pedido
reminding-title = Recordatorios de pago
reminding-hint = A quien debe se le recuerda por correo, en pedidos hechos aquí. Termina cuando el pedido se paga, se retiene o se anula, o cuando un botón en su página lo deja en paz. Al activarlo vale para los recordatorios que venzan desde entonces.
reminding-active = Los recordatorios salen solos
reminding-order-days = Días tras el pedido, si se paga al momento
reminding-due-days = Días tras el vencimiento, si tiene plazo
reminding-every = Días entre uno y el siguiente
reminding-times = Cuántos como máximo
reminding-last = Plantilla del último de varios
reminding-went = Recordatorios de pago automáticos: { $n } de { $of }.
reminding-next = El próximo sale { $when }.
reminding-off = No sale ninguno para este pedido.
reminding-leave = No recordar más
reminding-again = Recordar de nuevo
office-wrong-reminding-days = Indique hasta 365 días
office-wrong-reminding-times = Indique de 1 a 9 recordatorios
office-wrong-reminding-last = Elija una plantilla de recordatorio de pago
