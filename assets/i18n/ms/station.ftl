## The rail: one word per step, at most eleven letters.
step-order = Pesanan
step-review = Tinjau
step-stock = Stok
step-pick = Ambil
step-verify = Semak
step-pack = Bungkus
step-checklist = Senarai
step-weigh = Timbang
step-label = Label
step-confirm = Sahkan
step-next = Seterusnya

## The bar on top.
top-order = Pesanan { $order }
top-queue = Giliran
top-ready = { $n } pesanan
top-ship-by = Hantar sebelum { $time }
top-last-at = terakhir { $time }
top-network = Rangkaian
top-offline = Luar talian { $age }
top-online = Dalam talian
top-unsent = { $n } belum dihantar, tertua { $age }
top-nobody = Tiada yang log masuk

## The say band and what stands beneath it: login and queue.
say-login = Imbas pas anda
say-login-sub = atau dekatkan pada pembaca
say-pin = Masukkan PIN anda
say-pin-sub = { $who }, kemudian tekan OK
say-locked = Dikunci. Imbas pas anda
say-locked-sub = Pesanan kekal seperti tadi
say-queue = Mula, atau imbas apa sahaja
say-queue-sub = Pesanan, tong atau barang membuka pesanannya

## The say band: steps 1 to 4.
say-review = Baca, kemudian teruskan
say-review-sub = { $n } perkara tentang pesanan ini
say-review-plain = Tiada yang istimewa
say-flag-fraud = Berhenti. Semakan penipuan
say-flag-address = Berhenti. Masalah alamat
say-flag-unpaid = Berhenti. Belum dibayar
say-flag-sub = Ketua boleh melepaskannya, atau tahan pesanan
say-stock = Stok mencukupi pesanan ini
say-stock-sub = Setakat { $time }
say-stock-short = Stok kurang untuk { $n } baris
say-stock-short-sub = Pergi lihat, atau catat kurang. Setakat { $time }
say-pick = Pergi ke { $bin }, imbas rak
say-pick-sub = Hentian { $no } daripada { $n } · lorong { $aisle }, petak { $bay }, aras { $level }
say-pick-take = Ambil { $n }, kemudian teruskan

## The say band: step 5.
say-verify = Imbas { $n } lagi
say-verify-first = Imbas mana-mana barang
say-verify-sub = Mana-mana barang pesanan ini dikira
say-all-checked = Semua disemak
say-serial = Imbas nombor siri
say-lot = Imbas atau taip nombor lot
say-expiry = Taip tarikh luput
say-trace-sub = { $name } memerlukannya bagi setiap unit
say-undone = Ditarik balik
say-undone-sub = { $name } tidak lagi dikira

## The say band: steps 6 and 7.
say-box = Ambil kotak { $box }
say-box-sub = Imbasnya, atau pilih yang lain
say-box-none = Pilih kotak
say-box-none-sub = Tiada cadangan: { $why }
say-put-in = Masukkan { $n }: { $name }
say-put-in-sub = Langkah { $no } daripada { $n }
say-photo = Ambil gambar
say-photo-sub = Kotak terbuka, semua kelihatan

## The say band: step 8.
say-weigh = Letak bungkusan atas penimbang
say-weigh-sub = Dijangka { $expected }
say-weigh-moving = Lepaskan, sedang stabil
say-weigh-moving-sub = Berat dikira apabila tidak bergerak
say-weigh-ok = Berat betul
say-weigh-ok-sub = Mencetak label
say-weigh-light = Terlalu ringan { $difference }
say-weigh-light-sub = Ada yang kurang. Kira semula
say-weigh-heavy = Terlalu berat { $difference }
say-weigh-heavy-sub = Ada yang lebih. Kira semula
say-weigh-blind = Berat tidak menunjukkan satu kurang
say-weigh-blind-sub = Imbasan menjadi bukti di sini
say-no-scale = Penimbang senyap
say-no-scale-sub = Periksa kabel, atau tanya ketua

