## Tempat dan peta.
places-title = Tempat
places-map = Peta
places-map-hint = Tekan petak untuk melihat tempatnya dan isinya
places-legend = Titik bermakna ada isi. Bahagian hadapan di bawah
places-no-map = Tiada tempat dengan kedudukan, jadi tiada apa dilukis
places-bay-holds = { $places }: { $n } unit
places-kind = Jenis
places-kind-bin = Petak
places-kind-consolidation = Penyatuan
places-kind-tote = Bakul
places-kind-put-wall-slot = Dinding agihan
places-kind-dock = Diasingkan
places-aisle = Lorong
places-bay = Ruang
places-level = Aras
places-balances = Baki
