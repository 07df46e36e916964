## Ubicaciones y el mapa.
places-title = Ubicaciones
places-map = Mapa
places-map-hint = Pulse un módulo para ver sus ubicaciones y lo que hay
places-legend = Un punto indica que hay algo. El frente está abajo
places-no-map = No hay ubicaciones con posición, nada que dibujar
places-bay-holds = { $places }: { $n } unidades
places-kind = Tipo
places-kind-bin = Estante
places-kind-consolidation = Consolidación
places-kind-tote = Caja de picking
places-kind-put-wall-slot = Muro de clasificación
places-kind-dock = Apartado
places-aisle = Pasillo
places-bay = Módulo
places-level = Nivel
places-balances = Saldos
