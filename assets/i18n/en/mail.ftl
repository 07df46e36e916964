## Mail to customers: what it says, its pages at the console, webhooks, and the customer's own page.
mail-kind-confirmed = Order confirmation
mail-kind-packed = Order packed
mail-kind-partly-packed = Part of an order packed
mail-kind-shipped = Order on its way
mail-kind-partly-shipped = Part of an order on its way
mail-kind-delivered = Delivered
mail-kind-cancelled = Order cancelled
mail-kind-payment-reminder = Payment reminder
mail-kind-payment-final = Last payment reminder
mail-kind-free = Own words
mail-confirmed-subject = Your order { $order } at { $shop }
mail-confirmed-body =
    Hello { $name },

    thank you for your order { $order } of { $placed }.

    { $items }

    Total: { $total }
    Still to be paid: { $due }
    It leaves us by { $ship_by }.

    See how far it is at any time: { $link }

    { $shop }
mail-packed-subject = Your order { $order } is packed
mail-packed-body =
    Hello { $name },

    your order { $order } is packed and leaves with the next pick-up.

    { $parcels }

    See how far it is at any time: { $link }

    { $shop }
mail-partly-packed-subject = A part of your order { $order } is packed
mail-partly-packed-body =
    Hello { $name },

    a part of your order { $order } is packed and leaves with the next pick-up. The rest follows.

    { $parcels }

    See how far it is at any time: { $link }

    { $shop }
mail-shipped-subject = Your order { $order } is on its way
mail-shipped-body =
    Hello { $name },

    your order { $order } is on its way to you.

    { $parcels }

    See how far it is at any time: { $link }

    { $shop }
mail-partly-shipped-subject = A part of your order { $order } is on its way
mail-partly-shipped-body =
    Hello { $name },

    a part of your order { $order } is on its way to you. The rest follows.

    { $parcels }

    See how far it is at any time: { $link }

    { $shop }
mail-delivered-subject = Your order { $order } has arrived
mail-delivered-body =
    Hello { $name },

    your order { $order } has arrived. If something is not as it should be, simply answer this mail.

    { $link }

    { $shop }
mail-cancelled-subject = Your order { $order } is cancelled
mail-cancelled-body =
    Hello { $name },

    your order { $order } of { $placed } is cancelled. If you did not expect this, simply answer this mail.

    { $shop }
mail-payment-reminder-subject = Your order { $order } waits for its payment
mail-payment-reminder-body =
    Hello { $name },

    { $due } of your order { $order } of { $placed } is still to be paid. If you have paid meanwhile, this mail needs no answer.

    { $items }

    Total: { $total }

    { $link }

    { $shop }
mail-payment-final-subject = Your order { $order } is still not paid
mail-payment-final-body =
    Hello { $name },

    { $due } of your order { $order } of { $placed } is still to be paid, although we reminded you. Please pay it in the next days, or answer this mail if something is in the way.

    { $items }

    Total: { $total }

    { $link }

    { $shop }
mail-free-subject = About your order { $order }
mail-free-body =
    Hello { $name },

    about your order { $order }:

    { $link }

    { $shop }
mail-parcel = Parcel { $no }
mail-parcel-number = Parcel { $no }, number { $number }
mail-sample-item = Storage jar, large
mail-sample-name = A. Customer

