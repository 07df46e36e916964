## The web console: frame and navigation.
console-orders = Orders
console-board = Board
console-stations = Stations
console-exceptions = Exceptions
console-stock = Stock
console-customers = Customers
console-products = Products
console-parcels = Parcels
console-users = Users
console-settings = Settings
console-stations-live = { $no } of { $n } stations live
console-skip-to-content = Skip to the content
console-log-in = Log in
console-log-out = Log out
console-user-name = Name
console-password = Password
console-log-in-wrong = Name or password is not right. Try again
console-log-in-wait = Too many tries. Wait { $left }
console-language = Language
console-not-found = There is no such page
console-not-found-sub = It may have moved. Start from the orders
console-not-allowed = You may not do this. Ask an admin
console-trouble = Central could not do this just now. Nothing was changed
console-reconnecting = Live updates stopped, reconnecting

## Lists.
console-export-csv = Export CSV
console-new-order = New order
console-all-open = All open
console-ship-today = Ship today
console-unpaid = Unpaid
console-search-hint = Number, customer, SSCC
console-search = Search
console-any = any
console-today = today
console-chosen = { $n } chosen
console-release = Release to line
console-hold = Hold
console-return = Return
console-documents = Documents
console-edit = Edit
console-log-call = Log call
console-range = { $from } to { $to } of { $n } · updated { $age } ago
console-newer = Newer
console-older = Older
console-none = Nothing here yet
console-none-found = Nothing fits this search
console-more-scroll = more load as you scroll

## Table heads.
column-order = Order
column-placed = Placed
column-customer = Customer
column-status = Status
column-payment = Payment
column-fulfillment = Fulfillment
column-ship-by = Ship by
column-items = Items
column-total = Total
column-stage = Stage
column-code = Code
column-product = Product
column-quantity = Qty
column-checked = Checked
column-station = Station
column-who = Who
column-last-seen = Last seen
column-lag = Oldest unsent
column-events = Events
column-version = Version
column-state = State
column-weight = Weight
column-sscc = SSCC
column-when = When
column-what = What
column-on-hand = On hand
column-location = Location

## The three axes of an order.
status-draft = Draft
status-placed = Placed
status-cancelled = Cancelled
status-closed = Closed
payment-none = Unpaid
payment-authorized = Authorized
payment-partially-paid = Part paid
payment-paid = Paid
payment-partially-refunded = Part refunded
payment-refunded = Refunded
payment-overcharged = Overcharged
payment-voided = Voided
payment-failed = Not taken
fulfillment-unfulfilled = Unfulfilled
fulfillment-leased = At { $station }
fulfillment-picking = Picking { $no }/{ $n }
fulfillment-packing = Packing { $no }/{ $n }
fulfillment-packed = Packed
fulfillment-partially-packed = Part packed
fulfillment-shipped = Shipped
fulfillment-short = { $n } short
fulfillment-held = Held
fulfillment-exception = Needs a decision
fulfillment-cancelled = Cancelled

## One order.
order-title = Order { $order }
order-head = { $when } · { $customer } · { $country } · version { $version }
order-lines = Lines
order-lines-sub = { $lines } · { $items } { $items ->
        [one] item
       *[other] items
    } · { $total }
order-all-lines = All { $n } lines
order-live-from = live from { $station }
order-parcel = Parcel { $no }
order-parcel-expected = Box { $box } · expected { $mass }
order-parcel-weighed = Box { $box } · { $mass }
order-no-label = no label yet
order-photos = Photos
order-no-photos = No photos
order-photo-of = Photo of parcel { $no }, { $when }
order-photo-waits = Photo is on its way from { $station }
order-timeline = Timeline
order-timeline-all = all
order-timeline-scans = scans
order-timeline-money = money
order-timeline-people = people
order-conflict = Somebody changed this order meanwhile. These fields differ:
order-guest = Guest
order-first = First in the queue
order-split = Split part { $no }
order-split-hint = Units that become a part of their own, packed apart
order-split-do = Split
order-part-recalled = Asked back from its station. Split it when it is back
order-split-refused = This part cannot be split like this. Nobody may have begun it, and one unit must stay
order-made-up = Sample data: address, sizes and weights are made up

