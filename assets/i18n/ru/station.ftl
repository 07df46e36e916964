## The rail: one word per step, at most eleven letters.
step-order = Заказ
step-review = Обзор
step-stock = Остаток
step-pick = Отбор
step-verify = Проверка
step-pack = Упаковка
step-checklist = Чек-лист
step-weigh = Вес
step-label = Этикетка
step-confirm = Сверка
step-next = Дальше

## The bar on top.
top-order = Заказ { $order }
top-queue = Очередь
top-ready = { $n } { $n ->
        [one] заказ
        [few] заказа
       *[many] заказов
    }
top-ship-by = Отправить до { $time }
top-last-at = последний { $time }
top-network = Сеть
top-offline = Нет сети { $age }
top-online = На связи
top-unsent = Не отправлено: { $n }, старейшее { $age }
top-nobody = Никто не вошёл

## The say band and what stands beneath it: login and queue.
say-login = Отсканируйте пропуск
say-login-sub = или поднесите к считывателю
say-pin = Введите PIN-код
say-pin-sub = { $who }, затем нажмите OK
say-locked = Закрыто. Отсканируйте пропуск
say-locked-sub = Заказ сохранён как был
say-queue = Начните или сканируйте
say-queue-sub = Заказ, лоток или товар откроет свой заказ

## The say band: steps 1 to 4.
say-review = Прочтите и продолжайте
say-review-sub = { $n } { $n ->
        [one] пометка
        [few] пометки
       *[many] пометок
    } к этому заказу
say-review-plain = В заказе нет особых условий
say-flag-fraud = Стоп. Проверка на мошенничество
say-flag-address = Стоп. Проблема с адресом
say-flag-unpaid = Стоп. Не оплачено
say-flag-sub = Старший может снять, или отложите заказ
say-stock = Остатков хватает
say-stock-sub = По данным на { $time }
say-stock-short =
    Не хватает по { $n } { $n ->
        [one] строке
        [few] строкам
       *[many] строкам
    }
say-stock-short-sub = Проверьте или отметьте нехватку. На { $time }
say-pick = Идите к { $bin }, отсканируйте полку
say-pick-sub = Место { $no } из { $n } · ряд { $aisle }, секция { $bay }, ярус { $level }
say-pick-take = Возьмите { $n } и дальше

## The say band: step 5.
say-verify = Отсканируйте ещё { $n }
say-verify-first = Отсканируйте любой товар
say-verify-sub = Подойдёт любой товар этого заказа
say-all-checked = Всё проверено
say-serial = Отсканируйте серийный номер
say-lot = Отсканируйте или введите партию
say-expiry = Введите срок годности
say-trace-sub = Нужно для каждой единицы: { $name }
say-undone = Отменено
say-undone-sub = Больше не учтено: { $name }

## The say band: steps 6 and 7.
say-box = Возьмите коробку { $box }
say-box-sub = Отсканируйте её или выберите другую
say-box-none = Выберите коробку
say-box-none-sub = Нет подсказки: { $why }
say-put-in = Положите { $n }: { $name }
say-put-in-sub = Шаг { $no } из { $n }
say-photo = Сделайте фото
say-photo-sub = Открытая коробка, всё на виду

## The say band: step 8.
say-weigh = Поставьте посылку на весы
say-weigh-sub = Ожидается { $expected }
say-weigh-moving = Уберите руки, взвешивание
say-weigh-moving-sub = Вес учтётся, когда замрёт
say-weigh-ok = Вес сходится
say-weigh-ok-sub = Печатаем этикетку
say-weigh-light = Легче на { $difference }
say-weigh-light-sub = Чего-то не хватает. Пересчитайте
say-weigh-heavy = Тяжелее на { $difference }
say-weigh-heavy-sub = Что-то лишнее. Пересчитайте
say-weigh-blind = Вес не покажет нехватку одной
say-weigh-blind-sub = Здесь доказательство: сканы
say-no-scale = Весы молчат
say-no-scale-sub = Проверьте кабель или позовите старшего

