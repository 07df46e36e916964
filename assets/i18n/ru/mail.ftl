## Mail to customers: what it says, its pages at the console, webhooks, and the customer's own page.
mail-kind-confirmed = Подтверждение заказа
mail-kind-packed = Заказ упакован
mail-kind-partly-packed = Часть заказа упакована
mail-kind-shipped = Заказ в пути
mail-kind-partly-shipped = Часть заказа в пути
mail-kind-delivered = Доставлен
mail-kind-cancelled = Заказ отменён
mail-kind-payment-reminder = Напоминание об оплате
mail-kind-payment-final = Последнее напоминание об оплате
mail-kind-free = Своими словами
mail-confirmed-subject = Ваш заказ { $order } в { $shop }
mail-confirmed-body =
    Здравствуйте, { $name }!

    Спасибо за ваш заказ { $order } от { $placed }.

    { $items }

    Итого: { $total }
    Осталось оплатить: { $due }
    Мы отправим его не позднее { $ship_by }.

    Где сейчас ваш заказ, видно здесь: { $link }

    { $shop }
mail-packed-subject = Ваш заказ { $order } упакован
mail-packed-body =
    Здравствуйте, { $name }!

    Ваш заказ { $order } упакован и уедет со следующей машиной.

    { $parcels }

    Где сейчас ваш заказ, видно здесь: { $link }

    { $shop }
mail-partly-packed-subject = Часть вашего заказа { $order } упакована
mail-partly-packed-body =
    Здравствуйте, { $name }!

    Часть вашего заказа { $order } упакована и уедет со следующей машиной. Остальное — следом.

    { $parcels }

    Где сейчас ваш заказ, видно здесь: { $link }

    { $shop }
mail-shipped-subject = Ваш заказ { $order } в пути
mail-shipped-body =
    Здравствуйте, { $name }!

    Ваш заказ { $order } уже в пути.

    { $parcels }

    Где сейчас ваш заказ, видно здесь: { $link }

    { $shop }
mail-partly-shipped-subject = Часть вашего заказа { $order } в пути
mail-partly-shipped-body =
    Здравствуйте, { $name }!

    Часть вашего заказа { $order } уже в пути. Остальное — следом.

    { $parcels }

    Где сейчас ваш заказ, видно здесь: { $link }

    { $shop }
mail-delivered-subject = Ваш заказ { $order } доставлен
mail-delivered-body =
    Здравствуйте, { $name }!

    Ваш заказ { $order } доставлен. Если что-то не так, просто ответьте на это письмо.

    { $link }

    { $shop }
mail-cancelled-subject = Ваш заказ { $order } отменён
mail-cancelled-body =
    Здравствуйте, { $name }!

    Ваш заказ { $order } от { $placed } отменён. Если вы этого не ждали, просто ответьте на это письмо.

    { $shop }
mail-payment-reminder-subject = Ваш заказ { $order } ждёт оплаты
mail-payment-reminder-body =
    Здравствуйте, { $name }!

    За ваш заказ { $order } от { $placed } осталось оплатить { $due }. Если вы уже оплатили, отвечать не нужно.

    { $items }

    Итого: { $total }

    { $link }

    { $shop }
mail-payment-final-subject = Ваш заказ { $order } всё ещё не оплачен
mail-payment-final-body =
    Здравствуйте, { $name }!

    По заказу { $order } от { $placed } остаётся оплатить { $due }, хотя мы уже напоминали. Пожалуйста, оплатите в ближайшие дни или ответьте на это письмо, если что-то мешает.

    { $items }

    Итого: { $total }

    { $link }

    { $shop }
mail-free-subject = О вашем заказе { $order }
mail-free-body =
    Здравствуйте, { $name }!

    О вашем заказе { $order }:

    { $link }

    { $shop }
mail-parcel = Посылка { $no }
mail-parcel-number = Посылка { $no }, номер { $number }
mail-sample-item = Банка для хранения, большая
mail-sample-name = А. Покупатель