## The say band: steps 9 to 11.
say-label-printing = Label sedang dicetak
say-label-missing = Label perlukan fakta: { $fact }
say-label-missing-sub = { $name }. Pejabat akan tambah, tahan pesanan dahulu
say-label-stuck = Adakah label keluar?
say-label-stuck-sub = Stesen terhenti semasa mencetak
say-confirm = Imbas label pada kotak
say-confirm-sub = Label bungkusan lain akan ditolak
say-done = Pesanan selesai
say-done-sub = Seterusnya: { $order }, { $n } barang, sebelum { $time }
say-done-last-sub = Tiada lagi yang menunggu
say-consolidate = Bawa ke { $place }, imbas
say-consolidate-sub = Bahagian { $no } daripada { $n } bertemu yang lain di sana
say-parcel-done = Bungkusan { $no } selesai
say-parcel-next = Sekarang bungkusan { $no }

## The say band: states of the station.
say-offline = Bekerja tanpa rangkaian
say-offline-sub = Tiada yang hilang. Semua imbasan disimpan di stesen ini
say-online = Rangkaian pulih
say-online-sub = { $n } peristiwa dihantar
say-busy = Sebentar, sedang mengejar
say-busy-sub = Imbas lagi apabila jalur ini hilang
say-disk = Cakera hampir penuh
say-disk-sub = Siapkan pesanan ini. Yang baharu menunggu ruang
say-paused = Rehat. Pesanan anda menunggu
say-paused-sub = Imbas pas untuk sambung
say-lead-called = Ketua telah dipanggil
say-lead-called-sub = Teruskan sementara menunggu
say-hand = Sahkan secara manual?
say-hand-sub = Direkod sebagai disahkan secara manual
say-approve = Ketua: pas, kemudian PIN
say-approve-sub = Untuk: { $what }

## Words that stand beside a figure.
word-now = Sekarang
word-checked = disemak
word-needed = DIPERLUKAN
word-scanned = DIIMBAS
word-this-box = KOTAK INI
word-bin = Petak
word-tote = dalam tong { $tote }
word-slot = dalam slot { $slot }
word-order = Pesanan { $order }
word-not-in-order = Tiada dalam pesanan { $order }
word-clears = Hilang dengan imbasan betul berikutnya
word-lines-items = { $lines } baris · { $n } barang
word-items = { $n } barang
word-lines = { $n } baris
word-parcels = { $n } bungkusan
word-orders = { $n } pesanan
word-of = { $no } daripada { $n }
word-done = siap
word-moving = bergerak
word-still = stabil
word-left = kiri
word-right = kanan
word-yes = Ya
word-no = Tidak
word-by-hand = manual
word-short = { $n } kurang
word-unknown = tidak diketahui
word-parcel-no = Bungkusan { $no }
word-made-up = direka untuk demo

## Buttons.
action-problem = Masalah
action-undo = Batal imbas
action-photo = Gambar
action-new-box = Kotak baharu
action-call-lead = Panggil ketua
action-break = Rehat
action-start = Mula
action-go-on = Teruskan
action-back = Kembali
action-close = Tutup
action-cancel = Batal
action-ok = OK
action-skip-why = Langkau: sebab?
action-all = Semua { $n }
action-find-order = Cari pesanan
action-my-parcels = Bungkusan saya
action-line = Barisan
action-devices = Peranti
action-log-out = Log keluar
action-log-out-blocked = Log keluar: selepas hantar
action-update-blocked = Kemas kini: selepas hantar
action-other-box = Kotak lain
action-count-again = Kira semula
action-ask-lead = Tanya ketua
action-reprint = Cetak semula
action-no-paper = Tiada kertas
action-came-out = Sudah keluar
action-print-again = Cetak lagi
action-next-now = Seterusnya: { $order }
action-wait = Tunggu
action-reopen = Buka semula
action-go-on-packing = Teruskan membungkus
action-try-now = Cuba sekarang
action-new-epoch = Mula dengan nombor baharu
action-pair-again = Padankan semula
action-put-away = Ketepikan
action-back-to-work = Kembali bekerja
action-check-devices = Semak peranti
action-tick = Tanda
action-by-hand = Sahkan manual
action-count = Kira
action-clear-flag = Lepaskan
action-override = Terima berat
action-expedite = Dahulukan
action-unexpedite = Ikut giliran semula
action-settings = Tetapan
action-sound = Bunyi
action-dark = Gelap
action-light = Cerah
action-delete = Padam
action-type = Taip
action-switch-packer = Tukar pembungkus
action-hand-back = Pulangkan
action-unpacked = Sudah dinyahbungkus