## The say band: steps 9 to 11.
say-label-printing = Этикетка печатается
say-label-missing = Для этикетки нужен факт: { $fact }
say-label-missing-sub = { $name }. Офис дополнит, пока отложите заказ
say-label-stuck = Этикетка вышла?
say-label-stuck-sub = Станция остановилась во время печати
say-confirm = Отсканируйте этикетку на коробке
say-confirm-sub = Чужая этикетка не пройдёт
say-done = Заказ готов
say-done-sub =
    Дальше: { $order }, { $n } { $n ->
        [one] товар
        [few] товара
       *[many] товаров
    }, до { $time }
say-done-last-sub = Больше ничего не ждёт
say-consolidate = Отнесите к { $place }, сканируйте
say-consolidate-sub = Часть { $no } из { $n } ждёт там остальные
say-parcel-done = Посылка { $no } готова
say-parcel-next = Теперь посылка { $no }

## The say band: states of the station.
say-offline = Работаем без сети
say-offline-sub = Ничего не потеряно. Все сканы хранятся здесь
say-online = Сеть вернулась
say-online-sub =
    Отправлено: { $n } { $n ->
        [one] событие
        [few] события
       *[many] событий
    }
say-busy = Секунду, догоняем
say-busy-sub = Сканируйте снова, когда полоса исчезнет
say-disk = Диск почти заполнен
say-disk-sub = Закончите заказ. Новые ждут места
say-paused = Перерыв. Заказ ждёт
say-paused-sub = Отсканируйте пропуск, чтобы продолжить
say-lead-called = Старший вызван
say-lead-called-sub = Продолжайте, пока ждёте
say-hand = Подтвердить вручную?
say-hand-sub = Запишется как подтверждено вручную
say-approve = Старший: пропуск и PIN
say-approve-sub = Для: { $what }

## Words that stand beside a figure.
word-now = Сейчас
word-checked = проверено
word-needed = НУЖЕН
word-scanned = ОТСКАНИРОВАН
word-this-box = ЭТА КОРОБКА
word-bin = Ячейка
word-tote = в лотке { $tote }
word-slot = в ячейке { $slot }
word-order = Заказ { $order }
word-not-in-order = Нет в заказе { $order }
word-clears = Исчезнет после верного скана
word-lines-items = { $lines } { $lines ->
        [one] строка
        [few] строки
       *[many] строк
    } · { $n } { $n ->
        [one] товар
        [few] товара
       *[many] товаров
    }
word-items = { $n } { $n ->
        [one] товар
        [few] товара
       *[many] товаров
    }
word-lines = { $n } { $n ->
        [one] строка
        [few] строки
       *[many] строк
    }
word-parcels = { $n } { $n ->
        [one] посылка
        [few] посылки
       *[many] посылок
    }
word-orders = { $n } { $n ->
        [one] заказ
        [few] заказа
       *[many] заказов
    }
word-of = { $no } из { $n }
word-done = готово
word-moving = движется
word-still = замер
word-left = слева
word-right = справа
word-yes = Да
word-no = Нет
word-by-hand = вручную
word-short = не хватает { $n }
word-unknown = неизвестно
word-parcel-no = Посылка { $no }
word-made-up = придумано для демо

