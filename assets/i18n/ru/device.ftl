## Device check.
device-title = Проверка устройств
device-all-work = Работают все { $n }
device-some-work = Работают { $no } из { $n }
device-look-at = Проверьте: { $device }
device-name-what = { $device }: { $what }
device-scanner = Сканер
device-scale = Весы
device-label-printer = Принтер этикеток
device-office-printer = Принтер документов
device-printer = Принтер
device-camera = Камера
device-sound = Звук
device-network = Сеть
device-central = Центр
device-clock = Часы
device-disk = Диск
device-keyboard = клавиатура
device-serial = последовательный
device-virtual = виртуальное
device-folder = папка { $path }
device-works = Работает
device-look = Проверить
device-absent = Не настроено
device-connecting = Подключается
device-lost = Потеряно
device-lost-for = потеряно { $age } назад
device-test = Тест
device-zero = Ноль
device-test-label = Тест-этикетка
device-test-page = Тест-страница
device-picture = Снимок
device-send-now = Отправить
device-set-clock = Установить
device-back-up = Копия
device-sounds = Звуки
device-command-sheet = Лист команд
device-save-report = Сохранить отчёт
device-last-scan = последний скан … { $tail }
device-no-scan-yet = сканов ещё не было
device-reads-gs = читает GS: да
device-reads-gs-no = читает GS: нет
device-scale-still = { $mass }, замер
device-scale-moving = { $mass }, движется
device-jobs-wait = { $n } { $n ->
        [one] задание ждёт
        [few] задания ждут
       *[many] заданий ждут
    }
device-ready = готов
device-sharp = чётко, { $ms } мс
device-round-trip = отклик { $ms } мс
device-central-waiting = ждёт { $n }, старейшее { $age }
device-clock-off = расхождение с центром { $span }
device-disk-free = свободно { $percent }
device-last-backup = последняя { $time }, проверена
device-test-ok = Тест пройден
device-adjust-done = Обнулены
device-adjust-refused = Весы отказали: освободите и не трогайте
device-adjust-asked = Запрошено. Посмотрите на табло весов
device-adjust-unsupported = Эти весы обнуляются только своей кнопкой
device-adjust-no-answer = Весы не ответили

## What is the matter with a device that is there.
device-warning-paper-out = нет бумаги
device-warning-head-open = открыта головка
device-warning-ribbon-out = кончилась лента
device-warning-paused = на паузе
device-warning-buffer-full = буфер полон
device-warning-too-cold = слишком холодно
device-warning-too-hot = слишком горячо
device-warning-scale-silent = молчит
device-warning-scale-quiet = молчит, пока вес не меняется
device-warning-scale-over = перегрузка
device-warning-scale-under = ниже диапазона: обнулите
device-warning-scale-broken = сообщает о своей неисправности
device-warning-garbled = шлёт непонятное
device-warning-scans-refused = сканы слишком длинные или битые
device-warning-player-fails = звук остановился
device-warning-printer-stopped = сообщает о неисправности: посмотрите на его панель
device-warning-scale-uncalibrated = нужно откалибровать
device-warning-scale-needs-zero = нужно обнулить
device-warning-camera-still = не даёт картинки

## Why a device is not there, and what to do.
device-lost-not-found = нет на месте: проверьте кабель и путь
device-lost-not-permitted = нет прав: обратитесь к администратору
device-lost-busy = занят другой программой
device-lost-disconnected = отключено: подключите снова
device-lost-refused = отвечает отказом: тот ли порт?
device-lost-timeout = нет ответа: включено?
device-lost-silent = подключено, но молчит
device-lost-bad-answer = отвечает непонятно: проверьте модель
device-lost-io = не читается: подключите снова
device-lost-driver-failed = драйвер остановился, запускается снова