## Login, PIN and lock.
login-order-waits = Pesanan anda menunggu di sini
login-pin = PIN
login-wait = Terlalu banyak cubaan. Tunggu { $wait }
login-needs-lead = Ketua diperlukan di sini
login-badge-hint = atau pilih inisial anda
login-who = Siapakah anda?

## The queue.
queue-next-order = Pesanan seterusnya
queue-why = Mengapa yang ini
queue-then = Kemudian
queue-ready = { $n } sedia
queue-ship-by = hantar sebelum
queue-oldest = tertua
queue-vip = VIP
queue-rush = segera
queue-gift = Balutan hadiah
queue-gift-sub = { $n } baris, senarai akan bertanya
queue-held = Ditahan
queue-mine = Milik anda, dimulakan
queue-lasts = { $n } pesanan, kira-kira { $span }
queue-find-hint = Nombor pesanan, nama barang atau kod

## Why an order is next.
why-expedited = Didahulukan oleh { $who }
why-rush = Dijual sebagai segera
why-vip = Pelanggan VIP
why-ship-by = Tinggal { $left }
why-overdue = Lewat { $late }
why-oldest = Tertua, menunggu { $age }
why-chosen = Anda memilihnya
why-scanned = Anda mengimbas barangnya
why-yours = Anda memulakannya

## Review.
review-note = Pelanggan menulis
review-line-note = “{ $note }”
review-gift = Hadiah: tiada harga di dalam
review-gift-message = Mesej hadiah
review-gift-wrap = Balutan hadiah
review-fragile = Mudah pecah
review-this-side-up = Bahagian ini di atas
review-partial = Boleh dihantar sebahagian
review-complete = Hantar hanya jika lengkap
review-flags = Mesti diselesaikan dahulu
flag-fraud-review = Semakan penipuan
flag-address-trouble = Masalah alamat
flag-unpaid = Belum dibayar
stock-enough = { $n } ada
stock-lacks = Kurang { $n }
stock-elsewhere = { $n } untuk pesanan lain
stock-wanted = Perlu
stock-as-of = setakat { $time }

## Picking.
pick-take = Ambil
pick-take-here = ambil di sini
pick-you = Anda
pick-bay-left = Petak { $bay } · sebelah kiri
pick-bay-right = Petak { $bay } · sebelah kanan
pick-tour = { $n } hentian · { $metres } m · { $items } barang
pick-took = { $n } diambil
pick-other-bins = Juga di { $bins }

## Item verification.
verify-any-box = masuk bungkusan { $no }
verify-case = Kotak { $n } unit
verify-count-how-many = Berapa lagi yang sama?
verify-no-photo = belum ada gambar
verify-lot = Lot { $lot }
verify-serial = Siri { $serial }
verify-expiry = Guna sebelum { $day }

