## Refused scans and commands. First line: what happened, then what to do. Second line: the difference by name.
refusal-wrong-item = Barang salah. Pulangkan
refusal-wrong-item-detail = { $item }, { $item-sku }, tiada dalam pesanan ini
refusal-too-many = Terlebih. Pulangkan
refusal-too-many-detail = Semua { $wanted } sudah dikira: { $item }
refusal-case-too-big = Kotak besar. Imbas satu-satu
refusal-case-too-big-detail = Kotak ada { $units }, perlu { $wanted }: { $item }
refusal-unknown-code = Kod tidak dikenali. Tidak dikira
refusal-unknown-code-detail = Tiada di sini dengan { $text }. Cuba kod lain, atau Masalah
refusal-unreadable = Tidak terbaca. Imbas lagi
refusal-unreadable-detail = Pengimbas tidak hantar teks. Lap kod, pegang lurus
refusal-too-long = Bukan kod bar kita
refusal-too-long-detail = Terlalu panjang. Imbas kod bar barang itu
refusal-bad-command = Salah baca. Imbas helaian lagi
refusal-bad-command-detail = Ia arahan, tetapi satu huruf salah
refusal-ambiguous = Beberapa benda ada kod ini
refusal-ambiguous-detail = { $text } tidak jelas. Imbas kod lain, atau sentuh barisnya
refusal-serial-used = Siri pernah digunakan. Ketepikan
refusal-serial-used-detail = { $serial } sudah keluar. Ambil yang lain
refusal-serial-twice = Sudah dikira
refusal-serial-twice-detail = { $serial } sudah dalam pesanan. Imbas yang seterusnya
refusal-trace-needed = Dahulu: { $field }
refusal-trace-needed-detail = { $item } tidak dikira tanpanya
refusal-lot-held = Lot ditahan. Ketepikan
refusal-lot-held-detail = Lot { $lot } tidak boleh keluar: { $item }. Ambil lot lain
refusal-past-date = Tamat tempoh. Ketepikan
refusal-past-date-detail = { $item } baik hingga { $day }. Ambil yang baharu
refusal-wrong-shelf = Rak salah. Pergi ke { $needed }
refusal-wrong-shelf-detail = Anda imbas { $scanned }, perlu { $needed }
refusal-other-parcel = Label bungkusan lain
refusal-other-parcel-detail = Milik pesanan { $order }, bungkusan { $parcel }. Jangan lekat di sini
refusal-unknown-label = Label tidak dikenali
refusal-unknown-label-detail = { $sscc } bukan dari sini. Imbas label yang baru keluar
refusal-no-label-yet = Belum ada label
refusal-no-label-yet-detail = Timbang bungkusan dahulu, label dicetak sendiri
refusal-flag-set = Berhenti: { $flag }
refusal-flag-set-detail = Ketua melepaskannya, atau tahan pesanan
refusal-needs-role = Perlu pas: { $role }
refusal-needs-role-detail = Panggil ketua, kemudian pas dan PIN
refusal-not-allowed = Tidak dibenarkan di tapak ini
refusal-not-allowed-detail = Imbasnya, atau buka Masalah
refusal-count-too-big = Paling banyak { $max } dengan nombor
refusal-count-too-big-detail = Tidak dikira. Taip nombor kecil, atau imbas bakinya
refusal-nothing-to-count = Imbas satu dahulu
refusal-nothing-to-count-detail = Nombor menambah barang yang terakhir diimbas
refusal-fact-missing = Tiada: { $fact }
refusal-fact-missing-detail = Pejabat tambah, tahan pesanan dahulu. { $item } { $item-sku }
refusal-no-numbers = Nombor bungkusan habis
refusal-no-numbers-detail = Ia datang dengan rangkaian. Tahan pesanan, panggil ketua
refusal-weight-outside = { $way ->
        [light] Terlalu ringan { $by }
       *[heavy] Terlalu berat { $by }
    }
refusal-weight-outside-detail = { $count ->
        [0] Kira semula, atau tanya ketua
       *[other] Nampak seperti { $count } × { $item }. Kira semula
    }
refusal-nothing-to-undo = Tiada yang boleh dibatalkan
refusal-nothing-to-undo-detail = Imbasan terakhir sudah dibatalkan, atau langkah tamat
refusal-parcel-empty = Bungkusan ini kosong
refusal-parcel-empty-detail = Imbas sekurang-kurangnya satu barang dahulu
refusal-not-a-substitute = Tiada dalam senarai dibenarkan
refusal-not-a-substitute-detail = { $item } tidak boleh ganti. Pilih daripada senarai
refusal-no-packaging = Pilih kotak dahulu
refusal-no-packaging-detail = Imbas kotak, atau sentuh satu
refusal-box-too-weak = Kotak lemah. Ambil yang lain
refusal-box-too-weak-detail = Ia tahan paling banyak { $max }
refusal-photo-needed = Gambar diperlukan
refusal-photo-needed-detail = Hanya gambar menanda baris ini. Tekan Gambar
refusal-not-now = Bukan sekarang. Tidak dikira
refusal-not-now-detail = Ini langkah { $step }. Ikut arahan di atas
refusal-on-break = Anda sedang rehat
refusal-on-break-detail = Tidak dikira. Imbas pas untuk sambung
refusal-is-held = Pesanan ini ditahan
refusal-is-held-detail = Tidak dikira. Buka semula untuk sambung
refusal-must-unpack = Dibatalkan. Keluarkan barang
refusal-must-unpack-detail = Ketepikan barang, kemudian sahkan
refusal-is-over = Pesanan ini sudah tamat
refusal-is-over-detail = Tidak dikira. Buka yang seterusnya
refusal-has-label = Lewat: sudah ada label
refusal-has-label-detail = Ketua boleh batalkan label dan buka semula

