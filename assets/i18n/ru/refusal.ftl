## Refused scans and commands. First line: what happened, then what to do. Second line: the difference by name.
refusal-wrong-item = Не тот товар. Отложите его
refusal-wrong-item-detail = { $item }, { $item-sku }: нет в этом заказе
refusal-too-many = Лишний. Отложите его
refusal-too-many-detail = Все { $wanted } уже учтены: { $item }
refusal-case-too-big = Короб велик. Сканируйте по одному
refusal-case-too-big-detail = В коробе { $units }, нужно { $wanted }: { $item }
refusal-unknown-code = Код неизвестен. Не учтено
refusal-unknown-code-detail = Здесь ничего нет с { $text }. Другой код или «Проблема»
refusal-unreadable = Не читается. Ещё раз
refusal-unreadable-detail = Сканер не прислал текст. Протрите код, держите ровно
refusal-too-long = Это не наш код
refusal-too-long-detail = Слишком длинный. Сканируйте код товара
refusal-bad-command = Плохо прочитано. Ещё раз
refusal-bad-command-detail = Это команда, но одна буква не та
refusal-ambiguous = Код есть у нескольких
refusal-ambiguous-detail = { $text } неясен. Сканируйте другой код или коснитесь строки
refusal-serial-used = Номер уже был. Отложите
refusal-serial-used-detail = { $serial } уже отправлен. Возьмите другой
refusal-serial-twice = Уже учтено
refusal-serial-twice-detail = { $serial } уже в заказе. Сканируйте следующий
refusal-trace-needed = Сначала: { $field }
refusal-trace-needed-detail = Без этого не учтётся: { $item }
refusal-lot-held = Партия задержана. Отложите
refusal-lot-held-detail = Партию { $lot } нельзя отправлять: { $item }. Возьмите другую
refusal-past-date = Срок истёк. Отложите
refusal-past-date-detail = { $item }: годен до { $day }. Возьмите свежий
refusal-wrong-shelf = Не та полка. Идите к { $needed }
refusal-wrong-shelf-detail = Отсканирована { $scanned }, нужна { $needed }
refusal-other-parcel = Этикетка другой посылки
refusal-other-parcel-detail = Она от заказа { $order }, посылка { $parcel }. Сюда не клеить
refusal-unknown-label = Чужая этикетка
refusal-unknown-label-detail = { $sscc } не отсюда. Сканируйте ту, что вышла сейчас
refusal-no-label-yet = Этикетки ещё нет
refusal-no-label-yet-detail = Сначала взвесьте, этикетка выйдет сама
refusal-flag-set = Стоп: { $flag }
refusal-flag-set-detail = Снимет старший, или отложите заказ
refusal-needs-role = Нужен пропуск: { $role }
refusal-needs-role-detail = Позовите старшего: пропуск и PIN
refusal-not-allowed = Здесь так нельзя
refusal-not-allowed-detail = Отсканируйте или откройте «Проблема»
refusal-count-too-big = Числом не больше { $max }
refusal-count-too-big-detail = Не учтено. Введите меньше или сканируйте остальное
refusal-nothing-to-count = Сначала отсканируйте один
refusal-nothing-to-count-detail = Число прибавит к последнему товару
refusal-fact-missing = Нет данных: { $fact }
refusal-fact-missing-detail = Дополнит офис, пока отложите заказ. { $item } { $item-sku }
refusal-no-numbers = Номера посылок кончились
refusal-no-numbers-detail = Придут с сетью. Отложите заказ, позовите старшего
refusal-weight-outside = { $way ->
        [light] Легче на { $by }
       *[heavy] Тяжелее на { $by }
    }
refusal-weight-outside-detail = { $count ->
        [0] Пересчитайте или позовите старшего
       *[other] Похоже на { $count } × { $item }. Пересчитайте
    }
refusal-nothing-to-undo = Отменять нечего
refusal-nothing-to-undo-detail = Последний скан уже отменён, или шаг закончен
refusal-parcel-empty = Эта посылка пуста
refusal-parcel-empty-detail = Сначала отсканируйте в неё хоть один товар
refusal-not-a-substitute = Нет в списке замен
refusal-not-a-substitute-detail = { $item } не подходит. Выберите из списка
refusal-no-packaging = Сначала выберите коробку
refusal-no-packaging-detail = Отсканируйте коробку или коснитесь
refusal-box-too-weak = Коробка слаба. Возьмите другую
refusal-box-too-weak-detail = Держит не больше { $max }
refusal-photo-needed = Нужно фото
refusal-photo-needed-detail = Строку отметит только фото. Нажмите «Фото»
refusal-not-now = Не сейчас. Не учтено
refusal-not-now-detail = Сейчас шаг «{ $step }». Делайте, что сказано выше
refusal-on-break = У вас перерыв
refusal-on-break-detail = Не учтено. Отсканируйте пропуск
refusal-is-held = Заказ отложен
refusal-is-held-detail = Не учтено. Откройте его снова
refusal-must-unpack = Отменён. Распакуйте
refusal-must-unpack-detail = Отложите товары, затем подтвердите
refusal-is-over = Этот заказ закончен
refusal-is-over-detail = Не учтено. Откройте следующий
refusal-has-label = Поздно: этикетка есть
refusal-has-label-detail = Старший может отменить её и открыть посылку