## Packaging.
pack-box = Kotak
pack-envelope = Sampul
pack-why = Mengapa { $box }
carton-fits-all = Yang terkecil muat semua.
carton-smaller-too-short = { $name } kurang { $missing } mm.
carton-smaller-too-weak = { $name } terlebih { $over }.
carton-smaller-too-full = { $name } akan { $percent } % penuh.
carton-smaller-no-way = Dalam { $name } tidak muat bersama.
carton-split-mass = Terlalu berat: { $parcels } bungkusan.
carton-split-room = Tidak muat satu: { $parcels } bungkusan.
carton-size-unknown = { $products } saiz tidak diketahui, ikut berat.
carton-estimated = { $units } unit, ikut isi padu dan berat sahaja.
carton-sizes-learnt = Saiz { $products } produk dipelajari daripada bungkusan, tidak diukur.
pack-why-none = Tiada kotak muat semua
pack-heavy-first = Masukkan, berat dahulu
pack-filled = Terisi
pack-choose = Kotak yang mana?
pack-put-in = Masukkan barang { $no } daripada { $n }
pack-up-height = Tegak, seperti biasa
pack-up-width = Baring pada sisinya
pack-up-length = Berdiri pada hujungnya
pack-this-side-up = Bahagian ini di atas
pack-nothing-on-top = Jangan letak di atasnya
pack-bears = Paling banyak { $mass } di atasnya
pack-unit-before = Barang sebelum
pack-unit-next = Barang seterusnya
pack-turn-left = Pusing kiri
pack-turn-right = Pusing kanan

## Checklist.
list-insert = Masukkan: { $name }
list-gift-wrap = Balut hadiah: { $name }
list-gift-message = Mesej hadiah, di atas
list-fragile = Pelekat mudah pecah, atas
list-lithium = Tanda litium { $un }, sisi
list-dangerous = Barang berbahaya { $un }, sisi
list-temperature = Simpan { $low } hingga { $high } °C, pelekat
list-adult = Tandatangan dewasa, pelekat
list-photo = Gambar kotak terbuka
list-photo-offered = Gambar kotak terbuka, jika mahu
list-tap-without = sentuh: tanpa gambar
list-scan-or-tap = imbas atau sentuh
list-why-every-parcel = setiap bungkusan
list-why-paper-invoice = pelanggan { $customer } minta kertas
list-why-abroad = dihantar ke { $country }
list-why-rule = peraturan tapak ini
list-why-gift-wrap = dipesan untuk { $name }
list-why-gift = pesanan ini hadiah
list-why-fragile = mudah pecah: { $sku }
list-why-lithium = sel litium: { $sku }
list-why-dangerous = barang berbahaya: { $sku }
list-why-temperature = perlu suhu tertentu: { $sku }
list-why-adult = dewasa sahaja: { $sku }
list-why-photo = gambar diperlukan: { $sku }

## Missing facts.
fact-un-number = nombor UN
fact-hs-code = kod tarif kastam
fact-origin = negara asal
fact-customs-value = nilai kastam
fact-country = negara alamat

## Weighing.
weigh-expected = Dijangka
weigh-difference = Beza
weigh-tolerance = Toleransi
weigh-tolerance-percent = { $percent }, { $mass }
weigh-labelled = Daripada berat dijangka, { $mass } ikut label barang.
weigh-suspect = { $mass } = { $n } × { $name }
weigh-suspect-sub = Cari ini dahulu: atas meja, dalam tong
weigh-stale = Bacaan ini lama
weigh-scale-off = penimbang mati

## Label and final scan.
label-sent = Cetakan dihantar
label-print-instead = { $printer } ganti { $other }: { $why }
label-print-by = oleh { $printer }
label-printed = Dicetak, lekatkan
label-paper-moved = { $time } · kertas bergerak
label-document-printed = { $document } dicetak
label-pages-inside = { $n } halaman, di dalam
label-scan-now = Sekarang imbas label ini
label-scan-now-sub = bukti ia pada kotak ini
label-is-there = Sudah di sana
label-house-instead = Label rumah dicetak
label-house-instead-sub = { $line ->
        [0] Templat { $template }: ketua dimaklumkan
       *[other] Templat { $template }, baris { $line }: ketua dimaklumkan
    }
