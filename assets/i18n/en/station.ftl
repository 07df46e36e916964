## The rail: one word per step, at most eleven letters.
step-order = Order
step-review = Review
step-stock = Stock
step-pick = Pick
step-verify = Check
step-pack = Pack
step-checklist = List
step-weigh = Weigh
step-label = Label
step-confirm = Confirm
step-next = Next

## The bar on top.
top-order = Order { $order }
top-queue = Queue
top-ready = { $n } { $n ->
        [one] order
       *[other] orders
    }
top-ship-by = Ship by { $time }
top-last-at = last { $time }
top-network = Network
top-offline = Offline { $age }
top-online = Online
top-unsent = { $n } unsent, oldest { $age }
top-nobody = Nobody logged in

## The say band and what stands beneath it: login and queue.
say-login = Scan your badge
say-login-sub = or hold it to the reader
say-pin = Enter your PIN
say-pin-sub = { $who }, then press OK
say-locked = Locked. Scan your badge
say-locked-sub = The order is kept as it was
say-queue = Start, or scan anything
say-queue-sub = An order, a tote or an item opens its order

## The say band: steps 1 to 4.
say-review = Read, then go on
say-review-sub = { $n } { $n ->
        [one] thing
       *[other] things
    } to know about this order
say-review-plain = Nothing special in this order
say-flag-fraud = Stop. Fraud review
say-flag-address = Stop. Address trouble
say-flag-unpaid = Stop. Not paid
say-flag-sub = A lead may clear it, or hold the order
say-stock = Stock covers this order
say-stock-sub = As of { $time }
say-stock-short =
    Stock is short for { $n } { $n ->
        [one] line
       *[other] lines
    }
say-stock-short-sub = Go and look, or note it short. As of { $time }
say-pick = Go to { $bin }, scan the shelf
say-pick-sub = Stop { $no } of { $n } · aisle { $aisle }, bay { $bay }, level { $level }
say-pick-take = Take { $n }, then go on

## The say band: step 5.
say-verify = Scan { $n } more
say-verify-first = Scan any item
say-verify-sub = Any item of this order counts
say-all-checked = All checked
say-serial = Scan the serial number
say-lot = Scan or type the lot
say-expiry = Type the expiry date
say-trace-sub = { $name } needs it for every unit
say-undone = Taken back
say-undone-sub = { $name } is no longer counted

## The say band: steps 6 and 7.
say-box = Take box { $box }
say-box-sub = Scan it, or choose another
say-box-none = Choose a box
say-box-none-sub = No suggestion: { $why }
say-put-in = Put in { $n }: { $name }
say-put-in-sub = Step { $no } of { $n }
say-photo = Take a photo
say-photo-sub = The open box, everything in view

## The say band: step 8.
say-weigh = Put the parcel on the scale
say-weigh-sub = Expected { $expected }
say-weigh-moving = Hands off, settling
say-weigh-moving-sub = Weight counts when it is still
say-weigh-ok = Weight is right
say-weigh-ok-sub = Printing the label
say-weigh-light = Too light by { $difference }
say-weigh-light-sub = Something is missing. Count again
say-weigh-heavy = Too heavy by { $difference }
say-weigh-heavy-sub = Something is too much. Count again
say-weigh-blind = Weight cannot show one missing
say-weigh-blind-sub = The scans are the proof here
say-no-scale = The scale is silent
say-no-scale-sub = Check its cable, or ask the lead

## The say band: steps 9 to 11.
say-label-printing = Label on its way
say-label-missing = Label needs a fact: { $fact }
say-label-missing-sub = { $name }. The office adds it, hold the order meanwhile
say-label-stuck = Did the label come out?
say-label-stuck-sub = The station stopped while it printed
say-confirm = Scan the label on the box
say-confirm-sub = Another parcel’s label will be refused by name
say-done = Order done
say-done-sub =
    Next: { $order }, { $n } { $n ->
        [one] item
       *[other] items
    }, ship by { $time }
