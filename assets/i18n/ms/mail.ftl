## Mail to customers: what it says, its pages at the console, webhooks, and the customer's own page.
mail-kind-confirmed = Pengesahan pesanan
mail-kind-packed = Pesanan sudah dibungkus
mail-kind-partly-packed = Sebahagian pesanan sudah dibungkus
mail-kind-shipped = Pesanan dalam perjalanan
mail-kind-partly-shipped = Sebahagian pesanan dalam perjalanan
mail-kind-delivered = Telah sampai
mail-kind-cancelled = Pesanan dibatalkan
mail-kind-payment-reminder = Peringatan bayaran
mail-kind-payment-final = Peringatan bayaran terakhir
mail-kind-free = Kata-kata sendiri
mail-confirmed-subject = Pesanan anda { $order } di { $shop }
mail-confirmed-body =
    Salam { $name },

    terima kasih atas pesanan anda { $order } pada { $placed }.

    { $items }

    Jumlah: { $total }
    Belum dibayar: { $due }
    Ia dihantar selewat-lewatnya pada { $ship_by }.

    Lihat perkembangannya pada bila-bila masa: { $link }

    { $shop }
mail-packed-subject = Pesanan anda { $order } sudah dibungkus
mail-packed-body =
    Salam { $name },

    pesanan anda { $order } sudah dibungkus dan dihantar dengan kutipan berikutnya.

    { $parcels }

    Lihat perkembangannya pada bila-bila masa: { $link }

    { $shop }
mail-partly-packed-subject = Sebahagian pesanan anda { $order } sudah dibungkus
mail-partly-packed-body =
    Salam { $name },

    sebahagian pesanan anda { $order } sudah dibungkus dan dihantar dengan kutipan berikutnya. Bakinya menyusul.

    { $parcels }

    Lihat perkembangannya pada bila-bila masa: { $link }

    { $shop }
mail-shipped-subject = Pesanan anda { $order } dalam perjalanan
mail-shipped-body =
    Salam { $name },

    pesanan anda { $order } dalam perjalanan kepada anda.

    { $parcels }

    Lihat perkembangannya pada bila-bila masa: { $link }

    { $shop }
mail-partly-shipped-subject = Sebahagian pesanan anda { $order } dalam perjalanan
mail-partly-shipped-body =
    Salam { $name },

    sebahagian pesanan anda { $order } dalam perjalanan kepada anda. Bakinya menyusul.

    { $parcels }

    Lihat perkembangannya pada bila-bila masa: { $link }

    { $shop }
mail-delivered-subject = Pesanan anda { $order } telah sampai
mail-delivered-body =
    Salam { $name },

    pesanan anda { $order } telah sampai. Jika ada yang tidak kena, balas sahaja mel ini.

    { $link }

    { $shop }
mail-cancelled-subject = Pesanan anda { $order } dibatalkan
mail-cancelled-body =
    Salam { $name },

    pesanan anda { $order } pada { $placed } dibatalkan. Jika anda tidak menjangkakannya, balas sahaja mel ini.

    { $shop }
mail-payment-reminder-subject = Pesanan anda { $order } menunggu bayaran
mail-payment-reminder-body =
    Salam { $name },

    { $due } bagi pesanan anda { $order } pada { $placed } belum dibayar. Jika anda sudah membayar, mel ini tidak perlu dibalas.

    { $items }

    Jumlah: { $total }

    { $link }

    { $shop }
mail-payment-final-subject = Pesanan anda { $order } masih belum dibayar
mail-payment-final-body =
    Salam { $name },

    { $due } untuk pesanan anda { $order } pada { $placed } masih perlu dibayar, walaupun kami sudah mengingatkan anda. Sila bayar dalam beberapa hari ini, atau balas mel ini jika ada masalah.

    { $items }

    Jumlah: { $total }

    { $link }

    { $shop }
mail-free-subject = Tentang pesanan anda { $order }
mail-free-body =
    Salam { $name },

    tentang pesanan anda { $order }:

    { $link }

    { $shop }
mail-parcel = Bungkusan { $no }
mail-parcel-number = Bungkusan { $no }, nombor { $number }
mail-sample-item = Balang simpanan, besar
mail-sample-name = A. Pelanggan