## Buttons.
action-problem = Проблема
action-undo = Отменить скан
action-photo = Фото
action-new-box = Новая коробка
action-call-lead = Вызвать старшего
action-break = Перерыв
action-start = Начать
action-go-on = Дальше
action-back = Назад
action-close = Закрыть
action-cancel = Отмена
action-ok = OK
action-skip-why = Пропустить: почему
action-all = Все { $n }
action-find-order = Найти заказ
action-my-parcels = Мои посылки
action-line = Линия
action-devices = Устройства
action-log-out = Выйти
action-log-out-blocked = Выход: после отправки
action-update-blocked = Обновление: после отправки
action-other-box = Другая коробка
action-count-again = Пересчитать
action-ask-lead = К старшему
action-reprint = Ещё раз
action-no-paper = Нет бумаги
action-came-out = Вышла
action-print-again = Печатать ещё раз
action-next-now = Дальше: { $order }
action-wait = Подождать
action-reopen = Открыть снова
action-go-on-packing = Продолжить упаковку
action-try-now = Проверить сейчас
action-new-epoch = Начать с новых номеров
action-pair-again = Привязать снова
action-put-away = Убрать
action-back-to-work = К работе
action-check-devices = Проверить устройства
action-tick = Отметить
action-by-hand = Подтвердить вручную
action-count = Количество
action-clear-flag = Снять
action-override = Принять вес
action-expedite = Вперёд очереди
action-unexpedite = Вернуть в очередь
action-settings = Настройки
action-sound = Звук
action-dark = Тёмная
action-light = Светлая
action-delete = Стереть
action-type = Ввести
action-switch-packer = Сменить упаковщика
action-hand-back = Вернуть
action-unpacked = Распаковано

## Login, PIN and lock.
login-order-waits = Ваш открытый заказ ждёт здесь
login-pin = PIN-код
login-wait = Слишком много попыток. Подождите { $wait }
login-needs-lead = Здесь нужен старший
login-badge-hint = или выберите инициалы
login-who = Кто вы?

## The queue.
queue-next-order = Следующий заказ
queue-why = Почему этот
queue-then = Потом
queue-ready = готово: { $n }
queue-ship-by = отправить до
queue-oldest = старейший
queue-vip = VIP
queue-rush = срочно
queue-gift = Подарочная упаковка
queue-gift-sub = { $n } { $n ->
        [one] строка
        [few] строки
       *[many] строк
    }, чек-лист спросит
queue-held = Отложены
queue-mine = Ваш, начат
queue-lasts = { $n } { $n ->
        [one] заказ
        [few] заказа
       *[many] заказов
    }, около { $span }
queue-find-hint = Номер заказа, товар или код

## Why an order is next.
why-expedited = Вперёд поставил(а) { $who }
why-rush = Продан как срочный
why-vip = VIP-клиент
why-ship-by = Осталось { $left }
why-overdue = Опаздывает на { $late }
why-oldest = Старейший, ждёт { $age }
why-chosen = Вы его выбрали
why-scanned = Вы сканировали его товар
why-yours = Вы его начали

## Review.
review-note = Клиент пишет
review-line-note = «{ $note }»
review-gift = Подарок: без цен внутри
review-gift-message = Текст к подарку
review-gift-wrap = Подарочная упаковка
review-fragile = Хрупкое
review-this-side-up = Верх: не переворачивать
review-partial = Можно частями
review-complete = Только целиком
review-flags = Сначала нужно снять
flag-fraud-review = Проверка на мошенничество
flag-address-trouble = Проблема с адресом
flag-unpaid = Не оплачено
stock-enough = Есть { $n }
stock-lacks = Не хватает { $n }
stock-elsewhere = { $n } для других заказов
stock-wanted = Нужно
stock-as-of = на { $time }

## Picking.
pick-take = Взять
pick-take-here = взять здесь
pick-you = Вы
pick-bay-left = Секция { $bay } · слева
pick-bay-right = Секция { $bay } · справа
pick-tour = { $n } { $n ->
        [one] место
        [few] места
       *[many] мест
    } · { $metres } м · { $items } { $items ->
        [one] товар
        [few] товара
       *[many] товаров
    }
pick-took = Взято { $n }
pick-other-bins = Также в { $bins }

## Item verification.
verify-any-box = в посылку { $no }
verify-case = Короб, { $n } шт.
verify-count-how-many = Сколько ещё таких же?
verify-no-photo = пока без фото
verify-lot = Партия { $lot }
verify-serial = Серия { $serial }
verify-expiry = Годен до { $day }

