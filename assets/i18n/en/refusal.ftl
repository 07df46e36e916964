## Refused scans and commands. First line: what happened, then what to do. Second line: the difference by name.
refusal-wrong-item = Wrong item. Put it back
refusal-wrong-item-detail = { $item }, { $item-sku }, is not in this order
refusal-too-many = Too many. Put it back
refusal-too-many-detail = All { $wanted } are counted: { $item }
refusal-case-too-big = Case too big. Scan single items
refusal-case-too-big-detail = The case holds { $units }, { $wanted } are wanted: { $item }
refusal-unknown-code = Unknown code. Not counted
refusal-unknown-code-detail = Nothing here has { $text }. Try its other barcode, or Problem
refusal-unreadable = Not readable. Scan again
refusal-unreadable-detail = The scanner sent no text. Wipe the barcode, hold it straight
refusal-too-long = Not a barcode of ours
refusal-too-long-detail = It is far too long. Scan the item’s own barcode
refusal-bad-command = Misread. Scan the sheet again
refusal-bad-command-detail = It was a command, but one letter is wrong
refusal-ambiguous = Several things have this code
refusal-ambiguous-detail = { $text } is not clear. Scan another barcode of it, or tap its line
refusal-serial-used = Serial used before. Put it aside
refusal-serial-used-detail = { $serial } has left the house already. Take another one
refusal-serial-twice = Counted already
refusal-serial-twice-detail = { $serial } is in this order. Scan the next one
refusal-trace-needed = First: { $field }
refusal-trace-needed-detail = { $item } is not counted without it
refusal-lot-held = Lot on hold. Put it aside
refusal-lot-held-detail = Lot { $lot } must not leave: { $item }. Take another lot
refusal-past-date = Past its date. Put it aside
refusal-past-date-detail = { $item } was good until { $day }. Take a fresh one
refusal-wrong-shelf = Wrong shelf. Go to { $needed }
refusal-wrong-shelf-detail = You scanned { $scanned }, needed is { $needed }
refusal-other-parcel = Label of another parcel
refusal-other-parcel-detail = It belongs to order { $order }, parcel { $parcel }. Do not stick it here
refusal-unknown-label = Nobody here printed this label
refusal-unknown-label-detail = { $sscc } is not from here. Scan the label that just came out
refusal-no-label-yet = No label yet
refusal-no-label-yet-detail = Weigh the parcel first, its label prints by itself
refusal-flag-set = Stop: { $flag }
refusal-flag-set-detail = A lead clears it, or hold the order
refusal-needs-role = Needs a badge: { $role }
refusal-needs-role-detail = Call the lead, then badge and PIN
refusal-not-allowed = Not allowed at this site
refusal-not-allowed-detail = Scan it, or open Problem
refusal-count-too-big = At most { $max } by number
refusal-count-too-big-detail = Not counted. Type a smaller number, or scan the rest
refusal-nothing-to-count = Scan one first
refusal-nothing-to-count-detail = A number counts more of the item scanned last
refusal-fact-missing = Missing: { $fact }
refusal-fact-missing-detail = The office adds it, hold the order meanwhile. { $item } { $item-sku }
refusal-no-numbers = No parcel numbers left
refusal-no-numbers-detail = They come with the network. Hold this order, call the lead
refusal-weight-outside = { $way ->
        [light] Too light by { $by }
       *[heavy] Too heavy by { $by }
    }
refusal-weight-outside-detail = { $count ->
        [0] Count again, or ask the lead
       *[other] Looks like { $count } × { $item }. Count again
    }
refusal-nothing-to-undo = Nothing to take back
refusal-nothing-to-undo-detail = The last scan is taken back already, or the step is over
refusal-parcel-empty = This parcel is empty
refusal-parcel-empty-detail = Scan at least one item into it first
refusal-not-a-substitute = Not on the allowed list
refusal-not-a-substitute-detail = { $item } may not go instead. Choose one of the list
refusal-no-packaging = Choose a box first
refusal-no-packaging-detail = Scan the box, or tap one
refusal-box-too-weak = Box too weak. Take another
refusal-box-too-weak-detail = It holds at most { $max }
refusal-photo-needed = A photo is needed
refusal-photo-needed-detail = Only a photo ticks this line. Press Photo
refusal-not-now = Not now. Not counted
refusal-not-now-detail = This is step { $step }. Do what the band says
refusal-on-break = You are on a break
refusal-on-break-detail = Not counted. Scan your badge to go on
refusal-is-held = This order is parked
refusal-is-held-detail = Not counted. Open it again to go on
refusal-must-unpack = Cancelled. Unpack it
refusal-must-unpack-detail = Put the items aside, then confirm
refusal-is-over = This order is over
refusal-is-over-detail = Not counted. Open the next one
refusal-has-label = Too late: it has a label
refusal-has-label-detail = A lead can void the label and reopen the parcel