msg-messages = Mesej
msg-templates = Templat
msg-settings = Peraturan mesej
msg-webhooks = Webhook
msg-kind-test = Ujian
msg-state-queued = Menunggu
msg-state-sending = Dalam perjalanan
msg-state-sent = Dihantar
msg-state-failed = Belum diterima
msg-state-given-up = Dihentikan
msg-state-taken-back = Ditarik balik
msg-held-until = hingga { $when }
msg-next-try = cubaan berikutnya { $when }
msg-fault-connect = Pelayan mel tidak dapat dicapai
msg-fault-timeout = Pelayan mel tidak menjawab pada waktunya
msg-fault-tls = Sijil atau penyulitan pelayan mel tidak sah
msg-fault-login = Pelayan mel tidak menerima log masuk kita
msg-fault-refused = Pelayan mel menolaknya terus
msg-fault-later = Pelayan mel mahukannya kemudian
msg-fault-address = Alamat tidak boleh digunakan
msg-fault-text = Teks tidak dapat ditulis
msg-fault-stale = Ia menunggu terlalu lama
msg-show-all = Semua
msg-show-queued = Menunggu
msg-show-failed = Belum diterima
msg-show-given-up = Dihentikan
msg-show-sent = Dihantar
msg-none = Tiada mesej di sini
msg-when = Bila
msg-order = Pesanan
msg-what = Apa
msg-to = Kepada
msg-acts = Apa yang boleh dibuat
msg-take-back = Tarik balik
msg-send-now = Hantar sekarang
msg-again = Cuba lagi
msg-again-all = Cuba semuanya lagi sekarang
msg-no-server = Tiada pelayan mel ditetapkan
msg-no-server-hint = Mesej menunggu, paling lama tiga hari. Penjaga pelayan menetapkan central.mail_host dan central.mail_from.
msg-server-is = Mel keluar melalui { $host }
msg-trouble = Mel tidak keluar
msg-trouble-text = { $why }, kali terakhir pada { $when }. Menunggu: { $n }. Semuanya dicuba lagi dengan sendiri, dan serentak apabila ia pulih.
msg-tries = Cubaan
msg-tries-none = Belum dicuba
msg-text-hidden = Teks ini untuk mereka yang boleh melihat data peribadi
msg-text-later = Teks ditulis semasa dihantar, dengan apa yang benar ketika itu
msg-rules = Apa yang keluar dengan sendiri
msg-rules-hint = Mesej menunggu sekian minit sebelum dihantar, supaya klik yang tersilap boleh ditarik balik.
msg-rule-minutes = Minit untuk menarik balik
msg-links = Di mana pembawa menunjukkan bungkusan
msg-links-hint = Alamat halaman pembawa dengan { "{number}" } di tempat nombor bungkusan. Pelanggan menerimanya dalam mel dan pada halaman mereka.
msg-templates-hint = Satu teks bagi setiap jenis dan bahasa. Jika tiada siapa mengubahnya, teks yang datang bersama Packbench digunakan. Pelanggan ditulis dalam bahasa pada halaman pesanan, jika tidak dalam bahasa negaranya.
msg-template = Templat
msg-take-template = Guna templat ini
msg-language = Bahasa
msg-language-country = Bahasa negaranya ({ $language })
msg-subject = Tajuk
msg-text = Teks
msg-names-hint = Apa yang dalam kurungan diisi. Baris yang kurungannya kosong ditinggalkan. Nama:
msg-preview = Pratonton
msg-preview-html = Seperti yang kelihatan
msg-preview-text = Sebagai teks biasa
msg-preview-hint = Dengan nilai rekaan
msg-reset = Kembali kepada yang datang bersama Packbench
msg-test-to = Alamat anda sendiri
msg-test = Hantar ujian kepada saya
msg-versions = Versi
msg-no-address = Pelanggan tiada alamat mel yang boleh digunakan: tiada apa dihantar
msg-none-of-order = Tiada mesej tentang pesanan ini
msg-write = Tulis
msg-write-title = Mesej tentang pesanan { $order }
msg-send = Hantar
msg-send-hint = Ia menunggu sebentar dan boleh ditarik balik sehingga itu.
msg-link = Halaman pelanggan
msg-link-none = Pesanan ini belum ada pautan
msg-link-make = Buat pautan
msg-link-renew = Pautan lain
msg-link-renew-hint = Yang sebelumnya tidak lagi menuju ke mana-mana
event-mail-sent = Mel dihantar: { $kind }
event-mail-given-up = Mel dihentikan: { $kind }
event-mail-taken-back = Mel ditarik balik: { $kind }
event-mail-written = Mel ditulis: { $kind }
event-mail-by-stage = Mel menunggu, oleh tahap { $stage }: { $kind }
msg-by-stage = oleh tahap { $stage }
event-link-renewed = Pautan lain ke halaman pelanggan
office-wrong-message-subject = Tajuk mesti satu baris dengan 1 hingga 200 aksara
office-wrong-message-body = Teks mesti ada 1 hingga 10,000 aksara
office-wrong-message-placeholder = Ada sesuatu dalam kurungan yang bukan nama di bawah
office-wrong-message-address = Ini bukan alamat mel yang diterima pelayan mel
office-wrong-message-delay = Paling banyak 1440 minit, iaitu sehari
office-wrong-message-link = Alamat mesti bermula dengan https:// dan ada { "{number}" } selepas nama pembawa
office-wrong-message-carrier = Tiada pembawa itu
office-wrong-url = Alamat mesti bermula dengan https://, menuju ke rangkaian awam dan tanpa kata laluan. Boleh ada 50 webhook
office-wrong-about = Paling banyak 200 aksara
office-wrong-events = Sekurang-kurangnya satu jenis mesej