## Refused before the guided steps are asked.
refusal-busy = Занято. Не учтено
refusal-busy-detail = Станция догоняет. Сканируйте ещё раз чуть позже
refusal-disk-full = Диск заполнен. Не учтено
refusal-disk-full-detail = Освободите место и сканируйте снова
refusal-not-stored = Не сохранено. Не учтено
refusal-not-stored-detail = Диск не принял. Ещё раз или позовите старшего
refusal-no-photo = Фото не пришло
refusal-no-photo-detail = Проверьте камеру и нажмите «Фото» снова

## What a unit must carry.
trace-serial = серийный номер
trace-lot = партия
trace-expiry = срок годности

## Who may do what.
role-packer = Упаковщик
role-lead = Старший
role-admin = Администратор

## Why a reading of the scale does not count, or proves little.
weight-unstable = Ещё движется
weight-stale = Это старое показание
weight-empty = На весах пусто
weight-relies-resolution = Весы грубы и не заметят нехватку одной: доказательство сканы
weight-relies-spread = Товары слишком разные по весу: доказательство сканы
weight-relies-unknown = Часть весов неизвестна: доказательство сканы
serial-left-with = ушёл с заказом { $order }
refusal-badge-unknown = Такого пропуска нет
refusal-pair-first = Сначала подключите станцию
refusal-log-in-first = Не учтено. Сначала пропуск
refusal-badge-wanted = Не учтено. Нужен пропуск старшего

# Returns at the bench.
refusal-return-not-known = Такого возврата не ждут
refusal-return-not-known-detail = Здесь нет { $text }. Отставьте коробку, спросите офис
refusal-return-several = У заказа несколько возвратов
refusal-return-several-detail = Отсканируйте бумагу возврата: у заказа { $order } их несколько
refusal-return-all-in = Уже принято
refusal-return-all-in-detail = Возврат { $number } пришёл целиком. Отставьте коробку, спросите офис
refusal-return-not-of-this = Не из этого возврата. Отложите
refusal-return-not-of-this-detail = { $item }, { $item-sku }: в возврате { $number } этого нет
refusal-return-too-many = Больше, чем ждали. Отложите
refusal-return-too-many-detail = Приняты все { $asked }: { $item }, { $item-sku }
refusal-return-case-too-big = Сканируйте по одному
refusal-return-case-too-big-detail = В коробке { $units }, учесть сразу можно { $left }: { $item }, { $item-sku }
refusal-return-grade-first = Сначала: чего стоит этот?
refusal-return-grade-first-detail = { $item }, { $item-sku }, у вас в руках и ещё не оценён
refusal-return-nothing-in-hand = Сначала отсканируйте товар
refusal-return-nothing-in-hand-detail = Оценка и полка относятся к товару в руках
refusal-return-trace-first = Сначала: { $field }
refusal-return-trace-first-detail = { $item }, { $item-sku }: без этого снова не продать
refusal-return-serial-not-sold = Этот с заказом не уходил
refusal-return-serial-not-sold-detail = { $serial } — другой. Отложите, спросите офис
refusal-return-lot-not-sold = Эта партия с заказом не уходила
refusal-return-lot-not-sold-detail = Партия { $lot } — другая. Проверьте или отложите
refusal-return-already-in = Уже принят. Отложите
refusal-return-already-in-detail = { $serial } уже вернулся. Сканируйте следующий
refusal-return-no-shelf = Какая полка? Отсканируйте
refusal-return-no-shelf-detail = Полка для { $item }, { $item-sku } неизвестна. Отсканируйте её и повторите
refusal-return-nothing-to-undo = Отменять нечего
refusal-return-nothing-to-undo-detail = Последний товар уже учтён окончательно. Изменить может офис
refusal-return-not-now = Сначала этот возврат
refusal-return-not-now-detail = Возврат { $number } на столе. Закончите или отложите
refusal-return-after-order = Это возврат. Сначала заказ
refusal-return-after-order-detail = Закончите или отложите заказ, затем отсканируйте снова