say-done-last-sub = Nothing else is waiting
say-consolidate = Bring it to { $place }, scan it
say-consolidate-sub = Part { $no } of { $n } of this order meets the others there
say-parcel-done = Parcel { $no } done
say-parcel-next = Now parcel { $no }

## The say band: states of the station.
say-offline = Working without network
say-offline-sub = Nothing is lost. All scans are kept on this station
say-online = Network is back
say-online-sub = { $n } { $n ->
        [one] event
       *[other] events
    } sent
say-busy = One moment, catching up
say-busy-sub = Scan again when this band is gone
say-disk = Disk is nearly full
say-disk-sub = Finish this order. New ones wait for space
say-paused = Break. Your order waits
say-paused-sub = Scan your badge to go on
say-lead-called = The lead is called
say-lead-called-sub = Go on while you wait
say-hand = Confirm by hand?
say-hand-sub = It is recorded as confirmed by hand
say-approve = Lead: badge, then PIN
say-approve-sub = For: { $what }

## Words that stand beside a figure.
word-now = Now
word-checked = checked
word-needed = NEEDED
word-scanned = SCANNED
word-this-box = THIS BOX
word-bin = Bin
word-tote = in tote { $tote }
word-slot = in slot { $slot }
word-order = Order { $order }
word-not-in-order = Not in order { $order }
word-clears = Clears with the next right scan
word-lines-items = { $lines } { $lines ->
        [one] line
       *[other] lines
    } · { $n } { $n ->
        [one] item
       *[other] items
    }
word-items = { $n } { $n ->
        [one] item
       *[other] items
    }
word-lines = { $n } { $n ->
        [one] line
       *[other] lines
    }
word-parcels = { $n } { $n ->
        [one] parcel
       *[other] parcels
    }
word-orders = { $n } { $n ->
        [one] order
       *[other] orders
    }
word-of = { $no } of { $n }
word-done = done
word-moving = moving
word-still = still
word-left = left
word-right = right
word-yes = Yes
word-no = No
word-by-hand = by hand
word-short = { $n } short
word-unknown = unknown
word-parcel-no = Parcel { $no }
word-made-up = made up for the demo

## Buttons.
action-problem = Problem
action-undo = Undo scan
action-photo = Photo
action-new-box = New box
action-call-lead = Call lead
action-break = Break
action-start = Start
action-go-on = Go on
action-back = Back
action-close = Close
action-cancel = Cancel
action-ok = OK
action-skip-why = Skip: say why
action-all = All { $n }
action-find-order = Find order
action-my-parcels = My parcels
action-line = Line
action-devices = Devices
action-log-out = Log out
action-log-out-blocked = Log out: after sending
action-update-blocked = Update: after sending
action-other-box = Other box
action-count-again = Count again
action-ask-lead = Ask the lead
action-reprint = Reprint
action-no-paper = No paper
action-came-out = It came out
action-print-again = Print again
action-next-now = Next now: { $order }
action-wait = Wait
action-reopen = Reopen
action-go-on-packing = Go on packing
action-try-now = Try now
action-new-epoch = Start with new numbers
action-pair-again = Pair again
action-put-away = Put away
action-back-to-work = Back to work
action-check-devices = Check devices
action-tick = Tick
action-by-hand = Confirm by hand
action-count = Count
action-clear-flag = Clear it
action-override = Override weight
action-expedite = Move to the front
action-unexpedite = Back in turn
action-settings = Settings
action-sound = Sound
action-dark = Dark
action-light = Light
action-delete = Delete
action-type = Type it
action-switch-packer = Switch packer
action-hand-back = Hand back
action-unpacked = It is unpacked

## Login, PIN and lock.
login-order-waits = Your open order waits for you here
login-pin = PIN
login-wait = Too many tries. Wait { $wait }
login-needs-lead = A lead is needed here
login-badge-hint = or pick your initials
login-who = Who are you?

## The queue.
queue-next-order = Next order
queue-why = Why this one
queue-then = Then
queue-ready = { $n } ready
queue-ship-by = ship by
queue-oldest = oldest
queue-vip = VIP
queue-rush = rush
queue-gift = Gift wrap
queue-gift-sub = { $n } { $n ->
        [one] line
       *[other] lines
    }, checklist will ask