## Refused before the guided steps are asked.
refusal-busy = Busy. Not counted
refusal-busy-detail = The station is catching up. Scan it again in a moment
refusal-disk-full = The disk is full. Not counted
refusal-disk-full-detail = Free some space, then scan it again
refusal-not-stored = Not kept. Not counted
refusal-not-stored-detail = The disk did not take it. Scan again, or call the lead
refusal-no-photo = No photo came
refusal-no-photo-detail = Check the camera, then press Photo again

## What a unit must carry.
trace-serial = serial number
trace-lot = lot
trace-expiry = expiry date

## Who may do what.
role-packer = Packer
role-lead = Lead
role-admin = Admin

## Why a reading of the scale does not count, or proves little.
weight-unstable = Still moving
weight-stale = This reading is old
weight-empty = Nothing on the scale
weight-relies-resolution = The scale is too coarse to show one missing: the scans are the proof
weight-relies-spread = These items differ too much to show one missing: the scans are the proof
weight-relies-unknown = Some weights are not known yet: the scans are the proof
serial-left-with = left with order { $order }
refusal-badge-unknown = Nobody has this badge
refusal-pair-first = Connect this station first
refusal-log-in-first = Not counted. Badge first
refusal-badge-wanted = Not counted. A lead’s badge is wanted

# Returns at the bench.
refusal-return-not-known = No return is on its way for this
refusal-return-not-known-detail = Nothing here has { $text }. Put the box aside, ask the office
refusal-return-several = Several returns of this order
refusal-return-several-detail = Scan the return’s own paper: order { $order } has more than one
refusal-return-all-in = Taken in already
refusal-return-all-in-detail = All of return { $number } came. Put the box aside, ask the office
refusal-return-not-of-this = Not part of this return. Put it aside
refusal-return-not-of-this-detail = { $item }, { $item-sku }, is not asked back with { $number }
refusal-return-too-many = More than was asked back. Put it aside
refusal-return-too-many-detail = All { $asked } are in already: { $item }, { $item-sku }
refusal-return-case-too-big = Scan single items
refusal-return-case-too-big-detail = The case holds { $units }, { $left } can be counted at once: { $item }, { $item-sku }
refusal-return-grade-first = First: what is this one worth?
refusal-return-grade-first-detail = { $item }, { $item-sku }, is in your hand and has no grade yet
refusal-return-nothing-in-hand = Scan an item first
refusal-return-nothing-in-hand-detail = A grade or a shelf belongs to the item in your hand
refusal-return-trace-first = First: { $field }
refusal-return-trace-first-detail = { $item }, { $item-sku }, is not sold again without it
refusal-return-serial-not-sold = This one did not leave with the order
refusal-return-serial-not-sold-detail = { $serial } is another one. Put it aside, ask the office
refusal-return-lot-not-sold = This lot did not leave with the order
refusal-return-lot-not-sold-detail = Lot { $lot } is another one. Look again, or put it aside
refusal-return-already-in = Taken in already. Put it aside
refusal-return-already-in-detail = { $serial } came back before. Scan the next one
refusal-return-no-shelf = Which shelf? Scan it
refusal-return-no-shelf-detail = No shelf is known for { $item }, { $item-sku }. Scan one, then say it again
refusal-return-nothing-to-undo = Nothing to take back
refusal-return-nothing-to-undo-detail = The last item stands for good by now. The office can change it
refusal-return-not-now = First this return
refusal-return-not-now-detail = Return { $number } is on the bench. Finish it, or put it off
refusal-return-after-order = A return. First this order
refusal-return-after-order-detail = Finish or park the order, then scan the return again