msg-messages = Письма
msg-templates = Шаблоны
msg-settings = Правила писем
msg-webhooks = Вебхуки
msg-kind-test = Проба
msg-state-queued = Ждёт
msg-state-sending = В пути
msg-state-sent = Отправлено
msg-state-failed = Пока не принято
msg-state-given-up = Оставлено
msg-state-taken-back = Отозвано
msg-held-until = до { $when }
msg-next-try = следующая попытка { $when }
msg-fault-connect = Почтовый сервер недоступен
msg-fault-timeout = Почтовый сервер не ответил вовремя
msg-fault-tls = Сертификат или шифрование почтового сервера не годится
msg-fault-login = Почтовый сервер не принимает наш вход
msg-fault-refused = Почтовый сервер отказал насовсем
msg-fault-later = Почтовый сервер просит позже
msg-fault-address = Адрес не годится
msg-fault-text = Текст не удалось составить
msg-fault-stale = Ждало слишком долго
msg-show-all = Все
msg-show-queued = Ждут
msg-show-failed = Пока не приняты
msg-show-given-up = Оставлены
msg-show-sent = Отправлены
msg-none = Здесь писем нет
msg-when = Когда
msg-order = Заказ
msg-what = Что
msg-to = Кому
msg-acts = Что можно сделать
msg-take-back = Отозвать
msg-send-now = Отправить сейчас
msg-again = Попробовать снова
msg-again-all = Попробовать всё снова сейчас
msg-no-server = Почтовый сервер не задан
msg-no-server-hint = Письма ждут, не дольше трёх дней. Кто ведёт сервер, задаёт central.mail_host и central.mail_from.
msg-server-is = Почта уходит через { $host }
msg-trouble = Почта не уходит
msg-trouble-text = { $why }, последний раз в { $when }. Ждут: { $n }. Попытки идут сами, а когда заработает — сразу все.
msg-tries = Попытки
msg-tries-none = Ещё не пробовали
msg-text-hidden = Текст — для тех, кому можно видеть личные данные
msg-text-later = Текст составляется при отправке, с тем, что тогда верно
msg-rules = Что уходит само
msg-rules-hint = Письмо ждёт столько минут до отправки, чтобы ошибочное нажатие можно было отозвать.
msg-rule-minutes = Минут, чтобы отозвать
msg-links = Где перевозчики показывают посылку
msg-links-hint = Адрес страницы перевозчика, где на месте номера посылки стоит { "{number}" }. Покупатели получают его в письме и на своей странице.
msg-templates-hint = Текст на каждый вид и язык. Где никто не менял, действует тот, что пришёл с Packbench. Покупателю пишут на языке со страницы заказа, иначе на языке страны.
msg-template = Шаблон
msg-take-template = Взять этот шаблон
msg-language = Язык
msg-language-country = Язык страны ({ $language })
msg-subject = Тема
msg-text = Текст
msg-names-hint = Что в фигурных скобках, подставляется. Строка, где скобкам нечего сказать, пропускается. Имена:
msg-preview = Посмотреть
msg-preview-html = Как это выглядит
msg-preview-text = Простым текстом
msg-preview-hint = Со значениями для примера
msg-reset = Вернуть тот, что пришёл с Packbench
msg-test-to = Ваш собственный адрес
msg-test = Прислать мне пробу
msg-versions = Версии
msg-no-address = У покупателя нет годного почтового адреса: ничего не отправляется
msg-none-of-order = Писем об этом заказе нет
msg-write = Написать
msg-write-title = Письмо о заказе { $order }
msg-send = Отправить
msg-send-hint = Оно немного ждёт, и до тех пор его можно отозвать.
msg-link = Страница покупателя
msg-link-none = У этого заказа ещё нет ссылки
msg-link-make = Сделать ссылку
msg-link-renew = Другая ссылка
msg-link-renew-hint = Прежняя тогда никуда не ведёт
event-mail-sent = Письмо отправлено: { $kind }
event-mail-given-up = Письмо оставлено: { $kind }
event-mail-taken-back = Письмо отозвано: { $kind }
event-mail-written = Письмо написано: { $kind }
event-mail-by-stage = Письмо ждёт, от этапа { $stage }: { $kind }
msg-by-stage = от этапа { $stage }
event-link-renewed = Другая ссылка на страницу покупателя
office-wrong-message-subject = Тема — одна строка от 1 до 200 знаков
office-wrong-message-body = Текст — от 1 до 10 000 знаков
office-wrong-message-placeholder = Что-то в фигурных скобках не из имён ниже
office-wrong-message-address = Такой адрес почтовый сервер не примет
office-wrong-message-delay = Не больше 1440 минут, то есть суток
office-wrong-message-link = Адрес начинается с https://, и после имени перевозчика в нём есть { "{number}" }
office-wrong-message-carrier = Такого перевозчика нет
office-wrong-url = Адрес начинается с https://, ведёт в общую сеть и не содержит пароля. Вебхуков может быть 50
office-wrong-about = Не больше 200 знаков
office-wrong-events = Хотя бы один вид сообщений