## Packaging.
pack-box = Коробка
pack-envelope = Конверт
pack-why = Почему { $box }
carton-fits-all = Самая малая, где всё поместится.
carton-smaller-too-short = { $name } мала на { $missing } мм.
carton-smaller-too-weak = { $name }: лишних { $over }.
carton-smaller-too-full = { $name } заполнится на { $percent } %.
carton-smaller-no-way = В { $name } вместе не войдёт.
carton-split-mass =
    Тяжело для одной: { $parcels } { $parcels ->
        [one] посылка
        [few] посылки
       *[many] посылок
    }.
carton-split-room =
    Много для одной: { $parcels } { $parcels ->
        [one] посылка
        [few] посылки
       *[many] посылок
    }.
carton-size-unknown = Неизвестно размеров: { $products }, считаем по весу.
carton-estimated = { $units } шт., только по объёму и весу.
carton-sizes-learnt = Размеры выведены по посылкам, не измерены: { $products }.
pack-why-none = Ни одна коробка не вместит всё
pack-heavy-first = Кладите, тяжёлое вниз
pack-filled = Заполнено
pack-choose = Какая коробка?
pack-put-in = Положите товар { $no } из { $n }
pack-up-height = Стоймя, как стоит
pack-up-width = На бок
pack-up-length = На торец, длиной вверх
pack-this-side-up = Верх: не переворачивать
pack-nothing-on-top = Сверху ничего
pack-bears = Сверху не больше { $mass }
pack-unit-before = Предыдущий
pack-unit-next = Следующий
pack-turn-left = Повернуть влево
pack-turn-right = Повернуть вправо

## Checklist.
list-insert = Вложить: { $name }
list-gift-wrap = Обернуть: { $name }
list-gift-message = Текст к подарку, сверху
list-fragile = Наклейка «Хрупкое», сверху
list-lithium = Знак лития { $un }, сбоку
list-dangerous = Опасный груз { $un }, сбоку
list-temperature = Хранить { $low }…{ $high } °C, наклейка
list-adult = Вручить взрослому, наклейка
list-photo = Фото открытой коробки
list-photo-offered = Фото открытой коробки, по желанию
list-tap-without = касание: без фото
list-scan-or-tap = скан или касание
list-why-every-parcel = в каждой посылке
list-why-paper-invoice = клиент { $customer } просил на бумаге
list-why-abroad = уходит за границу: { $country }
list-why-rule = правило площадки
list-why-gift-wrap = заказано для { $name }
list-why-gift = этот заказ подарок
list-why-fragile = бьётся: { $sku }
list-why-lithium = литиевые элементы: { $sku }
list-why-dangerous = опасный груз: { $sku }
list-why-temperature = нужна температура: { $sku }
list-why-adult = только взрослым: { $sku }
list-why-photo = нужно фото: { $sku }

## Missing facts.
fact-un-number = номер ООН
fact-hs-code = код ТН ВЭД
fact-origin = страна происхождения
fact-customs-value = таможенная стоимость
fact-country = страна адреса

## Weighing.
weigh-expected = Ожидается
weigh-difference = Разница
weigh-tolerance = Допуск
weigh-tolerance-percent = { $percent }, { $mass }
weigh-labelled = Из ожидаемого веса { $mass } указано на этикетках.
weigh-suspect = { $mass } = { $n } × { $name }
weigh-suspect-sub = Ищите сначала это: на столе, в лотке
weigh-stale = Это старое показание
weigh-scale-off = весы выключены

## Label and final scan.
label-sent = Отправлено на печать
label-print-instead = { $printer } вместо { $other }: { $why }
label-print-by = на { $printer }
label-printed = Напечатана, наклейте
label-paper-moved = { $time } · бумага вышла
label-document-printed = Напечатано: { $document }
label-pages-inside = { $n } { $n ->
        [one] лист
        [few] листа
       *[many] листов
    }, внутрь