queue-held = Held
queue-mine = Yours, begun
queue-lasts = { $n } { $n ->
        [one] order
       *[other] orders
    }, about { $span }
queue-find-hint = Order number, name of an item or code

## Why an order is next.
why-expedited = Moved to the front by { $who }
why-rush = Sold as rush
why-vip = VIP customer
why-ship-by = { $left } left
why-overdue = Late by { $late }
why-oldest = Oldest, waiting { $age }
why-chosen = You chose it
why-scanned = You scanned its item
why-yours = You began it

## Review.
review-note = Customer writes
review-line-note = “{ $note }”
review-gift = A gift: no prices inside
review-gift-message = Gift message
review-gift-wrap = Gift wrap
review-fragile = Fragile
review-this-side-up = This side up
review-partial = May ship in parts
review-complete = Ships only complete
review-flags = Must be cleared first
flag-fraud-review = Fraud review
flag-address-trouble = Address trouble
flag-unpaid = Not paid
stock-enough = { $n } there
stock-lacks = { $n } short
stock-elsewhere = { $n } for other orders
stock-wanted = Wanted
stock-as-of = as of { $time }

## Picking.
pick-take = Take
pick-take-here = take here
pick-you = You
pick-bay-left = Bay { $bay } · left side
pick-bay-right = Bay { $bay } · right side
pick-tour = { $n } { $n ->
        [one] stop
       *[other] stops
    } · { $metres } m · { $items } { $items ->
        [one] item
       *[other] items
    }
pick-took = Took { $n }
pick-other-bins = Also in { $bins }

## Item verification.
verify-any-box = goes into parcel { $no }
verify-case = Case of { $n }
verify-count-how-many = How many more of the same?
verify-no-photo = no picture yet
verify-lot = Lot { $lot }
verify-serial = Serial { $serial }
verify-expiry = Use by { $day }

## Packaging.
pack-box = Box
pack-envelope = Envelope
pack-why = Why { $box }
carton-fits-all = The smallest that holds everything.
carton-smaller-too-short = { $name } is { $missing } mm too short.
carton-smaller-too-weak = { $name } would hold { $over } too much.
carton-smaller-too-full = { $name } would be { $percent } % full.
carton-smaller-no-way = In { $name } they do not fit together.
carton-split-mass =
    Too heavy for one: { $parcels } { $parcels ->
        [one] parcel
       *[other] parcels
    }.
carton-split-room =
    Too much for one: { $parcels } { $parcels ->
        [one] parcel
       *[other] parcels
    }.
carton-size-unknown = { $products } { $products ->
        [one] size
       *[other] sizes
    } not known, going by mass.
carton-estimated = { $units } units, by volume and mass alone.
carton-sizes-learnt = { $products ->
    [one] The size of one product is learnt from parcels, not measured.
   *[other] The sizes of { $products } products are learnt from parcels, not measured.
 }
pack-why-none = No box holds everything
pack-heavy-first = Put in, heavy first
pack-filled = Filled
pack-choose = Which box?
pack-put-in = Put in item { $no } of { $n }
pack-up-height = Upright, as it stands
pack-up-width = On its side
pack-up-length = On end, its length upright
pack-this-side-up = This side up
pack-nothing-on-top = Nothing on top
pack-bears = At most { $mass } on top
pack-unit-before = Item before
pack-unit-next = Next item
pack-turn-left = Turn left
pack-turn-right = Turn right

