## What the command line says to the person who starts a station, a central or the demo.
cli-no-display = Нет экрана для окна. Запустите в графическом сеансе или без окна: packbench demo --headless
cli-missing-library = Окну нужна { $library }. Установите: apt install { $package }
cli-demo-ready =
    Склад для показа готов: { $orders } { $orders ->
        [one] настоящий заказ
        [few] настоящих заказа
       *[many] настоящих заказов
    } Online Retail; ячейки, вес, размеры и адреса придуманы
cli-central-listens = Центр слушает { $address }
cli-importing =
    Загрузка: { $n } { $n ->
        [one] строка
        [few] строки
       *[many] строк
    }
cli-imported =
    Загружено: { $orders } { $orders ->
        [one] заказ
        [few] заказа
       *[many] заказов
    }, пропущено: { $skipped } { $skipped ->
        [one] строка
        [few] строки
       *[many] строк
    }
cli-row-skipped = Строка { $line } пропущена: { $why }
cli-station-code = Код привязки { $code }, годен до { $time }
