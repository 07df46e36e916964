## What the command line says to the person who starts a station, a central or the demo.
cli-no-display = No hay pantalla para la ventana. Iníciela en un escritorio, o sin ventana: packbench demo --headless
cli-missing-library = La ventana necesita { $library }. Instálela: apt install { $package }
cli-demo-ready =
    Almacén inventado listo: { $orders } { $orders ->
        [one] pedido real
       *[other] pedidos reales
    } de Online Retail; huecos, pesos, medidas y direcciones inventados
cli-central-listens = La central escucha en { $address }
cli-importing =
    Importando: { $n } { $n ->
        [one] fila
       *[other] filas
    }
cli-imported = { $orders } { $orders ->
        [one] pedido importado
       *[other] pedidos importados
    }, { $skipped } { $skipped ->
        [one] fila omitida
       *[other] filas omitidas
    }
cli-row-skipped = Fila { $line } omitida: { $why }
cli-station-code = Código de enlace { $code }, válido hasta las { $time }