## Checklist.
list-insert = Insert: { $name }
list-gift-wrap = Gift wrap: { $name }
list-gift-message = Gift message, on top
list-fragile = Fragile sticker, top
list-lithium = Lithium mark { $un }, side
list-dangerous = Dangerous goods { $un }, side
list-temperature = Keep at { $low } to { $high } °C, sticker
list-adult = Adult signature, sticker
list-photo = Photo of the open box
list-photo-offered = Photo of the open box, if you like
list-tap-without = tap: without
list-scan-or-tap = scan or tap
list-why-every-parcel = every parcel
list-why-paper-invoice = customer { $customer } asked for paper
list-why-abroad = leaves for { $country }
list-why-rule = rule of this site
list-why-gift-wrap = ordered for { $name }
list-why-gift = this order is a gift
list-why-fragile = breaks easily: { $sku }
list-why-lithium = lithium cells: { $sku }
list-why-dangerous = dangerous goods: { $sku }
list-why-temperature = needs cool or warm: { $sku }
list-why-adult = adults only: { $sku }
list-why-photo = photo wanted: { $sku }

## Missing facts.
fact-un-number = UN number
fact-hs-code = customs tariff code
fact-origin = country of origin
fact-customs-value = customs value
fact-country = country of the address

## Weighing.
weigh-expected = Expected
weigh-difference = Difference
weigh-tolerance = Tolerance
weigh-tolerance-percent = { $percent }, { $mass }
weigh-labelled = Of the expected weight, { $mass } is what labels say.
weigh-suspect = { $mass } = { $n } × { $name }
weigh-suspect-sub = Look for these first: on the bench, in the tote
weigh-stale = This reading is old
weigh-scale-off = scale off

## Label and final scan.
label-sent = Print sent
label-print-instead = { $printer } for { $other }: { $why }
label-print-by = by { $printer }
label-printed = Printed, stick it on
label-paper-moved = { $time } · paper moved
label-document-printed = { $document } printed
label-pages-inside = { $n } { $n ->
        [one] page
       *[other] pages
    }, inside
label-scan-now = Now scan this label
label-scan-now-sub = proves it is on this box
label-is-there = It is there
label-house-instead = House label printed
label-house-instead-sub = { $line ->
        [0] Template { $template }: the lead is told
       *[other] Template { $template }, line { $line }: the lead is told
    }
label-ends-with = Ends with
label-copy = COPY { $no }
label-trouble-paper-out = Printer is out of labels
label-trouble-head-open = Printer head is open
label-trouble-paused = Printer is paused
label-trouble-unreachable = Printer does not answer
label-trouble-interrupted = Print was cut off
label-trouble-no-printer = No printer is set up
label-another-take-off = Take that label off. Put it on order { $order }, at { $station }, or call the lead.
label-waits-carrier = Waits for the carrier’s label

## Done.
done-took = Order { $order } took
done-median =
    Your middle for { $n } { $n ->
        [one] item
       *[other] items
    }: { $span }
done-no-median =
    Your first with about { $n } { $n ->
        [one] item
       *[other] items
    }: the next has a time to beat
done-today = Today
done-right-first = Items right first time
done-put-box = Put box on
done-cage = Cage { $route }
done-opens-in = opens by itself in { $left }

## Offline.
offline-oldest = Oldest unsent work
offline-waiting = Waiting to send
offline-waiting-sub = { $orders } { $orders ->
        [one] order
       *[other] orders
    }, { $photos } { $photos ->
        [one] photo
       *[other] photos
    }
offline-can-pack = You can pack
offline-can-pack-sub = { $n ->
        [one] order
       *[other] orders
    }, about { $span }
offline-disk = Disk free
offline-disk-sub =
    room for { $n } { $n ->
        [one] day
       *[other] days
    }
offline-never = Never connected yet

## Pairing a station.
pair-title = Connect this station
pair-title-again = Connect { $station } again
pair-say = Type the pairing code
pair-say-sub = 8 characters, from central, good for 10 minutes
pair-address = Address of central
pair-connect = Connect
pair-working = Asking central
pair-done = Connected as { $station }
pair-wrong-code = Central does not know this code. Ask for a new one
pair-expired = This code is over. Ask for a new one
pair-no-answer = Central does not answer. Check address and network
pair-revoked = This station was disconnected at central
pair-revoked-sub = Pair it again. Unsent work is kept

## Recovery: shown when the station cannot open its data.
recovery-title = This station needs help
recovery-newer = Its data were written by a newer Packbench. Install that version
recovery-damaged = Its data cannot be read
recovery-locked = Another Packbench holds its data. Close that one
recovery-restore = Restore the backup of { $day }
recovery-retry = Try again
recovery-save-report = Save report
recovery-where = Data: { $path }
recovery-backup-kept = The old data were put aside, not deleted