hook-none = Пока никому не сообщается
hook-new = Новый вебхук
hook-url = Адрес
hook-about = Для чего
hook-events = О чём сообщать
hook-make = Сделать вебхук
hook-secret = Секрет
hook-secret-once = Скопируйте сейчас. Он показан только раз. Им подписываются сообщения
hook-previous-until = Прежний секрет тоже подписывает до { $when }
hook-enabled = Включён
hook-disabled = Выключен
hook-gone = Сказал, что его больше нет
hook-lost = Часть сообщений потеряна
hook-test = Послать пробу
hook-rotate = Новый секрет
hook-on = Включить
hook-off = Выключить
hook-remove = Удалить
hook-acts-hint = Если выключить или удалить, то, что ждёт, будет оставлено.
hook-deliveries = Что отправлено
hook-deliveries-none = Ещё ничего не отправлено
hook-state-waiting = Ждёт
hook-state-delivered = Доставлено
hook-state-failed = Оставлено

track-title = Заказ { $order }
track-placed = Заказан { $when }
track-nowhere = Эта ссылка никуда не ведёт
track-nowhere-text = Возможно, в ней опечатка или есть новее. Магазин, где вы купили, пришлёт её снова.
track-later = Зайдите, пожалуйста, чуть позже
track-received = Заказ принят
track-preparing = Упаковывается
track-packed = Упакован
track-delivered = Доставлен
track-received-text = Ваш заказ у нас, скоро начнём.
track-waiting-text = Ваш заказ у нас. Часть товара ещё едет к нам; упакуем, как только придёт.
track-preparing-text = Ваш заказ сейчас упаковывают.
track-partly-text = Часть вашего заказа упакована. Остальное — следом.
track-packed-text = Ваш заказ упакован и уедет со следующей машиной. Привезёт { $carrier }.
track-shipped-text = Ваш заказ в пути, везёт { $carrier }.
track-delivered-text = Ваш заказ доставлен.
track-cancelled = Отменён
track-cancelled-text = Этот заказ отменён и не будет отправлен.
track-carrier = перевозчик
track-leaves = Ожидаем отправить { $when }
track-parcel = Посылка { $no }
track-number = Номер
track-follow = Посмотреть, где посылка
track-ordered = Что вы заказали
track-open = Ещё не упаковано
track-language = Язык
event-mail-reminds = Напоминание об оплате { $nth } из { $of } ждёт: { $kind }
event-reminders-off = Без напоминаний об оплате по этому заказу
event-reminders-on = Снова напоминания об оплате по этому заказу
reminding-title = Напоминания об оплате
reminding-hint = Должникам напоминает письмо, по заказам, сделанным здесь. Это прекращается, когда заказ оплачен, задержан или отменён, или кнопкой на его странице. После включения действует для напоминаний, срок которых наступит с этого времени.
reminding-active = Напоминания уходят сами
reminding-order-days = Дней после заказа, если платить сразу
reminding-due-days = Дней после срока оплаты, если есть отсрочка
reminding-every = Дней от одного до следующего
reminding-times = Сколько самое большее
reminding-last = Шаблон последнего из нескольких
reminding-went = Напоминания об оплате сами: { $n } из { $of }.
reminding-next = Следующее уйдёт { $when }.
reminding-off = По этому заказу не уходят.
reminding-leave = Больше не напоминать
reminding-again = Снова напоминать
office-wrong-reminding-days = Укажите до 365 дней
office-wrong-reminding-times = Укажите от 1 до 9 напоминаний
office-wrong-reminding-last = Выберите шаблон напоминания об оплате
