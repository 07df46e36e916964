## Места и карта.
places-title = Места
places-map = Карта
places-map-hint = Нажмите секцию, чтобы увидеть места и что там лежит
places-legend = Точка: там что-то лежит. Вход внизу
places-no-map = Нет мест с координатами, рисовать нечего
places-bay-holds = { $places }: штук { $n }
places-kind = Вид
places-kind-bin = Ячейка
places-kind-consolidation = Сборка частей
places-kind-tote = Лоток
places-kind-put-wall-slot = Стена сортировки
places-kind-dock = Отложено
places-aisle = Ряд
places-bay = Секция
places-level = Ярус
places-balances = Остатков