## Settings.
settings-title = Settings
settings-language = Language
settings-theme = Light or dark
settings-theme-light = Light
settings-theme-dark = Dark
settings-theme-system = As the system
settings-volume = Volume
settings-reduced-motion = Signals
settings-reduced-motion-sub = A frame instead of a full-screen flash
settings-idle-lock =
    Lock after { $n } { $n ->
        [one] minute
       *[other] minutes
    }
settings-station = This station
settings-version = Version { $version }
settings-central = Central
settings-saved = Saved

## Parcel history.
history-title = My parcels
history-empty = No parcel yet today
history-say = Choose a parcel, or scan its label
history-say-sub = Reprint needs a reason and is marked as a copy
history-packed-at = packed { $time }
history-weight = { $mass }, box { $box }
history-photos = { $n } { $n ->
        [one] photo
       *[other] photos
    }
history-copies = { $n } { $n ->
        [one] copy
       *[other] copies
    }

## What a screen reader calls things without words.
name-rail = Steps
name-lines = Lines of this order
name-actions = Actions
name-map = Map of the warehouse
name-step-now = { $step }, now
name-step-done = { $step }, done
name-step-waiting = { $step }, waiting
name-step-elsewhere = { $step }, done elsewhere
name-key = Key { $key }
name-picture = Picture of { $name }

## The demo's panel of virtual devices.
demo-title = Virtual devices
demo-sub = Bins, weights, sizes, barcodes and addresses are made up
demo-scan-next = Scan the right thing
demo-scan-wrong = Scan something wrong
demo-scan-box = Type or paste a barcode
demo-scan = Scan
demo-put-parcel = Put the parcel on the scale
demo-take-parcel = Take it off
demo-forget-one = Leave one item out
demo-printer = Last label
demo-no-paper = Take the paper out
demo-load-paper = Load paper
demo-camera = Camera sees
demo-cut-network = Cut the network
demo-mend-network = Mend the network
demo-badge = Scan the badge of { $who }

## What an accepted scan or command says for a moment.
ok-counted = Counted. { $done } of { $of }
ok-counted-name = { $name }
ok-moved = Moved to the new box
ok-picked = Taken: { $count }
ok-trace-next = Counted. Now the rest of it
ok-undone = Taken back
ok-box = Box chosen
ok-ticked = Ticked
ok-weight = Weight is right: { $weight }
ok-confirmed = Label is right, parcel { $parcel }
ok-put-at = Put at { $location }
ok-photo = Photo taken
ok-lead-called = The lead is called
ok-short = Noted: { $count } short
ok-damaged = Noted: { $count } damaged
ok-substitute = Noted. Fetch the other one
ok-new-box = Now into parcel { $parcel }
ok-held = Order parked
ok-handed-back = Handed back
ok-cancelled = Order cancelled. Next one
ok-unpacked = Unpacked
ok-taken-over = A lead took this order over
ok-order-done = Order done
ok-opened = Order { $order } is open
ok-switched = Now packing: { $who }

## Badge and PIN of somebody who agrees.
approval-badge-first = Badge first, then PIN
approval-not-a-lead = This badge may not. Needed: { $role }
login-pin-short = The PIN is longer
login-pin-wrong = Not that PIN. Try again

## Scans in the queue that open nothing.
queue-label-of = Label of order { $order }, parcel { $parcel }
queue-label-of-detail = It is packed already. Here is its history
queue-not-here = { $name } is not at this station
queue-not-here-detail = Another station has it, or it is done. Take the next one
queue-nobody-needs = Nobody needs it: { $name }
queue-nobody-needs-detail = No order of this station has it. Put it back
open-no-lease = This order is not ours
open-lease-over = Time is over for this order
open-no-record = This order has not arrived yet
open-refused-detail = Take the next one; central knows more

