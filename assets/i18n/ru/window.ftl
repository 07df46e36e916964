## The window’s own words, beside the steps of an order.
win-product = Packbench
win-pin-then = { $who }, затем нажмите стрелку
win-pair-where = Где взять код: консоль центра, «Станции», «Новый код». Он действует один раз, 10 минут.
win-pair-where-again = Попросите код для { $station }: консоль центра, «Станции», «Новый код». Начатая работа остаётся на месте.
win-way-new-epoch = Другая копия не работает? Тогда старший начинает с новых номеров
win-way-pair = Привяжите её снова кодом из центра. Работа пока идёт дальше
win-way-none = Работа идёт дальше; ничего не потеряно
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

## Returns at the bench: what is scanned, what it is worth, where it goes.
grade-resell = Снова продать
grade-repair = В ремонт
grade-scrap = Выбросить
return-title = Возврат { $number }
return-step-scan = Скан
return-step-grade = Оценка
return-step-finish = Конец
return-goes-to = На место { $place }
return-goes-aside = Отдельно
return-goes-waste = В мусор
return-scan-shelf = Сначала полка
return-came = вернулось
return-finish = Закончить возврат
return-later = Позже
return-list = Ожидаемые возвраты
return-list-sub = Отсканируйте бумагу из коробки, старую этикетку или нажмите
return-list-empty = Возвратов не ждут
return-list-row = Заказ { $order } · { $came } из { $asked }
win-returns-n = Возвраты { $n }
word-not-in-return = нет в возврате { $number }
say-return-scan = Отсканируйте, что в коробке
say-return-scan-detail = Ещё не пришло: { $n }
say-return-all = Пришло всё
say-return-all-detail = Закончите или отмените последний
say-return-trace-detail = Чтобы снова продать. Без этого: в ремонт или выбросить
say-return-grade = Чего оно стоит?
say-return-grade-shelf = Как новое: на { $place }; другая полка: отсканируйте
say-return-grade-no-shelf = Полка неизвестна: чтобы снова продать, отсканируйте её
say-return-over = Возврат { $number } закрыт
say-return-over-detail = Так решил офис. Принятое сообщено; если нужно, вас спросят
ok-return-opened = Возврат { $number } открыт
ok-return-in-hand = { $name }
ok-return-to-shelf = Положите на { $place }
ok-return-aside = Отложите отдельно
ok-return-waste = В мусор
ok-return-done = Возврат принят
ok-return-done-missing = Не пришло: { $n }
ok-return-done-detail = Офис это видит и решит
ok-return-left = Отложен. Ждёт в списке
camera-live = Что видит камера
camera-dark = Камера пока не даёт картинки: см. «Устройства» (F9)