msg-messages = Messages
msg-templates = Templates
msg-settings = Rules of messages
msg-webhooks = Webhooks
msg-kind-test = Test
msg-state-queued = Waits
msg-state-sending = On its way
msg-state-sent = Sent
msg-state-failed = Not taken yet
msg-state-given-up = Given up
msg-state-taken-back = Taken back
msg-held-until = until { $when }
msg-next-try = next try { $when }
msg-fault-connect = The mail server cannot be reached
msg-fault-timeout = The mail server did not answer in time
msg-fault-tls = The mail server's certificate or encryption does not hold
msg-fault-login = The mail server does not take our login
msg-fault-refused = The mail server refuses it for good
msg-fault-later = The mail server wants it later
msg-fault-address = The address is not usable
msg-fault-text = The text could not be written
msg-fault-stale = It waited for too long
msg-show-all = All
msg-show-queued = Waiting
msg-show-failed = Not taken yet
msg-show-given-up = Given up
msg-show-sent = Sent
msg-none = No message here
msg-when = When
msg-order = Order
msg-what = What
msg-to = To
msg-acts = What can be done
msg-take-back = Take back
msg-send-now = Send now
msg-again = Try again
msg-again-all = Try everything again now
msg-no-server = No mail server is set up
msg-no-server-hint = Messages wait, for three days at most. Who runs the server sets central.mail_host and central.mail_from.
msg-server-is = Mail goes out through { $host }
msg-trouble = Mail does not go out
msg-trouble-text = { $why }, last at { $when }. Waiting: { $n }. They are tried again by themselves, and all at once when it works again.
msg-tries = Tries
msg-tries-none = Not tried yet
msg-text-hidden = The text is for those who may see personal data
msg-text-later = The text is written when it is sent, with what is true then
msg-rules = What goes out by itself
msg-rules-hint = A message waits for so many minutes before it is sent, so that a mistaken click can be taken back.
msg-rule-minutes = Minutes to take it back
msg-links = Where carriers show a parcel
msg-links-hint = The address of the carrier's page with { "{number}" } in the place of the parcel's number. Customers get it in the mail and on their page.
msg-templates-hint = A text per kind and language. Where nobody changed it, the one that came with Packbench holds. A customer is written to in the language on the order's page, else in that of the country.
msg-template = Template
msg-take-template = Take this template
msg-language = Language
msg-language-country = That of the country ({ $language })
msg-subject = Subject
msg-text = Text
msg-names-hint = What stands in braces is filled in. A line whose braces all stand for nothing is left out. Names:
msg-preview = Preview
msg-preview-html = As it looks
msg-preview-text = As plain text
msg-preview-hint = With made-up values
msg-reset = Back to the one that came with Packbench
msg-test-to = Your own address
msg-test = Send me a test
msg-versions = Versions
msg-no-address = The customer has no usable mail address: nothing is sent
msg-none-of-order = No message about this order
msg-write = Write
msg-write-title = Message about order { $order }
msg-send = Send
msg-send-hint = It waits for a moment and can be taken back until then.
msg-link = The customer's page
msg-link-none = This order has no link yet
msg-link-make = Make a link
msg-link-renew = Another link
msg-link-renew-hint = The one before leads nowhere then
event-mail-sent = Mail sent: { $kind }
event-mail-given-up = Mail given up: { $kind }
event-mail-taken-back = Mail taken back: { $kind }
event-mail-written = Mail written: { $kind }
event-mail-by-stage = Mail waits, by stage { $stage }: { $kind }
msg-by-stage = by stage { $stage }
event-link-renewed = Another link to the customer's page
office-wrong-message-subject = The subject must be one line of 1 to 200 characters
office-wrong-message-body = The text must have 1 to 10,000 characters
office-wrong-message-placeholder = Something in braces is not one of the names below
office-wrong-message-address = This is no mail address that a mail server would take
office-wrong-message-delay = At most 1440 minutes, which is a day
office-wrong-message-link = The address must begin with https:// and have { "{number}" } behind the carrier's name
office-wrong-message-carrier = There is no such carrier
office-wrong-url = The address must begin with https://, lead to the public network and hold no password. There can be 50 webhooks
office-wrong-about = At most 200 characters
office-wrong-events = At least one type of message

hook-none = Nobody is told yet
hook-new = New webhook
hook-url = Address
hook-about = What it is for
hook-events = What it is told
hook-make = Make the webhook
hook-secret = The secret
hook-secret-once = Copy it now. It is shown this once. Messages are signed with it
hook-previous-until = The secret before signs too until { $when }
hook-enabled = On
hook-disabled = Off
hook-gone = Said that it is gone
hook-lost = Some messages were lost
hook-test = Send a test
hook-rotate = New secret
hook-on = Switch on
hook-off = Switch off
hook-remove = Remove
hook-acts-hint = Switched off or removed, what waits for it is given up.
hook-deliveries = What was sent
hook-deliveries-none = Nothing was sent yet
hook-state-waiting = Waits
hook-state-delivered = Delivered
hook-state-failed = Given up

track-title = Order { $order }
track-placed = Ordered on { $when }
track-nowhere = This link leads nowhere
track-nowhere-text = It may be mistyped, or there is a newer one. The shop you bought from can send it again.
track-later = Please come again in a moment
track-received = Order received
track-preparing = Being packed
track-packed = Packed
track-delivered = Delivered
track-received-text = We have your order and will begin soon.
track-waiting-text = We have your order. Some of it is on its way to us; we pack it as soon as it is here.
track-preparing-text = Your order is being packed right now.
track-partly-text = A part of your order is packed. The rest follows.
track-packed-text = Your order is packed and leaves with the next pick-up. { $carrier } brings it to you.
track-shipped-text = Your order is on its way with { $carrier }.
track-delivered-text = Your order has arrived.
track-cancelled = Cancelled
track-cancelled-text = This order is cancelled and will not be sent.
track-carrier = the carrier
track-leaves = It is expected to leave us on { $when }
track-parcel = Parcel { $no }
track-number = Number
track-follow = See where the parcel is
track-ordered = What you ordered
track-open = Not packed yet
track-language = Language
event-mail-reminds = Payment reminder { $nth } of { $of } waits: { $kind }
event-reminders-off = No payment reminders for this order
event-reminders-on = Payment reminders for this order again
reminding-title = Payment reminders
reminding-hint = Who owes is reminded by mail, for orders made here. It ends once the order is paid, held or called off, or is left alone by a button on its page. Switched on, it holds for reminders that fall due from then on.
reminding-active = Reminders go by themselves
reminding-order-days = Days after the order, where it is to be paid at once
reminding-due-days = Days after the day of payment, where it has terms
reminding-every = Days from one to the next
reminding-times = How many at most
reminding-last = Template of the last of several
reminding-went = Payment reminders by themselves: { $n } of { $of }.
reminding-next = The next goes { $when }.
reminding-off = None goes for this order.
reminding-leave = Remind no more
reminding-again = Remind again
office-wrong-reminding-days = Give days up to 365
office-wrong-reminding-times = Give 1 to 9 reminders
office-wrong-reminding-last = Choose a template of a payment reminder