## What a lead is asked to agree to.
approve-clear-flag = clear: { $flag }
approve-partial = ship what there is
approve-weight = weight { $weight } as it is
approve-typed-weight = weight { $weight }, typed by hand
approve-by-hand = confirm by hand
approve-expedite = move this order to the front
approve-unexpedite = put this order back in turn
approve-new-epoch = start with new parcel numbers; no other copy of this station is at work
queue-empty = No work right now
queue-empty-detail = New orders appear here by themselves
held-bench-full = Finish the open order first
history-gone = This parcel is too old to be here
ok-reprint = Printing copy { $copy }

## The put wall: sorting a batch into orders.
wall-title = Put wall
wall-batch =
    Batch { $no } · { $n } { $n ->
        [one] order
       *[other] orders
    }
wall-saves = saves { $metres } m walking
wall-say = Put in { $slot }
wall-say-sub = then scan the slot
wall-left = { $n } left
wall-after = After this
wall-full = Full: pack
wall-free = Free
wall-put = Put { $n }
wall-missing = { $n } missing

## The line: all stages at a glance, for the lead.
line-title = Line
line-shift =
    Shift { $shift } · { $done } of { $plan } { $plan ->
        [one] parcel
       *[other] parcels
    }
line-wrong-rate = wrong { $percent }
line-bottleneck = { $stage } is the bottleneck
line-bottleneck-sub = Move one picker to { $stage }: route { $route } makes { $time }, all ends { $end }
line-flowing = The line flows
line-move = Move { $who } to { $station }
line-waiting = { $n } { $n ->
        [one] parcel waiting
       *[other] parcels waiting
    }
line-per-hour = per hour
line-stage-pick = Pick
line-stage-sort = Sort
line-stage-pack = Pack
line-stage-quality = Quality
line-stage-ship = Ship
line-free = free
line-break = break
line-lost = lost
line-now = now
line-route = route { $route }
line-others = all others
line-ends = ends { $time }
line-flow = Flow
line-people = People
line-batches = Batches
line-where-is = Where is
line-exceptions = Exceptions · { $n }
line-what-if = What if

## Reasons beside an order, second lines.
queue-one-parcel = 1 parcel
queue-box-fits = box { $box } fits all, from the plan
queue-parcels = { $n } parcels
queue-boxes = boxes { $boxes }, from the plan
queue-note = Note
queue-note-text = “{ $text }”
why-expedited-detail = a lead put it before the others
why-rush-detail = rush goes before all others
why-vip-detail = the house treats them first
why-ship-by-detail = ship by { $at }
why-cutoff-detail = leaves with { $carrier } at { $at }
why-oldest-detail = nothing else is more urgent

## Parked orders.
held-question = Parked: { $reason }. Go on?

## What Undo would take back.
undo-picked = Pick of { $count }
undo-verified = { $count } × { $name }
undo-trace = the scan before the question
undo-ticked = the last tick

## What is special about an order.
review-line-wrap = Wrap as a gift
review-rush = Rush
review-expedited = Moved to the front by a lead
review-vip = VIP customer
review-new-customer = First order of this customer
review-lithium = Lithium cells
review-dangerous = Dangerous goods
review-temperature = Keep cool or warm
review-adult = Adults only
review-traced = Serial, lot or date will be asked
review-abroad = Leaves the country

## The checklist: the band's words, and names in the list.
list-say-document = Put in: { $document }
list-document = { $document }
list-say-insert = Put in: { $name }
list-say-gift-wrap = Gift wrap: { $name }
list-say-gift-message = Put the gift message on top
list-say-fragile = Stick on: fragile
list-say-lithium = Stick on: lithium { $un }
list-say-dangerous = Stick on: dangerous { $un }
list-say-temperature = Stick on: { $low } to { $high } °C
list-say-adult = Stick on: adults only
list-say-photo = Take a photo of the open box
list-say-photo-offered = Photo of the open box? Take it, or go on without
label-mark = { $text }

## More of the recovery screen.
recovery-full = The disk is full. Free some space
recovery-other = Its data cannot be opened just now
recovery-hint = For the admin: { $error }
