## The web console: frame and navigation.
console-orders = Заказы
console-board = Доска
console-stations = Станции
console-exceptions = Исключения
console-stock = Остатки
console-customers = Клиенты
console-products = Товары
console-parcels = Посылки
console-users = Пользователи
console-settings = Настройки
console-stations-live = На связи { $no } из { $n } станций
console-skip-to-content = К содержанию
console-log-in = Войти
console-log-out = Выйти
console-user-name = Имя
console-password = Пароль
console-log-in-wrong = Имя или пароль не те. Ещё раз
console-log-in-wait = Слишком много попыток. Подождите { $left }
console-language = Язык
console-not-found = Такой страницы нет
console-not-found-sub = Возможно, она переехала. Начните с заказов
console-not-allowed = Вам это нельзя. Обратитесь к администратору
console-trouble = Центр сейчас не смог. Ничего не изменилось
console-reconnecting = Обновления прервались, подключаемся

## Lists.
console-export-csv = Выгрузить CSV
console-new-order = Новый заказ
console-all-open = Все открытые
console-ship-today = Отправить сегодня
console-unpaid = Не оплачены
console-search-hint = Номер, клиент, SSCC
console-search = Найти
console-any = любой
console-today = сегодня
console-chosen = Выбрано: { $n }
console-release = На линию
console-hold = Отложить
console-return = Возврат
console-documents = Документы
console-edit = Править
console-log-call = Записать звонок
console-range = { $from }–{ $to } из { $n } · обновлено { $age } назад
console-newer = Новее
console-older = Старее
console-none = Пока ничего нет
console-none-found = Ничего не найдено
console-more-scroll = ещё загрузится при прокрутке

## Table heads.
column-order = Заказ
column-placed = Создан
column-customer = Клиент
column-status = Статус
column-payment = Оплата
column-fulfillment = Сборка
column-ship-by = Отправить до
column-items = Товары
column-total = Сумма
column-stage = Этап
column-code = Код
column-product = Товар
column-quantity = Кол-во
column-checked = Проверено
column-station = Станция
column-who = Кто
column-last-seen = На связи
column-lag = Не отправлено
column-events = События
column-version = Версия
column-state = Состояние
column-weight = Вес
column-sscc = SSCC
column-when = Когда
column-what = Что
column-on-hand = В наличии
column-location = Место

## The three axes of an order.
status-draft = Черновик
status-placed = Оформлен
status-cancelled = Отменён
status-closed = Закрыт
payment-none = Не оплачен
payment-authorized = Авторизован
payment-partially-paid = Частично оплачен
payment-paid = Оплачен
payment-partially-refunded = Частичный возврат
payment-refunded = Возвращён
payment-overcharged = Переплата
payment-voided = Аннулирован
payment-failed = Не прошёл
fulfillment-unfulfilled = Не собран
fulfillment-leased = На { $station }
fulfillment-picking = Отбор { $no }/{ $n }
fulfillment-packing = Упаковка { $no }/{ $n }
fulfillment-packed = Упакован
fulfillment-partially-packed = Упакован частично
fulfillment-shipped = Отправлен
fulfillment-short = Не хватает { $n }
fulfillment-held = Отложен
fulfillment-exception = Нужно решение
fulfillment-cancelled = Отменён

## One order.
order-title = Заказ { $order }
order-head = { $when } · { $customer } · { $country } · версия { $version }
order-lines = Строки
order-kit-of = набор из { $parts } шт.
order-lines-sub = { $lines } · { $items } { $items ->
        [one] товар
        [few] товара
       *[many] товаров
    } · { $total }
order-all-lines = Все строки: { $n }
order-live-from = сейчас с { $station }
order-parcel = Посылка { $no }
order-parcel-expected = Коробка { $box } · ожидается { $mass }
order-parcel-weighed = Коробка { $box } · { $mass }
order-no-label = этикетки ещё нет
order-photos = Фото
order-no-photos = Фото нет
order-photo-of = Фото посылки { $no }, { $when }
order-photo-waits = Фото ещё идёт с { $station }
order-timeline = История
order-timeline-all = всё
order-timeline-scans = сканы
order-timeline-money = деньги
order-timeline-people = люди
order-conflict = Заказ тем временем изменили. Отличаются поля:
order-guest = Гость
order-first = Первый в очереди
order-split = Разделить часть { $no }
order-split-hint = Единицы, которые станут отдельной частью и упаковываются отдельно
order-split-do = Разделить
order-split-none = Отдайте новой части хотя бы одну единицу
order-split-not-there = Столько единиц в этой части нет
order-split-all = Одна единица должна остаться в этой части
order-split-many = У заказа не больше 20 частей
order-split-begun = Эту часть уже начали, или её место не отвечает: сейчас её не разделить
order-part-recalled = Запрошена у станции обратно. Разделите, когда вернётся
order-split-refused = Так разделить эту часть нельзя. Никто не должен был её начать, и одна единица должна остаться
order-made-up = Пример: адрес, размеры и вес придуманы