## The timeline's sentences.
event-placed = Order placed
event-imported = Imported
event-leased = Leased to { $station }
event-lease-returned = Given back by { $station }
event-taken-over = Taken over
event-opened = Opened at { $station }
event-step = Step: { $step }
event-flag-cleared = Flag cleared: { $flag }
event-stock-checked = Stock checked
event-picked = Picked { $n }: { $name }
event-verified = { $name }: { $no } of { $n }
event-verified-by-hand = { $name }: { $n } by hand, { $reason }
event-undone = Taken back: { $name }
event-refused = Scan refused: { $why }
event-short = { $n } short: { $name }, { $reason }
event-damaged = { $n } damaged: { $name }, { $reason }
event-substituted = { $n } substituted: { $name }, { $reason }
event-partial-allowed = Lead allowed a part shipment
event-parcel-opened = Parcel { $no } begun
event-moved = { $n } moved to parcel { $no }
event-box = Box { $box } for parcel { $no }
event-ticked = Checklist: { $item }
event-weighed = Weighed { $mass }, expected { $expected }
event-weight-overridden = Weight { $mass } accepted by a lead, { $reason }
event-weight-refused = Weight { $mass } refused
event-recount = Counted again
event-label = Label { $sscc } assigned
event-print-attempted = Print sent: { $document }
event-print-ended = Printed: { $document }
event-print-trouble = Not printed: { $document }
event-reprinted = Reprinted: { $document }, copy { $copy }, { $reason }
event-confirmed = Label scanned back, parcel { $no }
event-consolidated = Brought to { $place }
event-packed = Packed { $n } of { $all }
event-photo = Photo of parcel { $no }
event-lead-called = Lead called
event-paused = Break
event-resumed = Went on
event-held = Held: { $reason }
event-handed-back = Handed back: { $reason }
event-packer-switched = Packer switched
event-cancelled = Order cancelled
event-unpacked = Unpacked
event-expedited = Moved to the front
event-unexpedited = Back in turn
event-split = Split into parts
event-paid = Paid { $amount }
event-refunded = Refunded { $amount }
event-exception = Exception: { $what }
event-exception-closed = Decided: { $what }
event-unknown = Something newer than this central knows
event-by = { $station } · { $who }

## Stations.
station-live = live
station-late = late
station-lost = lost { $age } ago
station-never = never seen
station-revoked = disconnected
station-all-sent = all sent
station-unsent = { $n } unsent, oldest { $age }
station-works-on = works on { $order }
station-leased = { $n } { $n ->
        [one] order
       *[other] orders
    } there
station-new-code = New pairing code
station-code-is = Code { $code }, good until { $time }
station-revoke = Disconnect

## The board.
board-title = Board
board-note = Moving a card never fakes a payment or a shipment
board-find = Find a card
board-to-confirm = To confirm
board-ready = Ready
board-on-the-line = On the line
board-packed = Packed
board-shipped = Shipped
board-drop-refused = Drop refused: { $why }

## Answers of the console to what a person must decide.
console-decide-noted = Noted
console-decide-unpack = Unpack this parcel
console-decide-release = Back to the queue
console-decide-keep-waiting = Keep waiting
console-decide-take-over = A lead takes over
console-decide-write-off = Do not send the rest
exception-kind-hold = Held
exception-kind-work-forgotten = Begun at a station that forgot it
exception-kind-serial-reused = Serial number used before
exception-kind-sscc = Parcel number not right
exception-kind-handover-unpacked = Left without being packed
exception-kind-weight-change = A product's weight has changed
console-weight-change = { $sku }: known { $known }, parcels say { $learnt }
console-decide-accept-weight = Take the new weight
console-decide-keep-weight = Keep the known weight
