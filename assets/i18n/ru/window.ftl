## The window’s own words, beside the steps of an order.
win-product = Packbench
win-pin-then = { $who }, затем нажмите стрелку
win-pair-where = Где взять код: консоль центра, «Станции», «Новый код». Он действует один раз, 10 минут.
win-recovery-sub = Работа идёт на другой станции
win-recovery-do = Не выключайте её: пока ничего здесь не завершайте, отнесите заказ на другую станцию и позовите администратора.
win-queue-empty = Сейчас работы нет
win-queue-empty-sub = Новые заказы появятся здесь сами
win-queue-empty-hint = Ничего не ждёт. Можно перевести дух.
win-items-lines = { $n ->
        [one] товар
        [few] товара
       *[many] товаров
    } · { $lines } { $lines ->
        [one] строка
        [few] строки
       *[many] строк
    }
win-lines-units = { $lines } { $lines ->
        [one] строка
        [few] строки
       *[many] строк
    } · { $n }
win-first = Первый
win-held-n = Отложено { $n }
win-after-sending = после отправки
win-skip = Пропустить заказ
win-skip-title = Пропуск: почему?
win-gift-sub = Цены в коробку не кладём
win-handling-sub = Учтите при обращении
win-since = с { $time }
win-held-sub = Этот заказ ждёт здесь
win-ship-what-there-is = Отправить что есть
win-ask-lead-release = Старший отпустит
win-office-decides = Решает офис
win-more = Страница { $no } из { $n }: дальше
win-serial-hint = Серийный номер
win-lot-hint = Партия, как напечатано
win-expiry-hint = Год, месяц, день
win-network-fine = Сеть работает
win-network-fine-sub = Всё отправляется сразу
win-waiting-sub = надёжно на этой станции
win-can-pack-sub = заказов без сети
win-last-answer = Центр отвечал
win-last-answer-sub = время суток
win-which-line = О какой строке речь?
win-which-paper = Какой документ?
win-all-n = Все { $n }
win-less = На один меньше
win-more-units = На один больше
win-choose-number = выберите сколько
win-choose-product = выберите замену
win-choose-reason = выберите причину
win-badge-first = Отсканируйте здесь пропуск старшего
win-badge-known = { $who }: пропуск считан. Теперь PIN
win-count-max = Не больше { $n }
win-count-over = Нужно ещё только { $n }
win-find-sub = Введите номер или отсканируйте заказ
win-find-hint = Номер заказа
win-paper-came = Бумага вышла?
win-came-out-sub = Она у меня в руке, целая
win-print-again-sub = Печатается копия с пометкой
win-settings-sub = Действуют сразу, на этом экране
win-flash-full = Вспышка на весь экран
win-flash-frame = Только рамка
win-quieter = Тише
win-louder = Громче
win-site = Площадка
win-zone = Часовой пояс
win-program = Программа
win-devices-live = Отсканируйте или взвесьте что-нибудь: это сразу видно
win-scan-too-long = Слишком длинно для штрихкода
win-scan-broken = Пришла только половина кода
win-scan-again = Не засчитано. Отсканируйте ещё раз

## The demo’s panel: what a visitor should do now.
panel-hide = Скрыть виртуальные устройства
panel-scan-badge = Отсканируйте этот пропуск
panel-scan-order = Отсканируйте этот заказ
panel-scan-shelf = Отсканируйте эту полку
panel-scan-item = Отсканируйте этот товар
panel-scan-trace = Отсканируйте, что просят
panel-scan-packaging = Отсканируйте эту коробку
panel-scan-label = Отсканируйте эту этикетку
panel-scan-command = Отсканируйте эту команду
panel-type-code = Введите код
panel-type-pin = Введите этот PIN
panel-press = Нажмите это
panel-wait = Подождите, станция работает
panel-badge-of = Отсканировать пропуск: { $who }
panel-lighter = Легче
panel-heavier = Тяжелее
panel-no-parcel = посылки ещё нет
panel-scale-wait = Взвешивать пока нечего
panel-scale-wait-sub = Поставьте посылку на весы, когда экран попросит вес
panel-cancel-order = Отменить этот заказ
panel-no-order = заказа ещё нет