## The timeline's sentences.
event-placed = Заказ оформлен
event-imported = Загружен
event-leased = Выдан { $station }
event-lease-returned = Возвращён с { $station }
event-taken-over = Забран старшим
event-opened = Открыт на { $station }
event-step = Шаг: { $step }
event-flag-cleared = Отметка снята: { $flag }
event-stock-checked = Остатки проверены
event-picked = Отобрано { $n }: { $name }
event-verified = { $name }: { $no } из { $n }
event-verified-by-hand = { $name }: { $n } вручную, { $reason }
event-undone = Отменено: { $name }
event-refused = Скан отклонён: { $why }
event-short = Не хватает { $n }: { $name }, { $reason }
event-damaged = Повреждено { $n }: { $name }, { $reason }
event-substituted = Заменено { $n }: { $name }, { $reason }
event-partial-allowed = Старший разрешил отправку частями
event-parcel-opened = Начата посылка { $no }
event-moved = { $n } в посылку { $no }
event-box = Коробка { $box } для посылки { $no }
event-ticked = Чек-лист: { $item }
event-weighed = Взвешено { $mass }, ожидалось { $expected }
event-weight-overridden = Вес { $mass } принят старшим, { $reason }
event-weight-refused = Вес { $mass } отклонён
event-recount = Пересчёт
event-label = Присвоена этикетка { $sscc }
event-print-attempted = На печать: { $document }
event-print-ended = Напечатано: { $document }
event-print-trouble = Не напечатано: { $document }
event-reprinted = Повтор: { $document }, копия { $copy }, { $reason }
event-confirmed = Этикетка сверена, посылка { $no }
event-consolidated = Принесено к { $place }
event-packed = Упаковано { $n } из { $all }
event-photo = Фото посылки { $no }
event-lead-called = Вызван старший
event-paused = Перерыв
event-resumed = Продолжено
event-held = Отложен: { $reason }
event-handed-back = Возвращён: { $reason }
event-packer-switched = Сменился упаковщик
event-cancelled = Заказ отменён
event-unpacked = Распакован
event-expedited = Поставлен вперёд
event-unexpedited = Возвращён в очередь
event-split = Разделён на части
event-paid = Оплачено { $amount }
event-refunded = Возвращено { $amount }
event-exception = Исключение: { $what }
event-exception-closed = Решено: { $what }
event-unknown = Нечто новее этого центра
event-by = { $station } · { $who }

## Stations.
station-live = на связи
station-late = отстаёт
station-lost = нет связи { $age }
station-never = ещё не была
station-revoked = отключена
station-all-sent = всё отправлено
station-unsent = не отправлено { $n }, старейшее { $age }
station-works-on = занята { $order }
station-leased =
    там { $n } { $n ->
        [one] заказ
        [few] заказа
       *[many] заказов
    }
station-new-code = Новый код привязки
station-code-is = Код { $code }, годен до { $time }
station-revoke = Отключить

## Ответы консоли на то, что решает человек.
console-decide-noted = Принято к сведению
console-decide-unpack = Распаковать эту посылку
console-decide-release = Вернуть в очередь
console-decide-keep-waiting = Ждать дальше
console-decide-take-over = Старший забирает
console-decide-write-off = Остаток не отправлять
console-decide-settled = решилось само
exception-kind-hold = Отложен
exception-kind-work-forgotten = Начат на станции, которая о нём забыла
exception-kind-serial-reused = Серийный номер уже использован
exception-kind-sscc = Неверный номер посылки
exception-kind-handover-unpacked = Ушла неупакованной
exception-kind-weight-change = Вес товара изменился
console-weight-change = { $sku }: известно { $known }, по посылкам { $learnt }
console-decide-accept-weight = Принять новый вес
console-decide-keep-weight = Оставить прежний вес
search-title = Искать всё
search-hint = Заказ, посылка, товар, клиент, станция, человек
search-find = Найти
search-nothing = Ничего не подходит
search-keys = На любой странице: / или Ctrl+K
search-order = Заказ
search-parcel = Посылка
search-product = Товар
search-customer = Клиент
search-station = Станция
search-person = Человек
console-more = Ещё
console-pages = Страницы
