## Places and the map.
places-title = Places
places-map = Map
places-map-hint = Press a bay to see its places and what lies there
places-legend = A dot says that something lies there. The front of the house is below
places-no-map = No places with a position are known, so there is nothing to draw
places-bay-holds = { $places }: { $n } units
places-kind = Kind
places-kind-bin = Bin
places-kind-consolidation = Where parts meet
places-kind-tote = Tote
places-kind-put-wall-slot = Put wall
places-kind-dock = Set aside
places-aisle = Aisle
places-bay = Bay
places-level = Level
places-balances = Balances
