## Device check.
device-title = Ver dispositivos
device-all-work = Los { $n } funcionan
device-some-work = Funcionan { $no } de { $n }
device-look-at = Mire: { $device }
device-name-what = { $device }: { $what }
device-scanner = Lector
device-scale = Báscula
device-label-printer = Impresora de etiquetas
device-office-printer = Impresora de oficina
device-printer = Impresora
device-camera = Cámara
device-sound = Sonido
device-network = Red
device-central = Central
device-clock = Reloj
device-disk = Disco
device-keyboard = teclado
device-serial = serie
device-virtual = virtual
device-folder = carpeta { $path }
device-works = Funciona
device-look = Revisar
device-absent = Sin configurar
device-connecting = Conectando
device-lost = Perdido
device-lost-for = perdido hace { $age }
device-test = Probar
device-zero = Poner a cero
device-test-label = Etiqueta de prueba
device-test-page = Página de prueba
device-picture = Imagen
device-send-now = Enviar ya
device-set-clock = Ajustar
device-back-up = Copia
device-sounds = Sonidos
device-command-sheet = Hoja de órdenes
device-save-report = Guardar informe
device-last-scan = último escaneo … { $tail }
device-no-scan-yet = aún sin escaneo
device-reads-gs = lee GS: sí
device-reads-gs-no = lee GS: no
device-scale-still = { $mass }, quieto
device-scale-moving = { $mass }, se mueve
device-jobs-wait = { $n } { $n ->
        [one] trabajo espera
       *[other] trabajos esperan
    }
device-ready = listo
device-sharp = nítida, { $ms } ms
device-round-trip = ida y vuelta { $ms } ms
device-central-waiting = { $n } en espera, desde hace { $age }
device-clock-off = { $span } respecto a la central
device-disk-free = { $percent } libre
device-last-backup = última { $time }, revisada
device-test-ok = Prueba correcta
device-adjust-done = A cero
device-adjust-refused = La báscula no quiso: vacíela y no la mueva
device-adjust-asked = Pedido. Mire la pantalla de la báscula
device-adjust-unsupported = Esta báscula solo se pone a cero con su tecla
device-adjust-no-answer = La báscula no contestó

## What is the matter with a device that is there.
device-warning-paper-out = sin papel
device-warning-head-open = cabezal abierto
device-warning-ribbon-out = cinta agotada
device-warning-paused = en pausa en su panel
device-warning-buffer-full = memoria llena
device-warning-too-cold = demasiado frío
device-warning-too-hot = demasiado caliente
device-warning-scale-silent = no dice nada
device-warning-garbled = envía algo ilegible
device-warning-scans-refused = escaneos largos o ilegibles
device-warning-player-fails = el sonido se detuvo

## Why a device is not there, and what to do.
device-lost-not-found = no está: revise cable y ruta
device-lost-not-permitted = sin permiso: avise al administrador
device-lost-busy = otro programa lo usa
device-lost-disconnected = desenchufado: vuelva a enchufarlo
device-lost-refused = responde, pero rechaza: ¿es ese el puerto?
device-lost-timeout = no responde: ¿está encendido?
device-lost-silent = conectado, pero callado
device-lost-bad-answer = responde en otro idioma: revise el modelo
device-lost-io = no se pudo leer: vuelva a enchufarlo
device-lost-driver-failed = el controlador paró, se reinicia