label-scan-now = Теперь отсканируйте её
label-scan-now-sub = докажет, что она на коробке
label-is-there = Уже там
label-house-instead = Напечатана этикетка склада
label-house-instead-sub = { $line ->
        [0] Шаблон { $template }: старший знает
       *[other] Шаблон { $template }, строка { $line }: старший знает
    }
label-ends-with = Кончается на
label-copy = КОПИЯ { $no }
label-trouble-paper-out = В принтере нет этикеток
label-trouble-head-open = Открыта головка принтера
label-trouble-paused = Принтер на паузе
label-trouble-unreachable = Принтер не отвечает
label-trouble-interrupted = Печать прервалась
label-trouble-no-printer = Принтер не настроен
label-another-take-off = Снимите эту этикетку. Наклейте на заказ { $order }, { $station }, или позовите старшего.
label-waits-carrier = Ждёт этикетку перевозчика

## Done.
done-took = Заказ { $order } занял
done-median =
    Ваша середина на { $n } { $n ->
        [one] товар
        [few] товара
       *[many] товаров
    }: { $span }
done-no-median =
    Ваш первый примерно с { $n } { $n ->
        [one] товаром
        [few] товарами
       *[many] товарами
    }: дальше будет с чем сравнить
done-today = Сегодня
done-right-first = Верно с первого раза
done-put-box = Поставьте коробку
done-cage = Клеть { $route }
done-opens-in = откроется сам через { $left }

## Offline.
offline-oldest = Старейшее неотправленное
offline-waiting = Ждёт отправки
offline-waiting-sub = { $orders } { $orders ->
        [one] заказ
        [few] заказа
       *[many] заказов
    }, { $photos } фото
offline-can-pack = Можно упаковать
offline-can-pack-sub = { $n ->
        [one] заказ
        [few] заказа
       *[many] заказов
    }, около { $span }
offline-disk = Свободно на диске
offline-disk-sub =
    места на { $n } { $n ->
        [one] день
        [few] дня
       *[many] дней
    }
offline-never = Связи ещё не было

## Pairing a station.
pair-title = Подключить станцию
pair-title-again = Снова подключить { $station }
pair-say = Введите код привязки
pair-say-sub = 8 знаков, из центра, годен 10 минут
pair-address = Адрес центра
pair-connect = Подключить
pair-working = Спрашиваем центр
pair-done = Подключена как { $station }
pair-wrong-code = Центр не знает этот код. Попросите новый
pair-expired = Срок кода истёк. Попросите новый
pair-no-answer = Центр не отвечает. Проверьте адрес и сеть
pair-revoked = Станцию отключили в центре
pair-revoked-sub = Привяжите снова. Неотправленное сохранено

## Recovery: shown when the station cannot open its data.
recovery-title = Станции нужна помощь
recovery-newer = Данные записаны более новым Packbench. Установите его
recovery-damaged = Данные не читаются
recovery-locked = Данные занял другой Packbench. Закройте его
recovery-restore = Восстановить копию от { $day }
recovery-retry = Ещё раз
recovery-save-report = Сохранить отчёт
recovery-where = Данные: { $path }
recovery-backup-kept = Старые данные отложены, не удалены

## Settings.
settings-title = Настройки
settings-language = Язык
settings-theme = Светлая или тёмная
settings-theme-light = Светлая
settings-theme-dark = Тёмная
settings-theme-system = Как в системе
settings-volume = Громкость
settings-reduced-motion = Сигналы
settings-reduced-motion-sub = Рамка вместо вспышки
settings-idle-lock =
    Закрывать через { $n } { $n ->
        [one] минуту
        [few] минуты
       *[many] минут
    }
settings-station = Эта станция
settings-version = Версия { $version }
settings-central = Центр
settings-saved = Сохранено

## Parcel history.
history-title = Мои посылки
history-empty = Сегодня посылок ещё нет
history-say = Выберите посылку или отсканируйте
history-say-sub = Для повтора нужна причина, будет пометка «копия»
history-packed-at = упакована { $time }
history-weight = { $mass }, коробка { $box }
history-photos = { $n } фото
history-copies = { $n } { $n ->
        [one] копия
        [few] копии
       *[many] копий
    }