## Refused before the guided steps are asked.
refusal-busy = Sibuk. Tidak dikira
refusal-busy-detail = Stesen sedang mengejar. Imbas lagi sebentar
refusal-disk-full = Cakera penuh. Tidak dikira
refusal-disk-full-detail = Kosongkan ruang, kemudian imbas lagi
refusal-not-stored = Tidak disimpan. Tidak dikira
refusal-not-stored-detail = Cakera tidak menerimanya. Imbas lagi, atau panggil ketua
refusal-no-photo = Gambar tidak diterima
refusal-no-photo-detail = Semak kamera, kemudian tekan Gambar lagi

## What a unit must carry.
trace-serial = nombor siri
trace-lot = lot
trace-expiry = tarikh luput

## Who may do what.
role-packer = Pembungkus
role-lead = Ketua
role-admin = Pentadbir

## Why a reading of the scale does not count, or proves little.
weight-unstable = Masih bergerak
weight-stale = Bacaan ini lama
weight-empty = Tiada apa-apa atas penimbang
weight-relies-resolution = Penimbang terlalu kasar untuk satu kurang: imbasan jadi bukti
weight-relies-spread = Barang terlalu berbeza untuk satu kurang: imbasan jadi bukti
weight-relies-unknown = Sebahagian berat belum diketahui: imbasan jadi bukti
serial-left-with = keluar dengan pesanan { $order }
refusal-badge-unknown = Tiada sesiapa memiliki pas ini
refusal-pair-first = Sambungkan stesen ini dahulu
refusal-log-in-first = Tidak dikira. Pas dahulu
refusal-badge-wanted = Tidak dikira. Perlu pas ketua

# Returns at the bench.
refusal-return-not-known = Tiada pemulangan dalam perjalanan
refusal-return-not-known-detail = Tiada apa di sini dengan { $text }. Ketepikan kotak, tanya pejabat
refusal-return-several = Beberapa pemulangan pesanan ini
refusal-return-several-detail = Imbas kertas pemulangan itu: pesanan { $order } ada lebih daripada satu
refusal-return-all-in = Sudah diterima
refusal-return-all-in-detail = Semua pemulangan { $number } telah tiba. Ketepikan kotak, tanya pejabat
refusal-return-not-of-this = Bukan pemulangan ini. Ketepikan
refusal-return-not-of-this-detail = { $item }, { $item-sku }, tidak diminta dengan { $number }
refusal-return-too-many = Lebih daripada yang diminta. Ketepikan
refusal-return-too-many-detail = Semua { $asked } sudah masuk: { $item }, { $item-sku }
refusal-return-case-too-big = Imbas satu demi satu
refusal-return-case-too-big-detail = Kotak berisi { $units }, boleh dikira { $left } sekali: { $item }, { $item-sku }
refusal-return-grade-first = Dahulu: apa nilainya yang ini?
refusal-return-grade-first-detail = { $item }, { $item-sku }, di tangan anda dan belum dinilai
refusal-return-nothing-in-hand = Imbas barang dahulu
refusal-return-nothing-in-hand-detail = Nilai atau rak ialah untuk barang di tangan
refusal-return-trace-first = Dahulu: { $field }
refusal-return-trace-first-detail = { $item }, { $item-sku }, tidak dijual semula tanpanya
refusal-return-serial-not-sold = Yang ini tidak keluar dengan pesanan
refusal-return-serial-not-sold-detail = { $serial } ialah yang lain. Ketepikan, tanya pejabat
refusal-return-lot-not-sold = Lot ini tidak keluar dengan pesanan
refusal-return-lot-not-sold-detail = Lot { $lot } ialah yang lain. Lihat lagi, atau ketepikan
refusal-return-already-in = Sudah diterima. Ketepikan
refusal-return-already-in-detail = { $serial } sudah pulang tadi. Imbas yang seterusnya
refusal-return-no-shelf = Rak mana? Imbas
refusal-return-no-shelf-detail = Rak { $item }, { $item-sku } tidak diketahui. Imbas satu, kemudian ulang
refusal-return-nothing-to-undo = Tiada apa untuk ditarik balik
refusal-return-nothing-to-undo-detail = Barang terakhir sudah muktamad. Pejabat boleh mengubahnya
refusal-return-not-now = Pemulangan ini dahulu
refusal-return-not-now-detail = Pemulangan { $number } di atas meja. Selesaikan, atau tangguhkan
refusal-return-after-order = Pemulangan. Pesanan ini dahulu
refusal-return-after-order-detail = Selesaikan atau letak pesanan, kemudian imbas semula