hook-none = Belum ada sesiapa dimaklumkan
hook-new = Webhook baharu
hook-url = Alamat
hook-about = Untuk apa
hook-events = Apa yang dimaklumkan
hook-make = Buat webhook
hook-secret = Rahsia
hook-secret-once = Salin sekarang. Ia ditunjukkan sekali ini sahaja. Mesej ditandatangani dengannya
hook-previous-until = Rahsia sebelumnya juga menandatangani hingga { $when }
hook-enabled = Hidup
hook-disabled = Mati
hook-gone = Berkata ia sudah tiada
hook-lost = Beberapa mesej hilang
hook-test = Hantar ujian
hook-rotate = Rahsia baharu
hook-on = Hidupkan
hook-off = Matikan
hook-remove = Buang
hook-acts-hint = Jika dimatikan atau dibuang, apa yang menunggu dihentikan.
hook-deliveries = Apa yang dihantar
hook-deliveries-none = Belum ada yang dihantar
hook-state-waiting = Menunggu
hook-state-delivered = Diserahkan
hook-state-failed = Dihentikan

track-title = Pesanan { $order }
track-placed = Dipesan pada { $when }
track-nowhere = Pautan ini tidak menuju ke mana-mana
track-nowhere-text = Mungkin tersalah taip, atau ada yang lebih baharu. Kedai tempat anda membeli boleh menghantarnya semula.
track-later = Sila datang lagi sebentar nanti
track-received = Pesanan diterima
track-preparing = Sedang dibungkus
track-packed = Dibungkus
track-delivered = Telah sampai
track-received-text = Pesanan anda ada pada kami dan akan dimulakan tidak lama lagi.
track-waiting-text = Pesanan anda ada pada kami. Sebahagiannya dalam perjalanan ke sini; kami bungkus sebaik ia sampai.
track-preparing-text = Pesanan anda sedang dibungkus sekarang.
track-partly-text = Sebahagian pesanan anda sudah dibungkus. Bakinya menyusul.
track-packed-text = Pesanan anda sudah dibungkus dan dihantar dengan kutipan berikutnya. { $carrier } membawanya kepada anda.
track-shipped-text = Pesanan anda dalam perjalanan dengan { $carrier }.
track-delivered-text = Pesanan anda telah sampai.
track-cancelled = Dibatalkan
track-cancelled-text = Pesanan ini dibatalkan dan tidak akan dihantar.
track-carrier = pembawa
track-leaves = Ia dijangka dihantar pada { $when }
track-parcel = Bungkusan { $no }
track-number = Nombor
track-follow = Lihat di mana bungkusan itu
track-ordered = Apa yang anda pesan
track-open = Belum dibungkus
track-language = Bahasa
event-mail-reminds = Peringatan bayaran { $nth } daripada { $of } menunggu: { $kind }
event-reminders-off = Tiada peringatan bayaran untuk pesanan ini
event-reminders-on = Peringatan bayaran untuk pesanan ini semula
reminding-title = Peringatan bayaran
reminding-hint = Sesiapa yang berhutang diingatkan melalui mel, untuk pesanan yang dibuat di sini. Ia tamat apabila pesanan dibayar, ditahan atau dibatalkan, atau dihentikan dengan butang pada halamannya. Apabila dihidupkan, ia berlaku untuk peringatan yang tiba masanya selepas itu.
reminding-active = Peringatan dihantar sendiri
reminding-order-days = Hari selepas pesanan, jika perlu dibayar serta-merta
reminding-due-days = Hari selepas tarikh bayaran, jika ada tempoh
reminding-every = Hari antara satu dengan yang berikut
reminding-times = Paling banyak berapa
reminding-last = Templat yang terakhir daripada beberapa
reminding-went = Peringatan bayaran automatik: { $n } daripada { $of }.
reminding-next = Yang berikut dihantar { $when }.
reminding-off = Tiada dihantar untuk pesanan ini.
reminding-leave = Jangan ingatkan lagi
reminding-again = Ingatkan semula
office-wrong-reminding-days = Beri sehingga 365 hari
office-wrong-reminding-times = Beri 1 hingga 9 peringatan
office-wrong-reminding-last = Pilih templat peringatan bayaran