## What a screen reader calls things without words.
name-rail = Шаги
name-lines = Строки этого заказа
name-actions = Действия
name-map = План склада
name-step-now = { $step }, сейчас
name-step-done = { $step }, готово
name-step-waiting = { $step }, ждёт
name-step-elsewhere = { $step }, сделано в другом месте
name-key = Клавиша { $key }
name-picture = Изображение: { $name }

## The demo's panel of virtual devices.
demo-title = Виртуальные устройства
demo-sub = Ячейки, вес, размеры, коды и адреса придуманы
demo-scan-next = Сканировать нужное
demo-scan-wrong = Сканировать не то
demo-scan-box = Введите или вставьте код
demo-scan = Сканировать
demo-put-parcel = Поставить посылку на весы
demo-take-parcel = Снять
demo-forget-one = Забыть один товар
demo-printer = Последняя этикетка
demo-no-paper = Вынуть бумагу
demo-load-paper = Вставить бумагу
demo-camera = Камера видит
demo-cut-network = Отключить сеть
demo-mend-network = Включить сеть
demo-badge = Сканировать пропуск { $who }

## What an accepted scan or command says for a moment.
ok-counted = Учтено. { $done } из { $of }
ok-counted-name = { $name }
ok-moved = Переложено в новую коробку
ok-picked = Взято: { $count }
ok-trace-next = Принято. Теперь остальное
ok-undone = Отменено
ok-box = Коробка выбрана
ok-ticked = Отмечено
ok-weight = Вес сходится: { $weight }
ok-confirmed = Этикетка верна, посылка { $parcel }
ok-put-at = Поставлено: { $location }
ok-photo = Фото сделано
ok-lead-called = Старший вызван
ok-short = Отмечено: не хватает { $count }
ok-damaged = Отмечено: повреждено { $count }
ok-substitute = Отмечено. Принесите замену
ok-new-box = Теперь в посылку { $parcel }
ok-held = Заказ отложен
ok-handed-back = Возвращён
ok-cancelled = Заказ отменён. Следующий
ok-unpacked = Распакован
ok-taken-over = Старший забрал этот заказ
ok-order-done = Заказ готов
ok-opened = Заказ { $order } открыт
ok-switched = Теперь пакует: { $who }

## Badge and PIN of somebody who agrees.
approval-badge-first = Сначала пропуск, потом PIN
approval-not-a-lead = Этот пропуск не подходит. Нужен: { $role }
login-pin-short = PIN-код длиннее
login-pin-wrong = Не тот PIN. Ещё раз

## Scans in the queue that open nothing.
queue-label-of = Этикетка заказа { $order }, посылка { $parcel }
queue-label-of-detail = Уже упакована. Вот её история
queue-not-here = { $name }: не на этой станции
queue-not-here-detail = Он у другой станции или готов. Возьмите следующий
queue-nobody-needs = Никому не нужно: { $name }
queue-nobody-needs-detail = Нет в заказах этой станции. Верните на место
open-no-lease = Этот заказ не у нас
open-lease-over = Срок заказа вышел
open-no-record = Этот заказ ещё не пришёл
open-refused-detail = Возьмите следующий; подробности в центре

## What a lead is asked to agree to.
approve-clear-flag = снять: { $flag }
approve-partial = отправить то, что есть
approve-weight = вес { $weight } как есть
approve-typed-weight = вес { $weight }, введён вручную
approve-by-hand = подтвердить вручную
approve-expedite = поставить заказ вперёд
approve-unexpedite = вернуть заказ в очередь
approve-new-epoch = начать с новых номеров посылок; другая копия этой станции не работает
queue-empty = Сейчас работы нет
queue-empty-detail = Новые заказы появятся здесь сами
held-bench-full = Сначала закончите открытый заказ
history-gone = Эта посылка слишком старая
ok-reprint = Печатается копия { $copy }

