## The window’s own words, beside the steps of an order.
win-product = Packbench
win-pin-then = { $who }, then press the arrow
win-pair-where = Where the code comes from: the console of central, Stations, New code. It works once, for 10 minutes.
win-pair-where-again = Ask for a code for { $station }: the console of central, Stations, New code. Work that is begun stays where it is.
win-way-new-epoch = Is no other copy at work? Then a lead starts with new numbers
win-way-pair = Pair it again with a code from central. Work goes on meanwhile
win-way-none = Work goes on here; nothing is lost
win-recovery-sub = Work goes on at another station
win-recovery-do = Do not switch it off: finish nothing here for now, take your order to another station and call the admin.
win-queue-empty = No work right now
win-queue-empty-sub = New orders appear here by themselves
win-queue-empty-hint = Nothing waits. Take a breath.
win-items-lines = { $n ->
        [one] item
       *[other] items
    } · { $lines } { $lines ->
        [one] line
       *[other] lines
    }
win-lines-units = { $lines } { $lines ->
        [one] line
       *[other] lines
    } · { $n }
win-first = First
win-held-n = Parked { $n }
win-after-sending = after sending
win-skip = Skip this order
win-skip-title = Skip: why?
win-gift-sub = Prices stay out of the box
win-handling-sub = Handle with care for this
win-since = since { $time }
win-held-sub = This order waits here
win-ship-what-there-is = Ship what there is
win-ask-lead-release = Lead lets it go
win-office-decides = The office decides
win-more = Page { $no } of { $n }: next
win-serial-hint = Serial number
win-lot-hint = Lot, as printed on it
win-expiry-hint = Year, month, day
win-network-fine = The network works
win-network-fine-sub = Everything is sent as it happens
win-waiting-sub = kept safe on this station
win-can-pack-sub = orders without the network
win-last-answer = Central last answered
win-last-answer-sub = time of day
win-which-line = Which line is it about?
win-which-paper = Which paper?
win-all-n = All { $n }
win-less = One less
win-more-units = One more
win-choose-number = choose how many
win-choose-product = choose what goes instead
win-choose-reason = choose why
win-badge-first = Scan the lead’s badge here
win-badge-known = { $who }: badge read. Now the PIN
win-count-max = At most { $n } more
win-count-over = Only { $n } more are needed
win-find-sub = Type the number, or scan the order
win-find-hint = Order number
win-paper-came = Did the paper come?
win-came-out-sub = It is in my hand and whole
win-print-again-sub = A copy is printed and marked so
win-settings-sub = In force at once, on this screen
win-flash-full = Full-screen flash
win-flash-frame = A frame only
win-quieter = Quieter
win-louder = Louder
win-site = Site
win-zone = Time zone
win-program = Program
win-devices-live = Scan or weigh something: it shows here at once
win-scan-too-long = Too long for a barcode
win-scan-broken = Only half a barcode came
win-scan-again = Not counted. Scan it again

## The demo’s panel: what a visitor should do now.
panel-hide = Hide the virtual devices
panel-scan-badge = Scan this badge
panel-scan-order = Scan this order
panel-scan-shelf = Scan this shelf
panel-scan-item = Scan this item
panel-scan-trace = Scan what it asks for
panel-scan-packaging = Scan this box
panel-scan-label = Scan this label
panel-scan-command = Scan this command
panel-type-code = Type a barcode
panel-type-pin = Type this PIN
panel-press = Press this
panel-wait = Wait, the station is at work
panel-badge-of = Scan the badge of { $who }
panel-lighter = Lighter
panel-heavier = Heavier
panel-no-parcel = no parcel yet
panel-scale-wait = Nothing to weigh yet
panel-scale-wait-sub = Put the parcel on the scale when the screen asks for its weight
panel-cancel-order = Cancel this order
panel-no-order = no order yet

## Returns at the bench: what is scanned, what it is worth, where it goes.
grade-resell = Sell again
grade-repair = Repair
grade-scrap = Throw away
return-title = Return { $number }
return-step-scan = Scan
return-step-grade = Grade
return-step-finish = Finish
return-goes-to = Goes to { $place }
return-goes-aside = Goes aside
return-goes-waste = Goes into the waste
return-scan-shelf = Scan its shelf first
return-came = came back
return-finish = Finish the return
return-later = Later
return-list = Returns on their way
return-list-sub = Scan the paper in the box, the old label, or tap
return-list-empty = No return is on its way
return-list-row = Order { $order } · { $came } of { $asked } came
win-returns-n = Returns { $n }
word-not-in-return = not in return { $number }
say-return-scan = Scan what is in the box
say-return-scan-detail = Still to come: { $n }
say-return-all = All came
say-return-all-detail = Finish, or take the last one back
say-return-trace-detail = To sell it again. Without it: repair or throw away
say-return-grade = What is it worth?
say-return-grade-shelf = As new it goes to { $place }; another shelf: scan it
say-return-grade-no-shelf = No shelf is known: to sell it again, scan its shelf
say-return-over = Return { $number } was ended
say-return-over-detail = The office did so. What you took in is told, it asks you if need be
ok-return-opened = Return { $number } is open
ok-return-in-hand = { $name }
ok-return-to-shelf = Put it on { $place }
ok-return-aside = Put it aside
ok-return-waste = Into the waste
ok-return-done = Return taken in
ok-return-done-missing = Did not come: { $n }
ok-return-done-detail = The office sees it and decides
ok-return-left = Put off. It waits in the list
camera-live = What the camera sees
camera-dark = No picture from the camera yet: see Devices (F9)
