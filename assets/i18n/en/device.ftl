## Device check.
device-title = Device check
device-all-work = All { $n } work
device-some-work = { $no } of { $n } work
device-look-at = Look at: { $device }
device-name-what = { $device }: { $what }
device-scanner = Scanner
device-scale = Scale
device-label-printer = Label printer
device-office-printer = Office printer
device-printer = Printer
device-camera = Camera
device-sound = Sound
device-network = Network
device-central = Central
device-clock = Clock
device-disk = Disk
device-keyboard = keyboard
device-serial = serial
device-virtual = virtual
device-folder = folder { $path }
device-works = Works
device-look = Look
device-absent = Not set up
device-connecting = Connecting
device-lost = Lost
device-lost-for = lost { $age } ago
device-test = Test
device-zero = Zero
device-test-label = Test label
device-test-page = Test page
device-picture = Picture
device-send-now = Send now
device-set-clock = Set
device-back-up = Back up
device-sounds = Sounds
device-command-sheet = Command sheet
device-save-report = Save report
device-last-scan = last scan … { $tail }
device-no-scan-yet = no scan yet
device-reads-gs = reads GS: yes
device-reads-gs-no = reads GS: no
device-scale-still = { $mass }, still
device-scale-moving = { $mass }, moving
device-jobs-wait = { $n } { $n ->
        [one] job waits
       *[other] jobs wait
    }
device-ready = ready
device-sharp = sharp, { $ms } ms
device-round-trip = round trip { $ms } ms
device-central-waiting = { $n } waiting, oldest { $age }
device-clock-off = { $span } off central’s
device-disk-free = { $percent } free
device-last-backup = last { $time }, checked
device-test-ok = Test passed
device-adjust-done = Zeroed
device-adjust-refused = The scale refused: clear it and keep it still
device-adjust-asked = Asked. Look at the scale’s display
device-adjust-unsupported = This scale can only be zeroed at its own key
device-adjust-no-answer = The scale gave no answer

## What is the matter with a device that is there.
device-warning-paper-out = out of paper
device-warning-head-open = head is open
device-warning-ribbon-out = ribbon is used up
device-warning-paused = paused at its panel
device-warning-buffer-full = buffer is full
device-warning-too-cold = too cold to print
device-warning-too-hot = too hot to print
device-warning-scale-silent = says nothing
device-warning-garbled = sends what nobody understands
device-warning-scans-refused = scans came too long or unreadable
device-warning-player-fails = sound player stopped

## Why a device is not there, and what to do.
device-lost-not-found = not there: check cable and path
device-lost-not-permitted = no right to open it: ask the admin
device-lost-busy = another program holds it
device-lost-disconnected = unplugged: plug it in again
device-lost-refused = answers, but refuses: is it the right port?
device-lost-timeout = no answer in time: switched on?
device-lost-silent = connected, but silent
device-lost-bad-answer = answers in another language: check its model
device-lost-io = cannot be read: plug it in again
device-lost-driver-failed = driver stopped, starting again