label-ends-with = Berakhir dengan
label-copy = SALINAN { $no }
label-trouble-paper-out = Pencetak kehabisan label
label-trouble-head-open = Kepala pencetak terbuka
label-trouble-paused = Pencetak dijeda
label-trouble-unreachable = Pencetak tidak menjawab
label-trouble-interrupted = Cetakan terputus
label-trouble-no-printer = Tiada pencetak ditetapkan
label-another-take-off = Tanggalkan label itu. Letak pada pesanan { $order }, di { $station }, atau panggil ketua.
label-waits-carrier = Menunggu label pengangkut

## Done.
done-took = Pesanan { $order } mengambil
done-median = Median anda bagi { $n } barang: { $span }
done-no-median = Yang pertama dengan kira-kira { $n } barang: yang berikut boleh dibandingkan
done-today = Hari ini
done-right-first = Betul kali pertama
done-put-box = Letak kotak di
done-cage = Sangkar { $route }
done-opens-in = dibuka sendiri dalam { $left }

## Offline.
offline-oldest = Kerja tertua belum dihantar
offline-waiting = Menunggu dihantar
offline-waiting-sub = { $orders } pesanan, { $photos } gambar
offline-can-pack = Boleh membungkus
offline-can-pack-sub = { $n ->
       *[other] pesanan
    }, kira-kira { $span }
offline-disk = Cakera kosong
offline-disk-sub = ruang untuk { $n } hari
offline-never = Belum pernah bersambung

## Pairing a station.
pair-title = Sambungkan stesen ini
pair-title-again = Sambung { $station } semula
pair-say = Taip kod gandingan
pair-say-sub = 8 aksara, daripada pusat, sah 10 minit
pair-address = Alamat pusat
pair-connect = Sambung
pair-working = Bertanya kepada pusat
pair-done = Disambungkan sebagai { $station }
pair-wrong-code = Pusat tidak kenal kod ini. Minta yang baharu
pair-expired = Kod ini tamat. Minta yang baharu
pair-no-answer = Pusat tidak menjawab. Semak alamat dan rangkaian
pair-revoked = Stesen ini diputuskan di pusat
pair-revoked-sub = Gandingkan semula. Kerja belum dihantar disimpan

## Recovery: shown when the station cannot open its data.
recovery-title = Stesen ini perlukan bantuan
recovery-newer = Data ditulis oleh Packbench lebih baharu. Pasang versi itu
recovery-damaged = Datanya tidak boleh dibaca
recovery-locked = Packbench lain memegang datanya. Tutup yang itu
recovery-restore = Pulihkan sandaran { $day }
recovery-retry = Cuba lagi
recovery-save-report = Simpan laporan
recovery-where = Data: { $path }
recovery-backup-kept = Data lama diketepikan, tidak dipadam

## Settings.
settings-title = Tetapan
settings-language = Bahasa
settings-theme = Cerah atau gelap
settings-theme-light = Cerah
settings-theme-dark = Gelap
settings-theme-system = Ikut sistem
settings-volume = Kelantangan
settings-reduced-motion = Isyarat
settings-reduced-motion-sub = Bingkai, bukan kilat skrin penuh
settings-idle-lock = Kunci selepas { $n } minit
settings-station = Stesen ini
settings-version = Versi { $version }
settings-central = Pusat
settings-saved = Disimpan

## Parcel history.
history-title = Bungkusan saya
history-empty = Belum ada bungkusan hari ini
history-say = Pilih bungkusan, atau imbas labelnya
history-say-sub = Cetak semula perlu sebab dan ditanda salinan
history-packed-at = dibungkus { $time }
history-weight = { $mass }, kotak { $box }
history-photos = { $n } gambar
history-copies = { $n } salinan

## What a screen reader calls things without words.
name-rail = Langkah
name-lines = Baris pesanan ini
name-actions = Tindakan
name-map = Peta gudang
name-step-now = { $step }, sekarang
name-step-done = { $step }, siap
name-step-waiting = { $step }, menunggu
name-step-elsewhere = { $step }, dibuat di tempat lain
name-key = Kekunci { $key }
name-picture = Gambar { $name }