## The put wall: sorting a batch into orders.
wall-title = Стена
wall-batch =
    Партия { $no } · { $n } { $n ->
        [one] заказ
        [few] заказа
       *[many] заказов
    }
wall-saves = экономит { $metres } м ходьбы
wall-say = Положите в { $slot }
wall-say-sub = затем отсканируйте ячейку
wall-left = осталось { $n }
wall-after = После этого
wall-full = Полна: упаковать
wall-free = Свободна
wall-put = Положить { $n }
wall-missing = не хватает { $n }

## The line: all stages at a glance, for the lead.
line-title = Линия
line-shift =
    Смена { $shift } · { $done } из { $plan } { $plan ->
        [one] посылки
        [few] посылок
       *[many] посылок
    }
line-wrong-rate = с ошибкой { $percent }
line-bottleneck = Узкое место: { $stage }
line-bottleneck-sub = Переведите одного на { $stage }: маршрут { $route } успеет к { $time }, конец в { $end }
line-flowing = Линия идёт ровно
line-move = Перевести { $who } на { $station }
line-waiting = { $n } { $n ->
        [one] посылка ждёт
        [few] посылки ждут
       *[many] посылок ждут
    }
line-per-hour = в час
line-stage-pick = Отбор
line-stage-sort = Сортировка
line-stage-pack = Упаковка
line-stage-quality = Качество
line-stage-ship = Отправка
line-free = свободна
line-break = перерыв
line-lost = нет связи
line-now = сейчас
line-route = маршрут { $route }
line-others = все прочие
line-ends = конец { $time }
line-flow = Поток
line-people = Люди
line-batches = Партии
line-where-is = Где
line-exceptions = Исключения · { $n }
line-what-if = Что если

## Reasons beside an order, second lines.
queue-one-parcel = 1 посылка
queue-box-fits = коробка { $box } вместит всё
queue-parcels = { $n } { $n ->
        [one] посылка
        [few] посылки
       *[many] посылок
    }
queue-boxes = коробки { $boxes }, по плану
queue-note = Записка
queue-note-text = «{ $text }»
why-expedited-detail = старший поставил вперёд
why-rush-detail = срочные идут первыми
why-vip-detail = обслуживаем первыми
why-ship-by-detail = отправить до { $at }
why-cutoff-detail = { $carrier } забирает в { $at }
why-oldest-detail = ничего срочнее нет

## Parked orders.
held-question = Отложен: { $reason }. Продолжить?

## What Undo would take back.
undo-picked = Отбор: { $count }
undo-verified = { $count } × { $name }
undo-trace = скан перед вопросом
undo-ticked = последняя отметка

## What is special about an order.
review-line-wrap = Обернуть как подарок
review-rush = Срочно
review-expedited = Поставлен вперёд старшим
review-vip = VIP-клиент
review-new-customer = Первый заказ этого клиента
review-lithium = Литиевые элементы
review-dangerous = Опасный груз
review-temperature = Нужна температура
review-adult = Только взрослым
review-traced = Спросим номер, партию или срок
review-abroad = Уходит за границу

## The checklist: the band's words, and names in the list.
list-say-document = Вложите: { $document }
list-document = { $document }
list-say-insert = Вложите: { $name }
list-say-gift-wrap = Оберните: { $name }
list-say-gift-message = Положите текст к подарку
list-say-fragile = Наклейте: «Хрупкое»
list-say-lithium = Наклейте: литий { $un }
list-say-dangerous = Наклейте: опасно { $un }
list-say-temperature = Наклейте: { $low }…{ $high } °C
list-say-adult = Наклейте: «Взрослым»
list-say-photo = Снимите открытую коробку
list-say-photo-offered = Фото открытой коробки? Снимите или продолжайте без него
label-mark = { $text }

## More of the recovery screen.
recovery-full = Диск заполнен. Освободите место
recovery-other = Данные сейчас не открываются
recovery-hint = Администратору: { $error }