## The demo's panel of virtual devices.
demo-title = Peranti maya
demo-sub = Petak, berat, saiz, kod bar dan alamat adalah rekaan
demo-scan-next = Imbas yang betul
demo-scan-wrong = Imbas yang salah
demo-scan-box = Taip atau tampal kod bar
demo-scan = Imbas
demo-put-parcel = Letak bungkusan atas penimbang
demo-take-parcel = Angkat
demo-forget-one = Tinggalkan satu barang
demo-printer = Label terakhir
demo-no-paper = Keluarkan kertas
demo-load-paper = Isi kertas
demo-camera = Kamera nampak
demo-cut-network = Putuskan rangkaian
demo-mend-network = Pulihkan rangkaian
demo-badge = Imbas pas { $who }

## What an accepted scan or command says for a moment.
ok-counted = Dikira. { $done } daripada { $of }
ok-counted-name = { $name }
ok-moved = Dialih ke kotak baharu
ok-picked = Diambil: { $count }
ok-trace-next = Dicatat. Sekarang bakinya
ok-undone = Ditarik balik
ok-box = Kotak dipilih
ok-ticked = Ditanda
ok-weight = Berat betul: { $weight }
ok-confirmed = Label betul, bungkusan { $parcel }
ok-put-at = Diletak di { $location }
ok-photo = Gambar diambil
ok-lead-called = Ketua telah dipanggil
ok-short = Dicatat: kurang { $count }
ok-damaged = Dicatat: { $count } rosak
ok-substitute = Dicatat. Ambil yang lain
ok-new-box = Sekarang ke bungkusan { $parcel }
ok-held = Pesanan ditahan
ok-handed-back = Dipulangkan
ok-cancelled = Pesanan dibatalkan. Seterusnya
ok-unpacked = Barang dikeluarkan
ok-taken-over = Ketua mengambil alih pesanan ini
ok-order-done = Pesanan selesai
ok-opened = Pesanan { $order } dibuka
ok-switched = Kini membungkus: { $who }

## Badge and PIN of somebody who agrees.
approval-badge-first = Pas dahulu, kemudian PIN
approval-not-a-lead = Pas ini tidak boleh. Perlu: { $role }
login-pin-short = PIN lebih panjang
login-pin-wrong = PIN salah. Cuba lagi

## Scans in the queue that open nothing.
queue-label-of = Label pesanan { $order }, bungkusan { $parcel }
queue-label-of-detail = Ia sudah dibungkus. Ini sejarahnya
queue-not-here = { $name } tiada di stesen ini
queue-not-here-detail = Stesen lain memegangnya, atau sudah siap. Ambil seterusnya
queue-nobody-needs = Tiada yang perlukan: { $name }
queue-nobody-needs-detail = Tiada pesanan stesen ini. Pulangkan
open-no-lease = Pesanan ini bukan milik kita
open-lease-over = Masa pesanan ini tamat
open-no-record = Pesanan ini belum tiba
open-refused-detail = Ambil yang seterusnya; pusat lebih tahu

## What a lead is asked to agree to.
approve-clear-flag = lepaskan: { $flag }
approve-partial = hantar yang ada
approve-weight = berat { $weight } seadanya
approve-typed-weight = berat { $weight }, ditaip
approve-by-hand = sahkan secara manual
approve-expedite = dahulukan pesanan ini
approve-unexpedite = pulangkan pesanan ke giliran
approve-new-epoch = mula dengan nombor bungkusan baharu; tiada salinan lain stesen ini bekerja
queue-empty = Tiada kerja sekarang
queue-empty-detail = Pesanan baharu muncul di sini sendiri
held-bench-full = Siapkan pesanan terbuka dahulu
history-gone = Bungkusan ini terlalu lama
ok-reprint = Mencetak salinan { $copy }

## The put wall: sorting a batch into orders.
wall-title = Dinding susun
wall-batch = Kelompok { $no } · { $n } pesanan
wall-saves = jimat { $metres } m berjalan
wall-say = Letak di { $slot }
wall-say-sub = kemudian imbas slot
wall-left = tinggal { $n }
wall-after = Selepas ini
wall-full = Penuh: bungkus
wall-free = Kosong
wall-put = Letak { $n }
wall-missing = { $n } tiada

## The line: all stages at a glance, for the lead.
line-title = Barisan
line-shift = Syif { $shift } · { $done } daripada { $plan } bungkusan
line-wrong-rate = silap { $percent }
line-bottleneck = { $stage } paling sesak
line-bottleneck-sub = Alih seorang ke { $stage }: laluan { $route } sempat { $time }, tamat { $end }
line-flowing = Barisan lancar
line-move = Alih { $who } ke { $station }
line-waiting = { $n } bungkusan menunggu
line-per-hour = sejam
line-stage-pick = Ambil
line-stage-sort = Susun
line-stage-pack = Bungkus
line-stage-quality = Kualiti
line-stage-ship = Hantar
line-free = kosong
line-break = rehat
line-lost = hilang
line-now = sekarang
line-route = laluan { $route }
line-others = yang lain
line-ends = tamat { $time }
line-flow = Aliran
line-people = Orang
line-batches = Kelompok
line-where-is = Di mana
line-exceptions = Pengecualian · { $n }
line-what-if = Bagaimana jika

## Reasons beside an order, second lines.
queue-one-parcel = 1 bungkusan
queue-box-fits = kotak { $box } muat semua, ikut rancangan
queue-parcels = { $n } bungkusan
queue-boxes = kotak { $boxes }, daripada pelan
queue-note = Nota
queue-note-text = “{ $text }”
why-expedited-detail = ketua mendahulukannya
why-rush-detail = segera didahulukan
why-vip-detail = dilayan dahulu
why-ship-by-detail = hantar sebelum { $at }
why-cutoff-detail = bertolak dengan { $carrier } pada { $at }
why-oldest-detail = tiada yang lebih segera

## Parked orders.
held-question = Ditahan: { $reason }. Teruskan?

## What Undo would take back.
undo-picked = Ambilan { $count }
undo-verified = { $count } × { $name }
undo-trace = imbasan sebelum soalan
undo-ticked = tanda terakhir

## What is special about an order.
review-line-wrap = Balut sebagai hadiah
review-rush = Segera
review-expedited = Didahulukan oleh ketua
review-vip = Pelanggan VIP
review-new-customer = Pesanan pertama pelanggan ini
review-lithium = Sel litium
review-dangerous = Barang berbahaya
review-temperature = Jaga suhu
review-adult = Dewasa sahaja
review-traced = Siri, lot atau tarikh akan ditanya
review-abroad = Ke luar negara

## The checklist: the band's words, and names in the list.
list-say-document = Masukkan: { $document }
list-document = { $document }
list-say-insert = Masukkan: { $name }
list-say-gift-wrap = Balut hadiah: { $name }
list-say-gift-message = Letak mesej hadiah di atas
list-say-fragile = Lekat: mudah pecah
list-say-lithium = Lekat: litium { $un }
list-say-dangerous = Lekat: bahaya { $un }
list-say-temperature = Lekat: { $low } hingga { $high } °C
list-say-adult = Lekat: dewasa sahaja
list-say-photo = Ambil gambar kotak terbuka
list-say-photo-offered = Gambar kotak terbuka? Ambil, atau teruskan tanpanya
label-mark = { $text }

## More of the recovery screen.
recovery-full = Cakera penuh. Kosongkan ruang
recovery-other = Datanya tidak boleh dibuka sekarang
recovery-hint = Untuk pentadbir: { $error }
